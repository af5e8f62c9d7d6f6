"""What a fix did: the theme it touched, before and after, beside touchpoints that it did not touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, isfinite, log, sqrt

import numpy as np
import scipy  # which loads a part of it, a second, when that is first called

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing

SURE = 0.90
# With less an interval is wider than anything that one would act on.
LEAST_REPORTS, LEAST_WEEKS, LEAST_OTHERS = 10, 4, 20
# "Did not change" is said only where neither half nor twice as much is possible.
HALVED, DOUBLED = 0.5, 2.0
# With fewer, how differently untouched touchpoints went says nothing.
_LEAST_TO_COMPARE = 5
_Ratio = tuple[float, float, float]  # with the low and the high end
_TOO_FEW = "too few reports, or too few weeks"


class Verdict(StrEnum):
    FELL = "fell"
    SAME = "did not change"
    ROSE = "rose"
    TOO_FEW = "too few to say"


@dataclass(frozen=True, slots=True)
class Course:
    """A count for each week, before and after; `before_of` and `after_of` are what could have been reported.

    Those are the exposure (contacts, visits, people at work) of all weeks together; weeks where nobody counts.
    """

    id: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    before_of: float | None = None
    after_of: float | None = None
    rows: tuple[str, ...] = ()

    @property
    def exposure(self) -> tuple[float, float]:
        return self.before_of or float(len(self.before)), self.after_of or float(len(self.after))


@dataclass(frozen=True, slots=True)
class Effect:
    """`ratio` is (after / before of the theme) / (after / before of all others), within `low` and `high` by 90 %.

    None for a ratio, or for an end, that is nowhere. `dispersion` is variance / mean of the weeks, at least 1.
    """

    touched: Course
    others: tuple[Course, ...]
    verdict: Verdict
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    dispersion: float = 1.0
    why: str = ""

    def signal(self, period: Period) -> Signal:
        before, after = sum(self.touched.before), sum(self.touched.after)
        said = f" {self.verdict.value} after the fix: {before} reports before, {after} after"
        beside = f", beside {len(self.others)} untouched touchpoints in the same weeks" if self.others else ""
        return Signal(
            kind=Kind.EFFECT,
            verdict=self.verdict.value,
            where=(self.touched.id,),
            parts=sentence(thing(self.touched.id), said if self.ratio is not None else f": {self.why}", beside),
            evidence=(Evidence("report", self.touched.rows),),
            numbers=(
                Number("ratio of ratios", self.ratio, before + after, "reports", self.low, self.high, self.why),
                Number("before", before, len(self.touched.before), "weeks"),
                Number("after", after, len(self.touched.after), "weeks"),
                Number("reports of untouched touchpoints", _sum(self.others), len(self.others), "touchpoints"),
            ),
            period=period,
        )


def effect(touched: Course, others: Sequence[Course]) -> Effect:
    """Difference in differences, as a ratio of two rate ratios, with an interval of 90 %.

    Each rate ratio has the exact conditional binomial interval (after, given before + after; Clopper and Pearson,
    Biometrika 26 (1934) 404-413); the two are joined by recovering their variances on the log scale (G. Y. Zou and
    A. Donner, Statistics in Medicine 27 (2008) 1693-1702). Where weeks scatter more than a Poisson, counts are
    divided by that dispersion first, with Student's t for its own error (quasi-Poisson; McCullagh and Nelder,
    Generalized Linear Models (1989), 4.5). Untouched touchpoints that went more differently than chance allows show how
    differently the touched one might have gone without a fix: that is added (R. DerSimonian and N. Laird, Controlled
    Clinical Trials 7 (1986) 177-188).
    Source: experience.md (b) 17. Measured coverage: tests/benchmarks/signals.py.
    """
    weeks = min(len(touched.before), len(touched.after))
    reports = sum(touched.before) + sum(touched.after)
    if weeks < LEAST_WEEKS or reports < LEAST_REPORTS or _sum(others) < LEAST_OTHERS:
        return Effect(touched, tuple(others), Verdict.TOO_FEW, why=_TOO_FEW)
    own, of_others = _dispersed([touched]), _dispersed(others)
    changed, usual = _rate_ratio([touched], *own), _rate_ratio(others, *of_others)
    if changed is None or usual is None:
        return Effect(
            touched, tuple(others), Verdict.TOO_FEW, why="nothing before, or nothing in untouched touchpoints"
        )
    low, high = _joined(changed, usual, _apart(others))
    ratio = changed[0] / usual[0]
    return Effect(
        touched=touched,
        others=tuple(others),
        verdict=_verdict(low, high),
        ratio=ratio,
        low=low,
        high=high if isfinite(high) else None,
        dispersion=own[0],
    )


def _verdict(low: float, high: float) -> Verdict:
    if high < 1:
        return Verdict.FELL
    if low > 1:
        return Verdict.ROSE
    return Verdict.SAME if low >= HALVED and high <= DOUBLED else Verdict.TOO_FEW


def _sum(courses: Sequence[Course]) -> int:
    return sum(sum(one.before) + sum(one.after) for one in courses)


def _dispersed(courses: Sequence[Course]) -> tuple[float, float]:
    """Pearson's chi-square of weekly counts around the mean of each half, over its degrees of freedom; and these."""
    before = [sum(week) for week in zip(*(one.before for one in courses), strict=False)]
    after = [sum(week) for week in zip(*(one.after for one in courses), strict=False)]
    chi_square, free = 0.0, 0
    for half in (before, after):
        mean = sum(half) / len(half)
        if mean:
            chi_square += sum((week - mean) ** 2 for week in half) / mean
            free += len(half) - 1
    return max(1.0, chi_square / free) if free else 1.0, float(max(free, 1))


