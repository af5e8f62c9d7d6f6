"""Messages that the app is still writing: it appends to them until it stops, or until Slack ends them."""

from dataclasses import dataclass
from enum import Enum, auto

from bot.simulator.clock import Clock
from bot.simulator.errors import SlackError

# Observed, not documented: five minutes from the start; appending does not prolong it.
LIFETIME_SECONDS = 300.0


class Phase(Enum):
    """Where a stream is; past its lifetime a live one is over too."""

    LIVE = auto()
    STOPPED = auto()
    STOPPED_BY_USER = auto()


@dataclass
class _Stream:
    started: float
    phase: Phase = Phase.LIVE


class Streams:
    """The streams that were started, by channel and ts. Not locked: the workspace is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._streams: dict[tuple[str, str], _Stream] = {}

    def start(self, channel: str, ts: str) -> None:
        """A message was begun."""
        self._streams[channel, ts] = _Stream(self._clock.now())

    def is_live(self, channel: str, ts: str) -> bool:
        """Whether the app may still append."""
        stream = self._streams.get((channel, ts))
        alive = stream is not None and self._clock.elapsed(stream.started) < LIFETIME_SECONDS
        return alive and stream is not None and stream.phase is Phase.LIVE

    def check(self, channel: str, ts: str) -> None:
        """Raise SlackError `message_not_in_streaming_state` or `stopped_by_user` where the app may not append."""
        stream = self._streams.get((channel, ts))
        if stream is not None and stream.phase is Phase.STOPPED_BY_USER:
            raise SlackError("stopped_by_user")
        if not self.is_live(channel, ts):
            raise SlackError("message_not_in_streaming_state")

    def stop(self, channel: str, ts: str, *, phase: Phase = Phase.STOPPED) -> None:
        """The message is complete, or somebody has read enough."""
        self._streams[channel, ts].phase = phase
