"""The search engine beside SQLite: one generation in memory, vectors in FAISS, words in an inverted index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.retrieval import bm25
from bot.retrieval.engines.base import Candidates, nothing
from bot.retrieval.engines.segment import Segment
from bot.retrieval.rows import Rows, audiences_at, births_at, rows_of
from bot.retrieval.scope import Scope
from bot.retrieval.terms import key_of

_Number = TypeVar("_Number", bound=np.generic)

# Different scopes asked for in a row: a company has few combinations of audiences. What is withdrawn is part of a
# scope, so no mask outlives it.
SCOPES = 256
# Scores of which only the highest is compared at first: sorting all took 3 ms for 100,000 rows, this .1.
_STACKED = 64
# Vectors that are copied while they are added up.
_ADDED_AT_ONCE = 4096
# A reindex adds a segment of what is new; past so many, or so large a share of rows that are dead, all is loaded anew.
MOST_SEGMENTS = 8
MOST_DEAD = 0.25
# Documents read one by one; more are as fast read all at once.
MOST_ADDED = 500


@dataclass(frozen=True, slots=True)
class _View:
    """What one scope shows: a mask over the rows of each segment, and the sizes that BM25 compares with."""

    rows: tuple[NDArray[np.bool_], ...]
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


class MemoryEngine:
    """Immutable: a new generation gets a new one, which shares what did not change, and searches end on the old."""

    def __init__(
        self,
        generation: int,
        segments: Sequence[Segment],
        audiences: Mapping[int, frozenset[str]],
        births: Mapping[int, int],
        damaged: Sequence[int] = (),
    ) -> None:
        """`audiences` holds the living documents, `births` all of the segments (`births_at`).

        `damaged` are passages that were left out, since their stored bytes changed (`Rows`).
        """
        self.generation = generation
        self._segments = tuple(segments)
        self._audiences = audiences
        self._births = births
        self.damaged = tuple(damaged)
        self._offsets = np.concatenate([[0], np.cumsum([len(segment) for segment in segments])]).astype(np.int64)
        self._passages = _joined([segment.passages for segment in segments])
        self._order = np.argsort(self._passages, kind="stable")
        self._view = lru_cache(maxsize=SCOPES)(self._viewed)

    @classmethod
    def load(cls, session: Session, generation: int) -> "MemoryEngine":
        """Everything from the database."""
        rows = rows_of(session, generation)
        audiences, births = audiences_at(session, generation), births_at(session, generation)
        return cls(generation, [_segment(rows)], audiences, births, rows.damaged)

    def moved_to(self, session: Session, generation: int) -> "MemoryEngine":
        """The engine of another generation: only what was added since is read, where that is little."""
        audiences = audiences_at(session, generation)
        living = sum(int(np.isin(segment.documents, list(audiences)).sum()) for segment in self._segments)
        missing = audiences.keys() - {int(page) for segment in self._segments for page in segment.pages}
        worn = len(self._segments) >= MOST_SEGMENTS or living < (1 - MOST_DEAD) * len(self._passages)
        births = births_at(session, generation)
        # SQLite gives the id of a row that was deleted to another one.
        another = any(self._births.get(key, born) != born for key, born in births.items())
        if worn or another or len(missing) > MOST_ADDED:
            return self.load(session, generation)
        added = rows_of(session, generation, documents=missing)
        segments = [*self._segments, *([_segment(added)] if len(added.passages) else [])]
        return MemoryEngine(generation, segments, audiences, {**self._births, **births}, added.damaged)

    def candidates(
        self,
        session: Session,  # noqa: ARG002 - other engines ask it
        terms: Mapping[str, int],
        vector: NDArray[np.float32],
        *,
        scope: Scope,
        k: int,
    ) -> Candidates:
        view = self._view(scope)
        if not view.passages:
            return nothing()
        rarity, scores, page_scores = self._worded(terms, view)
        worded = _highest(scores, k)
        rows = np.union1d(self._near(vector, view, k), worded)
        place = np.searchsorted(self._offsets, rows, side="right") - 1
        parts = [(segment, rows[place == at] - self._offsets[at]) for at, segment in enumerate(self._segments)]
        cosines = [segment.cosines(own, vector) for segment, own in parts]
        return Candidates(
            passages=self._passages[rows],
            documents=_joined([segment.documents[own] for segment, own in parts]),
            cosines=_joined([own for own, _ in cosines]),
            scores=scores[rows],
            page_cosines=_joined([pages for _, pages in cosines]),
            page_scores=_joined(
                [found[segment.page_of[own]] for (segment, own), found in zip(parts, page_scores, strict=True)]
            ),
            rarity=rarity,
            affinity=float(view.center @ vector),
        )

    def vectors(self, session: Session, passages: Sequence[int]) -> dict[int, NDArray[np.float32]]:  # noqa: ARG002 - as above
        places = self._order[np.searchsorted(self._passages[self._order], np.array(passages, dtype=np.int64))]
        found = {}
        for passage, row in zip(passages, places, strict=True):
            at = int(np.searchsorted(self._offsets, row, side="right")) - 1
            found[passage] = self._segments[at].index.vectors[row - self._offsets[at]].copy()
        return found

    def _near(self, vector: NDArray[np.float32], view: _View, k: int) -> NDArray[np.int64]:
        found = [
            segment.index.search(vector, k=k, visible=rows)
            for segment, rows in zip(self._segments, view.rows, strict=True)
        ]
        rows = _joined([own + offset for (own, _), offset in zip(found, self._offsets, strict=False)])
        cosines = _joined([cosines for _, cosines in found])
        return rows[np.lexsort((rows, -cosines))[:k]]

    def _worded(
        self, terms: Mapping[str, int], view: _View
    ) -> tuple[dict[str, float], NDArray[np.float32], list[NDArray[np.float32]]]:
        """The rarity of each term, the BM25 of every row, and that of every page, segment by segment."""
        rarity: dict[str, float] = {}
        scores = np.zeros(len(self._passages), dtype=np.float32)
        page_scores = [np.zeros(len(segment.pages), dtype=np.float32) for segment in self._segments]
        for term, weight in terms.items():
            found = [
                _visible(segment, rows, key_of(term)) for segment, rows in zip(self._segments, view.rows, strict=True)
            ]
            rarity[term] = bm25.rarity(sum(len(rows) for rows, _ in found), view.passages)
            by_page = [
                _by_page(segment, rows, counts) for segment, (rows, counts) in zip(self._segments, found, strict=True)
            ]
            page_rarity = bm25.rarity(sum(len(pages) for pages, _ in by_page), view.pages)
            for at, segment in enumerate(self._segments):
                rows, counts = found[at]
                lengths = segment.postings.lengths[rows]
                scores[rows + self._offsets[at]] += (
                    weight * rarity[term] * bm25.gain(counts, lengths, average=view.passage_words)
                )
                pages, page_counts = by_page[at]
                page_scores[at][pages] += (
                    weight * page_rarity * bm25.gain(page_counts, segment.page_lengths[pages], average=view.page_words)
                )
        return rarity, scores, page_scores

    def _viewed(self, scope: Scope) -> _View:
        seen = np.array(
            [key for key, names in self._audiences.items() if names & scope.audiences and key not in scope.hidden],
            dtype=np.int64,
        )
        pages = [np.isin(segment.pages, seen) for segment in self._segments]
        rows = [np.repeat(mask, segment.counts) for mask, segment in zip(pages, self._segments, strict=True)]
        passages = sum(int(mask.sum()) for mask in rows)
        together = zip(self._segments, rows, strict=True)
        center = sum((_added(segment.index.vectors, np.flatnonzero(mask)) for segment, mask in together), 0.0)
        return _View(
            rows=tuple(rows),
            passages=passages,
            pages=sum(int(mask.sum()) for mask in pages),
            words=sum(
                float(segment.postings.lengths[mask].sum()) for segment, mask in zip(self._segments, rows, strict=True)
            ),
            center=np.asarray(center / max(1, passages), dtype=np.float32),
        )


def _segment(rows: Rows) -> Segment:
    return Segment(passages=rows.passages, documents=rows.documents, vectors=rows.vectors, terms=rows.terms)


def _highest(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The rows of the `k` highest scores above 0; of equal ones the first."""
    # As many stacks as k have a highest score of at least this, so the k-th of all is not lower.
    columns = len(scores) // _STACKED
    tops = scores[: columns * _STACKED].reshape(_STACKED, columns).max(axis=0) if columns >= k else scores[:0]
    least = np.partition(tops, -k)[-k] if len(tops) else np.float32(0)
    rows = np.flatnonzero(scores >= least) if least > 0 else np.flatnonzero(scores)
    return rows if len(rows) <= k else rows[np.lexsort((rows, -scores[rows]))[:k]]


def _visible(segment: Segment, visible: NDArray[np.bool_], key: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    rows, counts = segment.postings.of(key)
    seen = visible[rows]
    return rows[seen], counts[seen].astype(np.float32)


def _added(vectors: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The sum of some vectors, without a copy of them all."""
    sums = [
        vectors[rows[start : start + _ADDED_AT_ONCE]].sum(axis=0, dtype=np.float64)
        for start in range(0, len(rows), _ADDED_AT_ONCE)
    ]
    return np.sum(sums, axis=0) if sums else np.zeros(vectors.shape[1])


def _by_page(
    segment: Segment, rows: NDArray[np.int32], counts: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The same counts summed over each page; its rows stand in a row."""
    pages = segment.page_of[rows]
    starts = np.flatnonzero(np.diff(pages, prepend=-1))
    return pages[starts], np.add.reduceat(counts, starts) if len(starts) else counts


def _joined(parts: Sequence[NDArray[_Number]]) -> NDArray[_Number]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
