"""A metric as it is listed."""

from dataclasses import dataclass

from bot.metrics.measure import Measure
from bot.metrics.times import Times

FEW_PEOPLE = "fewer than five people"


@dataclass(frozen=True, slots=True)
class Line:
    """A metric by its number in docs/metrics.md."""

    number: int
    name: str
    measure: Measure


def of_times(number: int, name: str, found: Times) -> list[Line]:
    return [
        Line(number, f"{name}, median", found.median),
        Line(number, f"{name}, p75", found.p75),
        Line(number, f"{name}, p90", found.p90),
    ]
