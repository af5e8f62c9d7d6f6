"""What a field of a modal or of Home offers to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.simulator.channels import Channel, Kind
from bot.simulator.people import Person
from bot.simulator.seen_views import SeenField

Json = dict[str, Any]
# What a filter of `conversations_select` calls each kind.
_INCLUDED = {Kind.PUBLIC: "public", Kind.PRIVATE: "private", Kind.DIRECT: "im"}


@dataclass(frozen=True)
class Choice:
    """One thing to choose: its value in the form, its words, and under which heading it stands."""

    value: str
    label: str
    description: str = ""
    group: str = ""


def choices_for(field: SeenField, *, people: Iterable[Person], channels: Iterable[Channel]) -> tuple[Choice, ...]:
    """The options of the element, or the people or the channels that whoever fills it in can see."""
    element = field.element
    if "users_select" in field.kind:
        return tuple(Choice(one.id, one.name) for one in people)
    if "channels_select" in field.kind:
        return tuple(Choice(one.id, one.title) for one in channels if one.kind is Kind.PUBLIC)
    if "conversations_select" in field.kind:
        return tuple(Choice(one.id, one.title) for one in channels if _passes(one, element.get("filter", {})))
    grouped = [
        _choice(option, group["label"]["text"])
        for group in element.get("option_groups", ())
        for option in group["options"]
    ]
    return (*(_choice(option) for option in element.get("options", ())), *grouped)


def _choice(option: Json, group: str = "") -> Choice:
    description = option["description"]["text"] if "description" in option else ""
    return Choice(option["value"], option["text"]["text"], description, group)


def _passes(channel: Channel, asked: Json) -> bool:
    if channel.shared and asked.get("exclude_external_shared_channels"):
        return False
    return _INCLUDED[channel.kind] in asked.get("include", _INCLUDED.values())
