"""Which complaints say what a touchpoint's symptoms say, corrected for texts that are near to everything."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Of each text, so many nearest of the other side say how near it is to anything: as in the source.
NEIGHBORS = 10

Vectors = NDArray[np.float32] | NDArray[np.float64]


def likeness(
    complaints: Vectors, symptoms: Vectors, touchpoints: Sequence[str]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """(touchpoints, scores of (complaints, touchpoints)): the best of the symptoms of each, -2 to 2.

    Rows are unit vectors; `touchpoints` says whose each symptom is. Cross-domain similarity local scaling,
    2 cos(x, y) - r(x) - r(y), r the mean cosine with the 10 nearest of the other side (A. Conneau and others, Word
    translation without parallel data, ICLR 2018); experience.md, finding 4. Give the symptoms of the whole map, and all
    complaints of the period: who is near to everything shows only among them. Raises ValueError without either.
    """
    if not len(complaints) or not len(symptoms):
        raise ValueError("Likeness needs at least one complaint and one symptom; ask first whether there are any.")
    cosines = np.asarray(complaints, dtype=np.float64) @ np.asarray(symptoms, dtype=np.float64).T
    scores = 2 * cosines - _near(cosines)[:, None] - _near(cosines.T)[None, :]
    ids = tuple(dict.fromkeys(touchpoints))
    own = np.array(touchpoints)
    return ids, np.stack([scores[:, own == id_].max(axis=1) for id_ in ids], axis=1)


def _near(cosines: NDArray[np.float64]) -> NDArray[np.float64]:
    count = min(NEIGHBORS, cosines.shape[1])
    return np.asarray(np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1), dtype=np.float64)
