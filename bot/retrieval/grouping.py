"""Questions that ask for the same, put together by meaning."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Two groups become one while their members are this alike on average. Chosen on half of the intents of Banking77;
# tests/test_grouping.py has the figures on the other half.
ALIKE = 0.55


def groups(vectors: NDArray[np.float32], *, alike: float = ALIKE) -> list[list[int]]:
    """The rows of unit vectors that belong together, largest group first, rows in their order.

    Average linkage: the mean cosine between the members of two groups, so that one odd question joins no two subjects.
    By chains of nearest neighbors (Benzecri 1982), which need the square of the number of rows, not its cube.
    """
    merged = _merged(vectors, alike)
    found: dict[int, list[int]] = {}
    for row, group in enumerate(merged):
        found.setdefault(group, []).append(row)
    return sorted(found.values(), key=lambda rows: (-len(rows), rows[0]))


def most_central(vectors: NDArray[np.float32], rows: Sequence[int]) -> int:
    """The row nearest to the middle of its group; of equals the first."""
    own = vectors[list(rows)]
    return rows[int(np.argmax(own @ own.mean(axis=0)))]


def _merged(vectors: NDArray[np.float32], alike: float) -> list[int]:
    """For each row the row that stands for its group."""
    count = len(vectors)
    belongs = list(range(count))
    if count == 0:
        return belongs
    likeness = (vectors @ vectors.T).astype(np.float32)
    np.fill_diagonal(likeness, -np.inf)
    sizes = np.ones(count)
    chain: list[int] = []
    left = set(belongs)
    while left:
        if not chain:
            chain.append(min(left))
        here = chain[-1]
        near = int(np.argmax(likeness[here]))
        before = chain[-2] if len(chain) > 1 else -1
        if before >= 0 and likeness[here, before] >= likeness[here, near]:
            near = before  # of equals the one before, or the chain would never end
        if likeness[here, near] < alike:
            # Whatever is nearest is too far, and merging others brings nothing nearer.
            left.discard(here)
            likeness[here], likeness[:, here] = -np.inf, -np.inf
            chain.pop()
        elif near == before:
            chain = chain[:-2]
            _join(likeness, sizes, into=near, gone=here)
            left.discard(here)
            belongs = [near if group == here else group for group in belongs]
        else:
            chain.append(near)
    return belongs


def _join(likeness: NDArray[np.float32], sizes: NDArray[np.float64], *, into: int, gone: int) -> None:
    """One group of two: its likeness to every other is the mean over all pairs."""
    mean = (sizes[into] * likeness[into] + sizes[gone] * likeness[gone]) / (sizes[into] + sizes[gone])
    likeness[into], likeness[:, into] = mean, mean
    likeness[into, into] = -np.inf
    likeness[gone], likeness[:, gone] = -np.inf, -np.inf
    sizes[into] += sizes[gone]
