"""What an examination found, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is "" where nothing is to be done."""

    state: State
    what: str
    remedy: str = ""
