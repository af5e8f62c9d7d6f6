"""How unlikely a count is: tails of distributions, and many of them looked at together."""

import numpy as np
import scipy  # which loads a part of it, a second, when that is first called
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

# A negative binomial whose variance is its mean has no second parameter; this near to it, it is a Poisson.
_SLIGHTLY_MORE = 1.0001
# A mean of nothing: whatever comes is as unlikely as can be.
_NOTHING = 1e-12


def negative_binomial(at_least: Counts | Floats, mean: Floats, variance: Floats) -> Floats:
    """P(X >= at_least), by the regularized incomplete beta function: I(1-p; k, r) with p = mean / variance.

    The variance is taken as at least the mean. Source: NIST DLMF 8.17(i); arrays are broadcast.
    """
    mean = np.maximum(mean, _NOTHING)
    p = mean / np.maximum(variance, mean * _SLIGHTLY_MORE)
    r = mean * p / (1 - p)
    k = np.asarray(at_least, dtype=np.float64)
    return np.asarray(np.where(k <= 0, 1.0, scipy.special.betainc(np.maximum(k, 1e-9), r, 1 - p)), dtype=np.float64)


def fisher(now: int, others_now: int, before: int, others_before: int) -> float:
    """P(at least `now`) if its share had stayed: the upper tail of the hypergeometric distribution.

    Source: R. A. Fisher, The logic of inductive inference, J. Royal Statistical Society 98 (1935) 39-82.
    """
    drawn, marked = now + others_now, now + before
    everything = drawn + before + others_before
    if not everything:
        return 1.0
    values = np.arange(now, min(drawn, marked) + 1, dtype=np.float64)
    logs = _choose(marked, values) + _choose(everything - marked, drawn - values) - _choose(everything, drawn)
    return float(min(1.0, np.exp(logs).sum()))


def rejected(p: Floats, *, rate: float) -> NDArray[np.bool_]:
    """Which of many stand out, so that no more than `rate` of those named are expected to be chance.

    Source: Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, J. Royal Statistical Society B 57
    (1995) 289-300.
    """
    found = np.zeros(len(p), dtype=np.bool_)
    order = np.argsort(p, kind="stable")
    below = np.flatnonzero(p[order] <= rate * np.arange(1, len(p) + 1) / max(len(p), 1))
    if below.size:
        found[order[: below[-1] + 1]] = True
    return found


def _choose(of: float | Floats, taken: float | Floats) -> Floats:
    log_factorial = scipy.special.gammaln
    return np.asarray(
        log_factorial(np.asarray(of) + 1)
        - log_factorial(np.asarray(taken) + 1)
        - log_factorial(np.asarray(of) - taken + 1),
        dtype=np.float64,
    )
