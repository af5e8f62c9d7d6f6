"""[Log friction] on a message. There are no reports to put it into yet, and whoever presses it is told so."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot import inbox, wording
from bot.database import Database
from bot.handlers.replying import owe_words
from bot.handlers.surfaces import Arriving, Body, Work
from bot.inbox import Accepted

FRICTION = "friction"
FRICTION_SHORTCUT = "log_friction"


class Friction:
    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def work(self) -> Mapping[str, Work]:
        return {FRICTION: self.decline}

    def read(self, body: Body) -> Arriving | None:
        if body.get("type") != "message_action" or body.get("callback_id") != FRICTION_SHORTCUT:
            return None
        person = str(body["user"]["id"])
        return Arriving(
            key=f"shortcut:{body['trigger_id']}",
            kind=FRICTION,
            conversation=f"friction:{person}",
            value={
                "person": person,
                "channel": body["channel"]["id"],
                "thread": "",
                "response_url": body.get("response_url"),
            },
        )

    def decline(self, event: Accepted) -> None:
        with self._database.writing.begin() as session:
            owe_words(session, event, wording.NO_FRICTION_YET, now=datetime.now(UTC))
            inbox.finish(session, event)
