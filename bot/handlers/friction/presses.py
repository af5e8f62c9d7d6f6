"""Presses and forms about a ticket, as the inbox keeps them. Pure.

What a reporter presses is known by Slack's own number of the press: its key outlives the row's value, and must not say
who pressed.
"""

from collections.abc import Mapping
from typing import Any

from bot.friction import tickets
from bot.handlers.surfaces import Arriving, Body, pressed


def value_of(body: Body, action: str) -> str | None:
    """The value of the button with this action_id; None where it was not pressed."""
    found = pressed(body, action)
    return str(found.get("value") or "") if found else None


def chosen(body: Body, action: str) -> str | None:
    """What was chosen in the menu with this action_id."""
    found = pressed(body, action)
    return str((found.get("selected_option") or {}).get("value") or "") if found else None


def seen(value: str) -> tuple[int, int | None] | None:
    """The ticket, and the version of it that was seen, in "31:4" or "31"; None for what is neither."""
    number, _, version = value.partition(":")
    known = tickets.number_of(number)
    return None if known is None else (known, int(version) if version.isdecimal() else None)


def where(body: Body) -> dict[str, Any]:
    """Where something was pressed, for a form that it opens."""
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    return {"channel": str(channel), "response_url": str(body.get("response_url") or "")}


def owners(body: Body, kind: str, value: Mapping[str, Any]) -> Arriving:
    """What somebody who works on a ticket does; a fault is said to them alone."""
    person = str(body["user"]["id"])
    return Arriving(
        key=f"friction:{_number_of(body)}:{person}",
        kind=kind,
        conversation=f"friction:{value['number']}",
        value={"person": person, "thread": "", "alone": True, "response_url": None, **where(body), **value},
    )


def reporters(body: Body, kind: str, value: Mapping[str, Any]) -> Arriving:
    """What a reporter does: nothing of the row says who, once it is worked off."""
    person = str(body["user"]["id"])
    return Arriving(
        key=f"friction:{_number_of(body)}",
        kind=kind,
        conversation=f"friction:{person}",
        value={"person": person, **value},
    )


def _number_of(body: Body) -> str:
    """The same however often Slack sends it."""
    if body.get("type") == "view_submission":
        return f"form:{body['view']['id']}:{body['view'].get('hash', '')}"
    under = (body.get("container") or {}).get("message_ts") or (body.get("view") or {}).get("id") or ""
    buttons = ":".join(f"{one.get('action_id')}:{one.get('action_ts')}" for one in body.get("actions") or ())
    return f"{under}:{buttons}"
