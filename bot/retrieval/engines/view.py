"""What one scope shows of the segments in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.engines.segment import Segment
from bot.retrieval.scope import Scope

# Vectors that are copied while they are added up: these fit into the processor's cache.
_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class View:
    """A mask over the rows of each segment, and the sizes that BM25 compares with.

    `whole` says of each segment whether all of it is shown; `center` is the mean vector of all that is shown.
    """

    rows: tuple[NDArray[np.bool_], ...]
    whole: tuple[bool, ...]
    passages: int
    pages: int
    words: float
    center: NDArray[np.float32]

    @property
    def passage_words(self) -> float:
        return self.words / self.passages

    @property
    def page_words(self) -> float:
        return self.words / self.pages


def view_of(scope: Scope, segments: Sequence[Segment], audiences: Mapping[int, frozenset[str]]) -> View:
    """`audiences` holds the living documents, and who may see each."""
    seen = np.array(
        [key for key, names in audiences.items() if names & scope.audiences and key not in scope.hidden],
        dtype=np.int64,
    )
    pages = [np.isin(segment.pages, seen) for segment in segments]
    rows = [np.repeat(mask, segment.counts) for mask, segment in zip(pages, segments, strict=True)]
    passages = sum(int(mask.sum()) for mask in rows)
    together = list(zip(segments, rows, strict=True))
    center = sum((_sum(segment.index.vectors, mask) for segment, mask in together), 0.0)
    return View(
        rows=tuple(rows),
        whole=tuple(bool(mask.all()) for mask in pages),
        passages=passages,
        pages=sum(int(mask.sum()) for mask in pages),
        words=sum(float(segment.postings.lengths[mask].sum()) for segment, mask in together),
        center=np.asarray(center / max(1, passages), dtype=np.float32),
    )


def _sum(vectors: NDArray[np.float16], visible: NDArray[np.bool_]) -> NDArray[np.float64]:
    total = np.zeros(vectors.shape[1])
    for start in range(0, len(vectors), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        total += vectors[part][visible[part]].sum(axis=0, dtype=np.float32)
    return total
