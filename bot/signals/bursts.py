"""Whether far more came in within an hour than usually does at that time of day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.signals.tails import negative_binomial

# The days that an hour is compared with.
DAYS = 28
LEAST, LEAST_PEOPLE = 10, 5
# How likely an hour as full may be by chance: 200 touchpoints have 1.75 million hours a year, of which four may be.
RATE = 2e-6
# Hours of a place differ by so much at least, in squares of their mean: four weeks of them often look more alike.
DISPERSION = 0.25


@dataclass(frozen=True, slots=True)
class Burst:
    """`usual` is the mean of the same hour on the days before, `p` how likely so many are by chance."""

    count: int
    people: int
    usual: float
    p: float


def burst(count: int, people: int, before: Sequence[int]) -> Burst | None:
    """None where it may be chance, or where too few people are behind it.

    `before`: of each of `DAYS` days what came within the same hour. P(X >= count) of a negative binomial with their
    mean (half a one more, so that nothing is never expected) and variance, at least that of `DISPERSION`, the error of
    the mean added, as a week's rise in `spikes`. Raises ValueError for fewer days.
    """
    if len(before) < DAYS:
        raise ValueError(f"An hour is compared with those of {DAYS} days; these are {len(before)}.")
    if count < LEAST or people < LEAST_PEOPLE:
        return None
    mean = (sum(before) + 0.5) / len(before)
    variance = max(mean + DISPERSION * mean**2, float(np.var(before, ddof=1))) * (1 + 1 / len(before))
    p = float(negative_binomial(np.array([count]), np.array([mean]), np.array([variance]))[0])
    return Burst(count, people, sum(before) / len(before), p) if p <= RATE else None
