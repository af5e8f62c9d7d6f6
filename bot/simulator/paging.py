"""Long answers in parts, as Slack cuts them: a limit, and a cursor to go on from."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from bot.simulator.errors import SlackError

T = TypeVar("T")
Json = dict[str, Any]


def page(everything: Sequence[T], *, cursor: str, limit: int) -> tuple[Sequence[T], str]:
    """One part and the cursor of the next, empty at the end. Raises SlackError `invalid_cursor`."""
    start = _offset(cursor)
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(everything) else ""
    return everything[start:end], following


def with_cursor(answer: Json, following: str) -> Json:
    """An answer that says where to go on."""
    return {**answer, "response_metadata": {"next_cursor": following}}


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, offset = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    if word != "next" or not offset.isdecimal():
        raise SlackError("invalid_cursor")
    return int(offset)
