"""The forms of requests and proposed pages: values -> views, and what was typed into them. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import request_wording as wording
from bot.handlers.modals import FIELD, Json, input_block, line, lines, modal, note, plain
from bot.handlers.surfaces import View

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

# Slack's documented limits.
MAX_TITLE = 24
MAX_NOTE = 3000
MAX_OPTION = 75
MAX_OPTION_VALUE = 150
MAX_OPTIONS = 100
# A page's title as front matter takes it is 300; a heading that long helps nobody.
MAX_PAGE_TITLE = 150


def ask_form(*, team: str, question: str, goes_to: str, context: Mapping[str, Any]) -> View:
    """What to ask people; `context` comes back with what was typed."""
    return modal(
        ASK_FORM,
        wording.form_title(team, most=MAX_TITLE),
        wording.SEND,
        [
            input_block(QUESTION, wording.QUESTION_LABEL, lines(question)),
            input_block(ADDED, wording.ADDED_LABEL, lines("", hint=wording.ADDED_HINT), optional=True),
            note(goes_to),
        ],
        context,
    )


def still_open_form(*, question: str, context: Mapping[str, Any]) -> View:
    return modal(
        STILL_FORM,
        wording.STILL_OPEN,
        wording.SEND,
        [
            note(wording.you_asked(question)[:MAX_NOTE]),
            input_block(STILL, wording.STILL_LABEL, lines(""), optional=True),
        ],
        context,
    )


def page_form(*, title: str, text: str, audiences: Sequence[str], review: str, context: Mapping[str, Any]) -> View:
    """A page to propose; `audiences` are those that may be chosen, the usual one first."""
    options = [_option(audience) for audience in audiences if len(audience) <= MAX_OPTION_VALUE][:MAX_OPTIONS]
    choice = {
        "type": "static_select",
        "action_id": FIELD,
        "options": options,
        "initial_option": options[0],
    }
    return modal(
        PAGE_FORM,
        wording.SAVE,
        wording.SUBMIT_PAGE,
        [
            input_block(TITLE, wording.TITLE_LABEL, line(title, most=MAX_PAGE_TITLE), hint=wording.TITLE_HINT),
            input_block(TEXT, wording.TEXT_LABEL, lines(text), hint=wording.TEXT_HINT),
            input_block(AUDIENCE, wording.AUDIENCE_LABEL, choice),
            note(review),
        ],
        context,
    )


def refuse_form(*, title: str, context: Mapping[str, Any]) -> View:
    blocks = [note(title), input_block(REASON, wording.REASON_LABEL, lines(""))]
    return modal(REFUSE_FORM, wording.REFUSE, wording.REFUSE, blocks, context)


def _option(audience: str) -> Json:
    return {"text": plain(wording.seen_by(audience)[:MAX_OPTION]), "value": audience}
