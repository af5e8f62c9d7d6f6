"""Each night themes are proposed, once for all replicas, at an hour at which few people work."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.database import Database, insert
from bot.friction import theming
from bot.friction.intake import Intake
from bot.friction.tables import NightRow, TicketRow

# Shops are closed, and backups and reindexes mostly over.
QUIET_HOUR = time(3)
EVERY_SECONDS = 300.0
# Whoever has begun and is not done by then is gone; 5,000 tickets take seconds.
GIVEN_UP_AFTER = timedelta(hours=1)
_KEPT = timedelta(days=31)


class Nights:
    """One step of a worker: proposes themes where this night nobody did, and returns when to look again.

    A night that was missed is made up as soon as a bot runs again.
    """

    def __init__(
        self,
        database: Database,
        intake: Callable[[], Intake],
        *,
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._intake = intake
        self._zone = zone
        self._clock = clock

    def __call__(self) -> float:
        now = self._clock()
        night = night_of(now, self._zone)
        with self._database.reading() as session:  # without the writers' turn: mostly it is done
            if _taken(session, night, now) or session.scalar(select(TicketRow.id).limit(1)) is None:
                return EVERY_SECONDS
        if self._begin(night, now):
            theming.propose(self._database, self._intake(), now=now)
            with self._database.writing.begin() as session:
                session.get_one(NightRow, night).done_at = self._clock()
        return EVERY_SECONDS

    def _begin(self, night: date, now: datetime) -> bool:
        """Whether it is ours: another replica may have been first."""
        with self._database.writing.begin() as session:
            if _taken(session, night, now):
                return False
            session.execute(delete(NightRow).where(NightRow.day < night - _KEPT))
            session.execute(
                insert(session, NightRow)
                .values(day=night, begun_at=now)
                .on_conflict_do_update(index_elements=[NightRow.day], set_={"begun_at": now})
            )
            return True


def night_of(now: datetime, zone: tzinfo | None) -> date:
    """The day whose quiet hour was the last one."""
    local = now.astimezone(zone)
    return local.date() if local.time() >= QUIET_HOUR else local.date() - timedelta(days=1)


def _taken(session: Session, night: date, now: datetime) -> bool:
    """Whether it is done, or somebody is at it."""
    row = session.get(NightRow, night)
    return row is not None and (row.done_at is not None or now - row.begun_at < GIVEN_UP_AFTER)
