"""Whether the count of a week is out of what is usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# With fewer, the limits are a guess.
FEWEST_WEEKS = 8
# 3 / 1.128: three standard deviations from the mean range of two neighbors (W. A. Shewhart; D. J. Wheeler,
# Understanding Variation, 1993).
_OF_RANGES = 2.66


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts a week."""

    center: float
    low: float
    high: float


def limits(counts: Sequence[int]) -> Limits | None:
    """Of an individuals chart: the mean -+ 2.66 x the mean moving range, not below 0; None of fewer than eight weeks.

    The ranges take the spread from the counts themselves: those of complaints spread twice as far as a Poisson's.
    """
    if len(counts) < FEWEST_WEEKS:
        return None
    center = sum(counts) / len(counts)
    ranges = [abs(later - earlier) for earlier, later in pairwise(counts)]
    reach = _OF_RANGES * sum(ranges) / len(ranges)
    return Limits(center, max(0.0, center - reach), center + reach)
