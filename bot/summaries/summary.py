"""A title, a list, and what to do next: what a command prints, and what is shown in Slack, in the same words."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

# A phone shows about so many before nobody scrolls on.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done at once: `command` is what one would type behind `/knowledge`."""

    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list, with smaller lines below it and what can be done about it."""

    text: str
    fine: tuple[str, ...] = ()
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A title, a list, and what to do next; `more` counts the items that were left out."""

    title: str
    items: tuple[Item, ...] = ()
    foot: str = ""
    more: int = 0


def listed(title: str, items: Sequence[Item], *, foot: str = "") -> Summary:
    """A summary of the first items."""
    return Summary(title, tuple(items[:SHOWN]), foot, more=max(0, len(items) - SHOWN))


def as_value(summary: Summary) -> dict[str, Any]:
    """As JSON, for the outbox; `from_value` reads it back."""
    return asdict(summary)


def from_value(value: Mapping[str, Any]) -> Summary:
    items = tuple(
        Item(item["text"], tuple(item["fine"]), Act(**item["act"]) if item["act"] else None) for item in value["items"]
    )
    return Summary(value["title"], items, value["foot"], value["more"])
