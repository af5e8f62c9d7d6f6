"""Four rankings -> one: what a passage means and says, and what its page means and says."""

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.engines.base import Candidates

# Chosen by the mean nDCG@10 over five sets; with any one set left out of the choice it does as well there within .015
# (docs/decisions.md). The page counts because two passages that say the same are told apart by what stands around them.
MEANING = 0.3
WORDS = 0.4
PAGE_MEANING = 0.2
PAGE_WORDS = 0.4


def fuse(found: Candidates) -> NDArray[np.float32]:
    """One score a candidate, 0 to 1: each ranking is spread from its worst candidate to its best for this question.

    Reciprocal ranks (k = 60) lost .01 to .02 nDCG@10 on six of seven sets against this.
    """
    summed = (
        MEANING * _spread(found.cosines)
        + WORDS * _spread(found.scores)
        + PAGE_MEANING * _spread(found.page_cosines)
        + PAGE_WORDS * _spread(found.page_scores)
    )
    return np.asarray(summed / (MEANING + WORDS + PAGE_MEANING + PAGE_WORDS), dtype=np.float32)


def _spread(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
