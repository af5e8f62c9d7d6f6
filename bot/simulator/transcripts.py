"""The messages of every channel in the order of their ts, and the threads among them."""

from dataclasses import replace

from bot.simulator.clock import next_ts
from bot.simulator.messages import Message


class Transcripts:
    """What was said. Not locked: the workspace is."""

    def __init__(self) -> None:
        self._by_channel: dict[str, dict[str, Message]] = {}
        self._last_ts = ""

    def next_ts(self) -> str:
        """A ts that nothing in the workspace has yet."""
        self._last_ts = next_ts(self._last_ts)
        return self._last_ts

    def add(self, draft: Message) -> Message:
        """Keep a new message; its ts is given here."""
        kept = replace(draft, ts=self.next_ts())
        self._by_channel.setdefault(kept.channel, {})[kept.ts] = kept
        return kept

    def put(self, message: Message) -> None:
        """Keep another version of a message."""
        self._by_channel[message.channel][message.ts] = message

    def remove(self, message: Message) -> None:
        """Forget a message."""
        del self._by_channel[message.channel][message.ts]

    def find(self, channel: str, ts: str) -> Message | None:
        """The message with this ts."""
        return self._by_channel.get(channel, {}).get(ts)

    def of(self, channel: str) -> tuple[Message, ...]:
        """Everything in a channel, replies and messages for one person included, oldest first."""
        return tuple(self._by_channel.get(channel, {}).values())

    def thread(self, channel: str, thread_ts: str) -> tuple[Message, ...]:
        """The first message of a thread and its replies."""
        return tuple(one for one in self.of(channel) if thread_ts in (one.ts, one.thread_ts))
