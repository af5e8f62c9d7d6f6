"""One generation in memory, and how a question is searched in it."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.retrieval import fusion, lexical
from bot.retrieval.catalogue import Snapshot
from bot.retrieval.confidence import Evidence, confidence
from bot.retrieval.documents import Hit, Question
from bot.retrieval.scope import Scope
from bot.retrieval.vectors.base import VectorIndex
from bot.retrieval.vectors.faiss import FaissIndex

# How deep each ranking goes before they are joined. The page with the answer was among the first 40 for nearly every
# question of seven sets; deeper only moves what min-max calls the worst.
CANDIDATES = 100
# Different scopes asked for in a row: a company has few combinations of audiences. What is withdrawn
# is part of a scope, so no mask outlives it.
MASKS = 256
EARLIER_WEIGHT = 0.5


class Searcher:
    """Searches one generation. Immutable: a new generation gets a new one, and searches under way end on the old."""

    def __init__(self, snapshot: Snapshot, *, bar: float, languages: Sequence[str]) -> None:
        self.generation = snapshot.generation
        self.bar = bar
        self.languages = tuple(languages)
        self._snapshot = snapshot
        self._index: VectorIndex = FaissIndex(snapshot.vectors)
        self._visible = lru_cache(maxsize=MASKS)(self._mask)
        self._centers = lru_cache(maxsize=MASKS)(self._center)

    def hits(self, session: Session, question: Question, vector: NDArray[np.float32], *, scope: Scope) -> list[Hit]:
        """Every candidate passage inside the scope, best first."""
        visible = self._visible(scope)
        if not visible.any():
            return []
        near, _ = self._index.search(vector, k=CANDIDATES, visible=visible)
        found = lexical.search(session, question, scope=scope, k=CANDIDATES)
        worded = np.searchsorted(self._snapshot.passages, np.array(sorted(found), dtype=np.int64))
        rows = np.union1d(near, worded).astype(np.int64)
        cosines = self._index.cosines(vector, rows)
        keys = self._snapshot.passages[rows]
        scores = np.array([found.get(int(key), 0.0) for key in keys], dtype=np.float32)
        fused = fusion.fuse(cosines, scores)
        order = np.lexsort((keys, -fused))
        return [
            Hit(
                passage=int(keys[at]),
                document=int(self._snapshot.documents[rows[at]]),
                score=float(fused[at]),
                cosine=float(cosines[at]),
                lexical=float(scores[at]),
            )
            for at in order
        ]

    def vectors(self, passages: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """The vectors of passages by id."""
        rows = np.searchsorted(self._snapshot.passages, np.array(passages, dtype=np.int64))
        return dict(zip(passages, self._snapshot.vectors[rows], strict=True))

    def confidence(
        self, question: Question, hits: Sequence[Hit], vector: NDArray[np.float32], *, scope: Scope
    ) -> float:
        """How likely it is that these hits answer the question, 0 to 1; 0 where there are none."""
        if not hits:
            return 0.0
        # With earlier turns the last one is searched twice over, which doubles its BM25.
        bm25 = max(hit.lexical for hit in hits) / (2 if question.history else 1)
        return confidence(
            Evidence(cosine=max(hit.cosine for hit in hits), affinity=float(self._centers(scope) @ vector), bm25=bm25)
        )

    def _center(self, scope: Scope) -> NDArray[np.float32]:
        """The mean of the passages inside the scope."""
        return np.asarray(self._snapshot.vectors[self._visible(scope)].mean(axis=0), dtype=np.float32)

    def _mask(self, scope: Scope) -> NDArray[np.bool_]:
        seen = [
            key
            for key, names in self._snapshot.audiences.items()
            if names & scope.audiences and key not in scope.hidden
        ]
        return np.isin(self._snapshot.documents, np.array(seen, dtype=np.int64))


def question_vector(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vector to search with: the last turn, moved towards the conversation where there is one.

    `vectors` holds the embedded last turn and, in a second row, the embedded conversation.
    """
    if len(vectors) == 1:
        return np.asarray(vectors[0], dtype=np.float32)
    moved = vectors[0] + EARLIER_WEIGHT * vectors[1]
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)
