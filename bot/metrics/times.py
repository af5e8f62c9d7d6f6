"""Metric 8: how long it takes until a ticket is acknowledged and resolved, what is still open included.

What is open has taken at least so long: it is right-censored (E. L. Kaplan, P. Meier, Nonparametric estimation from
incomplete observations, Journal of the American Statistical Association 53 (1958) 457-481). Leaving it out flatters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.metrics.measure import FEW_DATA, Measure, Unit
from bot.metrics.rows import Hold, Leg, Ticket
from bot.metrics.working import Worked

STILL_OPEN = "too many are still open"
# What is less is an error of rounding.
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Spell:
    """So many hours, and whether it was over then."""

    hours: float
    over: bool


@dataclass(frozen=True, slots=True)
class Point:
    """From so many hours on, this share is not over yet; of `at_risk` it was known just before."""

    hours: float
    share: float
    at_risk: int


@dataclass(frozen=True, slots=True)
class Times:
    """In hours: by when half, three quarters and nine tenths are over. `still_open` of the `n` are not."""

    median: Measure
    p75: Measure
    p90: Measure
    points: tuple[Point, ...]
    n: int
    still_open: int


def curve(spells: Iterable[Spell]) -> tuple[Point, ...]:
    """Of the product-limit estimate the point at each time at which something was over; at a tie that comes first."""
    rows = list(spells)
    if not rows:
        return ()
    hours = np.array([one.hours for one in rows])
    over = np.array([one.over for one in rows])
    ends, counts = np.unique(hours[over], return_counts=True)
    at_risk = len(rows) - np.searchsorted(np.sort(hours), ends, side="left")
    shares = np.cumprod(1 - counts / at_risk)
    return tuple(map(Point, ends.tolist(), shares.tolist(), at_risk.tolist()))


def quantile(points: Sequence[Point], part: float) -> float | None:
    """The first time by which this part is over; None where it is not reached."""
    return next((one.hours for one in points if one.share <= 1 - part + _NOTHING), None)


def times(spells: Iterable[Spell], of: str = "tickets") -> Times:
    """Working hours. Source: experience.md (b) 8."""
    rows = list(spells)
    points = curve(rows)

    def measured(part: float) -> Measure:
        value = quantile(points, part)
        why = "" if value is not None else STILL_OPEN if rows else FEW_DATA
        return Measure(value, Unit.HOURS, len(rows), of, why)

    open_ones = sum(not one.over for one in rows)
    return Times(measured(0.5), measured(0.75), measured(0.9), points, len(rows), open_ones)


def to_acknowledge(ticket: Ticket, worked: Worked, *, now: datetime) -> Spell:
    """From filed to acknowledged. Of what ended before anybody did, it is known that it took longer."""
    leg = ticket.legs[0]
    if leg.acknowledged is not None:
        return Spell(worked.hours(leg.began, leg.acknowledged), over=True)
    return Spell(worked.hours(leg.began, leg.ended or now), over=False)


def to_resolve(leg: Leg, worked: Worked, *, now: datetime) -> Spell:
    """From the beginning of the leg to its end, without what it was held; each leg by itself."""
    end = leg.ended or now
    held = sum(held_for(hold, worked, now=end).hours for hold in leg.holds)
    return Spell(max(worked.hours(leg.began, end) - held, 0.0), over=leg.resolved)


def held_for(hold: Hold, worked: Worked, *, now: datetime) -> Spell:
    """How long somebody else had it: the clock of a partner, where it waited for one."""
    return Spell(worked.hours(hold.since, min(hold.until or now, now)), over=hold.until is not None)
