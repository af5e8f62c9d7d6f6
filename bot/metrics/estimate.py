"""Metric 2: hours lost by everybody who does the same work, estimated from those who reported."""

from collections.abc import Sequence

import numpy as np

from bot.metrics.measure import Measure, Unit, untold

# With fewer, an interval from drawing anew is far too narrow.
FEWEST = 5
_DRAWN = 2000
_SURE = 0.80


def estimated(hours: Sequence[float], active: int, *, seed: int = 1) -> Measure:
    """Hours a week: the hours of the respondents x active employees / respondents, with an interval of 80 %.

    The interval is the percentile bootstrap over respondents (B. Efron, Annals of Statistics 7 (1979) 1-26), drawn with
    a seed, so that the same rows give the same numbers. Those who did not report may have it less: it is shown beside
    metric 1 and never added. Source: experience.md (b) 2.
    """
    respondents = len(hours)
    if respondents < FEWEST:
        return untold(Unit.HOURS_A_WEEK, respondents, "respondents")
    if active < respondents:
        return untold(Unit.HOURS_A_WEEK, respondents, "respondents", "more people report it than are known to do it")
    given = np.asarray(hours, dtype=np.float64)
    dice = np.random.default_rng(seed)
    means = given[dice.integers(0, respondents, size=(_DRAWN, respondents))].mean(axis=1)
    low, high = np.quantile(means, [(1 - _SURE) / 2, (1 + _SURE) / 2])
    return Measure(
        float(given.mean() * active),
        Unit.HOURS_A_WEEK,
        respondents,
        "respondents",
        low=float(low * active),
        high=float(high * active),
    )
