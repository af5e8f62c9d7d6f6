"""Each night themes are proposed, once for all replicas, at an hour at which few people work."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.database import Database, insert
from bot.errors import ThemesNotMade
from bot.friction import clustering, theming
from bot.friction.intake import Intake
from bot.friction.tables import NightRow, TicketRow
from bot.friction.theming import Cluster

log = logging.getLogger(__name__)

# Shops are closed, and backups and reindexes mostly over.
QUIET_HOUR = time(3)
EVERY_SECONDS = 300.0
# Right after a start people who waited come all at once, and what is held in memory is read for the first time.
AFTER_START = timedelta(minutes=10)
# Whoever has begun and is not done by then failed, or is gone: the process may take a third of that.
GIVEN_UP_AFTER = timedelta(hours=1)
# What fails so often fails again; the next night has other tickets.
MOST_ATTEMPTS = 3
_KEPT = timedelta(days=31)


class Nights:
    """One step of a worker: proposes themes where this night nobody did, and returns when to look again.

    They are made by `cluster`, in a process of its own that `close` ends. A night that was missed is made up, but not
    right after a start.
    """

    def __init__(
        self,
        database: Database,
        intake: Callable[[], Intake],
        *,
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        cluster: Cluster | None = None,
    ) -> None:
        self._database = database
        self._intake = intake
        self._zone = zone
        self._clock = clock
        self._apart = clustering.Apart()
        self._cluster = cluster or self._apart
        self._began_at = clock()

    def __call__(self) -> float:
        now = self._clock()
        if (left := self._began_at + AFTER_START - now) > timedelta():
            return min(left.total_seconds(), EVERY_SECONDS)
        night = night_of(now, self._zone)
        with self._database.reading() as session:  # without the writers' turn: mostly it is done
            if _taken(session, night, now) or session.scalar(select(TicketRow.id).limit(1)) is None:
                return EVERY_SECONDS
        if attempt := self._begin(night, now):
            try:
                theming.propose(self._database, self._intake(), now=now, cluster=self._cluster)
            except ThemesNotMade as fault:
                log.warning("no themes of %s, attempt %s of %s: %s", night, attempt, MOST_ATTEMPTS, fault)
            else:
                with self._database.writing.begin() as session:
                    session.get_one(NightRow, night).done_at = self._clock()
        return EVERY_SECONDS

    def close(self) -> None:
        """Ends what is under way; what was proposed so far stays, and the rest waits for another attempt."""
        self._apart.close()

    def _begin(self, night: date, now: datetime) -> int:
        """Which attempt it is; 0 where it is not ours, since another replica may have been first."""
        with self._database.writing.begin() as session:
            if _taken(session, night, now):
                return 0
            before = session.get(NightRow, night)
            attempt = before.attempts + 1 if before else 1
            session.execute(delete(NightRow).where(NightRow.day < night - _KEPT))
            session.execute(
                insert(session, NightRow)
                .values(day=night, begun_at=now, attempts=attempt)
                .on_conflict_do_update(
                    index_elements=[NightRow.day], set_={"begun_at": now, "attempts": NightRow.attempts + 1}
                )
            )
            return attempt


def night_of(now: datetime, zone: tzinfo | None) -> date:
    """The day whose quiet hour was the last one."""
    local = now.astimezone(zone)
    return local.date() if local.time() >= QUIET_HOUR else local.date() - timedelta(days=1)


def _taken(session: Session, night: date, now: datetime) -> bool:
    """Whether it is done, or somebody is at it, or it failed too often."""
    row = session.get(NightRow, night)
    if row is None:
        return False
    return row.done_at is not None or row.attempts >= MOST_ATTEMPTS or now - row.begun_at < GIVEN_UP_AFTER
