"""Whether Slack has a message already: asked before one is posted again that may have arrived."""

from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.handlers.posting.outcomes import Outcome, Result

EVENT_TYPE = "throughline_reply"
# Slack's clock and ours may differ.
CLOCKS_APART = timedelta(minutes=2)
PAGE = 200
# Two thousand messages since it was owed; in a channel the newest come first, so what is missed is older than those.
MOST_PAGES = 10


def carrying(token: str) -> dict[str, Any]:
    """Metadata by which a message is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"outbox_id": token}}


def looked_up(client: WebClient, channel: str, thread: str | None, *, token: str, since: datetime) -> Result:
    """Where the message with this token is, or that it is not there. Raises what the client raises."""
    cursor = ""
    for _ in range(MOST_PAGES):
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(since - CLOCKS_APART).timestamp():.6f}",
            "limit": PAGE,
            "include_all_metadata": True,
            "cursor": cursor or None,
        }
        page = client.conversations_replies(ts=thread, **asked) if thread else client.conversations_history(**asked)
        for message in page.get("messages") or ():
            if _token_of(message) == token:
                return Result(Outcome.SENT, channel=channel, ts=str(message["ts"]))
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return Result(Outcome.NEVER, fault="not there")


def _token_of(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("outbox_id", ""))
