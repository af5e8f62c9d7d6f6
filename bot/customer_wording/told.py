"""What is shown of customers, as JSON takes it: a title, parts with lines, and what can be pressed.

What a line can be pressed for is named here, and done by whoever shows it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Press:
    """What can be done about a line; `value` says with which one."""

    label: str
    does: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    press: Press | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """`head` may stand alone."""

    head: str
    lines: tuple[Line, ...] = ()
    presses: tuple[Press, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Something of one customer, or of several: `customers` are their aliases, by which erasure finds it."""

    customers: tuple[str, ...]
    title: str
    subtitle: str = ""
    parts: tuple[Part, ...] = ()
    presses: tuple[Press, ...] = ()
    foot: str = ""

    @property
    def as_text(self) -> str:
        """For a terminal."""
        lines = [" · ".join(filter(None, (self.title, self.subtitle)))]
        for part in self.parts:
            lines += [*([part.head] if part.head else []), *(f"   {line.text}" for line in part.lines)]
        return "\n".join([*lines, *([self.foot] if self.foot else [])])


def as_value(told: Told) -> dict[str, Any]:
    """As JSON, for the outbox; `from_value` reads it back."""
    return asdict(told)


def from_value(value: Mapping[str, Any]) -> Told:
    parts = tuple(
        Part(
            part["head"],
            tuple(Line(line["text"], _press(line["press"])) for line in part["lines"]),
            _presses(part["presses"]),
        )
        for part in value["parts"]
    )
    return Told(
        tuple(value["customers"]),
        value["title"],
        value["subtitle"],
        parts,
        _presses(value["presses"]),
        value["foot"],
    )


def _press(value: Mapping[str, str] | None) -> Press | None:
    return Press(**value) if value else None


def _presses(values: Iterable[Mapping[str, str]]) -> tuple[Press, ...]:
    return tuple(Press(**value) for value in values)
