"""What customers did, counted in the database: contacts, complaints and survey answers by touchpoint and week.

Which interaction was at which touchpoint is told by `World.routes`; what was not routed counts in no touchpoint. Sums
of contacts name nobody. Scores of fewer than five customers are not told.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, distinct, extract, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.customers import surveys
from bot.customers.kinds import Channel, Direction
from bot.customers.tables import InteractionRow
from bot.experience.viewers import Viewer, must_see
from bot.experience.weeks import Week
from bot.experience.world import World
from bot.friction.suppression import FEWEST
from bot.metrics.measure import Measure, Unit, untold
from bot.metrics.satisfaction import SATISFIED, csat

FEW_CUSTOMERS = "fewer than five customers"


@dataclass(frozen=True, slots=True)
class Contacts:
    """Of one touchpoint, or of all: for each week, the oldest first."""

    contacts: tuple[int, ...]
    complaints: tuple[int, ...]

    @property
    def rate(self) -> Measure:
        """Complaints in a thousand contacts, of all weeks together."""
        return rate(sum(self.complaints), sum(self.contacts))


@dataclass(frozen=True, slots=True)
class Scores:
    """Survey answers of one week: how many, how many satisfied, and their sum on 1 to 5; of so many `customers`.

    Of several together, that many customers at least.
    """

    answers: int = 0
    satisfied: int = 0
    total: float = 0.0
    customers: int = 0

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(
            self.answers + other.answers,
            self.satisfied + other.satisfied,
            self.total + other.total,
            max(self.customers, other.customers),
        )

    @property
    def mean(self) -> Measure:
        if not self.answers:
            return untold(Unit.OF_FIVE, 0, "answers")
        if self.customers < FEWEST:
            return untold(Unit.OF_FIVE, None, "answers", FEW_CUSTOMERS)
        return Measure(self.total / self.answers, Unit.OF_FIVE, self.answers, "answers")

    @property
    def csat(self) -> Measure:
        """Metric 20, with its interval."""
        if self.answers and self.customers < FEWEST:
            return untold(Unit.PERCENT, None, "answers", FEW_CUSTOMERS)
        return csat(self.satisfied, self.answers)


def rate(complaints: int, contacts: int) -> Measure:
    if not contacts:
        return untold(Unit.PER_1000, 0, "contacts")
    return Measure(1000 * complaints / contacts, Unit.PER_1000, contacts, "contacts")


def by_touchpoint(
    session: Session, weeks: Sequence[Week], world: World, *, viewer: Viewer, now: datetime, place: str = ""
) -> dict[str, Contacts]:
    """CX touchpoint -> what came in there, survey answers not among it; nothing where nothing was routed.

    `place`: only what came in at that one. Raises `NotAllowed` for whoever may not read it.
    """
    must_see(viewer)
    if world.routes is None:
        return {}
    routes = world.routes.c
    week = week_column(weeks, world.zone)
    asked = (
        select(routes.touchpoint, week, func.count(), func.sum(case((routes.complaint, 1), else_=0)))
        .join(InteractionRow, InteractionRow.id == routes.interaction)
        .where(*_between(weeks, world.zone, now), _came_in())
        .group_by(routes.touchpoint, week)
    )
    if place:
        asked = asked.where(InteractionRow.place == place)
    counts: dict[str, list[list[int]]] = defaultdict(lambda: [[0] * len(weeks), [0] * len(weeks)])
    for touchpoint, number, contacts, complaints in session.execute(asked):
        counts[touchpoint][0][number] += contacts
        counts[touchpoint][1][number] += complaints
    return {one: Contacts(tuple(contacts), tuple(complaints)) for one, (contacts, complaints) in counts.items()}


def placed(
    session: Session, weeks: Sequence[Week], world: World, *, channel: str, viewer: Viewer, now: datetime
) -> int:
    """How many contacts that came in by a channel were put at a touchpoint, whichever.

    Raises `NotAllowed` for whoever may not read it.
    """
    must_see(viewer)
    if world.routes is None:
        return 0
    routes = world.routes.c
    asked = (
        select(func.count(InteractionRow.id))
        .select_from(world.routes)
        .join(InteractionRow, InteractionRow.id == routes.interaction)
        .where(*_between(weeks, world.zone, now), _came_in())
        .where(InteractionRow.channel == channel, func.coalesce(routes.touchpoint, "") != "")
    )
    return session.scalar(asked) or 0


def scores_by_touchpoint(
    session: Session, weeks: Sequence[Week], world: World, *, viewer: Viewer, now: datetime
) -> dict[str, list[Scores]]:
    """CX touchpoint -> the answers of each week; under "" those that were asked of no touchpoint.

    Equal answers are counted in the database and read once. Raises `NotAllowed` for whoever may not read it.
    """
    must_see(viewer)
    at, week = _touchpoint(world), week_column(weeks, world.zone)
    columns = (at, week, InteractionRow.source, InteractionRow.outcome)
    found = [
        tuple(row) for row in session.execute(_answers(weeks, world, now, *columns, func.count()).group_by(*columns))
    ]
    shares = surveys.shares((source, outcome) for _, _, source, outcome, _ in found)
    told: dict[str, list[Scores]] = defaultdict(lambda: [Scores()] * len(weeks))
    for touchpoint, number, source, outcome, count in found:
        share = shares.get((source, outcome))
        if share is not None:
            score = 5 * share
            told[touchpoint][number] += Scores(count, count * (score >= SATISFIED), count * score)
    people = _answers(weeks, world, now, at, week, func.count(distinct(InteractionRow.customer))).group_by(at, week)
    for touchpoint, number, customers in session.execute(people):
        if touchpoint in told:
            told[touchpoint][number] = replace(told[touchpoint][number], customers=customers)
    return dict(told)


def answering(
    session: Session, weeks: Sequence[Week], world: World, *, viewer: Viewer, now: datetime
) -> dict[str, int]:
    """CX touchpoint -> how many different customers answered in all these weeks; under "" of none.

    Raises `NotAllowed` for whoever may not read it.
    """
    must_see(viewer)
    at = _touchpoint(world)
    asked = _answers(weeks, world, now, at, func.count(distinct(InteractionRow.customer))).group_by(at)
    return {touchpoint: int(count) for touchpoint, count in session.execute(asked)}


def demand(
    session: Session, weeks: Sequence[Week], zone: tzinfo | None, *, viewer: Viewer, now: datetime
) -> dict[str, tuple[int, ...]]:
    """Channel -> contacts that came in at each of the 24 hours, on the clocks of the place.

    Raises `NotAllowed` for whoever may not read it.
    """
    must_see(viewer)
    hours: dict[str, list[int]] = defaultdict(lambda: [0] * 24)
    for since, until, offset in _same_clock(weeks[0].start(zone), min(weeks[-1].end(zone), now), zone):
        hour = _hour(session, InteractionRow.at, offset)
        asked = (
            select(InteractionRow.channel, hour, func.count())
            .where(InteractionRow.at >= since, InteractionRow.at < until, _came_in())
            .group_by(InteractionRow.channel, hour)
        )
        for channel, at, count in session.execute(asked):
            hours[channel][int(at)] += count
    return {channel: tuple(counts) for channel, counts in sorted(hours.items())}


def _touchpoint(world: World) -> ColumnElement[str]:
    return literal_column("''") if world.routes is None else func.coalesce(world.routes.c.touchpoint, "")


def _answers(weeks: Sequence[Week], world: World, now: datetime, *columns: Any) -> Select[Any]:  # noqa: ANN401 - as select takes them
    asked = select(*columns).select_from(InteractionRow).where(*_between(weeks, world.zone, now))
    asked = asked.where(InteractionRow.channel == Channel.SURVEY)
    if world.routes is None:
        return asked
    return asked.outerjoin(world.routes, world.routes.c.interaction == InteractionRow.id)


def _came_in() -> ColumnElement[bool]:
    return (InteractionRow.direction == Direction.IN) & (InteractionRow.channel != Channel.SURVEY)


def _between(weeks: Sequence[Week], zone: tzinfo | None, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return InteractionRow.at >= weeks[0].start(zone), InteractionRow.at < min(weeks[-1].end(zone), now)


def week_column(weeks: Sequence[Week], zone: tzinfo | None) -> ColumnElement[int]:
    """The place of a contact's week among these, by their ends: weeks are not of equal length where clocks change."""
    *ends, _ = [InteractionRow.at < week.end(zone) for week in weeks]
    if not ends:
        return cast(func.coalesce(0, 0), Integer)  # a bare 0 would be the place of a column to group by
    return case(*((before, number) for number, before in enumerate(ends)), else_=len(weeks) - 1)


def _same_clock(since: datetime, until: datetime, zone: tzinfo | None) -> list[tuple[datetime, datetime, timedelta]]:
    """The stretches of a time in which clocks are as far from UTC, to the hour at which they are changed."""
    found: list[tuple[datetime, datetime, timedelta]] = []
    at = since
    while at < until:
        offset = _offset(at, zone)
        ahead = at
        while ahead < until and _offset(ahead, zone) == offset:
            ahead += timedelta(days=1)
        while _offset(ahead - timedelta(minutes=15), zone) != offset:
            ahead -= timedelta(minutes=15)
        end = min(ahead, until)
        found.append((at, end, offset))
        at = end
    return found


def _offset(at: datetime, zone: tzinfo | None) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _hour(session: Session, column: InstrumentedAttribute[datetime], offset: timedelta) -> ColumnElement[int]:
    """0 to 23 of a moment, on clocks that are so far from UTC."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(extract("hour", func.timezone("UTC", column) + offset), Integer)
    return cast(func.strftime("%H", column, f"{int(offset.total_seconds())} seconds"), Integer)
