"""An answer that grows in front of whoever asked: in a thread of the direct message, where Slack lets an agent do that.

The first quote stands at once, the rest and the sources follow. Where Slack does not take streams, or just now no more
of them (some 20 a minute), the answer is posted in one piece.
"""

from collections.abc import Sequence
from typing import Any

from slack_sdk import WebClient

from bot.handlers.blocks import Message
from bot.handlers.optional_calls import OptionalCalls
from bot.handlers.posting import reconciling
from bot.handlers.posting.outcomes import Outcome, Result, tried
from bot.outbox import Posted

_STREAM = "streams"


class Streaming:
    def __init__(self, client: WebClient, calls: OptionalCalls) -> None:
        self._client = client
        self._calls = calls

    def begin(self, channel: str, thread: str | None, message: Message) -> Posted | None:
        """Show the first part; None where it is to be posted whole."""
        first, rest = _parts(message.blocks)
        if not channel.startswith("D") or thread is None or not rest or not self._calls.worth_trying(_STREAM):
            return None
        begun = tried(lambda: self._start(channel, thread, first))
        if begun.outcome is Outcome.NEVER:
            self._calls.refused(_STREAM, begun.fault)
        return Posted(begun.channel, begun.ts) if begun.outcome is Outcome.SENT else None

    def finish(self, begun: Posted, message: Message, *, token: str) -> Result:
        """Show the rest. `NEVER` where the stream is over before: then the whole is put in its place."""
        return tried(lambda: self._stop(begun, _parts(message.blocks)[1], token))

    def _start(self, channel: str, thread: str, blocks: Sequence[dict[str, Any]]) -> Result:
        chunk = {"type": "blocks", "blocks": list(blocks)}
        answer = self._client.chat_startStream(channel=channel, thread_ts=thread, chunks=[chunk])
        return Result(Outcome.SENT, channel=channel, ts=str(answer["ts"]))

    def _stop(self, begun: Posted, blocks: Sequence[dict[str, Any]], token: str) -> Result:
        self._client.chat_stopStream(
            channel=begun.channel, ts=begun.ts, blocks=list(blocks), metadata=reconciling.carrying(token)
        )
        return Result(Outcome.SENT, channel=begun.channel, ts=begun.ts)


def _parts(blocks: Sequence[dict[str, Any]]) -> tuple[Sequence[dict[str, Any]], Sequence[dict[str, Any]]]:
    """Up to the first quote, and the rest."""
    quote = next((place for place, block in enumerate(blocks) if block["type"] == "rich_text"), len(blocks))
    return blocks[: quote + 1], blocks[quote + 1 :]
