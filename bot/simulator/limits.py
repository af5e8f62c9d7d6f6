"""What Slack accepts in a message: every documented limit as a table, answered with Slack's own error codes."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.simulator.checking import anything, by_type, chars, flag, items, number, one_of, shape
from bot.simulator.elements import BUTTON, IMAGE_ELEMENT, IMAGE_FIELDS, OVERFLOW
from bot.simulator.errors import SlackError
from bot.simulator.texts import CONFIRM, ID, LABEL, URL, plain, text

Json = dict[str, Any]

# Slack's documented limits, except where a comment says otherwise.
MAX_BLOCKS_IN_MESSAGE = 50
MAX_TEXT = 40_000  # chat.postMessage cuts the rest off
MAX_UPDATE_TEXT = 4_000  # chat.update refuses more
MAX_MARKDOWN = 12_000  # all markdown blocks of one message together
MAX_ALL_BLOCKS = 13_200  # observed, not documented: more characters than this are `msg_blocks_too_long`

ANY_TEXT = chars(MAX_TEXT)

FEEDBACK_BUTTON = shape({"text": plain(75), "value": chars(2000)}, {"accessibility_label": LABEL})
FEEDBACK_PAIR = shape({"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON}, {"action_id": ID})
ICON_BUTTON = shape(
    {"icon": one_of("trash"), "text": plain(75)},
    {
        "action_id": ID,
        "value": chars(2000),
        "confirm": CONFIRM,
        "accessibility_label": LABEL,
        "visible_to_user_ids": items(100, of=ID),
    },
)
STYLE = shape(None, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))
INLINE = by_type(
    {
        "text": shape({"text": ANY_TEXT}, {"style": STYLE}),
        "link": shape({"url": URL}, {"text": ANY_TEXT, "style": STYLE, "unsafe": flag}),
        "user": shape({"user_id": ID}, {"style": STYLE}),
        "channel": shape({"channel_id": ID}, {"style": STYLE}),
        "usergroup": shape({"usergroup_id": ID}, {"style": STYLE}),
        "emoji": shape({"name": ID}, {"unicode": ID, "style": STYLE}),
        "broadcast": shape({"range": one_of("here", "channel", "everyone")}, {"style": STYLE}),
        "date": shape(
            {"timestamp": number(0, 2**40), "format": ANY_TEXT}, {"url": URL, "fallback": ANY_TEXT, "style": STYLE}
        ),
        "color": shape({"value": ID}, {"style": STYLE}),
    }
)
INLINES = items(1000, of=INLINE, least=0)
BORDER = number(0, 1)
RICH_SECTION = shape({"elements": INLINES})
RICH_TEXT = items(
    1000,
    of=by_type(
        {
            "rich_text_section": RICH_SECTION,
            "rich_text_quote": shape({"elements": INLINES}, {"border": BORDER}),
            "rich_text_preformatted": shape({"elements": INLINES}, {"border": BORDER, "language": ID}),
            "rich_text_list": shape(
                {
                    "style": one_of("bullet", "ordered"),
                    "elements": items(1000, of=by_type({"rich_text_section": RICH_SECTION})),
                },
                {"indent": number(0, 8), "offset": number(0, 10_000), "border": BORDER},
            ),
        }
    ),
)
CELL = by_type(
    {
        "raw_text": shape({"text": chars(MAX_TEXT, least=0)}),
        "raw_number": shape({"value": anything, "text": ANY_TEXT}),
        "rich_text": shape({"elements": RICH_TEXT}),
    }
)
COLUMN = shape(None, {"align": one_of("left", "center", "right"), "is_wrapped": flag})

MESSAGE_BLOCKS = {
    "section": shape(
        None,
        {
            "text": text(3000),
            "fields": items(10, of=text(2000)),
            "accessory": by_type({"button": BUTTON, "image": IMAGE_ELEMENT, "overflow": OVERFLOW}),
            "expand": flag,
            "block_id": ID,
        },
        either=("text", "fields"),
    ),
    "header": shape({"text": plain(150)}, {"block_id": ID}),
    "divider": shape(None, {"block_id": ID}),
    "context": shape(
        {
            "elements": items(
                10,
                of=by_type(
                    {
                        "plain_text": shape({"text": chars(3000)}, {"emoji": flag}),
                        "mrkdwn": shape({"text": chars(3000)}, {"verbatim": flag}),
                        "image": IMAGE_ELEMENT,
                    }
                ),
            )
        },
        {"block_id": ID},
    ),
    "actions": shape({"elements": items(25, of=by_type({"button": BUTTON, "overflow": OVERFLOW}))}, {"block_id": ID}),
    "context_actions": shape(
        {"elements": items(5, of=by_type({"feedback_buttons": FEEDBACK_PAIR, "icon_button": ICON_BUTTON}))},
        {"block_id": ID},
    ),
    "rich_text": shape({"elements": RICH_TEXT}, {"block_id": ID}),
    "markdown": shape({"text": chars(MAX_MARKDOWN)}, {"block_id": ID}),
    "table": shape(
        {"rows": items(100, of=items(20, of=CELL))}, {"column_settings": items(20, of=COLUMN), "block_id": ID}
    ),
    "image": shape(
        {"alt_text": chars(2000)},
        {**IMAGE_FIELDS, "title": plain(2000), "block_id": ID},
        either=("image_url", "slack_file"),
    ),
}


def check_blocks(blocks: object) -> tuple[Json, ...]:
    """The blocks of a message, if Slack would take them. Raises SlackError with Slack's code and messages."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    faults = tuple(_faults(blocks, most=MAX_BLOCKS_IN_MESSAGE))
    if faults:
        raise SlackError("invalid_blocks", messages=faults)
    if _length(blocks) > MAX_ALL_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return tuple(blocks)


def _faults(blocks: list[Any], *, most: int) -> Iterator[str]:
    faults = tuple(items(most, of=by_type(MESSAGE_BLOCKS), least=0)(blocks, "/blocks"))
    yield from faults
    if not faults:
        yield from unique_ids(blocks, "/blocks")
        if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MAX_MARKDOWN:
            yield f"must be less than {MAX_MARKDOWN + 1} characters in all markdown blocks [json-pointer:/blocks]"
        if sum(block["type"] == "table" for block in blocks) > 1:
            yield "only_one_table_allowed [json-pointer:/blocks]"


def unique_ids(blocks: list[Json], at: str) -> Iterator[str]:
    """A block_id names one block of a message, an action_id one element of a block."""
    for block_id, times in Counter(block["block_id"] for block in blocks if "block_id" in block).items():
        if times > 1:
            yield f"block_id `{block_id}` already exists [json-pointer:{at}]"
    for index, block in enumerate(blocks):
        elements = block.get("elements", []) if block["type"] in ("actions", "context_actions") else []
        for action_id, times in Counter(one["action_id"] for one in elements if "action_id" in one).items():
            if times > 1:
                yield f"action_id `{action_id}` already exists [json-pointer:{at}/{index}/elements]"


def _length(value: object) -> int:
    """Characters that a reader would have to read, wherever they stand in the blocks."""
    if isinstance(value, dict):
        return sum(
            len(inner) if name == "text" and isinstance(inner, str) else _length(inner) for name, inner in value.items()
        )
    return sum(map(_length, value)) if isinstance(value, list) else 0
