"""The forms of requests and proposed pages: values -> views, and what was typed into them. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot import request_wording as wording
from bot.handlers.surfaces import Body, View

ASK_FORM = "request_form"
STILL_FORM = "request_still_open_form"
PAGE_FORM = "page_form"
REFUSE_FORM = "page_refuse_form"

QUESTION = "question"
ADDED = "added"
STILL = "still"
TITLE = "title"
TEXT = "text"
AUDIENCE = "audience"
REASON = "reason"

_FIELD = "value"
# Slack's documented limits.
MAX_TITLE = 24
MAX_INPUT = 3000
MAX_NOTE = 3000
MAX_OPTION = 75
MAX_OPTION_VALUE = 150
MAX_OPTIONS = 100
# A page's title as front matter takes it is 300; a heading that long helps nobody.
MAX_PAGE_TITLE = 150

Json = dict[str, Any]


def ask_form(*, team: str, question: str, goes_to: str, context: Mapping[str, Any]) -> View:
    """What to ask people; `context` comes back with what was typed."""
    return _modal(
        ASK_FORM,
        wording.form_title(team, most=MAX_TITLE),
        wording.SEND,
        [
            _input(QUESTION, wording.QUESTION_LABEL, _lines(question)),
            _input(ADDED, wording.ADDED_LABEL, _lines("", hint=wording.ADDED_HINT), optional=True),
            _note(goes_to),
        ],
        context,
    )


def still_open_form(*, question: str, context: Mapping[str, Any]) -> View:
    return _modal(
        STILL_FORM,
        wording.STILL_OPEN,
        wording.SEND,
        [_note(wording.you_asked(question)[:MAX_NOTE]), _input(STILL, wording.STILL_LABEL, _lines(""), optional=True)],
        context,
    )


def page_form(*, title: str, text: str, audiences: Sequence[str], review: str, context: Mapping[str, Any]) -> View:
    """A page to propose; `audiences` are those that may be chosen, the usual one first."""
    options = [_option(audience) for audience in audiences if len(audience) <= MAX_OPTION_VALUE][:MAX_OPTIONS]
    choice = {
        "type": "static_select",
        "action_id": _FIELD,
        "options": options,
        "initial_option": options[0],
    }
    return _modal(
        PAGE_FORM,
        wording.SAVE,
        wording.SUBMIT_PAGE,
        [
            _input(TITLE, wording.TITLE_LABEL, _line(title, most=MAX_PAGE_TITLE), hint=wording.TITLE_HINT),
            _input(TEXT, wording.TEXT_LABEL, _lines(text), hint=wording.TEXT_HINT),
            _input(AUDIENCE, wording.AUDIENCE_LABEL, choice),
            _note(review),
        ],
        context,
    )


def refuse_form(*, title: str, context: Mapping[str, Any]) -> View:
    blocks = [_note(title), _input(REASON, wording.REASON_LABEL, _lines(""))]
    return _modal(REFUSE_FORM, wording.REFUSE, wording.REFUSE, blocks, context)


def is_form(body: Body, form: str) -> bool:
    return body.get("type") == "view_submission" and body["view"].get("callback_id") == form


def typed(body: Body, field: str) -> str:
    """What was typed or chosen in a field, without the spaces around it; "" where nothing was."""
    value = (body["view"]["state"]["values"].get(field) or {}).get(_FIELD) or {}
    chosen = value.get("selected_option") or {}
    return str(value.get("value") or chosen.get("value") or "").strip()


def context_of(body: Body) -> Json:
    """What the form was opened with."""
    found: Json = json.loads(body["view"]["private_metadata"])
    return found


def _modal(form: str, title: str, submit: str, blocks: list[Json], context: Mapping[str, Any]) -> View:
    return {
        "type": "modal",
        "callback_id": form,
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain(wording.CANCEL),
        "private_metadata": json.dumps(context),
        "blocks": blocks,
    }


def _input(field: str, label: str, element: Json, *, optional: bool = False, hint: str = "") -> Json:
    return {
        "type": "input",
        "block_id": field,
        "label": _plain(label),
        "element": element,
        "optional": optional,
        **({"hint": _plain(hint)} if hint else {}),
    }


def _lines(text: str, *, hint: str = "") -> Json:
    return {**_line(text, most=MAX_INPUT), "multiline": True, **({"placeholder": _plain(hint)} if hint else {})}


def _line(text: str, *, most: int) -> Json:
    kept = text[:most]
    return {
        "type": "plain_text_input",
        "action_id": _FIELD,
        "max_length": most,
        **({"initial_value": kept} if kept else {}),
    }


def _option(audience: str) -> Json:
    return {"text": _plain(wording.seen_by(audience)[:MAX_OPTION]), "value": audience}


def _note(words: str) -> Json:
    return {"type": "context", "elements": [_plain(words)]}


def _plain(words: str) -> Json:
    return {"type": "plain_text", "text": words, "emoji": False}
