"""Response URLs: five answers within thirty minutes to one command or one pressed button."""

import secrets
from dataclasses import dataclass, field

from bot.simulator.clock import Clock
from bot.simulator.errors import SlackError

# Slack's documented limits.
MAX_POSTS = 5
LIFETIME_SECONDS = 30 * 60


@dataclass
class Hook:
    """Where one response URL leads: to one person in one channel, from one message or one command line."""

    person: str
    channel: str
    message_ts: str | None = None
    thread_ts: str | None = None
    after: str = ""
    born: float = 0.0
    posts: int = field(default=0, repr=False)


class Hooks:
    """The response URLs that were handed out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_secret: dict[str, Hook] = {}

    def issue(self, hook: Hook) -> str:
        """The secret last part of a new response URL."""
        secret = secrets.token_urlsafe(18)
        hook.born = self._clock.now()
        self._by_secret[secret] = hook
        return secret

    def spend(self, secret: str) -> Hook:
        """One of the five posts. Raises SlackError `expired_url` or `used_url`, as Slack's hooks do."""
        hook = self._by_secret.get(secret)
        if hook is None or self._clock.elapsed(hook.born) > LIFETIME_SECONDS:
            raise SlackError("expired_url")
        if hook.posts >= MAX_POSTS:
            raise SlackError("used_url")
        hook.posts += 1
        return hook
