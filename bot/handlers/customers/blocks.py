"""What is shown of a customer -> Block Kit. Pure, as `blocks`.

All of it is data that people or systems wrote: it travels as rich text, which Slack does not parse.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import customer_wording
from bot.customer_wording import Line, Part, Press, Told
from bot.handlers.blocks import MAX_BUTTON, MAX_TEXT, Json, Message, escaped

ACTION = "customer_"
# A message of Slack's takes 50 blocks and, though nobody documents it, some 13,000 characters.
_MOST_BLOCKS = 48
_LONGEST = 9000
_MOST_LINE = 600

# That nobody else sees it, Slack says itself.
RECORDED = "That you looked is recorded."


def message(value: Mapping[str, Any]) -> Message:
    told = customer_wording.from_value(value)
    blocks = [_context(RECORDED), _head(told)]
    for part in told.parts:
        blocks.extend(_part(part))
    if told.foot:
        blocks.append(_context(told.foot))
    if told.presses:
        blocks.append(_row(told.presses))
    return Message(text=escaped(f"{told.title}. {RECORDED}")[:MAX_TEXT], blocks=tuple(_fitting(blocks)))


def home_part(value: Mapping[str, Any]) -> list[Json]:
    """The hand-over on somebody's App Home, which only they see."""
    told = customer_wording.from_value(value)
    return [_head(told), *(block for part in told.parts for block in _part(part))]


def _head(told: Told) -> Json:
    after = [_text(f"  {told.subtitle}")] if told.subtitle else []
    return _rich({"type": "rich_text_section", "elements": [_text(told.title, bold=True), *after]})


def _part(part: Part) -> list[Json]:
    """Lines that can be pressed stand alone; the others are a list."""
    plain = [line for line in part.lines if line.press is None]
    listed = {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [{"type": "rich_text_section", "elements": [_text(_cut(line.text))]} for line in plain],
    }
    elements: list[Json] = []
    if part.head:
        head = _text(_cut(part.head), bold=bool(part.lines))
        elements.append({"type": "rich_text_section", "elements": [head]})
    if plain:
        elements.append(listed)
    blocks = [_rich(*elements)] if elements else []
    blocks.extend(_pressable(line) for line in part.lines if line.press is not None)
    if part.presses:
        blocks.append(_row(part.presses))
    return blocks


def _pressable(line: Line) -> Json:
    assert line.press is not None  # noqa: S101 - only such lines come here
    return {
        "type": "section",
        "text": {"type": "plain_text", "text": _cut(line.text), "emoji": False},
        "accessory": _button(line.press),
    }


def _row(presses: Sequence[Press]) -> Json:
    return {"type": "actions", "elements": [_button(press) for press in presses]}


def _button(press: Press) -> Json:
    shown = {"type": "plain_text", "text": press.label[:MAX_BUTTON], "emoji": False}
    return {"type": "button", "text": shown, "action_id": f"{ACTION}{press.does}", "value": press.value}


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _text(text: str, *, bold: bool = False) -> Json:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def _context(line: str) -> Json:
    return {"type": "context", "elements": [{"type": "plain_text", "text": line[:MAX_TEXT], "emoji": False}]}


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_LINE else f"{text[:_MOST_LINE]} …"


def _fitting(blocks: Sequence[Json]) -> list[Json]:
    """As many as a message takes; the last, with what can be done, always."""
    kept: list[Json] = []
    length = 0
    for block in blocks[:-1]:
        length += len(str(block.get("elements") or block.get("text")))
        if len(kept) + 2 > _MOST_BLOCKS or length > _LONGEST * 3:
            break
        kept.append(block)
    return [*kept, *blocks[-1:]]
