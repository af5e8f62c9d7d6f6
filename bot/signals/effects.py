"""What a fix did: the theme it touched, before and after, beside touchpoints that it did not touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, isfinite, log, sqrt

import scipy  # which loads a part of it, a second, when that is first called

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing
from bot.signals.untouched import Spread, spread

SURE = 0.90
# With less an interval is wider than anything that one would act on.
LEAST_REPORTS, LEAST_WEEKS, LEAST_OTHERS = 10, 4, 20
# "Did not change" is said only where neither half nor twice as much is possible.
HALVED, DOUBLED = 0.5, 2.0
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
    `left_out` were untouched, and went so differently that something else must have happened to them.
    """

    touched: Course
    others: tuple[Course, ...]
    verdict: Verdict
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    dispersion: float = 1.0
    why: str = ""
    left_out: tuple[Course, ...] = ()

    @property
    def apart(self) -> Number:
        """How many went their own way, of all that were untouched."""
        return Number(
            "left out, went their own way", len(self.left_out), len(self.others) + len(self.left_out), "works"
        )

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
                self.apart,
            ),
            period=period,
        )


def effect(touched: Course, others: Sequence[Course]) -> Effect:
    """Difference in differences, as a ratio of two rate ratios, with an interval of 90 %.

    Each rate ratio has the exact conditional binomial interval (after, given before + after; Clopper and Pearson,
    Biometrika 26 (1934) 404-413); the two are joined by recovering their variances on the log scale (G. Y. Zou and
    A. Donner, Statistics in Medicine 27 (2008) 1693-1702). Where weeks scatter more than a Poisson, counts are
    divided by that dispersion first, with Student's t for its own error (quasi-Poisson; McCullagh and Nelder,
    Generalized Linear Models (1989), 4.5). How differently untouched touchpoints went, beyond chance, is how much the
    touched one might have gone its own way without a fix: that is added. Who stands out among them is left out
    (`spread`).
    Source: experience.md (b) 17. Measured coverage: tests/benchmarks/signals.py.
    """
    weeks = min(len(touched.before), len(touched.after))
    reports = sum(touched.before) + sum(touched.after)
    if weeks < LEAST_WEEKS or reports < LEAST_REPORTS or _sum(others) < LEAST_OTHERS:
        return Effect(touched, tuple(others), Verdict.TOO_FEW, why=_TOO_FEW)
    went = _went(others)
    usually = [one for one, out in zip(others, went.out, strict=True) if not out]
    left_out = tuple(one for one, out in zip(others, went.out, strict=True) if out)
    own, of_others = _dispersed([touched]), _dispersed(usually)
    changed, usual = _rate_ratio([touched], *own), _rate_ratio(usually, *of_others)
    if changed is None or usual is None:
        return Effect(
            touched, tuple(others), Verdict.TOO_FEW, why="nothing before, or nothing in untouched touchpoints"
        )
    low, high = _joined(changed, usual, went.half_width(SURE))
    ratio = changed[0] / usual[0]
    return Effect(
        touched=touched,
        others=tuple(usually),
        verdict=_verdict(low, high),
        ratio=ratio,
        low=low,
        high=high if isfinite(high) else None,
        dispersion=own[0],
        left_out=left_out,
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


def _went(courses: Sequence[Course]) -> Spread:
    counts = [(sum(one.before) + 0.5, sum(one.after) + 0.5, *one.exposure) for one in courses]
    return spread(
        [log(after / before * of_before / of_after) for before, after, of_before, of_after in counts],
        [
            (1 / before + 1 / after) * _dispersed([one])[0]
            for one, (before, after, _, _) in zip(courses, counts, strict=True)
        ],
    )


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
