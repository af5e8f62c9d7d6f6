"""Metric 21: how whole journeys were, beside the touchpoints of each.

A journey is what one customer was asked about with no more than four weeks between two answers. What was asked of no
touchpoint was asked of the whole.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select

from bot.customers import surveys
from bot.customers.kinds import Channel
from bot.customers.tables import InteractionRow
from bot.experience.contacts import FEW_CUSTOMERS
from bot.experience.lines import Line
from bot.experience.reading import Reading
from bot.experience.weeks import Week, week_at
from bot.friction.suppression import FEWEST
from bot.metrics import satisfaction
from bot.metrics.measure import Measure, Unit, untold
from bot.metrics.rows import Score
from bot.metrics.satisfaction import Journey, Journeys

APART = timedelta(days=28)
NOT_ROUTED = "nothing was routed to touchpoints"


@dataclass(frozen=True, slots=True)
class _Asked:
    """The journey of a customer, and when its last answer was given."""

    customer: int
    ended: datetime
    journey: Journey


def lines(reading: Reading) -> list[Line]:
    found = of(reading)
    return [
        Line(21, "journeys, worst touchpoint", found.worst),
        Line(21, "journeys, last touchpoint", found.last),
        Line(21, "journeys as a whole", found.own),
        Line(21, "fine at each touchpoint, not as a whole", found.fine_but_not),
    ]


def of(reading: Reading) -> Journeys:
    """Means and a share, told of five customers on. Without routes nobody knows which answers are of a touchpoint."""
    if reading.world.routes is None:
        nothing = untold(Unit.OF_FIVE, 0, "journeys", NOT_ROUTED)
        return Journeys(nothing, nothing, nothing, untold(Unit.PERCENT, 0, "journeys with both scores", NOT_ROUTED))
    return _of(_journeys(reading))


def by_week(reading: Reading) -> tuple[Journeys, tuple[Measure, ...]]:
    """The same, and of each week how journeys as a whole were whose last answer was given in it."""
    if reading.world.routes is None:
        return of(reading), (untold(Unit.OF_FIVE, 0, "journeys", NOT_ROUTED),) * len(reading.weeks)
    rows, ended = _journeys(reading), defaultdict[Week, list[_Asked]](list)
    for one in rows:
        ended[week_at(one.ended, reading.world.zone)].append(one)
    return _of(rows), tuple(_of(ended[week]).own for week in reading.weeks)


def _of(rows: list[_Asked]) -> Journeys:
    found = satisfaction.journeys(one.journey for one in rows)

    def told(one: Measure, counts: Callable[[Journey], bool]) -> Measure:
        few = len({each.customer for each in rows if counts(each.journey)}) < FEWEST
        return untold(one.unit, None, one.of, FEW_CUSTOMERS) if one.n and few else one

    return Journeys(
        told(found.worst, lambda one: one.worst is not None),
        told(found.last, lambda one: one.last is not None),
        told(found.own, lambda one: one.own is not None),
        told(found.fine_but_not, lambda one: one.own is not None and one.worst is not None),
    )


def _journeys(reading: Reading) -> list[_Asked]:
    return reading.snapshot.once("journeys", lambda: _read(reading))


def _read(reading: Reading) -> list[_Asked]:
    if reading.world.routes is None:
        return []
    routes = reading.world.routes.c
    asked = (
        select(
            InteractionRow.customer,
            InteractionRow.at,
            func.coalesce(routes.touchpoint, ""),
            InteractionRow.source,
            InteractionRow.outcome,
        )
        .outerjoin(reading.world.routes, routes.interaction == InteractionRow.id)
        .where(InteractionRow.channel == Channel.SURVEY)
        .where(InteractionRow.at >= reading.since, InteractionRow.at < reading.until)
    )
    rows = [tuple(row) for row in reading.session.execute(asked)]
    shares = surveys.shares((source, outcome) for *_, source, outcome in rows)
    of_customer: dict[int, list[Score]] = defaultdict(list)
    for customer, at, touchpoint, source, outcome in rows:
        if (share := shares.get((source, outcome))) is not None:
            of_customer[customer].append(Score(touchpoint, 5 * share, at))
    return [
        _Asked(customer, scores[-1].at, satisfaction.journey(scores))
        for customer, each in of_customer.items()
        for scores in _parted(each)
    ]


def _parted(scores: list[Score]) -> list[list[Score]]:
    ordered = sorted(scores, key=lambda one: one.at)
    journeys = [[ordered[0]]]
    for before, one in pairwise(ordered):
        if one.at - before.at > APART:
            journeys.append([])
        journeys[-1].append(one)
    return journeys
