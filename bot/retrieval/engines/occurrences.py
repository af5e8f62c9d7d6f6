"""Where one word of a question occurs inside a scope, and what BM25 makes of it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.retrieval import bm25
from bot.retrieval.engines.segment import Segment
from bot.retrieval.engines.view import View


class Occurrences:
    """The rows of each segment that hold a word, and how often; only those that the view shows.

    `rarity` is the word's inverse document frequency among the passages in view.
    """

    def __init__(self, key: int, segments: Sequence[Segment], view: View) -> None:
        self._segments = segments
        self._view = view
        self._places = [_shown(segment, view, at, key) for at, segment in enumerate(segments)]
        self.rarity = bm25.rarity(sum(len(rows) for rows, _ in self._places), view.passages)

    def scores(self, at: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows of a segment that hold the word, ascending, and what it adds to each."""
        rows, counts = self._places[at]
        lengths = self._segments[at].postings.lengths[rows]
        gain = bm25.gain(counts.astype(np.float32), lengths, average=self._view.passage_words)
        return rows, np.float32(self.rarity) * gain

    def page_scores(self, at: int, pages: NDArray[np.int32], *, rarity: float) -> NDArray[np.float32]:
        """What the word adds to some pages of a segment that the view shows, given its rarity among pages."""
        segment, (rows, counts) = self._segments[at], self._places[at]
        total = np.concatenate([[0], np.cumsum(counts, dtype=np.int32)])
        starts = segment.starts[pages]
        own = total[np.searchsorted(rows, starts + segment.counts[pages])] - total[np.searchsorted(rows, starts)]
        gain = bm25.gain(own.astype(np.float32), segment.page_lengths[pages], average=self._view.page_words)
        return np.float32(rarity) * gain

    def page_rarity(self) -> float:
        """The inverse document frequency among the pages in view."""
        holding = 0
        for segment, (rows, _) in zip(self._segments, self._places, strict=True):
            pages = segment.page_of[rows]  # ascending, as the rows are
            holding += min(1, len(pages)) + int(np.count_nonzero(pages[1:] != pages[:-1]))
        return bm25.rarity(holding, self._view.pages)


def _shown(segment: Segment, view: View, at: int, key: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    rows, counts = segment.postings.of(key)
    if view.whole[at]:
        return rows, counts
    seen = view.rows[at][rows]
    return rows[seen], counts[seen]
