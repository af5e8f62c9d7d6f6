"""What a part of a text means where it stands: late chunking, after Günther et al. 2024 (arXiv:2409.04701).

The model has read the whole text by then: a block knows what the ones around it say, and costs no second run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as the model read it: its unit vector, and for each token its vector and its range of characters.

    Tokens that stand for no characters have an empty range.
    """

    text: NDArray[np.float32]
    vectors: NDArray[np.float32]
    ranges: NDArray[np.int64]


def of_parts(tokens: Tokens, parts: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
    """Unit vectors, one row a part: the mean over the tokens before the first part (the headings) and its own.

    A part without a token, as behind the end of what the model reads, means what the whole text means.
    """
    starts, ends = tokens.ranges.T
    filled = [start for start, end in parts if end > start]
    heads = (ends > starts) & (ends <= min(filled, default=0))
    rows = np.tile(tokens.text, (len(parts), 1))
    for row, (start, end) in enumerate(parts):
        own = (starts >= start) & (ends <= end) & (ends > starts)
        if own.any():
            mean = tokens.vectors[own | heads].mean(axis=0)
            rows[row] = mean / np.linalg.norm(mean)
    return rows


def is_mean(tokens: Tokens, *, agreement: float) -> bool:
    """Whether the vector of the text is the mean over its tokens, so that means over some of them are comparable."""
    if not len(tokens.vectors):
        return False
    mean = tokens.vectors.mean(axis=0)
    return float(mean @ tokens.text) >= agreement * float(np.linalg.norm(mean))
