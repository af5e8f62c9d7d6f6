"""Which workspaces a bot attends: the one of its token, or every one in which it was installed."""

import logging
from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult

from bot import tenants
from bot.app import House
from bot.attendance import Attendance, is_taken
from bot.database import Database
from bot.errors import NotAttendedYet, SettingsError, TokenRefused
from bot.handlers.border import guarded
from bot.handlers.workspace.departure import Departure
from bot.installations import Installations
from bot.jobs import Pool

log = logging.getLogger(__name__)

# Where another replica was installed into a workspace, this one hears of it so much later.
LOOK_SECONDS = 5.0
# A request from a workspace that nobody attends makes us look at once, though not more often than this.
AT_MOST_EVERY_SECONDS = 1.0


class Attended(Protocol):
    """The workspaces that a bot attends."""

    def of(self, workspace: str | None) -> Attendance | None:
        """Who attends a workspace, by its id at Slack; None where nobody does.

        Raises `NotAttendedYet` where the bot is installed and cannot work at the moment: Slack sends it again.
        """

    def databases(self) -> Sequence[Database]:
        """That of each workspace that is attended."""

    def start(self) -> None:
        """Begin to work."""

    def stop(self) -> None:
        """Finish what is under way."""


class OneWorkspace:
    """The workspace of one token. Whatever comes is for it, also what comes from a channel shared with another."""

    def __init__(self, house: House, *, token: str, api_url: str) -> None:
        """Raises `SettingsError` where Slack does not take the token."""
        try:
            self._attendance = Attendance(house, token=token, api_url=api_url)
        except TokenRefused as fault:
            raise SettingsError(
                f"Slack refused SLACK_BOT_TOKEN ({fault}). Copy it again from the app's page; it needs the app "
                "installed in the workspace."
            ) from fault
        self._database = house.database

    def of(self, _workspace: str | None) -> Attendance:
        return self._attendance

    def databases(self) -> Sequence[Database]:
        return [self._attendance.house.database]

    def start(self) -> None:
        with self._database.writing.begin() as session:
            tenants.adopt(session, self._attendance.workspace)
        self._attendance.start()

    def stop(self) -> None:
        self._attendance.stop()


class EveryWorkspace:
    """Every workspace in which the bot is installed, by this replica or another, as soon and as long as it is."""

    def __init__(self, house: House, installations: Installations, *, allowed: frozenset[str], api_url: str) -> None:
        self._house = house
        self._installations = installations
        self._allowed = allowed
        self._api_url = api_url
        self._here: dict[str, Attendance] = {}
        self._refused: dict[str, str] = {}
        self._unread: set[str] = set()
        self._turn = Lock()
        self._looked_at = float("-inf")
        self._watch = Pool("watch", guarded(self._look_again, wait=LOOK_SECONDS), size=1)

    def of(self, workspace: str | None) -> Attendance | None:
        if workspace not in self._allowed:
            return None
        late = workspace not in self._here and monotonic() - self._looked_at > AT_MOST_EVERY_SECONDS
        if late and self._turn.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._turn.release()
        here = self._here.get(workspace)
        if here is None and workspace not in self._refused and self._is_installed(workspace):
            raise NotAttendedYet(f"Throughline is installed in {workspace} and is not at work there yet.")
        return here

    def databases(self) -> Sequence[Database]:
        return [attendance.house.database for attendance in list(self._here.values())]

    def start(self) -> None:
        """Raises `SettingsError` where TOKEN_KEY does not open a token: better now than when somebody asks."""
        for one in self._installations.all():
            if one.workspace in self._allowed:
                _ = one.token
        self.look()
        self._watch.start()

    def stop(self) -> None:
        self._watch.stop()
        with self._turn:
            for attendance in self._here.values():
                attendance.stop()
            self._here.clear()

    def look(self) -> None:
        """Begin where the bot is installed by now, and end where it no longer is."""
        with self._turn:
            self._look()

    def _look(self) -> None:
        self._looked_at = monotonic()
        installed = self._installed()
        for workspace in [one for one, here in self._here.items() if installed.get(one) != here.identity.bot_token]:
            self._here.pop(workspace).stop()
        for workspace, token in installed.items():
            if workspace not in self._here and self._refused.get(workspace) != token:
                self._begin(workspace, token)

    def _is_installed(self, workspace: str) -> bool:
        return any(one.workspace == workspace for one in self._installations.all())

    def _installed(self) -> dict[str, str]:
        """Token by workspace. One that no key opens changes nothing for the others, nor for whom it is at work."""
        found = {}
        for one in self._installations.all():
            if one.workspace not in self._allowed:
                continue
            try:
                found[one.workspace] = one.token
            except SettingsError as fault:
                if one.sealed.text not in self._unread:  # said once, not with every look
                    log.warning("the token of workspace %s cannot be read: %s", one.workspace, fault)
                self._unread.add(one.sealed.text)
                if here := self._here.get(one.workspace):
                    found[one.workspace] = here.identity.bot_token or ""
        return found

    def _look_again(self) -> float:
        self.look()
        return LOOK_SECONDS

    def _begin(self, workspace: str, token: str) -> None:
        departure = Departure(
            self._house.database.of(workspace),
            has_left=lambda: self._has_left(workspace),
            leave=lambda: self._leave(workspace),
        )
        try:
            attendance = Attendance(self._house, token=token, api_url=self._api_url, more=[departure])
        except TokenRefused as fault:
            # Asked again with every look, Slack would limit us; a fresh installation brings another token.
            self._refused[workspace] = token
            log.warning(
                "workspace %s is not attended: Slack refused its token (%s). Install the app there again, or run "
                "`throughline workspaces forget %s`",
                workspace,
                fault,
                workspace,
            )
            return
        except SettingsError as fault:
            log.warning("workspace %s is not attended yet: %s", workspace, fault)
            return
        attendance.start()
        self._refused.pop(workspace, None)
        self._here[workspace] = attendance

    def _has_left(self, workspace: str) -> bool:
        """Asked of Slack: news of an uninstall may come late, when somebody has installed the bot again."""
        tokens = [one.token for one in self._installations.all() if one.workspace == workspace]
        return not any(is_taken(token, api_url=self._api_url) for token in tokens)

    def _leave(self, workspace: str) -> None:
        """The bot was uninstalled. The watch ends the attendance: here one of its own workers is speaking."""
        self._installations.remove(workspace)
        self._watch.wake()


def authorizing(attended: Attended) -> Callable[..., AuthorizeResult]:
    """As whom the bot acts on a request, for Bolt."""

    def authorize(team_id: str | None) -> AuthorizeResult | None:
        here = attended.of(team_id)
        return here.identity if here else None  # Bolt tells whoever pressed that the app is not installed there

    return authorize  # type: ignore[return-value]  # Bolt's annotation lacks the None that its middleware handles
