"""What lay behind what was resolved, and what it had cost: the causes that cost most first.

Hours are those of a week while it lasted, of whoever reported it: what is resolved costs nothing any more. Tickets of
few people are bundled with others of their cause that were resolved in the same week, and with no others. So numbers
of two spans of weeks differ by whole tickets and whole bundles, and nobody is told by what one has and the other not.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.experience import costing, told
from bot.experience.costing import Cost, Costing
from bot.experience.figures import figure
from bot.experience.reading import Reading
from bot.friction import sums
from bot.friction.groups import CAUSE
from bot.friction.weights import rounded
from bot.metrics.shares import Share, pareto

Costed = tuple[Costing, Cost]


@dataclass(frozen=True, slots=True)
class Cause:
    """`id` is that of a root cause, "" of tickets where nobody said. `hours` and `people` are None where they are few.

    `tickets` are all that were resolved in these weeks, and `counted` those of which the hours are told.
    """

    id: str
    tickets: int
    counted: int
    hours: float | None
    people: int | None


@dataclass(frozen=True, slots=True)
class Causes:
    """What cost most first; `shares` are of the hours."""

    causes: tuple[Cause, ...]
    shares: tuple[Share, ...]

    @property
    def tickets(self) -> int:
        return sum(one.tickets for one in self.causes)


@figure
def causes(reading: Reading) -> Causes:
    having = Counter(_cause(one) for one in mended(reading))
    found = [_of_cause(reading, id_, tickets) for id_, tickets in having.items()]
    ordered = sorted(found, key=lambda one: (one.hours is None, -(one.hours or 0.0), -one.tickets, one.id))
    return Causes(tuple(ordered), pareto((one.id, one.hours or 0.0) for one in found))


def mended(reading: Reading) -> list[Costing]:
    """What was resolved in these weeks and is over."""
    return [one for one in reading.costing if one.over is not None and told.within(one.resolved, reading.all_weeks)]


def counted(reading: Reading, cause: str) -> list[Costed]:
    """What may be told of it, as it cost until it was resolved."""
    return list(reading.snapshot.once("causes", lambda: _counted(reading)).get(cause, ()))


def _counted(reading: Reading) -> Mapping[str, list[Costed]]:
    weeks: dict[tuple[int, str], dict[int, Costed]] = defaultdict(dict)
    for one in mended(reading):
        # Whoever says that it happens no more says it of what was done.
        costed = one, costing.cost(one, one.reports, gone=False)
        weeks[_week(reading, one), _cause(one)][one.number] = costed
    found: dict[str, list[Costed]] = defaultdict(list)
    for (_, cause), alike in sorted(weeks.items()):
        for unit in sums.units(cost.counted for _, cost in alike.values()):
            found[cause] += (alike[number] for number in unit.tickets)
    return found


def _of_cause(reading: Reading, id_: str, tickets: int) -> Cause:
    some = counted(reading, id_)
    if not some:
        return Cause(id_, tickets, 0, None, None)
    hours = rounded(sum(cost.counted.hours for _, cost in some))
    return Cause(id_, tickets, len(some), hours, told.at_least(one for one, _ in some))


def _cause(one: Costing) -> str:
    (cause,) = one.fields[CAUSE]
    return cause


def _week(reading: Reading, one: Costing) -> int:
    """Its place among the weeks, by where it was resolved."""
    edges = reading.edges
    return next(
        number
        for number, between in enumerate(zip(edges.begins, edges.stands, strict=True))
        if told.within(one.resolved, between)
    )
