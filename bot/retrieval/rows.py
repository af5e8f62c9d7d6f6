"""What a search needs of a generation, read from the tables and compared with its checksums."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from bot.retrieval.catalogue import (
    CANDIDATE,
    LIVE,
    PREVIOUS,
    AudienceRow,
    DocumentRow,
    Generation,
    PassageRow,
    VectorRow,
    alive_at,
    is_sound,
)

# Rows held at once while an index is read into memory.
READ_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Rows:
    """What a search needs of passages, row by row, those of one document in a row.

    `damaged` are passages that are left out, since their bytes are not those that were written.
    """

    passages: NDArray[np.int64]
    documents: NDArray[np.int64]
    vectors: NDArray[np.float32]
    terms: list[bytes]
    damaged: tuple[int, ...] = ()


def rows_of(session: Session, generation: int, *, documents: Collection[int] | None = None) -> Rows:
    """The passages of the documents that live at a generation; of these documents only where they are given."""
    added = alive_at(generation)
    if documents is not None:
        added = and_(added, DocumentRow.id.in_(documents))
    total = session.scalar(
        select(func.count(PassageRow.id)).join(DocumentRow, PassageRow.document == DocumentRow.id).where(added)
    )
    found = session.execute(
        select(
            PassageRow.id,
            PassageRow.document,
            PassageRow.vector,
            PassageRow.terms,
            PassageRow.checksum,
            VectorRow.vector,
            VectorRow.checksum,
        )
        .join(DocumentRow, PassageRow.document == DocumentRow.id)
        .outerjoin(VectorRow, PassageRow.vector == VectorRow.key)
        .where(added)
        .order_by(PassageRow.document, PassageRow.id)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    passages, documents = np.empty((2, total or 0), dtype=np.int64)
    vectors = np.empty((0, 1), dtype=np.float32)
    terms: list[bytes] = []
    damaged: list[int] = []
    for passage, document, key, words, words_sum, vector, vector_sum in found:
        if not (is_sound(key, words, words_sum) and is_sound(key, vector, vector_sum)):
            damaged.append(passage)
            continue
        row, numbers = len(terms), np.frombuffer(vector, dtype="<f4")
        if not row:
            vectors = np.empty((len(passages), len(numbers)), dtype=np.float32)
        passages[row], documents[row], vectors[row] = passage, document, numbers
        terms.append(words)
    sound = len(terms)
    return Rows(passages[:sound], documents[:sound], vectors[:sound], terms, tuple(damaged))


def audiences_at(session: Session, generation: int) -> dict[int, frozenset[str]]:
    """The living documents, and who may see each."""
    return _audiences(session, alive_at(generation))


def _audiences(session: Session, these: ColumnElement[bool]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for document, audience in session.execute(
        select(AudienceRow.document, AudienceRow.audience)
        .join(DocumentRow, AudienceRow.document == DocumentRow.id)
        .where(these)
    ):
        found.setdefault(document, set()).add(audience)
    return {document: frozenset(names) for document, names in found.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """What one reindex did: who may see each document that it brought, and the documents that it buried."""

    brought: dict[int, frozenset[str]]
    buried: frozenset[int]


def change_between(session: Session, before: int, after: int) -> Change | None:
    """How a generation became another; None where the second was not made from the first, by one reindex."""
    states = dict(
        session.execute(select(Generation.number, Generation.state).where(Generation.number.in_((before, after)))).all()
    )
    if (states.get(before), states.get(after)) not in {(LIVE, CANDIDATE), (PREVIOUS, LIVE)}:
        return None
    brought = _audiences(session, DocumentRow.born == after)
    return Change(brought, frozenset(session.scalars(select(DocumentRow.id).where(DocumentRow.died == after))))


def births_at(session: Session, generation: int) -> dict[int, int]:
    """The living documents, and the generation each was born in: both together never come again, an id alone may."""
    return dict(session.execute(select(DocumentRow.id, DocumentRow.born).where(alive_at(generation))).all())
