"""How work went that no fix touched: the usual change, and how far one such work goes from another."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, pi, sqrt

import numpy as np
import scipy  # which loads a part of it, a second, when that is first called
from numpy.typing import NDArray

# Huber's, for 95 % of the efficiency of a mean where nothing stands out.
_BEND = 1.345
# What stands out by more standard deviations went its own way (one of 80 does by chance).
STANDS_OUT = 2.5
# With fewer, how differently they went says nothing.
LEAST_TO_COMPARE = 5
_WIDEST, _ENOUGH, _ROUNDS = 100.0, 1e-6, 50
_Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """`between` is the variance between works beyond chance, of the logarithm of after / before; `out` stand out."""

    works: int
    between: float
    out: tuple[bool, ...]

    def half_width(self, sure: float) -> float:
        """How far from the usual one more work may go, as a logarithm, in a share `sure` of all cases."""
        if self.works < LEAST_TO_COMPARE:
            return 0.0
        return float(scipy.special.stdtrit(self.works - 1, (1 + sure) / 2)) * sqrt(self.between * (1 + 1 / self.works))


def spread(ratios: Sequence[float], variances: Sequence[float]) -> Spread:
    """`ratios` are logarithms of after / before, `variances` those of chance (scatter of weeks included), row by row.

    A model of random effects (R. DerSimonian and N. Laird, Controlled Clinical Trials 7 (1986) 177-188), with bent
    residuals: what something else happened to, another fix or a partner who was late, is no example of what happens
    to work that is left alone, and would make every interval too wide to say anything. Location and scale are solved
    together (P. J. Huber, The Annals of Mathematical Statistics 35 (1964) 73-101, proposal 2), each residual weighted
    by how much it knows about the scale, as in a likelihood.
    """
    ones, chance = np.asarray(ratios, dtype=float), np.asarray(variances, dtype=float)
    works = len(ones)
    if works < LEAST_TO_COMPARE:
        return Spread(works, 0.0, (False,) * works)
    middle, between = float(np.median(ones)), 0.0
    for _ in range(_ROUNDS):
        before = middle, between
        between = _between(ones, chance, middle)
        residuals = _residuals(ones, chance, middle, between)
        weights = np.minimum(1, _BEND / np.maximum(np.abs(residuals), _ENOUGH)) / (chance + between)
        middle = float(weights @ ones / weights.sum())
        if abs(middle - before[0]) + abs(between - before[1]) < _ENOUGH:
            break
    out = np.abs(_residuals(ones, chance, middle, between)) > STANDS_OUT
    return Spread(works, between, tuple(map(bool, out)))


def _residuals(ones: _Rows, chance: _Rows, middle: float, between: float) -> _Rows:
    return np.asarray((ones - middle) / np.sqrt(chance + between))


def _between(ones: _Rows, chance: _Rows, middle: float) -> float:
    """The variance at which bent residuals are as large as those of a normal distribution; 0.0 where they are less."""
    more = len(ones) / (len(ones) - 1)

    def too_large(between: float) -> float:
        bent = np.minimum(_residuals(ones, chance, middle, between) ** 2, _BEND**2)
        return float(((bent * more - _EXPECTED) / (chance + between)).sum())

    return float(scipy.optimize.brentq(too_large, 0.0, _WIDEST)) if too_large(0.0) > 0 > too_large(_WIDEST) else 0.0


def _of_a_normal(bend: float) -> float:
    """The mean of min(z², bend²) of a standard normal z."""
    above = erfc(bend / sqrt(2)) / 2
    return 1 - 2 * above - 2 * bend * exp(-(bend**2) / 2) / sqrt(2 * pi) + 2 * bend**2 * above


_EXPECTED = _of_a_normal(_BEND)
