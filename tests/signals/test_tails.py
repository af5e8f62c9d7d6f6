"""Tails of counts, against sums of the probabilities themselves and against scipy's own tests."""

import numpy as np
import pytest
from bot.signals.tails import fisher, negative_binomial, rejected
from scipy import stats


@pytest.mark.parametrize(("mean", "variance"), [(2.0, 2.6), (8.0, 30.0), (0.3, 0.5)])
def test_the_tail_of_a_negative_binomial_is_the_sum_of_its_probabilities(mean, variance):
    p = mean / variance
    r = mean * p / (1 - p)
    counts = np.arange(30)
    expected = stats.nbinom.sf(counts - 1, r, p)
    found = negative_binomial(counts, np.array([mean]), np.array([variance]))
    assert found == pytest.approx(expected, rel=1e-9)


def test_without_scatter_it_is_a_poisson():
    counts = np.arange(25)
    found = negative_binomial(counts, np.array([8.0]), np.array([8.0]))
    assert found == pytest.approx(stats.poisson.sf(counts - 1, 8.0), rel=1e-2)


def test_a_share_is_tested_by_fisher():
    # The two themes of a week in which every complaint tripled (experience.md, finding 5): neither stands out by share.
    assert fisher(13, 528, 2 * 12, 146 * 12) == pytest.approx(
        stats.fisher_exact([[13, 528], [24, 146 * 12]], alternative="greater").pvalue
    )
    assert fisher(64, 477, 209, 1567) > 0.4
    assert fisher(0, 0, 0, 0) == 1.0


def test_of_many_cells_those_stand_out_that_benjamini_and_hochberg_name():
    p = np.array([0.041, 0.001, 0.039, 0.5, 0.008])
    assert rejected(p, rate=0.05).tolist() == [False, True, False, False, True]
    # 0.039 and 0.041 are within 3/5 and 4/5 of .055: the step up takes all below the last that is.
    assert rejected(p, rate=0.055).tolist() == [True, True, True, False, True]
    assert not rejected(np.array([]), rate=0.05).any()
