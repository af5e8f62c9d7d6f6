"""The tables of the knowledge, and what is true of it at one generation.

A document lives from the generation it was born in until the one it died in. A reindex adds rows and marks others dead,
and then makes the new number the live one, all in one transaction: whoever reads sees the old whole or the new whole,
and a page that did not change costs nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    and_,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime
from bot.retrieval.documents import Block, BlockKind, Document

LIVE = "live"
PREVIOUS = "previous"


class Generation(Base):
    """One finished state of the whole knowledge. One is live; the one before it is kept for readers under way."""

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


class VectorRow(Base):
    """A vector by the hash of its model and its text, so that the same words are never embedded twice."""

    __tablename__ = "knowledge_vectors"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a search needs of one generation: passage ids with their vectors and audiences, row by row."""

    generation: int
    passages: NDArray[np.int64]
    documents: NDArray[np.int64]
    vectors: NDArray[np.float32]
    audiences: dict[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with the section it lies in, as it is quoted, and what its citation says.

    `first` and `last` are the blocks of the section that the passage touches.
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


def live_generation(session: Session) -> Generation | None:
    return session.scalars(select(Generation).where(Generation.state == LIVE)).one_or_none()


def alive_at(generation: int) -> ColumnElement[bool]:
    return and_(DocumentRow.born <= generation, or_(DocumentRow.died.is_(None), DocumentRow.died > generation))


def visible_to(audiences: Iterable[str]) -> ColumnElement[bool]:
    """Every query that shows something of a document carries this condition."""
    return exists().where(AudienceRow.document == DocumentRow.id, AudienceRow.audience.in_(sorted(audiences)))


def digests_at(session: Session, generation: int) -> dict[str, tuple[int, str]]:
    """Source -> (document id, digest) of every living document."""
    rows = session.execute(select(DocumentRow.source, DocumentRow.id, DocumentRow.digest).where(alive_at(generation)))
    return {source: (key, digest) for source, key, digest in rows}


def load_snapshot(session: Session, generation: int) -> Snapshot:
    rows = session.execute(
        select(PassageRow.id, PassageRow.document, VectorRow.vector)
        .join(DocumentRow, PassageRow.document == DocumentRow.id)
        .join(VectorRow, PassageRow.vector == VectorRow.key)
        .where(alive_at(generation))
        .order_by(PassageRow.id)
    ).all()
    audiences: dict[int, set[str]] = {}
    for document, audience in session.execute(
        select(AudienceRow.document, AudienceRow.audience)
        .join(DocumentRow, AudienceRow.document == DocumentRow.id)
        .where(alive_at(generation))
    ):
        audiences.setdefault(document, set()).add(audience)
    vectors = [np.frombuffer(vector, dtype="<f4") for _, _, vector in rows]
    return Snapshot(
        generation=generation,
        passages=np.array([key for key, _, _ in rows], dtype=np.int64),
        documents=np.array([document for _, document, _ in rows], dtype=np.int64),
        vectors=np.stack(vectors) if vectors else np.empty((0, 1), dtype=np.float32),
        audiences={document: frozenset(names) for document, names in audiences.items()},
    )


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


def passages_of(session: Session, passages: Sequence[int], *, audiences: frozenset[str]) -> dict[int, FoundPassage]:
    """Passages by id, left out where the asker may not see them."""
    rows = session.execute(
        select(PassageRow, SectionRow, DocumentRow)
        .join(SectionRow, PassageRow.section == SectionRow.id)
        .join(DocumentRow, PassageRow.document == DocumentRow.id)
        .where(PassageRow.id.in_(passages), visible_to(audiences))
    )
    return {
        passage.id: FoundPassage(
            passage=passage.id,
            document=document.id,
            section=section.id,
            source=document.source,
            title=document.title,
            owner=document.owner,
            headings=tuple(section.headings),
            blocks=tuple(block_of(block) for block in section.blocks),
            first=passage.first_block,
            last=passage.last_block,
            text=passage.text,
            effective=document.effective,
            verified=document.verified,
            review_by=document.review_by,
        )
        for passage, section, document in rows
    }


def block_of(fields: dict[str, Any]) -> Block:
    """A block as `add_document` stored it."""
    return Block(
        kind=BlockKind(fields["kind"]),
        lines=tuple(fields["lines"]),
        lead=fields["lead"],
        navigation=fields["navigation"],
    )


def sources_of(
    session: Session, documents: Iterable[int], *, audiences: frozenset[str], generation: int
) -> dict[int, str]:
    rows = session.execute(
        select(DocumentRow.id, DocumentRow.source).where(
            DocumentRow.id.in_(sorted(documents)), alive_at(generation), visible_to(audiences)
        )
    )
    return dict(rows.all())


def is_readable(session: Session, source: str, *, audiences: frozenset[str], generation: int) -> bool:
    found = select(DocumentRow.id).where(DocumentRow.source == source, alive_at(generation), visible_to(audiences))
    return session.scalars(found.limit(1)).first() is not None
