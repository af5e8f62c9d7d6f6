"""`/throughline map STAGE`: what hurts at a stage of the journey, for whoever may read the page."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.database import Database
from bot.experience.mapped import WEEKS, mapped
from bot.experience.stage_names import stage_called
from bot.experience.viewers import must_see, viewer_of
from bot.experience.weeks import last_weeks, week_at
from bot.experience.world import World
from bot.handlers.workspace.directory import SlackDirectory
from bot.noticing.snapshots import Snapshots
from bot.people import Owners, Person
from bot.summaries import touchpoint_map
from bot.summaries.summary import Summary


class StageMap:
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

    def told(self, person: Person, said: str, *, now: datetime) -> Summary:
        """The cells of the stage that they name, or of each stage the worst. Raises `NotAllowed`, `UnknownFilter`."""
        viewer = viewer_of(person, self._owners.teams_of(self._directory.address(person.id)))
        must_see(viewer)  # who may not, hears that before anything about stages
        with self._database.reading() as session:
            world = self._world(session)
            stage = stage_called(world.map, said) if said.strip() else ""
            weeks = last_weeks(WEEKS, until=week_at(now, world.zone))
            picture = mapped(self._snapshots.reading(session, weeks, world, viewer=viewer, now=now))
        if stage:
            return touchpoint_map.of_stage(picture, world.map, stage, address=self._address())
        return touchpoint_map.of_journey(picture, world.map, address=self._address())
