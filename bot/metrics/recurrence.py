"""Metric 17: whether what was fixed is reported less."""

from datetime import timedelta

import scipy  # which loads a part of it, a second, when that is first called

from bot.metrics.measure import Measure, Unit, untold

WINDOW = timedelta(days=28)
_SURE = 0.90
# Without any before, no ratio; with fewer than this in all, an interval of 90 % spans all that can be.
_FEWEST = 5


def rate_ratio(before: int, after: int, *, weeks_before: float = 4, weeks_after: float = 4) -> Measure:
    """Reports a week after / before a fix, with an exact interval of 90 %; `n` are all reports.

    Given their sum, the reports after it are binomial (J. Przyborowski, H. Wilenski, Biometrika 31 (1940) 313-323); the
    interval is that of C. Clopper and E. Pearson (Biometrika 26 (1934) 404-413). It holds for reports that come
    independently; where they come in bursts it is too narrow.
    Source: experience.md (b) 17.
    """
    total = before + after
    if total < _FEWEST or not before or weeks_before <= 0 or weeks_after <= 0:
        return untold(Unit.RATIO, total, "reports before and after")
    tail = (1 - _SURE) / 2
    low = float(scipy.special.betaincinv(after, before + 1, tail)) if after else 0.0
    high = float(scipy.special.betaincinv(after + 1, before, 1 - tail))
    exposure = weeks_before / weeks_after
    return Measure(
        after / before * exposure,
        Unit.RATIO,
        total,
        "reports before and after",
        low=_odds(low) * exposure,
        high=_odds(high) * exposure,
    )


def _odds(share: float) -> float:
    return share / (1 - share)
