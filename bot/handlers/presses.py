"""A pressed button: which one, of what, by whom, and where."""

from dataclasses import dataclass
from typing import Any

from bot.handlers.surfaces import Arriving, Body

# More than any number of ours, and what a database takes.
MAX_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Press:
    """`number` is the button's value. `thread` is "" outside threads; `key` stays the same if Slack sends it again."""

    action: str
    number: int
    person: str
    channel: str
    thread: str
    response_url: str
    key: str

    def arriving(self, kind: str, conversation: str) -> Arriving:
        return Arriving(
            key=self.key,
            kind=kind,
            conversation=conversation,
            value={
                "person": self.person,
                "channel": self.channel,
                "thread": self.thread,
                "number": self.number,
                "response_url": self.response_url or None,
            },
        )


def press_in(body: Body, *actions: str) -> Press | None:
    """The press of one of these buttons whose value is a number; None for anything else."""
    if body.get("type") != "block_actions":
        return None
    for action in body.get("actions") or ():
        name, value = str(action.get("action_id")), str(action.get("value", ""))
        if name in actions and value.isascii() and value.isdecimal() and len(value) <= MAX_DIGITS:
            return _press(body, action, int(value))
    return None


def _press(body: Body, action: dict[str, Any], number: int) -> Press:
    container, message = body.get("container") or {}, body.get("message") or {}
    person = str(body["user"]["id"])
    return Press(
        action=str(action["action_id"]),
        number=number,
        person=person,
        channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        thread=str(message.get("thread_ts") or container.get("thread_ts") or ""),
        response_url=str(body.get("response_url") or ""),
        key=f"action:{action['action_ts']}:{person}:{action['action_id']}:{number}",
    )
