"""What people can do with the bot. Each surface is a file: it reads what arrives of it, and works on it afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from bot.inbox import Accepted

# A request of Slack's, as it came: an event, a command, a pressed button, a shortcut, a form that was sent.
Body = Mapping[str, Any]
View = dict[str, Any]
Work = Callable[[Accepted], None]
# Opens a form: Slack shows one only within three seconds of the press that asks for it. None: there is nothing to open.
Opens = Callable[[Body], View | None]
# What is wrong with a form that was sent, by block_id; it stays open and shows it. Nothing where it may go.
Checks = Callable[[Body], dict[str, str]]

# What stands in the place of a form that was sent, by its callback_id; None: it closes.
Shows = Callable[[Body], View | None]


@dataclass(frozen=True, slots=True)
class Arriving:
    """One request as the inbox keeps it. `value` holds at least `person`, and `channel` where a reply can go.

    With `alone` in it a fault is said to that person only.
    """

    key: str
    kind: str
    conversation: str
    value: dict[str, Any]


class Surface(Protocol):
    """One thing that people do with the bot, from its request to what is owed for it."""

    @property
    def work(self) -> Mapping[str, Work]:
        """Who works on an event of this surface, by its kind."""

    def read(self, body: Body) -> Arriving | None:
        """What there is to do about a request; None where it is none of this surface's. An ack waits for it."""


@runtime_checkable
class Forms(Protocol):
    """A surface that asks for more in a modal."""

    @property
    def opens(self) -> Mapping[str, Opens]:
        """By the action_id, the command or the callback_id of a shortcut."""

    @property
    def checks(self) -> Mapping[str, Checks]:
        """By the callback_id of the form."""


@runtime_checkable
class Showing(Protocol):
    """A surface that says something in the place of a form that was sent."""

    @property
    def shows(self) -> Mapping[str, Shows]:
        """By the callback_id of the form."""


def pressed(body: Body, action: str) -> Mapping[str, Any] | None:
    """The press of the button with this action_id, if that is what a request is."""
    if body.get("type") != "block_actions":
        return None
    return next((one for one in body.get("actions") or () if one.get("action_id") == action), None)
