"""Rows of which it is known how alike each two are, put together: average linkage, then each where it fits best."""

import numpy as np
from numpy.typing import NDArray

# Two are nearer than their words say where the same others are near to both. Chosen on the made-up reports that are not
# held out; stronger it serves small themes only (on themes of 40 questions of banking77 other bars would be best).
SHARED, NEAR, NEAREST = 0.3, 0.55, 4
FEW = 10
ROUNDS = 5
FEWEST = 2


def clusters(rows: NDArray[np.float32], *, alike: float) -> NDArray[np.int64]:
    """A number for each row; rows of one number are on average as alike as that."""
    return numbered(in_company(rows @ rows.T), alike)


def numbered(
    likeness: NDArray[np.float32], alike: float, *, fixed: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Rows that are `fixed` stay with those they were put together with first."""
    if len(likeness) < FEWEST:
        return np.zeros(len(likeness), dtype=np.int64)
    # Imported here: it takes a second, and themes are made once a night.
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415

    distance = np.maximum(1.0 - likeness, 0.0)
    np.fill_diagonal(distance, 0.0)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1.0 - alike
    )
    numbers = np.asarray(clustering.fit_predict(distance), dtype=np.int64)
    return _settled(likeness, numbers, alike, fixed=np.zeros(len(numbers), dtype=bool) if fixed is None else fixed)


def in_company(likeness: NDArray[np.float32], sizes: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """Together with how many of their near ones two have in common. `sizes`: how many tickets each row stands for."""
    many = np.ones(len(likeness), dtype=np.float32) if sizes is None else sizes
    near = likeness >= NEAR
    # Among few tickets the nearest are all there are.
    nearest = min(NEAREST, len(likeness) // FEW)
    if nearest:
        closest = np.argpartition(-likeness, nearest, axis=1)[:, : nearest + 1]
        # Who stands for several has its nearest ones in itself.
        theirs = np.take_along_axis(near, closest, axis=1) | (many == 1)[:, None]
        np.put_along_axis(near, closest, theirs, axis=1)
    np.fill_diagonal(near, val=True)
    held = near.astype(np.float32)
    both, counts = (held * many) @ held.T, held @ many
    return np.asarray((1 - SHARED) * likeness + SHARED * both / (counts[:, None] + counts[None] - both))


def _settled(
    likeness: NDArray[np.float32], numbers: NDArray[np.int64], alike: float, *, fixed: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Each moves to the group it is most like on average: what was joined early may fit elsewhere better by now."""
    others = likeness.copy()
    np.fill_diagonal(others, 0.0)
    for _ in range(ROUNDS):
        now = np.unique(numbers, return_inverse=True)[1]
        member = np.eye(int(now.max()) + 1, dtype=np.float32)[now]
        counts = member.sum(axis=0)[None] - member  # of the others, so that nobody speaks for themselves
        means = np.where(counts > 0, (others @ member) / np.maximum(counts, 1), alike)
        best = np.where(fixed, now, means.argmax(axis=1))
        if np.array_equal(best, now):
            break
        numbers = best
    return numbers
