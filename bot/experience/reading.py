"""What all numbers of some weeks are counted from, read once for as many of them as are wanted.

It says nothing of whoever reads, so that everybody who may read shares a snapshot; see `figures` for what does.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.experience import contacts, costing, losses, told
from bot.experience.cells import Across, Cell, active, holding
from bot.experience.contacts import Contacts, Scores
from bot.experience.costing import Cost, Costing
from bot.experience.edges import Edges
from bot.experience.losses import Losses
from bot.experience.snapshot import Snapshot
from bot.experience.viewers import Rights, Viewer, must_see
from bot.experience.weeks import Week
from bot.experience.world import World
from bot.friction import sums
from bot.friction.sums import Unit

T = TypeVar("T")

# Whoever spoke up within it has a voice.
VOICES = timedelta(days=28)


class Reading:
    """`weeks` are in order, the oldest first; the last one may be under way. Raises `NotAllowed`.

    `since` and `until` are where they begin and end, as far as they are over. `now` is when the snapshot was taken: the
    one given, of the same weeks and the same world, or one of this moment. `asked_at` is this moment.
    """

    def __init__(
        self,
        session: Session,
        weeks: Sequence[Week],
        world: World,
        *,
        viewer: Viewer,
        now: datetime,
        snapshot: Snapshot | None = None,
    ) -> None:
        must_see(viewer)
        self.session, self.weeks, self.world, self.viewer = session, tuple(weeks), world, viewer
        self.snapshot = snapshot or Snapshot(now)
        self.asked_at, self.now = now, self.snapshot.at
        self.since = weeks[0].start(world.zone)
        self.until = min(weeks[-1].end(world.zone), self.now)
        self.edges = Edges.of(weeks, now=self.now, zone=world.zone, besides=[self.until - VOICES])

    def for_all_with(self, rights: Rights) -> "Reading":
        """The same, for nobody in particular."""
        viewer = Viewer("", *rights)
        return Reading(self.session, self.weeks, self.world, viewer=viewer, now=self.asked_at, snapshot=self.snapshot)

    @property
    def costing(self) -> list[Costing]:
        """What costs time, or did in these weeks, or was reported within `VOICES`."""
        return self.snapshot.once("costing", lambda: self._read(min(self.since, self.until - VOICES)))

    @property
    def losses(self) -> Losses:
        """Of each week, in all, by tool and by touchpoint."""
        return self.snapshot.once("losses", lambda: losses.of_costing(self.weeks, self.costing, self.edges))

    @property
    def standing(self) -> dict[int, tuple[Costing, Cost]]:
        """What cost time when the last week ended, or does now; by its number."""
        return self.snapshot.once("standing", self._standing)

    def _standing(self) -> dict[int, tuple[Costing, Cost]]:
        found = self.costing if self.snapshot.has("costing") else self._read(self.until)
        stands, ends = self.edges.stands[-1:], self.edges.ends[-1:]
        costed = ((one, next(costing.costs_at(one, stands, ends))) for one in found)
        return {one.number: (one, cost) for one, cost in costed if cost is not None}

    def _read(self, since: datetime) -> list[Costing]:
        return costing.read(self.session, costing.costing_since(since), self.edges.moments)

    @property
    def units(self) -> list[Unit]:
        """What of that may be told."""
        return self.snapshot.once("units", lambda: sums.units(cost.counted for _, cost in self.standing.values()))

    @property
    def contacts(self) -> dict[str, Contacts]:
        return self.snapshot.once("contacts", lambda: self._came(contacts.by_touchpoint))

    @property
    def scores(self) -> dict[str, list[Scores]]:
        return self.snapshot.once("scores", lambda: self._came(contacts.scores_by_touchpoint))

    @property
    def answering(self) -> dict[str, int]:
        return self.snapshot.once("answering", lambda: self._came(contacts.answering))

    def _came(self, count: Callable[..., T]) -> T:
        return count(self.session, self.weeks, self.world, viewer=self.viewer, now=self.now)

    def employees(self, cell: Cell) -> int:
        return active(cell, self.world.map, self.world.headcounts)

    @property
    def all_weeks(self) -> tuple[int, int]:
        """The places of the edges at which they begin, and stand."""
        return self.edges.begins[0], self.edges.stands[-1]

    @property
    def voices(self) -> tuple[int, int]:
        """Those of the last `VOICES`."""
        return self.edges.place(self.until - VOICES), self.edges.stands[-1]

    def heard(self, cell: Cell, between: tuple[int, int]) -> list[Costing]:
        """What was reported between two edges of tickets whose people may be told."""
        lately = told.lately(self.costing, between)
        return told.at_place(cell.id, lately) if cell.across is Across.PLACE else self.told_in(cell, lately)

    def told_in(self, cell: Cell, found: Sequence[Costing]) -> list[Costing]:
        return told.tickets_in(cell, found, self.world.map)

    def held_by(self, cell: Cell, found: Iterable[Costing]) -> Iterator[Costing]:
        """The tickets of a cell, told or not."""
        if cell.across is Across.PLACE:
            return (one for one in found if any(each.place == cell.id for each in one.reports))
        inside = holding(cell, self.world.map)
        return (one for one in found if inside(one.fields))
