"""Metric 1: hours that friction takes of a week, as people report it."""

from collections.abc import Iterable

from bot.metrics.measure import Measure, Unit, untold
from bot.metrics.rows import Report

# Nobody loses more than a week a week.
MOST_MINUTES = 2400.0


def minutes_a_week(minutes: float, times: float) -> float:
    """What one person loses in a working week, if each of so many `times` a week takes so many minutes."""
    return min(minutes * times, MOST_MINUTES)


def of_each(said: Iterable[tuple[str, str, float]]) -> dict[tuple[str, str], float]:
    """(person, problem) -> the most minutes a week that this person says of it: who says it twice loses it once."""
    most: dict[tuple[str, str], float] = {}
    for person, problem, minutes in said:
        key = person, problem
        most[key] = max(most.get(key, 0.0), min(minutes, MOST_MINUTES))
    return most


def hours_lost(reports: Iterable[Report]) -> Measure:
    """Hours a week: the sum over (person, problem) of min(the most minutes that they say, 2400) / 60, while it goes on.

    `n` are the people who say so. Source: experience.md (b) 1; the cap is a working week of forty hours.
    """
    lasting = [one for one in reports if not one.over]
    said = [(one.person, one.problem, one.minutes) for one in lasting if one.minutes is not None]
    if not said:
        people = len({one.person for one in lasting})
        return untold(Unit.HOURS_A_WEEK, people, "people")
    lost = of_each(said)
    return Measure(sum(lost.values()) / 60, Unit.HOURS_A_WEEK, len({person for person, _ in lost}), "people")
