"""The form that asks what was wrong with an answer: as it is opened, and what it says when it was sent. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import verdict_wording as wording
from bot.handlers.surfaces import Body, View
from bot.verdicts import MOST_CHARACTERS, Objection

FORM = "answer_objection"

_WHAT, _WORDS, _UNNAMED = "what", "words", "unnamed"
_FIELD = "value"


@dataclass(frozen=True, slots=True)
class Said:
    """What was filled in; `context` is what the form was opened with."""

    objection: Objection
    words: str
    named: bool
    context: Mapping[str, Any]


def form(*, team: str, context: Mapping[str, Any]) -> View:
    """`team` reads what is sent, "" for the admins; `context` comes back with it."""
    options = [_option(label, objection.value) for objection, label in wording.OBJECTIONS.items()]
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": _plain(wording.TITLE),
        "submit": _plain(wording.SEND),
        "close": _plain(wording.CLOSE),
        "private_metadata": json.dumps(context),
        "blocks": [
            _input(_WHAT, wording.WHAT, {"type": "radio_buttons", "options": options}),
            _input(
                _WORDS,
                wording.WORDS,
                {"type": "plain_text_input", "multiline": True, "max_length": MOST_CHARACTERS},
                optional=True,
                hint=wording.WORDS_HINT,
            ),
            _input(
                _UNNAMED,
                wording.YOUR_NAME,
                {"type": "checkboxes", "options": [_option(wording.UNNAMED, _UNNAMED)]},
                optional=True,
            ),
            {"type": "context", "elements": [_plain(wording.readers(team))]},
        ],
    }


def faults(body: Body) -> dict[str, str]:
    """What is wrong with a form that was sent, by block_id."""
    found = {}
    if _chosen(body) not in set(Objection):
        found[_WHAT] = wording.CHOOSE_ONE
    if len(_typed(body)) > MOST_CHARACTERS:
        found[_WORDS] = wording.TOO_LONG
    return found


def said(body: Body) -> Said | None:
    """What a form says that was sent without a fault; None for every other request."""
    if body.get("type") != "view_submission" or body["view"].get("callback_id") != FORM:
        return None
    return Said(
        objection=Objection(_chosen(body)),
        words=_typed(body),
        named=not _field(body, _UNNAMED).get("selected_options"),
        context=json.loads(body["view"]["private_metadata"]),
    )


def _chosen(body: Body) -> str:
    return str((_field(body, _WHAT).get("selected_option") or {}).get("value", ""))


def _typed(body: Body) -> str:
    return str(_field(body, _WORDS).get("value") or "").strip()


def _field(body: Body, block: str) -> Mapping[str, Any]:
    values = body["view"]["state"]["values"]
    return (values.get(block) or {}).get(_FIELD) or {}


def _input(block: str, label: str, element: View, *, optional: bool = False, hint: str = "") -> View:
    return {
        "type": "input",
        "block_id": block,
        "label": _plain(label),
        "element": {**element, "action_id": _FIELD},
        "optional": optional,
        **({"hint": _plain(hint)} if hint else {}),
    }


def _option(label: str, value: str) -> View:
    return {"text": _plain(label), "value": value}


def _plain(words: str) -> View:
    return {"type": "plain_text", "text": words, "emoji": False}
