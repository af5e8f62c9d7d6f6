"""The bot is uninstalled from a workspace: its token is no longer good for anything, and is forgotten."""

from collections.abc import Callable, Mapping

from bot import inbox
from bot.database import Database
from bot.handlers.surfaces import Arriving, Body, Work
from bot.inbox import Accepted

UNINSTALLED = "uninstalled"
# Slack sends both where an app is uninstalled, in no promised order, and the second alone where somebody revokes.
EVENTS = ("app_uninstalled", "tokens_revoked")


class Departure:
    """`has_left` says whether the news is true still; then `leave` ends the attendance of this workspace."""

    def __init__(self, database: Database, *, has_left: Callable[[], bool], leave: Callable[[], None]) -> None:
        self._database = database
        self._has_left = has_left
        self._leave = leave

    @property
    def work(self) -> Mapping[str, Work]:
        return {UNINSTALLED: self.depart}

    def read(self, body: Body) -> Arriving | None:
        event = body.get("event")
        if not isinstance(event, dict) or event.get("type") not in EVENTS or not body.get("event_id"):
            return None
        # Whoever revokes a person's token has not uninstalled the bot.
        if event["type"] == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
            return None
        return Arriving(
            key=f"event:{body['event_id']}", kind=UNINSTALLED, conversation=UNINSTALLED, value={"person": ""}
        )

    def depart(self, event: Accepted) -> None:
        left = self._has_left()  # where Slack does not say, the event is worked on again
        with self._database.writing.begin() as session:
            inbox.finish(session, event)
        if left:
            self._leave()
