"""On the Home of whoever may read the page: the week, what hurts most, what rose, what waits for them."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.database import Database
from bot.experience import overview, weekly
from bot.experience.mapped import WEEKS as MAP_WEEKS
from bot.experience.mapped import mapped
from bot.experience.reading import Reading
from bot.experience.viewers import may_see, viewer_of
from bot.experience.waiting import waiting
from bot.experience.weeks import last_weeks, week_at
from bot.experience.world import World
from bot.handlers.workspace.directory import SlackDirectory
from bot.noticing.names import names
from bot.noticing.noticed import noticed
from bot.noticing.snapshots import Snapshots
from bot.people import Owners, Person
from bot.signals.signal import Kind
from bot.signals.spikes import Verdict
from bot.summaries import lead
from bot.summaries.summary import Summary

# A spike is judged by the year before it; older weeks change nothing.
SIGNAL_WEEKS = 65


class LeadHome:
    """`address` says where the page is served, "" where nobody serves it."""

    def __init__(
        self,
        database: Database,
        directory: SlackDirectory,
        *,
        owners: Owners,
        world: Callable[[Session], World],
        snapshots: Snapshots,
        address: Callable[[], str],
    ) -> None:
        self._database = database
        self._directory = directory
        self._owners = owners
        self._world = world
        self._snapshots = snapshots
        self._address = address

    def parts(self, person: Person, now: datetime) -> list[Summary]:
        """Nothing for whoever may not read the page."""
        viewer = viewer_of(person, self._owners.teams_of(self._directory.address(person.id)))
        if not may_see(viewer):
            return []
        with self._database.reading() as session:
            world = self._world(session)
            this = week_at(now, world.zone)
            reading = self._snapshots.reading(
                session, last_weeks(SIGNAL_WEEKS, until=this), world, viewer=viewer, now=now
            )
            lately = self._snapshots.reading(session, last_weeks(MAP_WEEKS, until=this), world, viewer=viewer, now=now)
            counts = overview.counts(session, this, viewer=viewer, now=now, zone=world.zone)
            return [
                lead.week(
                    weekly.headline(this, reading.losses, counts),
                    weekly.lede(reading.losses, world.map.name_of),
                    picture=mapped(lately),
                    map_=world.map,
                    risen=risen(reading),
                    waits=waiting(session, viewer, now=now),
                    address=self._address(),
                )
            ]


def risen(reading: Reading) -> list[str]:
    """What rose by itself, in sentences; where everything did, that one."""
    name_of = names(reading)
    found = noticed(reading, frozenset({Kind.SPIKE})).signals
    own = [one for one in found if one.verdict == Verdict.THEME_SPIKE]
    return [one.sentence(name_of) for one in own or found[:1]]
