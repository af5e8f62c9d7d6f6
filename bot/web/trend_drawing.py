"""How a component was rated from quarter to quarter: a point for each, a line where two follow each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.steering.ratings import MOST, Component, Quarter, Rating

# In pixels down the picture, and in percent across it: its width is that of the page.
TOP, STEP = 24, 18
_LEFT, _RIGHT = 11.0, 92.0


@dataclass(frozen=True, slots=True)
class Point:
    """`x` in percent of the width, `y` in pixels from the top."""

    quarter: Quarter
    score: int
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class Trend:
    """`lines` join quarters that follow each other: one that was not rated is a hole. `told` says it in words."""

    points: tuple[Point, ...]
    lines: tuple[tuple[Point, Point], ...]
    told: str


def drawn(
    component: Component, quarters: Sequence[Quarter], rated: Mapping[Quarter, Mapping[Component, Rating]]
) -> Trend:
    """`quarters` without a hole, the oldest first; one alone stands in the middle."""
    wide = (_RIGHT - _LEFT) / max(len(quarters) - 1, 1)
    start = _LEFT if len(quarters) > 1 else (_LEFT + _RIGHT) / 2
    points = tuple(
        Point(quarter, one.score, round(start + number * wide, 2), TOP + STEP * (MOST - one.score))
        for number, quarter in enumerate(quarters)
        if (one := rated[quarter].get(component))
    )
    lines = tuple((one, other) for one, other in pairwise(points) if other.quarter.before == one.quarter)
    return Trend(points, lines, _told(points))


def _told(points: Sequence[Point]) -> str:
    if not points:
        return "not rated yet"
    first, last = points[0], points[-1]
    if len(points) == 1:
        return f"rated once, {last.score} of 5 in {last.quarter.key}"
    change = last.score - first.score
    how = f"{abs(change)} {'more' if change > 0 else 'less'} than" if change else "as"
    return f"{last.score} of 5 in {last.quarter.key}, {how} in {first.quarter.key}; rated in {len(points)} quarters"
