"""What Slack accepts in a view: a Home or a modal. Every documented limit, answered with Slack's own error codes."""

import json
from collections.abc import Iterator
from typing import Any

from bot.simulator.checking import Check, by_type, chars, flag, items, shape
from bot.simulator.elements import IN_ACTIONS, IN_INPUT, IN_SECTION
from bot.simulator.errors import SlackError
from bot.simulator.limits import MESSAGE_BLOCKS, unique_ids
from bot.simulator.texts import ID, plain, text

Json = dict[str, Any]

# Slack's documented limits.
MAX_BLOCKS = 100
MAX_TITLE = 24  # and each of the two buttons below
MAX_LABEL = 2000
MAX_METADATA = 3000
MAX_BYTES = 250_000

_SHARED = ("header", "divider", "context", "rich_text", "image")
BLOCKS = by_type(
    {name: MESSAGE_BLOCKS[name] for name in _SHARED}
    | {
        "section": shape(
            None,
            {
                "text": text(3000),
                "fields": items(10, of=text(2000)),
                "accessory": IN_SECTION,
                "expand": flag,
                "block_id": ID,
            },
            either=("text", "fields"),
        ),
        "actions": shape({"elements": items(25, of=IN_ACTIONS)}, {"block_id": ID}),
        "input": shape(
            {"label": plain(MAX_LABEL), "element": IN_INPUT},
            {"hint": plain(MAX_LABEL), "optional": flag, "dispatch_action": flag, "block_id": ID},
        ),
    }
)
_COMMON: dict[str, Check] = {
    "private_metadata": chars(MAX_METADATA, least=0),
    "callback_id": chars(255, least=0),
    "external_id": chars(255, least=0),
}
HOME = by_type({"home": shape({"blocks": items(MAX_BLOCKS, of=BLOCKS, least=0)}, _COMMON)})
_BUTTON_LABEL = plain(MAX_TITLE)
MODAL = by_type(
    {
        "modal": shape(
            {"title": plain(MAX_TITLE), "blocks": items(MAX_BLOCKS, of=BLOCKS, least=0)},
            {
                **_COMMON,
                "submit": _BUTTON_LABEL,
                "close": _BUTTON_LABEL,
                "clear_on_close": flag,
                "notify_on_close": flag,
            },
        )
    }
)


def check_home(view: object) -> Json:
    """A Home, if Slack would take it. Raises SlackError `invalid_arguments` with messages, or `view_too_large`."""
    return _checked(view, HOME)


def check_modal(view: object) -> Json:
    """A modal, if Slack would take it. Raises SlackError `invalid_arguments` with messages, or `view_too_large`."""
    return _checked(view, MODAL)


def _checked(view: object, check: Check) -> Json:
    faults = tuple(check(view, "/view"))
    if not faults and isinstance(view, dict):
        faults = tuple(_whole(view))
    if faults or not isinstance(view, dict):
        raise SlackError("invalid_arguments", messages=faults)
    if len(json.dumps(view).encode()) > MAX_BYTES:
        raise SlackError("view_too_large")
    return view


def _whole(view: Json) -> Iterator[str]:
    """Faults that lie between the parts of a view."""
    yield from unique_ids(view["blocks"], "/view/blocks")
    inputs = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    if inputs and view["type"] == "modal" and "submit" not in view:
        yield "`submit` is required when an input block is within the blocks array [json-pointer:/view]"
    if sum(bool(element.get("focus_on_load")) for element in inputs) > 1:
        yield "only one element can have `focus_on_load` [json-pointer:/view/blocks]"
