"""What reaches the bot about friction, as the inbox keeps it. Pure, but for the mask: no word is kept unmasked."""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bot.friction.desk import Form
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Privacy
from bot.handlers import text
from bot.handlers.friction import forms
from bot.handlers.surfaces import Arriving, Body, pressed

COMMAND = "/friction"
SHORTCUT = "log_friction"
# A shortcut that is about no message.
ANYWHERE = "report_friction"
OFFERED_ACTION = "friction_offered"
REPORT, JOIN, LOOK = "friction_report", "friction_me_too", "friction_look"
_LOOKS = re.compile(r"hot|help|fr[-\s]?\d{1,9}", re.IGNORECASE)
_OWN = re.compile(r"mine|status\b\s*(.*)", re.IGNORECASE)


def words_of(body: Body) -> str:
    """What a command says, or the message of a shortcut."""
    if body.get("command") == COMMAND:
        return text.question_in(body.get("text") or "", bot="")
    return text.question_in(str((body.get("message") or {}).get("text") or ""), bot="")


def looks(words: str) -> bool:
    """Whether a command asks to be shown something, and reports nothing."""
    return _LOOKS.fullmatch(words.strip()) is not None


def wants_page(words: str) -> bool:
    return words.strip().casefold() == "page"


def wants_themes(words: str) -> bool:
    return words.strip().casefold() == "themes"


def asks_for_own(words: str) -> bool:
    """Whether a command asks for reports of one's own: shown in a form, since nothing may say who asked for them."""
    return _OWN.fullmatch(words.strip()) is not None


def code_in(body: Body) -> str | None:
    """What stands behind `/friction status`; None where it is not that."""
    found = _OWN.fullmatch(words_of(body).strip()) if body.get("command") == COMMAND else None
    return found[1] if found else None


def look(body: Body) -> Arriving:
    person = str(body["user_id"])
    return Arriving(
        key=f"friction:{body['trigger_id']}",
        kind=LOOK,
        conversation=f"friction:{person}",
        value={
            "person": person,
            "channel": body["channel_id"],
            "thread": "",
            "text": words_of(body),
            "response_url": body["response_url"],
            "alone": True,
        },
    )


def offered_for(body: Body) -> tuple[str, str] | None:
    """The channel and ts of the message that a pressed offer is about."""
    action = pressed(body, OFFERED_ACTION)
    if action is None:
        return None
    channel, _, ts = str(action.get("value", "")).partition(":")
    return channel, ts


def sent(body: Body, *, mask: Callable[[str], str]) -> Arriving:
    """A form that was sent."""
    words, form, opened = forms.said(body)
    person = str(body["user"]["id"])
    return Arriving(
        key=f"form:{body['view']['id']}",
        kind=REPORT,
        conversation=f"friction:{person}",
        value=_value(person, mask(words), form, opened) | {"view": body["view"]["id"]},
    )


def joining(body: Body, number: int, *, mask: Callable[[str], str]) -> Arriving:
    """[Me too] in a form: it joins with what the form says."""
    words, form, opened = forms.said(body)
    person = str(body["user"]["id"])
    return Arriving(
        key=f"me too:{joined_by(body, number)}",
        kind=JOIN,
        conversation=f"friction:{person}",
        value=_value(person, mask(words), form, opened) | {"number": number, "view": joined_by(body, number)},
    )


def joined_by(body: Body, number: int) -> str:
    """What tells this press of [Me too] from all others, however often Slack sends it."""
    return f"{body['view']['id']}:{number}"


def form_in(value: dict[str, Any]) -> Form:
    """What was sent, as it comes out of the inbox."""
    kept = value["form"]
    return Form(
        kind=Kind(kept["kind"]),
        tools=tuple(kept["tools"]),
        touchpoint=kept["touchpoint"],
        minutes=kept["minutes"],
        frequency=Frequency(kept["frequency"]) if kept["frequency"] else None,
        effect=CustomerEffect(kept["effect"]),
        privacy=Privacy(kept["privacy"]),
        evidence=tuple(kept["evidence"]),
        page=kept.get("page", ""),
        team=kept.get("team", ""),
        customer=kept.get("customer"),
    )


def _value(person: str, words: str, form: Form, opened: forms.Opened) -> dict[str, Any]:
    return {
        "person": person,
        "channel": opened.channel,
        "thread": opened.thread,
        "response_url": opened.response_url or None,
        "alone": True,
        "words": words,
        "form": asdict(form),
        # By what somebody asked they are known.
        "exchange": opened.exchange if form.privacy is Privacy.NAMED else 0,
    }
