"""The forms in which people write to a customer's story: values -> views, and what was typed into them. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot import customer_wording as wording
from bot.customers.entries import LONGEST, EntryKind
from bot.handlers.modals import FIELD, input_block, lines, modal, note, typed
from bot.handlers.surfaces import Body, View

FORM = "customer_entry_form"
ASK_FORM = "customer_ask_form"
STEP_FORM = "customer_step_form"
FORMS = (FORM, ASK_FORM, STEP_FORM)
TEXT = "text"
DUE = "due"

_TITLES = {
    EntryKind.NOTE: "Add a note",
    EntryKind.PROMISE: "Promise something",
    EntryKind.TRIED: "What was tried",
    EntryKind.CONTESTED: "Not fragile",
}
_LABELS = {
    EntryKind.NOTE: "Note",
    EntryKind.PROMISE: "What did you promise?",
    EntryKind.TRIED: "What did they try or tell you already?",
    EntryKind.CONTESTED: "Why is it not so?",
}
_HINTS = {
    EntryKind.NOTE: "e.g. prefers to be called after five",
    EntryKind.PROMISE: "e.g. call back about the three boxes",
    EntryKind.TRIED: "e.g. rebooted the box twice, changed the cable",
    EntryKind.CONTESTED: "e.g. the one star was about the courier, and is settled",
}


def ask_form(*, name: str, context: Mapping[str, Any]) -> View:
    hint = "e.g. what did we promise? May they return the box after 20 days?"
    seen = note(f"About {name}. Answered from what happened with them, or from the pages by what we know of them.")
    return modal(
        ASK_FORM, "Ask about them", "Ask", [input_block(TEXT, "Question", lines("", hint=hint)), seen], context
    )


def could_not_form(step: str, *, name: str, context: Mapping[str, Any]) -> View:
    why = lines("", hint="e.g. Orion does not let me change the number of boxes", most=LONGEST)
    seen = note(f"About {name}. It is kept with the track and reported as friction, with your name.")
    return modal(STEP_FORM, "Could not", "Save", [note(step), input_block(TEXT, "Why?", why), seen], context)


def entry_form(kind: EntryKind, *, name: str, context: Mapping[str, Any]) -> View:
    """`context` comes back with what was typed."""
    fields = [input_block(TEXT, _LABELS[kind], lines("", hint=_HINTS[kind], most=LONGEST))]
    if kind is EntryKind.PROMISE:
        picker = {"type": "datepicker", "action_id": FIELD}
        fields.append(input_block(DUE, "By which day?", picker, optional=True))
    seen = note(f"About {name}. Whoever serves customers sees it, with your name; you can take it back.")
    return modal(FORM, _TITLES[kind], "Save", [*fields, seen], context)


def nothing_typed(body: Body) -> dict[str, str]:
    """What is wrong with a form, by block_id."""
    return {} if typed(body, TEXT) else {TEXT: wording.NOTHING_WRITTEN}


def due_in(body: Body) -> date | None:
    """The day that was picked."""
    picked = typed(body, DUE)
    return date.fromisoformat(picked) if picked else None
