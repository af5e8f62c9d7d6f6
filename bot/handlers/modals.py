"""What modals are made of, and what was typed into them. Pure; everything in them is plain text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot import request_wording as wording
from bot.handlers.surfaces import Body, View

Json = dict[str, Any]

# The action_id of every input: its block_id names it.
FIELD = "value"
# Slack's documented limit.
MAX_INPUT = 3000


def is_form(body: Body, form: str) -> bool:
    return body.get("type") == "view_submission" and body["view"].get("callback_id") == form


def typed(body: Body, field: str) -> str:
    """What was typed, chosen or picked in a field, without the spaces around it; "" where nothing was."""
    value = (body["view"]["state"]["values"].get(field) or {}).get(FIELD) or {}
    chosen = value.get("selected_option") or {}
    return str(value.get("value") or value.get("selected_date") or chosen.get("value") or "").strip()


def context_of(body: Body) -> Json:
    """What the form was opened with."""
    found: Json = json.loads(body["view"]["private_metadata"])
    return found


def modal(form: str, title: str, submit: str, blocks: Sequence[Json], context: Mapping[str, Any]) -> View:
    """`context` comes back with what was typed."""
    return {
        "type": "modal",
        "callback_id": form,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain(wording.CANCEL),
        "private_metadata": json.dumps(context),
        "blocks": list(blocks),
    }


def shown(title: str, blocks: Sequence[Json], context: Mapping[str, Any] | None = None) -> View:
    """A modal that asks for nothing; `context` comes back with what is pressed in it."""
    return {
        "type": "modal",
        "title": plain(title),
        "close": plain("Close"),
        "blocks": list(blocks),
        **({} if context is None else {"private_metadata": json.dumps(context)}),
    }


def input_block(field: str, label: str, element: Json, *, optional: bool = False, hint: str = "") -> Json:
    return {
        "type": "input",
        "block_id": field,
        "label": plain(label),
        "element": element,
        "optional": optional,
        **({"hint": plain(hint)} if hint else {}),
    }


def lines(text: str, *, hint: str = "", most: int = MAX_INPUT) -> Json:
    return {**line(text, most=most), "multiline": True, **({"placeholder": plain(hint)} if hint else {})}


def line(text: str, *, most: int) -> Json:
    kept = text[:most]
    return {
        "type": "plain_text_input",
        "action_id": FIELD,
        "max_length": most,
        **({"initial_value": kept} if kept else {}),
    }


def note(words: str) -> Json:
    return {"type": "context", "elements": [plain(words)]}


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words, "emoji": False}
