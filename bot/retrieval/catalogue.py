"""The tables of the knowledge, and what is true of it at one generation.

A document lives from the generation it was born in until the one it died in. A reindex adds rows and marks others dead,
and then makes the new number the live one, all in one transaction: whoever reads sees the old whole or the new whole,
and a page that did not change costs nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    Text,
    and_,
    bindparam,
    exists,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.database import Base, UtcDateTime
from bot.retrieval.scope import Scope
from bot.retrieval.validity import SuccessionRow, WithdrawalRow

LIVE = "live"
PREVIOUS = "previous"
CANDIDATE = "candidate"
REFUSED = "refused"
ROLLED_BACK = "rolled back"
# States whose documents were taken out again.
UNDONE = (REFUSED, ROLLED_BACK)
# Half the disk and memory of 32 bits; a cosine changes in its fifth digit.
STORED_VECTOR = np.dtype("<f2")
# Different scopes asked for in a row: a company has few combinations of audiences.
SCOPES = 256
# Keys that one statement names; SQLite takes 32,766 at most.
NAMED_AT_ONCE = 1000

_Key = TypeVar("_Key", int, str)


class Generation(Base):
    """One state of the whole knowledge. One is live; the one before it is kept to go back to. See `publishing`."""

    __tablename__ = "knowledge_generations"

    number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(Text)
    folder: Mapped[str] = mapped_column(Text)
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)
    documents: Mapped[int]
    passages: Mapped[int]
    bar: Mapped[float]
    languages: Mapped[list[str]] = mapped_column(JSON)
    # A digest over all its pages and golden questions: equal ones make equal generations.
    pages: Mapped[str] = mapped_column(String(64))


class DocumentRow(Base):
    __tablename__ = "knowledge_documents"
    __table_args__ = (Index("ix_knowledge_documents_life", "born", "died"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, index=True)
    digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    effective: Mapped[date | None]
    verified: Mapped[date | None]
    review_by: Mapped[date | None]
    supersedes: Mapped[list[str]] = mapped_column(JSON)
    born: Mapped[int]
    died: Mapped[int | None]


class AudienceRow(Base):
    """Who may see a document; a document always has at least one."""

    __tablename__ = "knowledge_audiences"

    document: Mapped[int] = mapped_column(ForeignKey("knowledge_documents.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(255), primary_key=True)


class SectionRow(Base):
    __tablename__ = "knowledge_sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[int] = mapped_column(ForeignKey("knowledge_documents.id", ondelete="CASCADE"), index=True)
    headings: Mapped[list[str]] = mapped_column(JSON)
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # `conditions.as_stored`: for which customers it holds.
    conditions: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")


class PassageRow(Base):
    __tablename__ = "knowledge_passages"

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[int] = mapped_column(ForeignKey("knowledge_documents.id", ondelete="CASCADE"), index=True)
    section: Mapped[int] = mapped_column(ForeignKey("knowledge_sections.id", ondelete="CASCADE"), index=True)
    first_block: Mapped[int]
    last_block: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    vector: Mapped[str] = mapped_column(String(64), index=True)
    # `terms.packed`: what the words of the passage are found by.
    terms: Mapped[bytes] = mapped_column(LargeBinary)
    checksum: Mapped[int] = mapped_column(BigInteger)

    def remember_terms(self, packed: bytes) -> None:
        self.terms, self.checksum = packed, checksum_of(self.vector, packed)


class VectorRow(Base):
    """A vector by the hash of its model and its text, so that the same words are never embedded twice."""

    __tablename__ = "knowledge_vectors"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    checksum: Mapped[int] = mapped_column(BigInteger)

    @classmethod
    def of(cls, key: str, vector: NDArray[np.float32]) -> Self:
        stored = vector.astype(STORED_VECTOR).tobytes()
        return cls(key=key, vector=stored, checksum=checksum_of(key, stored))


def checksum_of(key: str, stored: bytes) -> int:
    """What tells that bytes changed, or belong to another key. 100,000 vectors take .1 s."""
    return crc32(stored, crc32(key.encode()))


def is_sound(key: str, stored: object, checksum: int | None) -> bool:
    return isinstance(stored, bytes) and checksum_of(key, stored) == checksum


_LIVE = select(Generation).where(Generation.state == LIVE)


def live_generation(session: Session) -> Generation | None:
    return session.scalars(_LIVE).one_or_none()


def slices(keys: Iterable[_Key]) -> Iterator[list[_Key]]:
    """The keys in order, as many at a time as one statement may name."""
    ordered = sorted(keys)
    return (ordered[start : start + NAMED_AT_ONCE] for start in range(0, len(ordered), NAMED_AT_ONCE))


def alive_at(generation: int) -> ColumnElement[bool]:
    return and_(DocumentRow.born <= generation, or_(DocumentRow.died.is_(None), DocumentRow.died > generation))


def visible_to(audiences: Iterable[str]) -> ColumnElement[bool]:
    """Every query that shows something of a document carries this condition."""
    return exists().where(AudienceRow.document == DocumentRow.id, AudienceRow.audience.in_(sorted(audiences)))


def withdrawn() -> Select[str]:
    """The paths of the pages that are withdrawn now."""
    return select(WithdrawalRow.source).where(WithdrawalRow.restored_at.is_(None))


def in_force(audiences: Iterable[str], *, generation: int, day: date) -> ColumnElement[bool]:
    """A document that is effective on a day, and that no page these audiences may see has superseded by then.

    For whoever may not see the new page the old one is still the rule they work by. That the new page was withdrawn
    does not make the old rule the rule again.
    """
    newer = aliased(DocumentRow)
    superseded = (
        exists()
        .where(
            SuccessionRow.generation == generation,
            SuccessionRow.replaced == DocumentRow.id,
            newer.id == SuccessionRow.successor,
            or_(newer.effective.is_(None), newer.effective <= day),
            AudienceRow.document == newer.id,
            AudienceRow.audience.in_(sorted(audiences)),
        )
        .correlate(DocumentRow)
    )
    return and_(or_(DocumentRow.effective.is_(None), DocumentRow.effective <= day), not_(superseded))


# Putting a condition together takes longer than asking the database with it.
@lru_cache(maxsize=SCOPES)
def within(scope: Scope) -> ColumnElement[bool]:
    """A document that the asker may see and that counts on the day: the condition of every query that shows one."""
    shown = and_(visible_to(scope.audiences), DocumentRow.source.not_in(withdrawn()))
    if scope.day is None:
        return shown
    return and_(shown, in_force(scope.audiences, generation=scope.generation, day=scope.day))


def out_of_force(session: Session, audiences: frozenset[str], *, generation: int, day: date) -> frozenset[int]:
    """The living documents that dates rule out for these audiences."""
    condition = not_(in_force(audiences, generation=generation, day=day))
    return frozenset(session.scalars(select(DocumentRow.id).where(alive_at(generation), condition)))


def outside(session: Session, folders: Iterable[str], *, generation: int) -> frozenset[int]:
    """The living documents that lie in none of these folders; "" is the top, without the folders in it."""
    named = [
        not_(DocumentRow.source.contains("/"))
        if folder == ""
        else DocumentRow.source.startswith(f"{folder}/", autoescape=True)
        for folder in sorted(folders)
    ]
    return frozenset(session.scalars(select(DocumentRow.id).where(alive_at(generation), not_(or_(*named)))))


def folders_at(session: Session, generation: int) -> list[str]:
    """The first folder of every living document, each once; "" where there are pages in none."""
    sources = session.scalars(select(DocumentRow.source).where(alive_at(generation)))
    return sorted({source.partition("/")[0] if "/" in source else "" for source in sources})


_WITHDRAWN = select(DocumentRow.id).where(DocumentRow.source.in_(withdrawn()))


def withdrawn_documents(session: Session) -> frozenset[int]:
    return frozenset(session.scalars(_WITHDRAWN))


def digests_at(session: Session, generation: int) -> dict[str, tuple[int, str]]:
    """Source -> (document id, digest) of every living document."""
    rows = session.execute(select(DocumentRow.source, DocumentRow.id, DocumentRow.digest).where(alive_at(generation)))
    return {source: (key, digest) for source, key, digest in rows}


def titles_at(session: Session, generation: int) -> dict[str, str]:
    """Source -> title of every living document."""
    return dict(session.execute(select(DocumentRow.source, DocumentRow.title).where(alive_at(generation))).all())


def bury(session: Session, documents: Sequence[int], *, died: int) -> None:
    for some in slices(documents):
        session.execute(update(DocumentRow).where(DocumentRow.id.in_(some)).values(died=died))


def sources_of(session: Session, documents: Iterable[int], *, scope: Scope) -> dict[int, str]:
    return dict(session.execute(_sources_within(scope), {"documents": sorted(documents)}).all())


@lru_cache(maxsize=SCOPES)
def _sources_within(scope: Scope) -> Select[int, str]:
    return select(DocumentRow.id, DocumentRow.source).where(
        DocumentRow.id.in_(bindparam("documents", expanding=True)), alive_at(scope.generation), within(scope)
    )


def titles_within(session: Session, sources: Iterable[str], *, scope: Scope) -> dict[str, str]:
    """Source -> title, of those of these pages that the scope shows."""
    shown = and_(DocumentRow.source.in_(sorted(sources)), alive_at(scope.generation), within(scope))
    return dict(session.execute(select(DocumentRow.source, DocumentRow.title).where(shown)).all())


def is_readable(session: Session, source: str, *, scope: Scope) -> bool:
    found = select(DocumentRow.id).where(DocumentRow.source == source, alive_at(scope.generation), within(scope))
    return session.scalars(found.limit(1)).first() is not None
