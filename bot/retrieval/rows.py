"""What a search needs of a generation, read from the tables and compared with its checksums."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Executable, and_, select
from sqlalchemy.orm import Session

from bot.retrieval.catalogue import (
    CANDIDATE,
    LIVE,
    PREVIOUS,
    STORED_VECTOR,
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
# All of them, also those that only older generations need: one after the other they are read in a fourth of the time
# that looking each up takes.
_VECTORS = select(VectorRow.key, VectorRow.vector, VectorRow.checksum)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a search needs of passages, row by row, those of one document in a row.

    `damaged` are passages that are left out, since their bytes are not those that were written.
    """

    passages: NDArray[np.int64]
    documents: NDArray[np.int64]
    vectors: NDArray[np.float16]
    terms: list[bytes]
    damaged: tuple[int, ...] = ()


def rows_of(session: Session, generation: int, *, documents: Collection[int] | None = None) -> Rows:
    """The passages of the documents that live at a generation; of these documents only where they are given."""
    added = alive_at(generation)
    if documents is not None:
        added = and_(added, DocumentRow.id.in_(documents))
    found: list[tuple[int, int]] = []
    keys: list[str] = []
    terms: list[bytes] = []
    damaged: list[int] = []
    for part in _read(session, _passages_where(added)):
        sound = [row for row in part if is_sound(row[2], row[3], row[4])]
        if len(sound) < len(part):
            damaged += {row[0] for row in part} - {row[0] for row in sound}
        found += [(row[0], row[1]) for row in sound]
        keys += [row[2] for row in sound]
        terms += [row[3] for row in sound]
    passages, owners = np.array(found, dtype=np.int64).reshape(-1, 2).T.copy()
    vectors, whole = _vectors(session, keys, _VECTORS if documents is None else _vectors_where(added))
    if not whole.all():
        damaged += passages[~whole].tolist()
        passages, owners, vectors = passages[whole], owners[whole], vectors[whole]
        terms = [words for words, is_whole in zip(terms, whole, strict=True) if is_whole]
    return Rows(passages, owners, vectors, terms, tuple(sorted(damaged)))


def _vectors_where(added: ColumnElement[bool]) -> Executable:
    needed = select(PassageRow.vector).join(DocumentRow, PassageRow.document == DocumentRow.id).where(added)
    return _VECTORS.where(VectorRow.key.in_(needed))


def _passages_where(added: ColumnElement[bool]) -> Executable:
    return (
        select(PassageRow.id, PassageRow.document, PassageRow.vector, PassageRow.terms, PassageRow.checksum)
        .join(DocumentRow, PassageRow.document == DocumentRow.id)
        .where(added)
        .order_by(PassageRow.document, PassageRow.id)
    )


def _vectors(
    session: Session, keys: Sequence[str], stored: Executable
) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
    """The vector of each key, put once where it stays, and whether it is there as it was written."""
    places: dict[str, int] = {}
    firsts = np.array([places.setdefault(key, row) for row, key in enumerate(keys)], dtype=np.int64)
    vectors = np.empty((0, 1), dtype=STORED_VECTOR)
    whole = np.zeros(len(keys), dtype=np.bool_)
    for part in _read(session, stored):
        sound = {
            places[key]: vector for key, vector, checksum in part if key in places and is_sound(key, vector, checksum)
        }
        if not sound:
            continue
        numbers = np.frombuffer(b"".join(sound.values()), dtype=STORED_VECTOR).reshape(len(sound), -1)
        if not len(vectors):
            vectors = np.empty((len(keys), numbers.shape[1]), dtype=STORED_VECTOR)
        rows = list(sound)
        vectors[rows] = numbers
        whole[rows] = True
    if not len(vectors):
        vectors = np.empty((len(keys), 1), dtype=STORED_VECTOR)
    again = np.flatnonzero(firsts != np.arange(len(keys)))
    vectors[again] = vectors[firsts[again]]
    return vectors, whole[firsts]


def _read(session: Session, statement: Executable) -> Iterator[Sequence[Sequence[Any]]]:
    """Some rows at a time; by the connection, since a session takes half as long again."""
    return session.connection().execute(statement.execution_options(yield_per=READ_AT_ONCE)).partitions()


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
    same: dict[frozenset[str], frozenset[str]] = {}  # a company has few combinations, and a set takes 200 bytes
    return {document: same.setdefault(names := frozenset(each), names) for document, each in found.items()}


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
