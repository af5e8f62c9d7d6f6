"""Metrics 4 and 5: how heavy friction lies on those who do the work, and a key to sort by."""

from collections.abc import Iterable
from math import exp

from bot.metrics import hours
from bot.metrics.measure import Measure, Unit, untold
from bot.metrics.rows import Report

BY_SEVERITY = {"S1": 3.0, "S2": 2.0, "S3": 1.5, "S4": 1.0}
TOUCHING_CUSTOMERS = 1.5
# Minutes of load at which the index has come 1 - 1/e of its way.
_SCALE = 15.0


def weight(severity: str, *, touches: bool) -> float:
    """How much a minute counts: 1 to 3 by severity, S4 to S1, and half as much again where it touches customers."""
    return BY_SEVERITY[severity] * (TOUCHING_CUSTOMERS if touches else 1.0)


def weighted_minutes(reports: Iterable[Report]) -> float | None:
    """Minutes a week, each weighted; of (person, problem) the most. None where nobody says any."""
    said = [
        (one.person, one.problem, one.minutes, weight(one.severity, touches=one.touches))
        for one in reports
        if one.minutes is not None and not one.over
    ]
    if not said:
        return None
    most: dict[tuple[str, str], float] = {}
    for person, problem, minutes, heavy in said:
        key = person, problem
        most[key] = max(most.get(key, 0.0), min(minutes, hours.MOST_MINUTES) * heavy)
    return sum(most.values())


def friction_load(weighted: float | None, active: int, people: int | None) -> Measure:
    """Weighted minutes a week / active employees who do that work. Source: experience.md (b) 4.

    `people` is how many reported it at least, for `n`; None where that may not be told.
    """
    if weighted is None:
        return untold(Unit.LOAD, people, "people at least")
    if not active:
        return untold(Unit.LOAD, people, "people at least", "nobody is known to do this work")
    return Measure(weighted / active, Unit.LOAD, people, "people at least")


def friction_index(load: Measure) -> Measure:
    """100 x (1 - exp(-load / 15)): a key to sort by, never a traffic light. Source: experience.md (b) 5."""
    if load.value is None:
        return untold(Unit.INDEX, load.n, load.of, load.why)
    return Measure(100 * (1 - exp(-load.value / _SCALE)), Unit.INDEX, load.n, load.of)
