"""Friction beside complaints as four fields of equal size: the two lines between them are the two cuts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from bot.experience.quadrant import Field
from bot.signals.quadrants import LOADED, Quadrant

# What each field means, and what to do about it. It says what appears together, and never why.
WORDS: Mapping[Quadrant, tuple[str, str]] = {
    Quadrant.SHARED_ISSUE: (
        "Shared issues",
        "The work is slow and customers complain more than they should: look for one thing beneath both first.",
    ),
    Quadrant.BLIND_SPOT: (
        "Blind spots",
        "Customers complain more than they should, and the work has little friction: ask those who do it.",
    ),
    Quadrant.SILENT_COST: (
        "Silent costs",
        "The work is slow and customers do not complain: those who do it bear it, until they cannot.",
    ),
    Quadrant.HEALTHY: ("Healthy", "Little friction, and no more complaints than there may be."),
    Quadrant.FEW_DATA: (
        "Not enough data",
        "Fewer than five people do the work, or have what is reported; or there were fewer than a hundred contacts.",
    ),
}
# In the order in which they are read.
ORDER = tuple(WORDS)
# Of a dot, in percent of the drawing on a wide screen.
WIDTH, HEIGHT = 2.6, 8.0


@dataclass(frozen=True, slots=True)
class Dot:
    """`x` and `y` in percent from the left and from the top; where several would cover each other, they stand in a row.

    `number` is 0 for a healthy one, which has none.
    `chance`: above the line between the fields by a rate that may be chance.
    """

    field: Field
    number: int
    x: float
    y: float
    chance: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """`most_load` is in minutes, `most_rate` in times of what there may be: the ends of the two axes."""

    dots: tuple[Dot, ...]
    listed: Mapping[Quadrant, tuple[tuple[int, Field], ...]]
    most_load: float
    most_rate: float


def drawn(found: Sequence[Field]) -> Drawn:
    shown = [one for one in found if one.placed.quadrant is not Quadrant.FEW_DATA]
    most_load = max([2 * LOADED, *(one.placed.touchpoint.load or 0.0 for one in shown)])
    most_rate = max([2.0, *(_times(one) for one in shown)])
    listed: dict[Quadrant, list[tuple[int, Field]]] = {each: [] for each in ORDER}
    dots: list[Dot] = []
    number = 0
    for quadrant in ORDER:
        inside = [one for one in found if one.placed.quadrant is quadrant]
        for one in sorted(inside, key=lambda one: (-_times(one), -(one.placed.touchpoint.load or 0.0))):
            numbered = quadrant not in {Quadrant.HEALTHY, Quadrant.FEW_DATA}
            number += numbered
            listed[quadrant].append((number if numbered else 0, one))
            if quadrant is not Quadrant.FEW_DATA:
                x = 100 * _along(one.placed.touchpoint.load or 0.0, LOADED, most_load)
                y = 100 - 100 * _upwards(_times(one), most_rate)
                calm = quadrant in {Quadrant.HEALTHY, Quadrant.SILENT_COST}
                beside = _beside(dots, x, y)
                dots.append(Dot(one, number if numbered else 0, beside, y, chance=calm and _times(one) > 1))
    # The numbered ones on top.
    ordered = sorted(dots, key=lambda dot: bool(dot.number))
    return Drawn(tuple(ordered), {each: tuple(rows) for each, rows in listed.items()}, most_load, most_rate)


def _times(one: Field) -> float:
    """Its complaint rate in times of what there may be."""
    rate, cut = one.placed.touchpoint.rate, one.placed.cut
    return rate / cut if rate is not None and cut else 0.0


def _beside(dots: Sequence[Dot], x: float, y: float) -> float:
    """Where it covers none of those that are there, if its field has room for that; else where it belongs."""
    room, beside = 50.0 if x < 50 else 100.0, x  # noqa: PLR2004 - the line between the fields
    while any(round(abs(dot.x - beside), 6) < WIDTH and abs(dot.y - y) < HEIGHT for dot in dots):
        beside += WIDTH
    return beside if beside + WIDTH / 2 <= room else x


def _upwards(times: float, most: float) -> float:
    """0 to 1: up to the line in equal steps, above it by how many times as much, since that may be hundreds."""
    return 0.5 * times if times < 1 else 0.5 + 0.5 * log(times) / log(most)


def _along(value: float, cut: float, most: float) -> float:
    """0 to 1: what is below the cut in the first half, what is above it in the second."""
    return 0.5 * value / cut if value < cut else 0.5 + 0.5 * (value - cut) / (most - cut)
