"""What a fix did: by hand, against Fisher's exact test where nothing scatters, and silent where little is known."""

import numpy as np
import pytest
from bot.signals.effects import Course, Verdict, effect
from scipy import stats

from signals.counted import REPORTED, scattered
from signals.periods import A_WEEK

QUIET = [Course(f"other {row}", (20, 21, 19, 20, 20, 20), (20, 20, 21, 19, 20, 20)) for row in range(6)]


def test_a_fix_that_worked_is_a_ratio_of_ratios():
    found = effect(Course("boxes", (10, 11, 9, 10, 10, 10), (3, 2, 3, 2, 3, 2), rows=("t1",)), QUIET)
    assert found.verdict is Verdict.FELL
    assert found.ratio == pytest.approx(15 / 60)
    assert found.low < 0.25 < found.high < 0.5
    told = found.signal(A_WEEK)
    assert told.sentence() == (
        "boxes fell after the fix: 60 reports before, 15 after, beside 6 untouched touchpoints in the same weeks"
    )
    assert told.numbers[0].n == 75


def test_what_fell_with_everything_did_not_change():
    halved = [Course(one.id, one.before, tuple(week // 2 for week in one.before)) for one in QUIET]
    found = effect(Course("boxes", (30, 29, 31, 30, 30, 30), (15, 15, 14, 16, 15, 15)), halved)
    assert found.verdict is Verdict.SAME
    assert found.ratio == pytest.approx(1, abs=0.03)


def test_what_rose_is_told_too():
    assert effect(Course("boxes", (5,) * 6, (15,) * 6), QUIET).verdict is Verdict.ROSE


def test_where_nothing_scatters_the_interval_is_about_that_of_fishers_test():
    found = effect(Course("boxes", (10,) * 6, (5,) * 6), QUIET)
    exact = stats.contingency.odds_ratio(np.array([[30, 720], [60, 720]]), kind="conditional")
    interval = exact.confidence_interval(0.90)
    assert found.low == pytest.approx(interval.low, rel=0.05)
    assert found.high == pytest.approx(interval.high, rel=0.05)


def test_twice_the_visits_halve_the_rate():
    found = effect(Course("boxes", (10,) * 6, (10,) * 6, before_of=1000, after_of=2000), QUIET)
    assert found.ratio == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("touched", "others"),
    [
        (Course("boxes", (1, 0, 1, 0, 1, 0), (0,) * 6), QUIET),
        (Course("boxes", (9, 9, 9), (1, 1, 1)), QUIET),
        (Course("boxes", (10,) * 6, (2,) * 6), []),
        (Course("boxes", (0,) * 6, (10,) * 6), QUIET),
    ],
)
def test_of_too_few_nothing_is_said(touched, others):
    found = effect(touched, others)
    assert found.verdict is Verdict.TOO_FEW
    assert found.ratio is None
    assert found.why in found.signal(A_WEEK).sentence()


def test_nothing_after_the_fix_is_a_fall_with_an_interval_that_begins_at_zero():
    found = effect(Course("boxes", (10,) * 6, (0,) * 6), QUIET)
    assert (found.verdict, found.low) == (Verdict.FELL, 0)
    assert 0 < found.high < 0.2


def test_weeks_that_scatter_widen_the_interval():
    even = effect(Course("boxes", (10,) * 6, (5,) * 6), QUIET)
    uneven = effect(Course("boxes", (0, 30, 0, 5, 25, 0), (0, 15, 0, 15, 0, 0)), QUIET)
    assert uneven.dispersion > 5
    assert uneven.low < even.low
    assert uneven.high > even.high
    assert uneven.verdict is Verdict.TOO_FEW


def test_the_interval_holds_where_counts_scatter():
    held = 0
    for seed in range(REPORTED[0], REPORTED[0] + 100):
        dice = np.random.default_rng(seed)
        mean = np.full((21, 16), 8.0)
        mean[:, 8:] *= 1.4
        counts = scattered(dice, mean, 0.2)
        courses = [Course(str(row), tuple(map(int, c[:8])), tuple(map(int, c[8:]))) for row, c in enumerate(counts)]
        found = effect(courses[0], courses[1:])
        held += found.low <= 1 <= found.high
    assert held >= 88
