"""Four rankings become one, each spread over 0 to 1 for this question."""

import numpy as np
import pytest
from bot.retrieval.engines.base import Candidates
from bot.retrieval.fusion import fuse


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def found(*, cosines: np.ndarray, scores: np.ndarray, page_cosines: np.ndarray, page_scores: np.ndarray) -> Candidates:
    keys = np.arange(len(cosines))
    return Candidates(keys, keys, cosines, scores, page_cosines, page_scores, rarity={}, affinity=0.0)


def test_each_ranking_is_spread_from_its_worst_to_its_best_and_weighed() -> None:
    fused = fuse(
        found(
            cosines=floats(0.2, 0.4, 0.6),  # spread to 0 .5 1
            scores=floats(4, 0, 1),  # 1 0 .25
            page_cosines=floats(0.5, 0.1, 0.5),  # 1 0 1
            page_scores=floats(2, 8, 5),  # 0 1 .5
        )
    )
    summed = [0.4 + 0.2, 0.3 * 0.5 + 0.4, 0.3 + 0.4 * 0.25 + 0.2 + 0.4 * 0.5]
    assert fused.tolist() == pytest.approx([each / 1.3 for each in summed])


def test_a_ranking_that_says_nothing_changes_no_order() -> None:
    nothing = floats(0, 0, 0)
    fused = fuse(found(cosines=floats(0.2, 0.6, 0.4), scores=nothing, page_cosines=nothing, page_scores=nothing))
    assert fused.tolist() == pytest.approx([0, 0.3 / 1.3, 0.15 / 1.3])


def test_one_candidate_and_none() -> None:
    one, none = floats(0.3), floats()
    assert fuse(found(cosines=one, scores=one, page_cosines=one, page_scores=one)).tolist() == [0]
    assert fuse(found(cosines=none, scores=none, page_cosines=none, page_scores=none)).tolist() == []
