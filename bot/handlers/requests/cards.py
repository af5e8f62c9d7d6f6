"""What people see of requests and proposed pages: values -> Block Kit. Pure, as `blocks`.

What a person wrote travels as rich text, which Slack does not parse.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot import request_wording as wording
from bot.handlers.blocks import MAX_TEXT, Json, Message, escaped

CARD = "request_card"
ASKED = "request_asked"
REPLY = "request_reply"
PASSED = "request_passed"
LINE = "request_line"
PROPOSAL = "page_proposal"

TAKE_ACTION = "request_take"
HELPS_ACTION = "request_helps"
OPEN_ACTION = "request_still_open"
WITHDRAW_ACTION = "request_withdraw"
SAVE_ACTION = "request_save_page"
PUBLISH_ACTION = "proposal_publish"
REFUSE_ACTION = "proposal_refuse"

ACTIONS = (
    TAKE_ACTION,
    HELPS_ACTION,
    OPEN_ACTION,
    WITHDRAW_ACTION,
    SAVE_ACTION,
    PUBLISH_ACTION,
    REFUSE_ACTION,
)

# All blocks of a message together may have some 13,000 characters, which Slack does not document.
LONGEST = 8000
MAX_HEADER = 150
CUT = " … (cut here; ask them for the rest)"


def _card(value: Mapping[str, Any]) -> Message:
    said = [part for part in (value["note"], value["asks"]) if part]
    blocks: list[Json] = [
        {"type": "header", "text": _plain_text(value["title"][:MAX_HEADER])},
        *([_plain(value["note"])] if value["note"] else []),
        _said(value["asks"], value["question"]),
        *([_said(value["adds"], value["added"])] if value["added"] else []),
        *([_context(value["tried"])] if value["tried"] else []),
        _context(value["goes"]),
        *([_plain(value["status"])] if value["status"] else []),
        *([_actions(_button(wording.TAKE, TAKE_ACTION, value["number"], style="primary"))] if value["free"] else []),
    ]
    return _message([f"{value['title']}.", *said, value["question"]], blocks)


def _asked(value: Mapping[str, Any]) -> Message:
    row = _actions(_button(wording.NO_LONGER, WITHDRAW_ACTION, value["number"]))
    return _message([value["text"]], [_plain(value["text"]), row])


def _reply(value: Mapping[str, Any]) -> Message:
    """A reply as its asker reads it; `mention` names them where others read too."""
    mention = [{"type": "user", "user_id": value["mention"]}, _text(" ")] if value["mention"] else []
    blocks: list[Json] = [
        _rich(
            {"type": "rich_text_section", "elements": [*mention, _text(value["said"], bold=True)]},
            {"type": "rich_text_quote", "elements": [_text(_fitting(value["text"]))]},
        ),
        *([_context(value["asked"])] if value["asked"] else []),
        _actions(
            _button(wording.HELPS, HELPS_ACTION, value["number"], style="primary"),
            _button(wording.STILL_OPEN, OPEN_ACTION, value["number"]),
        ),
    ]
    return _message([value["said"], value["text"]], blocks)


def _passed(value: Mapping[str, Any]) -> Message:
    row = _actions(_button(wording.SAVE, SAVE_ACTION, value["number"]))
    return _message([value["text"]], [_plain(value["text"]), row])


def _line(value: Mapping[str, Any]) -> Message:
    """A sentence of the bot with words of a person below it, where there are some."""
    said = _said(value["text"], value["quote"]) if value["quote"] else _plain(value["text"])
    return _message([value["text"], value["quote"]], [said])


def _proposal(value: Mapping[str, Any]) -> Message:
    blocks: list[Json] = [
        {"type": "header", "text": _plain_text(value["said"][:MAX_HEADER])},
        _said(value["title"], value["text"]),
        _context(value["seen_by"]),
        _context(value["review"]),
        _actions(
            _button(wording.PUBLISH, PUBLISH_ACTION, value["number"], style="primary"),
            _button(wording.REFUSE, REFUSE_ACTION, value["number"]),
        ),
    ]
    return _message([f"{value['said']}:", value["title"], value["text"]], blocks)


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    CARD: _card,
    ASKED: _asked,
    REPLY: _reply,
    PASSED: _passed,
    LINE: _line,
    PROPOSAL: _proposal,
}


def _actions(*buttons: Json) -> Json:
    return {"type": "actions", "elements": list(buttons)}


def _button(label: str, action: str, number: int, *, style: str = "") -> Json:
    return {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": label},
        "value": str(number),
        **({"style": style} if style else {}),
    }


def _said(head: str, words: str) -> Json:
    return _rich(
        {"type": "rich_text_section", "elements": [_text(head, bold=True)]},
        {"type": "rich_text_quote", "elements": [_text(_fitting(words))]},
    )


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _text(words: str, *, bold: bool = False) -> Json:
    return {"type": "text", "text": words, **({"style": {"bold": True}} if bold else {})}


def _fitting(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST] + CUT


def _plain(words: str) -> Json:
    return {"type": "section", "text": _plain_text(words)}


def _context(words: str) -> Json:
    return {"type": "context", "elements": [_plain_text(words)]}


def _plain_text(words: str) -> Json:
    return {"type": "plain_text", "text": words[:MAX_TEXT], "emoji": False}


def _message(said: list[str], blocks: list[Json]) -> Message:
    return Message(text=escaped(" ".join(part for part in said if part))[:MAX_TEXT], blocks=tuple(blocks))
