"""BM25 after Robertson and Zaragoza (2009), with Lucene's inverse document frequency, which is never negative."""

import math

import numpy as np
from numpy.typing import NDArray

# .9 and .4, as some recommend, did worse on long pages.
K1 = 1.2
B = 0.75


def rarity(holding: int, total: int) -> float:
    """The inverse document frequency of a word that `holding` of `total` texts hold."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def gain(counts: NDArray[np.float32], lengths: NDArray[np.float32], *, average: float) -> NDArray[np.float32]:
    """What a word adds to each text that holds it `counts` times, before it is weighed by its rarity."""
    worth = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths / average))
    return np.asarray(worth, dtype=np.float32)
