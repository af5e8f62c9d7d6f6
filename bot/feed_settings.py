"""Live events of other systems: their secrets, their mapping files, and where they are waited for. Read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import SettingsError
from bot.slack_settings import LOOPBACK, read_host, read_port

# Before the name of a source, in capital letters.
SIGNED_WITH = "FEED_SECRET_"
_SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """`secrets`: source -> what its events are signed with, the newest first. Never printed.

    `port`: of a listener of its own; None where the events come in beside Slack's requests, or not at all.
    """

    mappings: Path
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    host: str = LOOPBACK
    port: int | None = None

    @property
    def hidden(self) -> frozenset[str]:
        """What may stand in no log."""
        return frozenset(secret for secrets in self.secrets.values() for secret in secrets)


def read_feeds(values: Mapping[str, str], mappings: Path) -> FeedSettings:
    """Raises `SettingsError`, never with a secret in it."""
    secrets = {
        name.removeprefix(SIGNED_WITH).casefold(): _secrets(name, value)
        for name, value in values.items()
        if name.startswith(SIGNED_WITH)
    }
    port = read_port(values, "FEED_PORT", 0) if "FEED_PORT" in values else None
    return FeedSettings(mappings, secrets, read_host(values, "FEED_HOST"), port)


def _secrets(name: str, given: str) -> tuple[str, ...]:
    secrets = tuple(secret.strip() for secret in given.split(",") if secret.strip())
    if not secrets or any(len(secret) < _SHORTEST_SECRET or not secret.isascii() for secret in secrets):
        raise SettingsError(
            f"{name} is no secret: one has {_SHORTEST_SECRET} signs or more, all of them ASCII. Make one with "
            "`openssl rand -hex 32`. Of several, divided by commas, the newest comes first."
        )
    return secrets
