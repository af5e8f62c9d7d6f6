"""Reports and complaints by cell and week, counted once for all kinds of signals."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from sqlalchemy import ColumnElement, distinct, func, or_, select

from bot.audiences import CUSTOMERS
from bot.customers.kinds import Channel, Direction
from bot.customers.tables import InteractionRow
from bot.experience import legs, told
from bot.experience.cells import Across, Cell, touchpoints_in, units_in
from bot.experience.costing import Costing, Said, costing_since
from bot.experience.reading import Reading
from bot.experience.slots import slotted
from bot.friction.groups import By
from bot.friction.sums import Unit
from bot.friction.tables import TicketRow
from bot.signals.signal import Evidence, Period

NOT_ROUTED = "no contact was routed yet (`throughline customers route`)"
FEW_PEOPLE = "fewer than five people reported it"
# What tickets are told apart by, of which there are hundreds.
FIELDS = {Across.THEME: By.THEME, Across.TOOL: By.TOOL, Across.TOUCHPOINT: By.TOUCHPOINT}


@dataclass(frozen=True, slots=True)
class Counts:
    """For each week, the oldest first: how many, and of how many different people or customers."""

    many: tuple[int, ...]
    people: tuple[int, ...]


T = TypeVar("T")


def counted_once(count: "Callable[[Seen], T]") -> T:
    """A property that says nothing of whoever reads: counted once for each snapshot."""
    key = f"Seen.{count.__name__}"
    return cast("T", property(lambda seen: seen.reading.snapshot.once(key, lambda: count(seen)), doc=count.__doc__))


class Seen:
    """The whole weeks of a reading: a week under way has too little of everything."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.weeks = tuple(week for week in reading.weeks if week.end(reading.world.zone) <= reading.now)
        self.map = reading.world.map

    def period(self, until: int | None = None) -> Period:
        """Of the weeks up to a place among them; of all without one."""
        last = self.reading.weeks[-1] if until is None or not self.weeks else self.weeks[until]
        return Period(self.reading.weeks[0].monday, last.sunday)

    @property
    def shows_customers(self) -> bool:
        """Whether rows of single customers may be named as evidence; sums are told to everybody who may read."""
        return CUSTOMERS in self.reading.viewer.audiences

    @counted_once
    def reported(self) -> dict[Across, dict[str, Counts]]:
        """Id -> reports of each week. A ticket about two tools counts for both; what names none is left out."""
        return {across: self._reported(across) for across in FIELDS}

    def _reported(self, across: Across) -> dict[str, Counts]:
        found: dict[str, list[list[str]]] = defaultdict(lambda: [[] for _ in self.weeks])
        for one in self.reading.costing:
            ids = one.fields[FIELDS[across]] - {""}
            for each in one.reports if ids else ():
                if (week := self.week_of(each)) is not None:
                    for id_ in ids:
                        found[id_][week].append(each.handle)
        return {
            id_: Counts(tuple(map(len, weeks)), tuple(len(set(names)) for names in weeks))
            for id_, weeks in sorted(found.items())
        }

    def week_of(self, said: Said) -> int | None:
        """The place of the week in which it was reported; None before, and in the running one."""
        edges = self.reading.edges
        week = bisect_left(edges.begins, said.slot) - 1
        return week if 0 <= week < len(self.weeks) else None

    @counted_once
    def complaints(self) -> dict[str, Counts]:
        """CX touchpoint -> complaints of each week, and of how many customers; nothing where nothing was routed."""
        routes = self.reading.world.routes
        if routes is None or not self.weeks:
            return {}
        week = slotted(InteractionRow.at, self.edges)
        many, people = func.count(), func.count(distinct(InteractionRow.customer))
        asked = select(routes.c.touchpoint, week, many, people).join(
            InteractionRow, InteractionRow.id == routes.c.interaction
        )
        rows = self.reading.session.execute(
            asked.where(*self.complained(), routes.c.touchpoint != "").group_by(routes.c.touchpoint, week)
        )
        counts: dict[str, tuple[list[int], list[int]]] = defaultdict(
            lambda: ([0] * len(self.weeks), [0] * len(self.weeks))
        )
        for touchpoint, slot, complaints, customers in rows:
            counts[touchpoint][0][slot - 1], counts[touchpoint][1][slot - 1] = complaints, customers
        return {id_: Counts(tuple(many), tuple(people)) for id_, (many, people) in sorted(counts.items())}

    @counted_once
    def edges(self) -> list[datetime]:
        """Where the weeks begin, and where the last one ends."""
        zone = self.reading.world.zone
        return [*(week.start(zone) for week in self.weeks), self.weeks[-1].end(zone)]

    def complained(self, since: int = 0, until: int | None = None) -> tuple[ColumnElement[bool], ...]:
        """For the WHERE of a query on interactions and routes: complaints of weeks, from one place to another."""
        routes = self.reading.world.routes
        assert routes is not None  # noqa: S101 - asked first by everybody
        end = len(self.weeks) if until is None else until + 1
        return (
            routes.c.complaint.is_(True),
            InteractionRow.at >= self.edges[since],
            InteractionRow.at < self.edges[end],
            InteractionRow.direction == Direction.IN,
            InteractionRow.channel != Channel.SURVEY,
        )

    @counted_once
    def held(self) -> list[tuple[int, datetime, datetime | None, str]]:
        """Ticket, since and until when it waited for a partner, None while it does, and the partner."""
        named = TicketRow.partner != ""
        since = or_(costing_since(self.reading.since), TicketRow.held_since.is_not(None))
        return [
            (run.ticket.number, hold.since, hold.until or leg.ended, hold.partner)
            for run in legs.runs(self.reading.session, named, since, TicketRow.filed_at < self.reading.until)
            for leg in run.ticket.legs
            for hold in leg.holds
            if hold.partner
        ]

    @counted_once
    def told(self) -> tuple[list[Costing], list[Unit]]:
        """What was reported in these weeks, and the parts of it that may be told: see `experience.told`."""
        edges = self.reading.edges
        if not self.weeks:
            return [], []
        found = told.lately(self.reading.costing, (edges.begins[0], edges.ends[len(self.weeks) - 1]))
        return found, told.counting_people(found)

    def told_in(self, cell: Cell) -> list[Costing]:
        """The tickets of a cell of which enough people spoke for it to be told."""
        if cell.across not in FIELDS:
            found, units = self.told
            numbers = {number for unit in units_in(cell, units, self.map) for number in unit.tickets}
            return [one for one in found if one.number in numbers]
        ids = touchpoints_in(cell, self.map) if cell.across is Across.TOUCHPOINT else frozenset({cell.id})
        units_there = self._told_by[FIELDS[cell.across]]
        numbers = {number for id_ in ids for unit in units_there.get(id_, ()) for number in unit.tickets}
        return [self._told_numbers[number] for number in sorted(numbers)]

    @counted_once
    def _told_numbers(self) -> dict[int, Costing]:
        return {one.number: one for one in self.told[0]}

    @counted_once
    def _told_by(self) -> dict[By, dict[str, list[Unit]]]:
        """Hundreds of cells are asked for: each unit is looked at once."""
        found: dict[By, dict[str, list[Unit]]] = {by: defaultdict(list) for by in FIELDS.values()}
        for unit in self.told[1]:
            for by, of_field in found.items():
                for value in unit.fields[by]:
                    of_field[value].append(unit)
        return found

    def heard(self, cell: Cell, since: int, until: int) -> list[Costing]:
        """The same, of reports of the weeks from one place to another alone."""
        edges = self.reading.edges
        between = edges.begins[since], edges.ends[until]
        found, units = self.reading.snapshot.once(("heard", between), lambda: self._heard(between))
        return told.tickets_in(cell, found, self.map, units)

    def _heard(self, between: tuple[int, int]) -> tuple[list[Costing], list[Unit]]:
        found = told.lately(self.reading.costing, between)
        return found, told.counting_people(found)


def tickets_of(found: Iterable[Costing]) -> Evidence:
    """Tickets as evidence: everybody may open them; who reported them is not said."""
    return Evidence("ticket", tuple(str(one.number) for one in sorted(found, key=lambda one: one.number)))


def named(across: Across, id_: str) -> str:
    """Themes have numbers, so they are told apart from what is on the map."""
    return f"theme:{id_}" if across is Across.THEME else id_


def reports_in(found: Sequence[Costing]) -> int:
    return sum(len(one.reports) for one in found)
