"""What is owed for an event: where it goes, and who sees it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import outbox
from bot.handlers import blocks
from bot.inbox import Accepted


def owe_words(session: Session, event: Accepted, words: str, *, now: datetime) -> None:
    """Say something to whoever an event is from, where only they see it; once for an event."""
    outbox.owe(
        session,
        key=f"words:{event.id}",
        kind=blocks.WORDS,
        to=reply_destination(event.value, private=True),
        value={"text": words},
        now=now,
    )


def reply_destination(value: Mapping[str, Any], *, private: bool = False) -> outbox.Destination:
    """Where the reply to an event goes. A reply in a direct message needs no `only`: just the asker reads there."""
    hidden = private or bool(value.get("response_url")) or bool(value.get("hidden"))
    # Slack shows a message for one person in a thread only if that thread has replies already.
    unseen = hidden and value.get("opens_thread")
    return outbox.Destination(
        channel=value["channel"],
        thread=None if unseen else value["thread"] or None,
        only=value["person"] if hidden else None,
        response_url=value.get("response_url"),
    )
