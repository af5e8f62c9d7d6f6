"""What is usual for a cell: the mean of the weeks before, and how much weeks scatter around it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.signals.tails import Counts, Floats

# Weeks that a week is compared with: as many as there are, within these. Twelve find more rises than
# the eight of experience.md at as many false alarms (docs/decisions.md).
FEWEST, MOST = 8, 12
# How far back the scatter is looked at.
_HISTORY = 48
# No week scatters less than this over its mean: experience.md (b).
_LEAST_VARIANCE = 1.05
# A week this many deviations above the median counts as no more than that: an old spike does not blind a cell.
_FAR, _SPREAD, _SLACK = 4.0, 0.2, 3.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """For each cell: the mean a week of `weeks` weeks, and the dispersion, (variance - mean) / mean²."""

    mean: Floats
    variance: Floats
    dispersion: Floats
    weeks: int


def baseline(counts: Counts) -> Baseline:
    """Of (cells, weeks), the oldest first; the caller leaves out what it is compared with. Needs FEWEST weeks.

    The dispersion of a cell is estimated inside blocks of weeks, so that a slow season does not count as scatter, and
    is at least that of all cells together: eight weeks of one cell show too little of it.
    """
    weeks = min(MOST, counts.shape[1])
    lately = tamed(counts[:, -weeks:])
    mean = (lately.sum(axis=1) + 0.5) / weeks  # a cell that had none is not certain to have none
    dispersion = _dispersion(counts[:, -_HISTORY:], weeks)
    return Baseline(mean, np.maximum(_LEAST_VARIANCE * mean, mean + dispersion * mean**2), dispersion, weeks)


def tamed(counts: NDArray[np.generic]) -> Floats:
    """Along the last axis, what lies far above the median is taken as far as that."""
    given = np.asarray(counts, dtype=np.float64)
    middle = np.median(given, axis=-1, keepdims=True)
    highest = middle + _FAR * np.sqrt(middle + _SPREAD * middle**2) + _SLACK
    return np.asarray(np.minimum(given, highest), dtype=np.float64)


def _dispersion(history: Counts, weeks: int) -> Floats:
    blocks = history.shape[1] // weeks
    cut = tamed(history[:, history.shape[1] - blocks * weeks :].reshape(len(history), blocks, weeks))
    means, variances = cut.mean(axis=2), cut.var(axis=2, ddof=1)
    more = (variances - means).sum(axis=1)
    squares = np.clip(means**2 - variances / weeks, 0, None).sum(axis=1)
    of_all = max(0.0, float(more.sum() / squares.sum())) if squares.sum() > 0 else 0.0
    own = np.divide(more, squares, out=np.zeros_like(more), where=squares > 0)
    return np.asarray(np.maximum(own, of_all), dtype=np.float64)
