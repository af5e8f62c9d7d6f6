"""What every search engine promises."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.retrieval.scope import Scope


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages worth a look, row by row, in no order, and what the whole scope says of the question.

    `cosines` and `scores` (BM25) are those of the passage; `page_cosines` (with the page's mean vector) and
    `page_scores` those of its whole page. `rarity` holds the inverse document frequency of each term of the question
    among the passages of the scope; `affinity` is the mean cosine of the question with all of them.
    """

    passages: NDArray[np.int64]
    documents: NDArray[np.int64]
    cosines: NDArray[np.float32]
    scores: NDArray[np.float32]
    page_cosines: NDArray[np.float32]
    page_scores: NDArray[np.float32]
    rarity: Mapping[str, float]
    affinity: float


def nothing() -> Candidates:
    """What a scope without a page holds."""
    keys, numbers = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    return Candidates(keys, keys, numbers, numbers, numbers, numbers, rarity={}, affinity=0.0)


class Engine(Protocol):
    """Searches one generation. Counts inside the scope only: what the asker may not see leaves no trace in a score."""

    @property
    def generation(self) -> int: ...

    @property
    def damaged(self) -> tuple[int, ...]:
        """Passages that are left out, since their stored bytes are not those that were written."""
        ...

    def candidates(
        self, session: Session, terms: Mapping[str, int], vector: NDArray[np.float32], *, scope: Scope, k: int
    ) -> Candidates:
        """The union of the `k` passages nearest in meaning and the `k` of highest BM25, of those in the scope.

        Exact: what brute force over the scope returns. Only where an engine says so an index may find the nearest, and
        miss one in a hundred; the numbers of what is found are exact all the same.
        """
        ...

    def moved_to(self, session: Session, generation: int) -> "Engine":
        """The engine of another generation, sharing what did not change."""
        ...
