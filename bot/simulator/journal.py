"""Every call the app made of the Web API, for tests that ask what was really sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ApiCall:
    """One call and its outcome. `arguments` carry no token; `answer` is the JSON that went back, or should have.

    `mishap` is what befell it, if anything did.
    """

    method: str
    arguments: Mapping[str, Any]
    answer: Mapping[str, Any]
    mishap: str = ""

    @property
    def error(self) -> str:
        """Slack's error code, or nothing where the call was fine."""
        return str(self.answer.get("error", ""))


class Journal:
    """The calls in the order they were answered."""

    def __init__(self) -> None:
        self._calls: list[ApiCall] = []

    def write(self, call: ApiCall) -> None:
        """Keep one more."""
        self._calls.append(call)

    def calls(self, method: str = "") -> tuple[ApiCall, ...]:
        """All calls, or those of one method."""
        return tuple(call for call in self._calls if method in ("", call.method))
