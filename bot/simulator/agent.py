"""What the app shows beside its messages: that it works on an answer, and what could be asked of it."""

from dataclasses import dataclass

from bot.simulator.clock import Clock

# Slack's documented limits.
MAX_PROMPTS = 4
MAX_LOADING_MESSAGES = 10
# A status that nobody takes back ends by itself.
STATUS_SECONDS = 120.0


@dataclass(frozen=True)
class Status:
    """What stands under a thread while the app works. `loading` are the words that take turns meanwhile."""

    words: str
    loading: tuple[str, ...] = ()
    since: float = 0.0


@dataclass(frozen=True)
class Prompt:
    """A suggestion: what is on it, and what is said when somebody takes it."""

    title: str
    message: str


@dataclass(frozen=True)
class Prompts:
    """Suggestions in the direct message with the app, under a title if they have one."""

    title: str
    prompts: tuple[Prompt, ...]


class Agent:
    """Statuses, suggestions and titles, by channel. Not locked: the workspace is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._statuses: dict[tuple[str, str], Status] = {}
        self._prompts: dict[str, Prompts] = {}
        self.titles: dict[tuple[str, str], str] = {}

    def set_status(self, channel: str, thread_ts: str, words: str, *, loading: tuple[str, ...]) -> None:
        """Say that the app is at work; no words take it back."""
        self._statuses.pop((channel, thread_ts), None)
        if words:
            self._statuses[channel, thread_ts] = Status(words, loading, self._clock.now())

    def status(self, channel: str, thread_ts: str) -> Status | None:
        """What stands under this thread now."""
        status = self._statuses.get((channel, thread_ts))
        return status if status and self._clock.elapsed(status.since) < STATUS_SECONDS else None

    def suggest(self, channel: str, prompts: Prompts) -> None:
        """Put suggestions in place of those that were there."""
        self._prompts[channel] = prompts

    def prompts(self, channel: str) -> Prompts | None:
        """What is suggested now."""
        return self._prompts.get(channel)

    def answered(self, channel: str, thread_ts: str) -> None:
        """The app posted here, so it does not work on it any more."""
        self._statuses.pop((channel, thread_ts), None)

    def asked(self, channel: str) -> None:
        """Somebody wrote, so suggestions are not needed any more."""
        self._prompts.pop(channel, None)
