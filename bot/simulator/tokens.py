"""What lets the app in: its bot's token while it is installed, its own for Socket Mode, and those that died."""

import secrets

from bot.simulator.keys import LOCAL_APP, LOCAL_BOT


class Tokens:
    """The tokens of one workspace, random unless `choose` says otherwise. Not locked: the workspace is."""

    def __init__(self) -> None:
        self.app = f"{LOCAL_APP}{secrets.token_hex(16)}"
        self._bot = ""
        self._chosen = ""
        self._dead: set[str] = set()

    @property
    def bot(self) -> str:
        """The bot's token, empty while the app is not installed."""
        return self._bot

    def choose(self, *, bot: str, app: str) -> None:
        """Use these where they are given; the bot's own counts from the next installation, or in place of today's."""
        self.app = app or self.app
        self._chosen = bot
        if self._bot and bot:
            self._bot = ""
            self.issue()

    def issue(self) -> str:
        """The bot's token. Who installs again what is installed gets the same, as in Slack without token rotation."""
        if not self._bot:
            self._bot = self._chosen or f"{LOCAL_BOT}{secrets.token_hex(16)}"
            self._chosen = ""
        return self._bot

    def revoke(self) -> None:
        """The bot's token is worth nothing from now on."""
        self._dead.add(self._bot)
        self._bot = ""

    def is_dead(self, token: str) -> bool:
        """Whether this was the bot's token once."""
        return token in self._dead

    def knows(self, token: str) -> bool:
        """Whether this is, or was, a token of this workspace."""
        return bool(token) and (token in (self._bot, self.app) or self.is_dead(token))
