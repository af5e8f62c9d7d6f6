"""An hour is a burst where hardly any hour would be as full by chance, of several people."""

import numpy as np
import pytest
from bot.signals.bursts import DAYS, DISPERSION, LEAST, LEAST_PEOPLE, RATE, burst
from scipy import stats

QUIET = [0, 1, 0, 0, 0, 0, 1] * 4


def test_fifteen_in_an_hour_where_there_is_hardly_ever_one_is_a_burst():
    found = burst(15, 15, QUIET)
    assert found is not None
    assert (found.count, found.people, found.usual) == (15, 15, 8 / 28)
    assert found.p < 1e-9


def test_its_chance_is_that_of_the_negative_binomial():
    before = [10, 14, 12, 9, 15, 11, 13] * 4
    mean = (sum(before) + 0.5) / DAYS
    variance = (mean + DISPERSION * mean**2) * (1 + 1 / DAYS)
    found = burst(80, 40, before)
    assert found is not None
    assert found.p == pytest.approx(stats.nbinom.sf(79, mean**2 / (variance - mean), mean / variance), rel=1e-6)


@pytest.mark.parametrize(
    ("count", "people", "before"),
    [(LEAST - 1, 9, QUIET), (20, LEAST_PEOPLE - 1, QUIET), (20, 20, [12] * DAYS), (30, 30, [0, 40] * (DAYS // 2))],
    ids=["too few", "of four people", "a usual hour of a busy place", "a place whose hours differ"],
)
def test_what_may_be_chance_or_one_customer_is_none(count, people, before):
    assert burst(count, people, before) is None


def test_of_quiet_and_busy_hours_of_a_company_hardly_any_is_one():
    """Forty years of hours of a touchpoint, counts as scattered as real complaints are: none expected, few allowed."""
    dice = np.random.default_rng(5)
    false = 0
    for mean in (0.05, 0.5, 2.0, 6.0):
        hours = dice.poisson(mean * dice.gamma(4.0, 0.25, size=(90_000, 1 + DAYS)))
        for now, *before in hours[hours[:, 0] >= LEAST].tolist():
            false += burst(now, now, before) is not None
    assert false <= 360_000 * RATE * 5


def test_fewer_days_are_refused():
    with pytest.raises(ValueError, match="28 days"):
        burst(15, 15, [0] * 27)
