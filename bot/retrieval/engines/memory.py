"""The search engine beside SQLite: one generation in memory, vectors in FAISS, words in an inverted index."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.retrieval import heap
from bot.retrieval.engines.base import Candidates, nothing
from bot.retrieval.engines.occurrences import Occurrences
from bot.retrieval.engines.segment import Segment
from bot.retrieval.engines.view import View, view_of
from bot.retrieval.rows import Rows, audiences_at, births_at, change_between, rows_of
from bot.retrieval.scope import Scope
from bot.retrieval.terms import key_of

_Number = TypeVar("_Number", bound=np.generic)

# Different scopes asked for in a row: a company has few combinations of audiences. What is withdrawn is part of a
# scope, so no mask outlives it.
SCOPES = 256
# Scores of which only the highest is compared at first: sorting all took 3 ms for 100,000 rows, this .1.
_STACKED = 64
# A reindex adds a segment of what is new; past so many, or so large a share of rows that are dead, all is loaded anew.
MOST_SEGMENTS = 8
MOST_DEAD = 0.25
# Documents read one by one; more are as fast read all at once.
MOST_ADDED = 500


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
        self._view = lru_cache(maxsize=SCOPES)(partial(view_of, segments=self._segments, audiences=audiences))

    @classmethod
    def load(cls, session: Session, generation: int) -> "MemoryEngine":
        """Everything from the database."""
        rows = rows_of(session, generation)
        audiences, births = audiences_at(session, generation), births_at(session, generation)
        segment, damaged = _segment(rows), rows.damaged
        del rows  # its words are in the segment, in another form
        heap.give_back()
        return cls(generation, [segment], audiences, births, damaged)

    def moved_to(self, session: Session, generation: int) -> "MemoryEngine":
        """The engine of another generation: only what was added since is read, where that is little."""
        audiences, births = self._living(session, generation)
        alive = np.fromiter(audiences, dtype=np.int64, count=len(audiences))
        living = sum(int(segment.counts[np.isin(segment.pages, alive)].sum()) for segment in self._segments)
        missing = audiences.keys() - {page for segment in self._segments for page in segment.pages.tolist()}
        worn = len(self._segments) >= MOST_SEGMENTS or living < (1 - MOST_DEAD) * len(self._passages)
        # SQLite gives the id of a row that was deleted to another one.
        another = any(self._births.get(key, born) != born for key, born in births.items())
        if worn or another or len(missing) > MOST_ADDED:
            return self.load(session, generation)
        added = rows_of(session, generation, documents=missing)
        segments = [*self._segments, *([_segment(added)] if len(added.passages) else [])]
        return MemoryEngine(generation, segments, audiences, {**self._births, **births}, added.damaged)

    def _living(self, session: Session, generation: int) -> tuple[dict[int, frozenset[str]], dict[int, int]]:
        """The documents that live at another generation; and the birth of at least those that are not alive in this."""
        change = change_between(session, self.generation, generation)
        if change is None:
            return audiences_at(session, generation), births_at(session, generation)
        audiences = {key: names for key, names in self._audiences.items() if key not in change.buried}
        return audiences | change.brought, dict.fromkeys(change.brought, generation)

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
        found = {term: Occurrences(key_of(term), self._segments, view) for term in terms}
        scores = self._scores(terms, found)
        rows = np.union1d(self._near(vector, view, k), _highest(scores, k))
        place = np.searchsorted(self._offsets, rows, side="right") - 1
        parts = [(segment, rows[place == at] - self._offsets[at]) for at, segment in enumerate(self._segments)]
        cosines = [segment.cosines(own, vector) for segment, own in parts]
        return Candidates(
            passages=self._passages[rows],
            documents=_joined([segment.documents[own] for segment, own in parts]),
            cosines=_joined([own for own, _ in cosines]),
            scores=scores[rows],
            page_cosines=_joined([pages for _, pages in cosines]),
            page_scores=_joined(_page_scores(terms, found, parts)),
            rarity={term: occurrences.rarity for term, occurrences in found.items()},
            affinity=float(view.center @ vector),
        )

    def _near(self, vector: NDArray[np.float32], view: View, k: int) -> NDArray[np.int64]:
        found = [
            segment.index.search(vector, k=k, visible=rows)
            for segment, rows in zip(self._segments, view.rows, strict=True)
        ]
        rows = _joined([own + offset for (own, _), offset in zip(found, self._offsets, strict=False)])
        cosines = _joined([cosines for _, cosines in found])
        return rows[np.lexsort((rows, -cosines))[:k]]

    def _scores(self, terms: Mapping[str, int], found: Mapping[str, Occurrences]) -> NDArray[np.float32]:
        """The BM25 of every row."""
        scores = np.zeros(len(self._passages), dtype=np.float32)
        for term, weight in terms.items():
            for at, offset in enumerate(self._offsets[:-1]):
                rows, gained = found[term].scores(at)
                own = scores[offset : self._offsets[at + 1]]
                own[rows] += weight * gained
        return scores


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


def _page_scores(
    terms: Mapping[str, int],
    found: Mapping[str, Occurrences],
    parts: Sequence[tuple[Segment, NDArray[np.int64]]],
) -> list[NDArray[np.float32]]:
    """The BM25 of the page of each of these rows of each segment."""
    pages = [np.unique(segment.page_of[own], return_inverse=True) for segment, own in parts]
    scores = [np.zeros(len(distinct), dtype=np.float32) for distinct, _ in pages]
    for term, weight in terms.items():
        rarity = found[term].page_rarity()
        for at, (distinct, _) in enumerate(pages):
            scores[at] += weight * found[term].page_scores(at, distinct, rarity=rarity)
    return [own[place] for own, (_, place) in zip(scores, pages, strict=True)]


def _joined(parts: Sequence[NDArray[_Number]]) -> NDArray[_Number]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
