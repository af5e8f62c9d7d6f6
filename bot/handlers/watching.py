"""The admins hear when somebody looks at unusually many customers: who and how many, never whom."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from sqlalchemy.orm import Session

from bot import outbox, wording
from bot.audit.unusual import Unusual, note_told, unusual
from bot.database import Database
from bot.handlers import blocks
from bot.handlers.workspace.addressees import Addressees
from bot.handlers.workspace.directory import SlackDirectory
from bot.outbox import Destination

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0


class Watching:
    """One step of a worker: tells the admins once for a person and an hour, and returns when to look again."""

    def __init__(
        self,
        database: Database,
        directory: SlackDirectory,
        addressees: Addressees,
        *,
        most: int,
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._directory = directory
        self._addressees = addressees
        self._most = most
        self._zone = zone
        self._clock = clock

    def __call__(self) -> float:
        now = self._clock()
        with self._database.reading() as session:  # without the writers' turn: mostly there is nothing
            found = unusual(session, most=self._most, now=now)
        if found:
            # Slack is asked before the transaction: others do not wait for it.
            told = {one.person: (self._directory.person(one.person).name, self._admins(one.person)) for one in found}
            with self._database.writing.begin() as session:
                for one in unusual(session, most=self._most, now=now):  # another replica may have been first
                    if one.person in told:
                        self._tell(session, one, *told[one.person], now=now)
        return EVERY_SECONDS

    def _admins(self, person: str) -> list[str]:
        """The direct messages with the admins; with the one it is about only where there is no other."""
        others = self._addressees.colleagues(None, but=person) or self._addressees.colleagues(None)
        return [self._directory.direct_with(admin.id) for admin in others]

    def _tell(self, session: Session, one: Unusual, name: str, directs: list[str], *, now: datetime) -> None:
        number = note_told(session, one, now=now)
        words = wording.unusual_reading(name, one.person, one, most=self._most, zone=self._zone)
        for direct in directs:
            key = f"unusual:{number}:{direct}"
            outbox.owe(session, key=key, kind=blocks.WORDS, to=Destination(direct), value={"text": words}, now=now)
        if not directs:
            log.warning("somebody looked at unusually many customers, and no admin is known in Slack: audit %s", number)