def _apart(courses: Sequence[Course]) -> float:
    """How far from its fellows a touchpoint goes that nobody touched, beyond chance: half the width of 90 %, log scale.

    By the variance between untouched touchpoints (DerSimonian and Laird); 0.0 where they agree, or are few.
    """
    if len(courses) < _LEAST_TO_COMPARE:
        return 0.0
    before = np.array([sum(one.before) for one in courses]) + 0.5
    after = np.array([sum(one.after) for one in courses]) + 0.5
    exposures = np.array([one.exposure for one in courses])
    went = np.log(after / before * exposures[:, 0] / exposures[:, 1])
    weights = 1 / ((1 / before + 1 / after) * np.array([_dispersed([one])[0] for one in courses]))
    together = float(weights @ went / weights.sum())
    free = len(courses) - 1
    more = float(weights @ (went - together) ** 2) - free
    between = max(0.0, more / float(weights.sum() - (weights**2).sum() / weights.sum()))
    return float(scipy.special.stdtrit(free, (1 + SURE) / 2)) * sqrt(between * (1 + 1 / len(courses)))


def _rate_ratio(courses: Sequence[Course], dispersion: float, free: float) -> _Ratio | None:
    """(after / before, low, high); None of nothing before and of nothing at all."""
    before = sum(sum(one.before) for one in courses)
    after = sum(sum(one.after) for one in courses)
    of_before, of_after = (sum(each) for each in zip(*(one.exposure for one in courses), strict=True))
    if not before:
        return None
    per = of_before / of_after
    tail = (1 - SURE) / 2
    # A dispersion that was estimated is itself uncertain: Student's quantile in place of the normal one.
    wider = (
        (float(scipy.special.stdtrit(free, 1 - tail)) / float(scipy.special.stdtrit(inf, 1 - tail))) ** 2
        if dispersion > 1
        else 1.0
    )
    b, a = before / (dispersion * wider), after / (dispersion * wider)
    low = float(scipy.special.betaincinv(a, b + 1, tail)) if a else 0.0
    high = float(scipy.special.betaincinv(a + 1, b, 1 - tail))
    return after / before * per, low / (1 - low) * per, high / (1 - high) * per if high < 1 else inf


def _joined(one: _Ratio, other: _Ratio, apart: float) -> tuple[float, float]:
    ratio, low, high = one
    usual, usual_low, usual_high = other
    if not ratio:
        # Nothing after: the low end is 0, and the high one is that of both at once.
        return 0.0, high / usual_low * exp(apart) if usual_low else inf
    down = sqrt(log(ratio / low) ** 2 + log(usual_high / usual) ** 2 + apart**2) if isfinite(usual_high) else inf
    up = sqrt(log(high / ratio) ** 2 + log(usual / usual_low) ** 2 + apart**2) if usual_low and isfinite(high) else inf
    return ratio / usual * exp(-down), ratio / usual * exp(up)
