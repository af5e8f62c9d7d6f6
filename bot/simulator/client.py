"""The app as a client of Slack's OAuth: its id, its secret, and where consent may lead."""

import hmac
from dataclasses import dataclass

from bot.simulator.errors import SlackError


@dataclass(frozen=True)
class Client:
    """What Slack knows of the app under "Basic Information" and "OAuth & Permissions"."""

    id: str
    secret: str
    redirect_urls: tuple[str, ...]

    def check(self, client_id: str, secret: str) -> None:
        """Raise SlackError `invalid_client_id` or `bad_client_secret` for anybody else."""
        if client_id != self.id:
            raise SlackError("invalid_client_id")
        if not hmac.compare_digest(secret.encode(), self.secret.encode()):
            raise SlackError("bad_client_secret")
