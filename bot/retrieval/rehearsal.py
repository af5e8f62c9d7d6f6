"""The same questions asked of two databases with the same pages, before one takes the place of the other."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.retrieval import catalogue
from bot.retrieval.catalogue import AudienceRow, DocumentRow, Generation, PassageRow, VectorRow
from bot.retrieval.documents import Question
from bot.retrieval.engines import choice
from bot.retrieval.scope import Scope
from bot.retrieval.searching import Searcher

ASKED = 50
COMPARED = 10
# Two engines round differently in the seventh figure.
ALIKE = 1e-3


def answered_otherwise(one: Session, other: Session) -> list[str]:
    """The questions for which the ten best pages differ, or their scores.

    Asked are the questions of the folder's questions.csv, else titles. No model is needed: what a question means is
    taken from the page that answers it.
    """
    live = catalogue.live_generation(one)
    if live is None:
        return []
    everybody = frozenset(one.scalars(select(AudienceRow.audience).distinct()))
    scope = Scope(everybody, generation=live.number)
    here, there = (Searcher(choice.load(session, live.number), bar=0.0, languages=()) for session in (one, other))
    differing = []
    for words, vector in _spread(list(_questions(one, live))):
        question = Question(words)
        best = _best(here, one, question, vector, scope)
        also = _best(there, other, question, vector, scope)
        if any(abs(score - also.get(page, 0.0)) > ALIKE for page, score in list(best.items())[:COMPARED]):
            differing.append(words)
    return differing


def _questions(session: Session, live: Generation) -> Iterator[tuple[str, NDArray[np.float32]]]:
    first = select(func.min(PassageRow.id)).group_by(PassageRow.document)
    pages = session.execute(
        select(DocumentRow.source, DocumentRow.title, VectorRow.vector)
        .join(PassageRow, PassageRow.document == DocumentRow.id)
        .join(VectorRow, VectorRow.key == PassageRow.vector)
        .where(catalogue.alive_at(live.number), PassageRow.id.in_(first))
        .order_by(DocumentRow.id)
    ).all()
    meant = {
        source: np.frombuffer(vector, dtype=catalogue.STORED_VECTOR).astype(np.float32) for source, _, vector in pages
    }
    golden = [(words, meant[page]) for words, page in _golden(Path(live.folder) / "questions.csv") if page in meant]
    yield from golden or [(title, meant[source]) for source, title, _ in pages]


def _golden(file: Path) -> Iterator[tuple[str, str]]:
    if not file.is_file():
        return
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        for row in csv.DictReader(stream):
            yield row.get("question") or "", row.get("page") or ""


def _spread(
    questions: Sequence[tuple[str, NDArray[np.float32]]],
) -> Sequence[tuple[str, NDArray[np.float32]]]:
    return questions[:: max(1, len(questions) // ASKED)][:ASKED]


def _best(
    searcher: Searcher, session: Session, question: Question, vector: NDArray[np.float32], scope: Scope
) -> dict[int, float]:
    """The pages, best first, with the score of the best passage of each."""
    best: dict[int, float] = {}
    for hit in searcher.search(session, question, vector, scope=scope).hits:
        best.setdefault(hit.document, hit.score)
    return best
