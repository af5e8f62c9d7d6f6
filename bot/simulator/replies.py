"""What the app answers to a command or a button: with its ack, or later to the response URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.limits import MAX_TEXT, check_blocks

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One answer. Unless it says `in_channel`, only the person who asked sees it."""

    text: str = ""
    blocks: tuple[Json, ...] = ()
    in_channel: bool = False
    replaces_original: bool = False
    deletes_original: bool = False
    thread_ts: str | None = None

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Reply | None":
        """What a JSON body asks for, or None for an empty one. Raises SlackError where Slack would refuse it."""
        if not body:
            return None
        deletes = bool(body.get("delete_original", False))
        if not (deletes or body.get("text") or body.get("blocks")):
            raise SlackError("no_text")
        return cls(
            text=str(body.get("text") or "")[:MAX_TEXT],
            blocks=check_blocks(body.get("blocks") or []),
            in_channel=body.get("response_type") == "in_channel",
            replaces_original=bool(body.get("replace_original", False)),
            deletes_original=deletes,
            thread_ts=body.get("thread_ts"),
        )
