"""The search engine on PostgreSQL: nothing of the index is in this process, so a replica starts at once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pgvector import Vector
from sqlalchemy import CTE, REAL, Integer, cast, func, not_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from bot.retrieval import catalogue
from bot.retrieval.catalogue import DocumentRow
from bot.retrieval.engines import filling, statement
from bot.retrieval.engines.base import Candidates, nothing
from bot.retrieval.engines.server_tables import pages
from bot.retrieval.scope import Scope
from bot.retrieval.terms import key_of

# As many scopes as the engine in memory keeps.
SCOPES = 256


@dataclass(frozen=True, slots=True)
class _Totals:
    """What one scope holds together. `center` is the mean vector of its passages; `everything` those of all scopes."""

    passages: int
    pages: int
    words: int
    center: NDArray[np.float32]
    everything: int


class PostgresEngine:
    """Words and small scopes are searched exactly; in scopes past `filling.BREAK_EVEN` HNSW finds the nearest."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.damaged: tuple[int, ...] = ()  # the server looks after its own pages
        self._totals: dict[Scope, _Totals] = {}

    @classmethod
    def load(cls, session: Session, generation: int) -> "PostgresEngine":  # noqa: ARG003 - other engines read here
        return cls(generation)

    def moved_to(self, session: Session, generation: int) -> "PostgresEngine":
        return self.load(session, generation)

    def candidates(
        self, session: Session, terms: Mapping[str, int], vector: NDArray[np.float32], *, scope: Scope, k: int
    ) -> Candidates:
        totals = self._totals_of(session, scope)
        if not totals.passages:
            return nothing()
        many = totals.passages**2 >= filling.BREAK_EVEN * totals.everything
        if many:
            session.execute(statement.FAR_ENOUGH)
        search = statement.search(_permitted(scope), dimension=len(vector), by_index=many)
        rows = session.execute(
            search,
            {
                "lexemes": [filling.lexeme(key_of(term)) for term in terms],
                "weights": [float(weight) for weight in terms.values()],
                "vector": Vector(np.asarray(vector, dtype=np.float32)).to_text(),
                "passages": totals.passages,
                "pages": totals.pages,
                "passage_words": max(1.0, totals.words / totals.passages),
                "page_words": max(1.0, totals.words / totals.pages),
                "k": k,
            },
        ).all()
        passages, documents, *numbers, rarity = zip(*rows, strict=True)
        cosines, scores, page_cosines, page_scores = (np.array(each, dtype=np.float32) for each in numbers)
        return Candidates(
            passages=np.array(passages, dtype=np.int64),
            documents=np.array(documents, dtype=np.int64),
            cosines=cosines,
            scores=scores,
            page_cosines=page_cosines,
            page_scores=page_scores,
            rarity=dict(zip(terms, rarity[0] or (), strict=True)),
            affinity=float(totals.center @ vector),
        )

    def _totals_of(self, session: Session, scope: Scope) -> _Totals:
        known = self._totals.get(scope)
        if known is None:
            known = _totalled(session, scope)
            kept = self._totals if len(self._totals) < SCOPES else {}
            self._totals = {**kept, scope: known}  # replaced, not changed: other threads read it
        return known


def _permitted(scope: Scope) -> CTE:
    """The documents of a scope, found once for each search and before anything is scored."""
    hidden = cast(sorted(scope.hidden), ARRAY(Integer))
    return (
        select(DocumentRow.id)
        .where(
            catalogue.alive_at(scope.generation),
            catalogue.visible_to(scope.audiences),
            not_(DocumentRow.id == func.any(hidden)),
        )
        .cte("permitted")
        .prefix_with("MATERIALIZED")
    )


def _totalled(session: Session, scope: Scope) -> _Totals:
    permitted = _permitted(scope)
    mean = cast(func.avg(pages.c.meaning), ARRAY(REAL))
    passages, count, length, middle = session.execute(
        select(func.sum(pages.c.passages), func.count(), func.sum(pages.c.length), mean).join(
            permitted, permitted.c.id == pages.c.document
        )
    ).one()
    if not count:
        return _Totals(0, 0, 0, np.empty(0, dtype=np.float32), 0)
    center = np.asarray(np.array(middle) * (count / passages), dtype=np.float32)
    everything = session.scalar(
        select(func.sum(pages.c.passages))
        .join(DocumentRow, DocumentRow.id == pages.c.document)
        .where(catalogue.alive_at(scope.generation))
    )
    return _Totals(passages=passages, pages=count, words=length, center=center, everything=everything or 0)
