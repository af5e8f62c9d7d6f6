"""What reaches the bot about customers, as the inbox keeps it: `/customer`, the shortcut, presses on a card. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.handlers import modals, text
from bot.handlers.customers import forms
from bot.handlers.surfaces import Arriving, Body

CUSTOMER_COMMAND = "/customer"
CUSTOMER_SHORTCUT = "look_up_customer"
LOOK_UP = "customer_look_up"

_MAX_DIGITS = 18


def press_of(body: Body, action: Mapping[str, Any], kind: str, *, count: int = 1) -> Arriving | None:
    """A press whose value is so many numbers, with colons between them; None for anything else."""
    numbers = numbers_in(action)
    if len(numbers) != count:
        return None
    container, message = body.get("container") or {}, body.get("message") or {}
    person = str(body["user"]["id"])
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    return Arriving(
        key=f"action:{action['action_ts']}:{person}:{action['action_id']}:{action['value']}",
        kind=kind,
        conversation=f"customer:{person}",
        value={
            "person": person,
            "channel": channel,
            "thread": str(message.get("thread_ts") or container.get("thread_ts") or ""),
            "numbers": numbers,
            "response_url": body.get("response_url"),
            "alone": True,
        },
    )


def filled_in(body: Body, kind: str) -> Arriving:
    """A form that was sent: what it was opened with, and what was typed."""
    person = str(body["user"]["id"])
    return Arriving(
        key=f"form:{body['view']['id']}:{body['view'].get('hash', '')}",
        kind=kind,
        conversation=f"customer:{person}",
        value={"person": person, "alone": True, **modals.context_of(body), "text": modals.typed(body, forms.TEXT)},
    )


def numbers_in(action: Mapping[str, Any]) -> list[int]:
    """The numbers of a button's value; none where it holds anything else."""
    parts = str(action.get("value", "")).split(":")
    good = all(part.isascii() and part.isdecimal() and len(part) <= _MAX_DIGITS for part in parts)
    return [int(part) for part in parts] if good else []


def typed(body: Body) -> Arriving:
    return _asked(
        f"customer:{body['trigger_id']}",
        person=body["user_id"],
        channel=body["channel_id"],
        words=text.question_in(body.get("text") or "", bot=""),
        response_url=body["response_url"],
    )


def shortcut(body: Body, *, bot: str) -> Arriving:
    """The words of a message are somebody's, and no question to us: whoever it names is shown whole."""
    arriving = _asked(
        f"shortcut:{body['trigger_id']}",
        person=body["user"]["id"],
        channel=body["channel"]["id"],
        words=text.question_in(str(body["message"].get("text") or ""), bot=bot),
        response_url=body.get("response_url"),
    )
    arriving.value["whole"] = True
    return arriving


def _asked(key: str, *, person: str, channel: str, words: str, response_url: str | None) -> Arriving:
    return Arriving(
        key=key,
        kind=LOOK_UP,
        conversation=f"customer:{person}",
        value={
            "person": person,
            "channel": channel,
            "thread": "",
            "text": words,
            "response_url": response_url,
            "alone": True,
        },
    )
