"""How untouched work goes: as far apart as it is in truth, whoever goes astray."""

import numpy as np
import pytest
from bot.signals.effects import Course, Verdict, effect
from bot.signals.untouched import spread

from signals.counted import REPORTED


def test_what_goes_alike_is_not_apart_and_nothing_stands_out():
    found = spread([0.1, 0.1, 0.1, 0.1, 0.1], [0.04] * 5)
    assert (found.between, found.out, found.half_width(0.9)) == (0.0, (False,) * 5, 0.0)


def test_with_fewer_than_five_nothing_is_known():
    assert spread([0.0, 3.0, -3.0, 1.0], [0.01] * 4).half_width(0.9) == 0.0


@pytest.mark.parametrize("astray", [0, 3])
def test_the_next_work_goes_within_its_interval_nine_times_of_ten(astray):
    within = 0
    seeds = range(REPORTED.start, REPORTED.start + 400)
    for seed in seeds:
        dice = np.random.default_rng(seed)
        chance = dice.uniform(0.02, 0.4, size=31)
        ratios = dice.normal(-0.2, np.sqrt(0.25 + chance))
        ratios[:astray] += dice.choice([-2.0, 2.0], size=astray)
        found = spread(ratios[:30], chance[:30])
        # Another work, of which so much is known that only its own way is left.
        another = dice.normal(0, 0.5)
        within += abs(another) <= found.half_width(0.9)
    # Where works differ less than chance does, this and an unbent estimate alike are often too narrow by half.
    assert 0.86 <= within / len(seeds) <= 0.96


def test_who_goes_astray_stands_out():
    dice = np.random.default_rng(REPORTED.start)
    ratios = dice.normal(0, 0.2, size=20)
    ratios[[3, 8]] = [2.0, -1.8]
    assert [row for row, out in enumerate(spread(ratios, [0.02] * 20).out) if out] == [3, 8]


def test_a_late_partner_elsewhere_does_not_make_a_fix_undecidable():
    quiet = [Course(f"other {row}", (20, 21, 19, 20, 20, 20), (20, 20, 21, 19, 20, 20)) for row in range(12)]
    late = Course("late", (4, 3, 4, 5, 4, 4), (30, 31, 29, 30, 30, 30))
    found = effect(Course("boxes", (30, 29, 31, 30, 30, 30), (30, 30, 31, 29, 30, 30)), [*quiet, late])
    assert found.verdict is Verdict.SAME
    assert found.ratio == pytest.approx(1, abs=0.01)
    assert [one.id for one in found.left_out] == ["late"]
    assert (found.apart.value, found.apart.n) == (1, 13)
