"""A number as it is told: with its unit, what it was counted from, and why there is none where there is none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Unit(StrEnum):
    HOURS_A_WEEK = "h/week"
    HOURS = "working hours"
    MONEY_A_WEEK = "currency/week"
    MONEY_A_DAY = "currency/week per day of effort"
    LOAD = "weighted min/employee/week"
    INDEX = "0-100"
    PERCENT = "%"
    RATE = "per 100 employees and week"
    PER_1000 = "per 1000 contacts"
    COUNT = "n"
    RATIO = "ratio"
    NET = "-100..100"
    OF_FIVE = "1-5"
    OF_SEVEN = "1-7"


FEW_DATA = "not enough data"


@dataclass(frozen=True, slots=True)
class Measure:
    """`value` is None where it cannot be told, and `why` says so: it is never 0 for want of data.

    It was counted from `n` of what `of` names; `n` is None where that would give few people away. `low` and `high` are
    the ends of its interval, where it has one.
    """

    value: float | None
    unit: Unit
    n: int | None
    of: str
    why: str = ""
    low: float | None = None
    high: float | None = None

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"value": self.value, "unit": self.unit.value, "n": self.n, "of": self.of}
        if self.low is not None or self.high is not None:
            told |= {"low": self.low, "high": self.high}
        return told | ({"why": self.why} if self.why else {})


def untold(unit: Unit, n: int | None, of: str, why: str = FEW_DATA) -> Measure:
    return Measure(None, unit, n, of, why)


def percent(part: int, whole: int, of: str) -> Measure:
    """In percent; none of nothing."""
    return Measure(100 * part / whole, Unit.PERCENT, whole, of) if whole else untold(Unit.PERCENT, 0, of)


def mean(values: list[float], unit: Unit, of: str) -> Measure:
    return Measure(sum(values) / len(values), unit, len(values), of) if values else untold(unit, 0, of)
