"""Two rankings become one, each spread over 0 to 1 for this question."""

import numpy as np
import pytest
from bot.retrieval.fusion import fuse


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_each_side_is_spread_from_its_worst_to_its_best_and_counts_half() -> None:
    # Cosines .2 .4 .6 spread to 0 .5 1, BM25 4 0 1 to 1 0 .25.
    assert fuse(floats(0.2, 0.4, 0.6), floats(4, 0, 1)).tolist() == pytest.approx([0.5, 0.25, 0.625])


def test_a_side_that_says_nothing_changes_no_order() -> None:
    assert fuse(floats(0.2, 0.6, 0.4), floats(0, 0, 0)).tolist() == pytest.approx([0, 0.5, 0.25])
    assert fuse(floats(0.3, 0.3), floats(1, 2)).tolist() == pytest.approx([0, 0.5])


def test_one_candidate_and_none() -> None:
    assert fuse(floats(0.3), floats(1)).tolist() == [0]
    assert fuse(floats(), floats()).tolist() == []
