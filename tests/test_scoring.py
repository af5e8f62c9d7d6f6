"""The measures of a ranking, against values worked out by hand and against brute force."""

from itertools import product

import numpy as np
import pytest
from bot.retrieval.scoring import auroc, bar_that_keeps, ndcg, percentile, recall, reciprocal_rank
from hypothesis import given
from hypothesis import strategies as st

SCORES = st.lists(st.integers(0, 6).map(float), min_size=1, max_size=30)


def test_ndcg_discounts_by_the_logarithm_of_the_place() -> None:
    # Gained 1 / log2(2) + 2 / log2(4) = 2; at best 2 / log2(2) + 1 / log2(3) = 2.63093.
    assert ndcg(["a", "b", "c"], {"a": 1, "c": 2}, 3) == pytest.approx(2 / 2.6309297535714573)
    assert ndcg(["a", "b", "c"], {"a": 1, "c": 2}, 2) == pytest.approx(1 / 2.6309297535714573)
    assert ndcg(["c", "a"], {"a": 1, "c": 2}, 10) == 1.0
    assert ndcg(["x"], {"a": 1}, 10) == 0.0
    assert ndcg(["x"], {}, 10) == 0.0


def test_ndcg_counts_relevant_documents_that_were_never_found() -> None:
    # 1 / log2(3) of 1 + 1 / log2(3) + 1 / log2(4) = 0.63093 / 2.13093.
    assert ndcg(["x", "a"], {"a": 1, "b": 1, "c": 1}, 10) == pytest.approx(0.29608, abs=1e-5)


def test_the_ideal_is_cut_at_the_same_depth() -> None:
    assert ndcg(["a"], {"a": 1, "b": 1, "c": 1}, 1) == 1.0


def test_recall_is_the_share_of_the_relevant_that_was_found() -> None:
    assert recall(["a", "x", "b"], {"a", "b", "c", "d"}, 3) == 0.5
    assert recall(["a", "x", "b"], {"a", "b", "c", "d"}, 2) == 0.25
    assert recall(["a"], set(), 5) == 0.0


def test_reciprocal_rank_looks_at_the_first_relevant_only() -> None:
    assert reciprocal_rank(["x", "y", "a", "b"], {"a", "b"}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x", "y", "a"], {"a"}, 2) == 0.0


def test_auroc_counts_ties_half() -> None:
    # Of the four pairs .8>.5, .8>.2 and .5>.2 are won and .5=.5 is a tie: 3.5 of 4.
    assert auroc([0.8, 0.5], [0.5, 0.2]) == 0.875
    assert auroc([1.0], [0.0]) == 1.0
    assert auroc([0.0], [1.0]) == 0.0
    assert auroc([], [1.0]) is None
    assert auroc([1.0], []) is None


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_that_are_in_order(positives: list[float], negatives: list[float]) -> None:
    pairs = [(high > low) + (high == low) / 2 for high, low in product(positives, negatives)]
    assert auroc(positives, negatives) == pytest.approx(sum(pairs) / len(pairs))


@given(SCORES, st.floats(0, 1))
def test_percentile_is_numpys(values: list[float], share: float) -> None:
    assert percentile(values, share) == pytest.approx(float(np.quantile(values, share)))


def test_percentile_of_nothing_is_zero() -> None:
    assert percentile([], 0.95) == 0.0


@given(SCORES, st.sampled_from([0.5, 0.75, 0.9, 0.95, 1.0]))
def test_the_bar_is_the_highest_that_keeps_the_share(confidences: list[float], share: float) -> None:
    keeps = [bar for bar in confidences if sum(score >= bar for score in confidences) >= share * len(confidences)]
    assert bar_that_keeps(share, confidences) == max(keeps)


def test_without_questions_there_is_no_bar() -> None:
    assert bar_that_keeps(0.95, []) == 0.0
