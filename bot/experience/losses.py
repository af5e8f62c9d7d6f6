"""Hours lost to friction, week by week, by tool and by touchpoint.

A week has what was open at its end, the running one what is open now: a report costs from the week in which it was made
until its ticket is over or its reporter said that it happens no more. What happened once is over. A ticket about two
tools counts for both.

What is told follows `friction.sums`: whole tickets of enough people, and bundles of others. The running week is counted
just as `friction.groups` counts what is open, so that both together tell no more than one. Not protected is what
somebody learns who compares two weeks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from bot.experience import costing
from bot.experience.costing import Costing
from bot.experience.edges import Edges
from bot.experience.viewers import Viewer, must_see
from bot.experience.weeks import Week
from bot.friction import sums
from bot.friction.groups import By
from bot.friction.sums import Counted, Unit
from bot.friction.weights import rounded

# Weeks that a week is compared with.
_BEFORE = 4


@dataclass(frozen=True, slots=True)
class Loss:
    """Of one week: so many tickets, and the hours of the `counted` ones; None where those of none can be told."""

    tickets: int
    counted: int
    hours: float | None

    @property
    def hidden(self) -> bool:
        return bool(self.tickets) and self.hours is None


NOTHING = Loss(0, 0, None)


@dataclass(frozen=True, slots=True)
class Series:
    """Of one tool or touchpoint, by its id on the map; "" where none was named. A loss for each week."""

    id: str
    weeks: tuple[Loss, ...]

    @property
    def latest(self) -> Loss:
        return self.weeks[-1]


@dataclass(frozen=True, slots=True)
class Losses:
    """Of these weeks, the oldest first; what costs most lately comes first."""

    weeks: tuple[Week, ...]
    total: tuple[Loss, ...]
    tools: tuple[Series, ...]
    touchpoints: tuple[Series, ...]

    @property
    def any(self) -> bool:
        return any(one.tickets for one in self.total)


def lost(
    session: Session, weeks: Sequence[Week], *, viewer: Viewer, now: datetime, zone: tzinfo | None = None
) -> Losses:
    """Raises `NotAllowed` for whoever may not read it."""
    must_see(viewer)
    edges = Edges.of(weeks, now=now, zone=zone)
    return of_costing(weeks, costing.read(session, costing.costing_since(weeks[0].start(zone)), edges.moments), edges)


def of_costing(weeks: Sequence[Week], found: Iterable[Costing], edges: Edges) -> Losses:
    """Of what was read already, with these edges."""
    counted = _counted_each_week(found, edges)
    units = [sums.units(of_week) for of_week in counted]
    total = tuple(_loss_of(len(of_week), some) for of_week, some in zip(counted, units, strict=True))
    return Losses(tuple(weeks), total, _series(counted, units, By.TOOL), _series(counted, units, By.TOUCHPOINT))


def _counted_each_week(found: Iterable[Costing], edges: Edges) -> list[list[Counted]]:
    """What was open at the end of each week, as it is summed up."""
    counted: list[list[Counted]] = [[] for _ in edges.ends]
    for one in found:
        for of_week, each in zip(counted, costing.costs_at(one, edges.stands, edges.ends), strict=True):
            if each is not None:
                of_week.append(each.counted)
    return counted


def mean_before(weeks: Sequence[Loss]) -> float | None:
    """Of the four weeks before the last one, in hours; None where one of them is not told."""
    told = [one.hours for one in weeks[-1 - _BEFORE : -1]]
    known = [hours for hours in told if hours is not None]
    return sum(known) / len(known) if known and len(known) == len(told) else None


def _series(counted: Sequence[Sequence[Counted]], units: Sequence[Sequence[Unit]], by: By) -> tuple[Series, ...]:
    """Each ticket and unit is looked at once, not once for each id."""
    having = [Counter(value for one in of_week for value in one.fields[by]) for of_week in counted]
    of_ids = [_by_id(of_week, by) for of_week in units]
    series = [
        Series(id_, tuple(_loss_of(count[id_], some.get(id_, ())) for count, some in zip(having, of_ids, strict=True)))
        for id_ in sorted(set().union(*having))
    ]
    return tuple(sorted(series, key=lambda one: (-(one.latest.hours or 0.0), -_sum(one.weeks), one.id)))


def _by_id(units: Iterable[Unit], by: By) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        for value in unit.fields[by]:
            found[value].append(unit)
    return found


def _loss_of(count: int, units: Sequence[Unit]) -> Loss:
    if not units:
        return Loss(count, 0, None)
    return Loss(count, sum(len(unit.tickets) for unit in units), rounded(sum(unit.hours for unit in units)))


def _sum(weeks: Iterable[Loss]) -> float:
    return sum(one.hours or 0.0 for one in weeks)
