"""What the page stands on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

from sqlalchemy.orm import Session

from bot.database import Database
from bot.experience.finding import Clock
from bot.experience.viewers import Viewer, viewer_of
from bot.experience.world import World
from bot.noticing.snapshots import Snapshots
from bot.people import Directory, Owners
from bot.touchpoints import TouchpointMap
from bot.touchpoints.goals import Goal
from bot.visits.visiting import Visitor
from bot.web.keeping import Keeping
from bot.web.openid import SlackOpenId
from bot.working_time import Calendar

# What somebody may see now. Raises `UnknownPerson` and `PeopleUnknown`.
Who = Callable[[Visitor], Viewer]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """`who` is asked with every request: a role that was taken away opens nothing from that moment.

    `url` is where a proxy with TLS serves it, "" where none does; `openid` None: nobody signs in with Slack; `keeping`
    None: nothing of the knowledge is shown. `goals` raises `SettingsError` where their file is wrong. `calendar` says
    when partners are at work, `partners` are those of config/people.yaml, whose people can be told something; numbers
    are read from `snapshots`.
    """

    database: Database
    map: Callable[[], TouchpointMap]
    owners: Owners
    places: Mapping[str, str]
    who: Who
    zone: tzinfo | None = None
    clock: Callable[[], datetime] = field(default=_now)
    url: str = ""
    openid: SlackOpenId | None = None
    world: Callable[[Session], World] | None = None
    keeping: Keeping | None = None
    goals: Callable[[], Sequence[Goal]] = tuple
    calendar: Calendar = field(default_factory=Calendar)
    partners: Sequence[str] = ()
    snapshots: Snapshots = field(default_factory=Snapshots)

    def world_in(self, session: Session) -> World:
        """What numbers know of the company; the map alone where nobody says more."""
        return self.world(session) if self.world else World(self.map(), zone=self.zone)

    def clock_in(self, session: Session) -> Clock:
        """By which tickets have no owner for too long."""
        return Clock(self.world_in(session).usual, self.clock())

    def today(self) -> date:
        return self.clock().astimezone(self.zone).date()


def by_roster(directory: Directory, owners: Owners) -> Who:
    """As config/people.yaml and config/owners.yaml have it, by the address; what Slack knows besides is not asked."""

    def who(visitor: Visitor) -> Viewer:
        person = directory.find(visitor.address)
        return viewer_of(person, owners.teams_of(visitor.address))

    return who
