"""The tables of the knowledge, and what is true of it at one generation.

A document lives from the generation it was born in until the one it died in. A reindex adds rows and marks others dead,
and then makes the new number the live one, all in one transaction: whoever reads sees the old whole or the new whole,
and a page that did not change costs nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self
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
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.database import Base, UtcDateTime
from bot.retrieval.documents import Block, BlockKind, Document
from bot.retrieval.scope import Scope
from bot.retrieval.validity import SuccessionRow, WithdrawalRow

LIVE = "live"
PREVIOUS = "previous"
CANDIDATE = "candidate"
REFUSED = "refused"
ROLLED_BACK = "rolled back"
# Rows held at once while an index is read into memory.
READ_AT_ONCE = 2000
# Different scopes asked for in a row: a company has few combinations of audiences.
SCOPES = 256


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


class PassageRow(Base):
    __tablename__ = "knowledge_passages"

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[int] = mapped_column(ForeignKey("knowledge_documents.id", ondelete="CASCADE"), index=True)
    section: Mapped[int] = mapped_column(ForeignKey("knowledge_sections.id", ondelete="CASCADE"))
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
        stored = vector.astype("<f4").tobytes()
        return cls(key=key, vector=stored, checksum=checksum_of(key, stored))


def checksum_of(key: str, stored: bytes) -> int:
    """What tells that bytes changed, or belong to another key. 100,000 vectors take .1 s."""
    return crc32(stored, crc32(key.encode()))


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


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with the section it lies in, as it is quoted, and what its citation says.

    `first` and `last` are the blocks of the section that the passage touches. `replaced_on` is the day on which
    the page titled `replaced_by` takes over, None where none is known to the asker.
    """

    passage: int
    document: int
    section: int
    source: str
    title: str
    owner: str
    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    first: int
    last: int
    text: str
    effective: date | None
    verified: date | None
    review_by: date | None
    replaced_on: date | None = None
    replaced_by: str = ""


_LIVE = select(Generation).where(Generation.state == LIVE)


def live_generation(session: Session) -> Generation | None:
    return session.scalars(_LIVE).one_or_none()


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
        if not (_is_sound(key, words, words_sum) and _is_sound(key, vector, vector_sum)):
            damaged.append(passage)
            continue
        row, numbers = len(terms), np.frombuffer(vector, dtype="<f4")
        if not row:
            vectors = np.empty((len(passages), len(numbers)), dtype=np.float32)
        passages[row], documents[row], vectors[row] = passage, document, numbers
        terms.append(words)
    sound = len(terms)
    return Rows(passages[:sound], documents[:sound], vectors[:sound], terms, tuple(damaged))


def _is_sound(key: str, stored: object, checksum: int | None) -> bool:
    return isinstance(stored, bytes) and checksum_of(key, stored) == checksum


def audiences_at(session: Session, generation: int) -> dict[int, frozenset[str]]:
    """The living documents, and who may see each."""
    found: dict[int, set[str]] = {}
    for document, audience in session.execute(
        select(AudienceRow.document, AudienceRow.audience)
        .join(DocumentRow, AudienceRow.document == DocumentRow.id)
        .where(alive_at(generation))
    ):
        found.setdefault(document, set()).add(audience)
    return {document: frozenset(names) for document, names in found.items()}


def births_at(session: Session, generation: int) -> dict[int, int]:
    """The living documents, and the generation each was born in: both together never come again, an id alone may."""
    return dict(session.execute(select(DocumentRow.id, DocumentRow.born).where(alive_at(generation))).all())


def add_document(session: Session, document: Document, *, digest: str, language: str, born: int) -> list[int]:
    """Write a document's own rows and return the ids of its sections, in order. Passages follow by `add_passages`."""
    row = DocumentRow(
        source=document.source,
        digest=digest,
        title=document.title,
        owner=document.owner,
        language=language,
        effective=document.effective,
        verified=document.verified,
        review_by=document.review_by,
        supersedes=list(document.supersedes),
        born=born,
        died=None,
    )
    session.add(row)
    session.flush()
    session.add_all(AudienceRow(document=row.id, audience=audience) for audience in sorted(document.audiences))
    sections = [
        SectionRow(document=row.id, headings=list(section.headings), blocks=[asdict(block) for block in section.blocks])
        for section in document.sections
    ]
    session.add_all(sections)
    session.flush()
    return [section.id for section in sections]


def bury(session: Session, documents: Sequence[int], *, died: int) -> None:
    session.execute(update(DocumentRow).where(DocumentRow.id.in_(documents)).values(died=died))


def passages_of(session: Session, passages: Collection[int], *, scope: Scope) -> dict[int, FoundPassage]:
    """Passages by id, left out where they are outside the scope."""
    rows = session.execute(_passages_within(scope), {"passages": sorted(passages)}).mappings()
    return {
        row["passage"]: FoundPassage(
            **{**row, "headings": tuple(row["headings"]), "blocks": tuple(map(block_of, row["blocks"]))}
        )
        for row in rows
    }


@lru_cache(maxsize=SCOPES)
def _passages_within(scope: Scope) -> Select[Any]:
    """The columns are named for the fields of `FoundPassage`."""
    return (
        select(
            PassageRow.id.label("passage"),
            DocumentRow.id.label("document"),
            SectionRow.id.label("section"),
            DocumentRow.source,
            DocumentRow.title,
            DocumentRow.owner,
            SectionRow.headings,
            SectionRow.blocks,
            PassageRow.first_block.label("first"),
            PassageRow.last_block.label("last"),
            PassageRow.text,
            DocumentRow.effective,
            DocumentRow.verified,
            DocumentRow.review_by,
        )
        .join(SectionRow, PassageRow.section == SectionRow.id)
        .join(DocumentRow, PassageRow.document == DocumentRow.id)
        .where(PassageRow.id.in_(bindparam("passages", expanding=True)), within(scope))
    )


def block_of(fields: dict[str, Any]) -> Block:
    """A block as `add_document` stored it."""
    return Block(
        kind=BlockKind(fields["kind"]),
        lines=tuple(fields["lines"]),
        lead=fields["lead"],
        navigation=fields["navigation"],
    )


def sources_of(session: Session, documents: Iterable[int], *, scope: Scope) -> dict[int, str]:
    return dict(session.execute(_sources_within(scope), {"documents": sorted(documents)}).all())


@lru_cache(maxsize=SCOPES)
def _sources_within(scope: Scope) -> Select[int, str]:
    return select(DocumentRow.id, DocumentRow.source).where(
        DocumentRow.id.in_(bindparam("documents", expanding=True)), alive_at(scope.generation), within(scope)
    )


def is_readable(session: Session, source: str, *, scope: Scope) -> bool:
    found = select(DocumentRow.id).where(DocumentRow.source == source, alive_at(scope.generation), within(scope))
    return session.scalars(found.limit(1)).first() is not None
