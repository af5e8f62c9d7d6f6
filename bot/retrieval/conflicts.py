"""Pages that disagree: the table, and who may be told of what.

A conflict is tied to both of its documents, so it dies with either page. `certain` ones are reported to the owners; the
others wait for a question that both sides answer, and count from the day they were shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ForeignKey, Select, String, Text, bindparam, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.database import Base, UtcDateTime
from bot.retrieval import catalogue
from bot.retrieval.catalogue import DocumentRow
from bot.retrieval.scope import Scope


class ConflictRow(Base):
    """Two blocks of two documents. A side is a passage, and the place of the block in the passage's section."""

    __tablename__ = "knowledge_conflicts"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_document: Mapped[int] = mapped_column(ForeignKey("knowledge_documents.id", ondelete="CASCADE"), index=True)
    first_passage: Mapped[int] = mapped_column(ForeignKey("knowledge_passages.id", ondelete="CASCADE"), index=True)
    first_block: Mapped[int]
    first_sentence: Mapped[str] = mapped_column(Text)
    first_says: Mapped[str] = mapped_column(Text)
    second_document: Mapped[int] = mapped_column(ForeignKey("knowledge_documents.id", ondelete="CASCADE"), index=True)
    second_passage: Mapped[int] = mapped_column(ForeignKey("knowledge_passages.id", ondelete="CASCADE"), index=True)
    second_block: Mapped[int]
    second_sentence: Mapped[str] = mapped_column(Text)
    second_says: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    certain: Mapped[bool]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown: Mapped[int] = mapped_column(default=0)
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ComparedRow(Base):
    """A document that was compared with all others; without a row it is compared at the next reindex."""

    __tablename__ = "knowledge_compared"

    document: Mapped[int] = mapped_column(ForeignKey("knowledge_documents.id", ondelete="CASCADE"), primary_key=True)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two pages of a conflict: what it says in a few words, and the sentence that says it."""

    source: str
    title: str
    owner: str
    sentence: str
    says: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two pages that disagree, for their owners. `shown` counts the answers that had to show both."""

    number: int
    kind: str
    first: Side
    second: Side
    found_at: datetime
    shown: int
    shown_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict as an answer needs it: two blocks, each a passage and a place in its section, and what each says."""

    number: int
    passages: tuple[int, int]
    blocks: tuple[int, int]
    says: tuple[str, str]
    certain: bool


_OF_DOCUMENTS = or_(
    ConflictRow.first_document.in_(bindparam("documents", expanding=True)),
    ConflictRow.second_document.in_(bindparam("documents", expanding=True)),
)
# Asked with every question, and for nearly every one there is nothing.
_ANY = select(ConflictRow.id).where(_OF_DOCUMENTS).limit(1)


def clashes(session: Session, documents: Iterable[int], *, scope: Scope) -> list[Clash]:
    """The conflicts in which one of these documents is a side, if both pages are inside the scope."""
    found = sorted(set(documents))
    if session.execute(_ANY, {"documents": found}).first() is None:
        return []
    rows = session.scalars(_clashes_within(scope), {"documents": found})
    return [
        Clash(
            number=row.id,
            passages=(row.first_passage, row.second_passage),
            blocks=(row.first_block, row.second_block),
            says=(row.first_says, row.second_says),
            certain=row.certain,
        )
        for row in rows
    ]


@lru_cache(maxsize=catalogue.SCOPES)
def _clashes_within(scope: Scope) -> Select[ConflictRow]:
    # Asked of the few documents that are sides, one by one; as a list of all that the asker may see it took .1 s at
    # 17,000 documents.
    seen = _standing(scope.generation).where(catalogue.within(scope))
    return (
        select(ConflictRow)
        .where(
            _OF_DOCUMENTS,
            seen.where(DocumentRow.id == ConflictRow.first_document).correlate(ConflictRow).exists(),
            seen.where(DocumentRow.id == ConflictRow.second_document).correlate(ConflictRow).exists(),
        )
        .order_by(ConflictRow.certain.desc(), ConflictRow.id)
    )


def live(session: Session, *, generation: int, owner: str = "", only: Sequence[int] | None = None) -> list[Conflict]:
    """The conflicts that owners should settle, the oldest first: certain ones, and those that an answer had to show.

    `owner` is the key of a team, "" for all; `only` keeps to these numbers.
    """
    first, second = aliased(DocumentRow), aliased(DocumentRow)
    standing = _standing(generation)
    asked = (
        select(ConflictRow, first, second)
        .join(first, first.id == ConflictRow.first_document)
        .join(second, second.id == ConflictRow.second_document)
        .where(first.id.in_(standing), second.id.in_(standing), or_(ConflictRow.certain, ConflictRow.shown > 0))
        .order_by(ConflictRow.id)
    )
    if owner:
        asked = asked.where(or_(first.owner == owner, second.owner == owner))
    if only is not None:
        asked = asked.where(ConflictRow.id.in_(only))
    return [
        Conflict(
            number=row.id,
            kind=row.kind,
            first=Side(one.source, one.title, one.owner, row.first_sentence, row.first_says),
            second=Side(other.source, other.title, other.owner, row.second_sentence, row.second_says),
            found_at=row.found_at,
            shown=row.shown,
            shown_at=row.shown_at,
        )
        for row, one, other in session.execute(asked)
    ]


def mark_shown(session: Session, number: int, *, now: datetime) -> None:
    """Count an answer that showed both sides; does nothing where a reindex has settled the conflict meanwhile."""
    session.execute(
        update(ConflictRow).where(ConflictRow.id == number).values(shown=ConflictRow.shown + 1, shown_at=now)
    )


def _standing(generation: int) -> Select[int]:
    """The documents that still say something: what ends a page's word ends its conflicts here."""
    return select(DocumentRow.id).where(
        catalogue.alive_at(generation), DocumentRow.source.not_in(catalogue.withdrawn())
    )
