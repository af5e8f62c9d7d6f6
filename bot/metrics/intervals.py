"""How sure a share is, and the difference of two: intervals of 95 percent.

Wilson's score interval, and for a difference Newcombe's from two of them (R. G. Newcombe, Interval estimation for the
difference between independent proportions, Statistics in Medicine 17 (1998) 873-890, method 10). They hold for small
groups and for shares near 0 and 1, where the usual plus and minus does not.
"""

from dataclasses import dataclass
from math import sqrt

# The 97.5 percent quantile of the normal distribution.
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """What was measured, and between what the true value lies with 95 percent."""

    value: float
    low: float
    high: float


def wilson(hits: int, of: int) -> Interval:
    """The share of `hits`; `of` is at least 1."""
    share = hits / of
    middle = (share + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z * sqrt(share * (1 - share) / of + Z**2 / (4 * of**2)) / (1 + Z**2 / of)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def newcombe(hits: int, of: int, other_hits: int, other_of: int) -> Interval:
    """The first share less the other."""
    one, other = wilson(hits, of), wilson(other_hits, other_of)
    difference = one.value - other.value
    return Interval(
        difference,
        difference - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2),
        difference + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2),
    )
