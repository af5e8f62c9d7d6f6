"""The passages that one or several reindexes added, in memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.engines.faiss import FaissIndex
from bot.retrieval.engines.postings import Postings

# Pages whose vectors are added up at once.
_PAGES = 1024


class Segment:
    """Passages row by row, those of one document in a row. Built once and never changed.

    `pages` are the ids of the documents, `page_of` the place in it for each row; `starts` is the first row of each
    page and `counts` how many it has.
    """

    def __init__(
        self,
        *,
        passages: NDArray[np.int64],
        documents: NDArray[np.int64],
        vectors: NDArray[np.float16],
        terms: Sequence[bytes],
    ) -> None:
        self.passages = passages
        self.documents = documents
        self.postings = Postings(terms)
        self.index = FaissIndex(vectors)
        self.starts = np.flatnonzero(np.diff(documents, prepend=-1))
        self.pages = documents[self.starts]
        self.counts = np.diff(np.append(self.starts, len(documents)))
        self.page_of = np.repeat(np.arange(len(self.pages), dtype=np.int32), self.counts)
        self.page_lengths = _summed(self.postings.lengths, self.starts).astype(np.float32)
        self._page_norms = _norms(vectors, self.starts)

    def __len__(self) -> int:
        return len(self.passages)

    def cosines(
        self, rows: NDArray[np.int64], question: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The cosines of a question with some rows, and with the mean vector of the page of each."""
        pages, place = np.unique(self.page_of[rows], return_inverse=True)
        counts = self.counts[pages]
        starts = np.cumsum(counts) - counts
        # All rows of these pages: their mean vectors would be another fifth of the memory.
        cosines = self.index.cosines(np.repeat(self.starts[pages] - starts, counts) + np.arange(counts.sum()), question)
        page_cosines = _summed(cosines, starts) / self._page_norms[pages]
        return cosines[starts[place] + rows - self.starts[pages[place]]], page_cosines[place]


def _norms(vectors: NDArray[np.float16], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """The lengths of the sums of the vectors of each page; 1 where they add up to nothing."""
    norms = np.ones(len(starts), dtype=np.float32)
    ends = np.append(starts[1:], len(vectors))
    for first in range(0, len(starts), _PAGES):
        own = starts[first : first + _PAGES]
        some = vectors[own[0] : ends[first : first + _PAGES][-1]].astype(np.float32)
        found = np.linalg.norm(_summed(some, own - own[0]), axis=1)
        norms[first : first + _PAGES] = np.where(found > 0, found, 1)
    return norms


def _summed(values: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.add.reduceat(values, starts, axis=0) if len(starts) else values[:0]
