"""What the owner of a page reads of an answer that did not help: a value -> Block Kit. Pure, as `blocks`.

What people and pages say travels as rich text, which Slack does not parse.
"""

from collections.abc import Mapping
from typing import Any

from bot import verdict_wording as wording
from bot.handlers.blocks import MAX_QUOTED_CHARACTERS, MAX_TEXT, Json, Message, escaped

OBJECTION = "objection"


def card(value: Mapping[str, Any]) -> Message:
    """`value` holds `headline`, `objection`, `words`, `question` and `quote`, all texts, the last three "" where there
    is nothing."""
    parts = [
        (wording.objection_said(value["objection"]), ""),
        (wording.SHOULD_SAY, value["words"]),
        (wording.ASKED, value["question"]),
        (wording.QUOTED, value["quote"]),
    ]
    shown = [(head, text) for place, (head, text) in enumerate(parts) if text or place == 0]
    return Message(
        text=escaped(" ".join([value["headline"], *(f"{head} {text}".strip() for head, text in shown)]))[:MAX_TEXT],
        blocks=(
            {"type": "section", "text": _plain(value["headline"])},
            {"type": "rich_text", "elements": [part for head, text in shown for part in _part(head, text)]},
            {"type": "context", "elements": [_plain(wording.WHAT_TO_DO)]},
        ),
    )


def _part(head: str, text: str) -> list[Json]:
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": text[:MAX_QUOTED_CHARACTERS]}]}
    bold = {"type": "text", "text": head, "style": {"bold": True}}
    return [{"type": "rich_text_section", "elements": [bold]}, *([quote] if text else [])]


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text[:MAX_TEXT], "emoji": False}
