"""Correlation from half a year on, its lag, and its level under chance."""

import numpy as np
import pytest
from bot.signals.lags import correlation

from signals.counted import REPORTED
from signals.periods import A_WEEK


def _autocorrelated(dice, weeks):
    noise = dice.normal(size=weeks + 30)
    series = np.zeros_like(noise)
    for week in range(1, len(series)):
        series[week] = 0.5 * series[week - 1] + noise[week]
    return series[30:]


def test_under_half_a_year_there_is_none():
    assert correlation(range(25), range(25)) is None
    assert correlation([3] * 30, range(30)) is None


def test_complaints_that_follow_one_week_later_are_found_at_that_lag():
    dice = np.random.default_rng(REPORTED[0])
    friction = _autocorrelated(dice, 53)
    complaints = np.concatenate([[0], friction[:-1]]) + 0.5 * dice.normal(size=53)
    found = correlation(friction[1:], complaints[1:])
    assert (found.lag, found.together, found.weeks) == (1, True, 52)
    told = found.signal("caredesk", ["cx.email.statement"], A_WEEK)
    assert told.sentence() == "caredesk appears together with cx.email.statement 1 week later"
    assert found == correlation(friction[1:], complaints[1:])


def test_what_goes_the_other_way_does_not_appear_together():
    dice = np.random.default_rng(REPORTED[1])
    friction = _autocorrelated(dice, 52)
    assert not correlation(friction, -friction + 0.3 * dice.normal(size=52)).together


def test_chance_alone_stays_at_its_level():
    alarms = 0
    for seed in range(REPORTED[0], REPORTED[0] + 100):
        dice = np.random.default_rng(seed)
        alarms += correlation(_autocorrelated(dice, 40), _autocorrelated(dice, 40)).together
    assert alarms <= 11  # of 100 at 5 percent: more than this once in 200 times


def test_series_of_different_length_are_refused():
    with pytest.raises(ValueError, match="give both the same weeks"):
        correlation(range(30), range(31))
