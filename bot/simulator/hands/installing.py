"""The app comes into the workspace and goes again."""

from collections.abc import Iterable

from bot.simulator import events
from bot.simulator.agent import Agent
from bot.simulator.errors import NotInWorkspace
from bot.simulator.hands.base import Hands
from bot.simulator.hooks import Hooks
from bot.simulator.messages import Json
from bot.simulator.modals import Modals
from bot.simulator.scopes import Grants
from bot.simulator.triggers import Triggers


class InstallingHands(Hands):
    """What an admin does with the app as a whole."""

    def install(self, scopes: Iterable[str] | None = None) -> str:
        """Bring the app in with these scopes, or with all. Returns its bot's token.

        As in Slack, the bot is in no channel until somebody invites it, scopes add up over installations, and the token
        of an app that is installed already stays what it is.
        """
        with self._change():
            if scopes is not None:
                before = (self.is_installed and self.grants.scopes) or frozenset()
                self.grants = Grants(before | frozenset(scopes), self.grants.events)
            self.is_installed = self._has_directs = True
            return self.tokens.issue()

    def uninstall(self) -> None:
        """Remove the app. It hears that, and nothing after it; its token is worth nothing from now on."""
        with self._change():
            revoked = events.tokens_revoked(self.installation.bot.user_id)
            self._end(events.APP_UNINSTALLED, revoked)

    def give_up_token(self) -> None:
        """The app revoked its bot's own token: the bot is gone as if uninstalled, but the app hears only that."""
        with self._change():
            self._end(events.tokens_revoked(self.installation.bot.user_id))

    def _end(self, *told: Json) -> None:
        if not self.is_installed:
            raise NotInWorkspace(f"{self.installation.bot.name} is not installed in {self.installation.team.name}.")
        for body in told:
            if self.grants.hears(body["type"]):
                self._tell(events.farewell(body, self.installation))
        self.tokens.revoke()
        self.is_installed = False
        self._without_bot()
        # What the app made, and what would lead back to it.
        self.homes.clear()
        self.modals = Modals(self._note_view)
        self.hooks, self.triggers, self.agent = Hooks(self.clock), Triggers(self.clock), Agent(self.clock)
