"""Metric 24: how far what is from what was aimed for."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.metrics.measure import Measure, untold


@dataclass(frozen=True, slots=True)
class Aim:
    """`target` in the unit of what is measured; whether more of it is better."""

    target: float
    more_is_better: bool = True

    def missed(self, actual: float) -> bool:
        return actual < self.target if self.more_is_better else actual > self.target


@dataclass(frozen=True, slots=True)
class Variance:
    """`variance` is actual less target of the latest week that says anything; so many `weeks_missed` in a row then."""

    aim: Aim
    actual: Measure
    variance: Measure
    weeks_missed: int


def variance(aim: Aim, weeks: Sequence[Measure]) -> Variance:
    """In the unit of the target; weeks the oldest first. Source: experience.md (b) 24, seed 001.

    A week without data neither misses it nor ends the row.
    """
    told = [one for one in weeks if one.value is not None]
    if not told:
        none = weeks[-1] if weeks else None
        missing = untold(none.unit, none.n, none.of) if none else None
        if missing is None:
            raise ValueError("a variance is of at least one week")
        return Variance(aim, missing, missing, 0)
    missed = 0
    for one in reversed(told):
        if one.value is None or not aim.missed(one.value):
            break
        missed += 1
    last = told[-1]
    away = Measure((last.value or 0.0) - aim.target, last.unit, last.n, last.of)
    return Variance(aim, last, away, missed)
