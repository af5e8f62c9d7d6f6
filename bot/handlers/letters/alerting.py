"""Alerts to the owners concerned and to leads: each thing once to each, at most a few messages a day."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from sqlalchemy.orm import Session

from bot import outbox
from bot.database import Database
from bot.experience.reading import Reading
from bot.experience.viewers import THE_COMPANY
from bot.experience.weeks import Week, last_weeks, week_at
from bot.experience.world import World
from bot.handlers.letters import cards
from bot.handlers.letters.readers import Reader, Readers
from bot.letters import stops
from bot.letters.alerts import Alert, alerts
from bot.letters.digest import SIGNAL_WEEKS
from bot.letters.telling import to_tell
from bot.outbox import Destination
from bot.working_time import Calendar

# They are of whole weeks: what is looked at changes when a week ends, or when rows of it come in late.
EVERY_SECONDS = 3600.0
# Until people are at work.
SOON_SECONDS = 300.0


class Alerting:
    """One step of a worker."""

    def __init__(
        self,
        database: Database,
        readers: Readers,
        *,
        world: Callable[[Session], World],
        calendar: Callable[[], Calendar],
        address: Callable[[], str],
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """As those of `Writing`."""
        self._database = database
        self._readers = readers
        self._world = world
        self._calendar = calendar
        self._address = address
        self._zone = zone
        self._clock = clock

    def __call__(self) -> float:
        now = self._clock()
        if self._calendar().opens(now) != now.astimezone(UTC):
            return SOON_SECONDS
        week = week_at(now, self._zone).previous
        with self._database.reading() as session:
            standing = self._standing(session, week, now)
        for reader in self._readers.all():
            theirs = [one for one in standing if reader.leads or one.teams & reader.viewer.teams]
            self._tell(reader, theirs, week, now)
        return EVERY_SECONDS

    def _standing(self, session: Session, week: Week, now: datetime) -> Sequence[Alert]:
        """Words and sums are the same for whoever may read them; the page decides who sees which rows."""
        world = self._world(session)
        until = min(now, week.end(world.zone))
        return alerts(Reading(session, last_weeks(SIGNAL_WEEKS, until=week), world, viewer=THE_COMPANY, now=until))

    def _tell(self, reader: Reader, theirs: Sequence[Alert], week: Week, now: datetime) -> None:
        person = reader.person.id
        with self._database.writing.begin() as session:
            if stops.is_stopped(session, person):
                return
            fresh = to_tell(session, person, theirs, week=week, now=now, zone=self._zone)
            if fresh:
                outbox.owe(
                    session,
                    key=f"{cards.ALERTS}:{person}:{now.isoformat()}",
                    kind=cards.ALERTS,
                    to=Destination("", only=person),
                    value={
                        "things": [{"words": one.words, "path": one.path} for one in fresh],
                        "address": self._address(),
                    },
                    now=now,
                )
