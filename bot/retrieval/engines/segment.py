"""The passages that one or several reindexes added, in memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.engines.faiss import FaissIndex
from bot.retrieval.engines.postings import Postings


class Segment:
    """Passages row by row, those of one document in a row. Built once and never changed.

    `pages` are the ids of the documents, `page_of` the place in it for each row, `counts` the rows of each page.
    """

    def __init__(
        self,
        *,
        passages: NDArray[np.int64],
        documents: NDArray[np.int64],
        vectors: NDArray[np.float32],
        terms: Sequence[bytes],
    ) -> None:
        self.passages = passages
        self.documents = documents
        self.index = FaissIndex(vectors)
        self.postings = Postings(terms)
        starts = np.flatnonzero(np.diff(documents, prepend=-1))
        self.pages = documents[starts]
        self.counts = np.diff(np.append(starts, len(documents)))
        self.page_of = np.repeat(np.arange(len(starts)), self.counts)
        self.page_lengths = _summed(self.postings.lengths, starts).astype(np.float32)
        means = _summed(self.index.vectors, starts)
        norms = np.linalg.norm(means, axis=1, keepdims=True)
        self.page_vectors = (means / np.where(norms > 0, norms, 1)).astype(np.float32)

    def __len__(self) -> int:
        return len(self.passages)


def _summed(values: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.add.reduceat(values, starts, axis=0) if len(starts) else values[:0]
