"""What is known of a customer, as conditions ask for it: by name, what each system says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

_YES = frozenset({"yes", "true", "y", "on"})
_NO = frozenset({"no", "false", "n", "off"})


class Saying(Protocol):
    """What one system says: a text, a number, a flag, or a list of them. A date is text, as 2026-11-22."""

    @property
    def value(self) -> Any: ...  # noqa: ANN401 - whatever JSON holds

    @property
    def source(self) -> str: ...


class Known(Protocol):
    """One fact, by each system that tells of it."""

    @property
    def said(self) -> Sequence[Saying]: ...


# By name; what is missing is not known.
Facts = Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class _Said:
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class _Fact:
    said: tuple[_Said, ...]


def known(value: Any, *others: Any, source: str = "") -> Known:  # noqa: ANN401 - as above
    """A fact that is no record of a system, as one counted here; `others` are what else is said of it."""
    return _Fact(tuple(_Said(each, source) for each in (value, *others)))


def flag_of(value: object) -> bool | None:
    """Whether this is a yes or a no; None for anything else."""
    if isinstance(value, bool):
        return value
    word = folded(value)
    return True if word in _YES else False if word in _NO else None


def number_of(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(str(value))
    except ValueError:
        return None


def day_of(value: object) -> date | None:
    """The day of a date or a moment as text."""
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None


def folded(value: object) -> str:
    return " ".join(str(value).casefold().split())


def shown(value: object) -> str:
    """As people write it."""
    if isinstance(value, list):
        return ", ".join(map(shown, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
