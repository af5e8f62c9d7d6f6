"""What became different in the knowledge: which pages came or were edited, and in which sections, by generation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Index, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime
from bot.retrieval import catalogue
from bot.retrieval.catalogue import DocumentRow, SectionRow
from bot.retrieval.scope import Scope

# Longer than any leave after which somebody asks what changed.
KEPT_GENERATIONS = 200
# A whole folder that was replaced is said as pages; looking for the sections of all of them would hold up the writers.
MOST_LOOKED_INTO = 500


class ChangeRow(Base):
    """A page that a generation brought. `sections` are the headings of what is new in it, [] for a page that is new."""

    __tablename__ = "knowledge_changes"
    __table_args__ = (Index("ix_knowledge_changes_at", "at"),)

    generation: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sections: Mapped[list[str]] = mapped_column(JSON)
    is_new: Mapped[bool]


@dataclass(frozen=True, slots=True)
class Change:
    """A page that came or was edited; of several edits all sections, with the time of the last."""

    source: str
    title: str
    owner: str
    at: datetime
    is_new: bool
    sections: tuple[str, ...]


def record(session: Session, generation: int, *, at: datetime) -> None:
    """Write down what a generation brings that the one before it did not say."""
    born = session.execute(select(DocumentRow.id, DocumentRow.source).where(DocumentRow.born == generation)).all()
    died = {
        source: key
        for key, source in session.execute(
            select(DocumentRow.id, DocumentRow.source).where(DocumentRow.died == generation)
        )
    }
    looked_into = len(born) <= MOST_LOOKED_INTO
    for key, source in born:
        sections: list[str] = []
        if source in died and looked_into:
            sections = _new_sections(session, key, died[source])
            if not sections:  # only its front matter, or how it is cut
                continue
        session.add(
            ChangeRow(generation=generation, source=source, at=at, sections=sections, is_new=source not in died)
        )
    session.execute(delete(ChangeRow).where(ChangeRow.generation <= generation - KEPT_GENERATIONS))


def forget(session: Session, generation: int) -> None:
    """It was left: what it brought is not there any more."""
    session.execute(delete(ChangeRow).where(ChangeRow.generation == generation))


def since(session: Session, moment: datetime, *, scope: Scope) -> list[Change]:
    """The pages of the scope that changed after a moment, the last first."""
    rows = session.execute(
        select(ChangeRow, DocumentRow.title, DocumentRow.owner)
        .join(DocumentRow, DocumentRow.source == ChangeRow.source)
        .where(
            ChangeRow.at > moment,
            catalogue.alive_at(scope.generation),
            catalogue.within(scope),
            DocumentRow.id.not_in(scope.hidden),
        )
        .order_by(ChangeRow.at.desc(), ChangeRow.source)
    )
    found: dict[str, Change] = {}
    for row, title, owner in rows:
        last = found.get(row.source)
        found[row.source] = Change(
            row.source,
            title,
            owner,
            at=last.at if last else row.at,
            is_new=row.is_new or (last is not None and last.is_new),
            sections=tuple(dict.fromkeys((*row.sections, *(last.sections if last else ())))),
        )
    return list(found.values())


def new_in(session: Session, *, after: int, page: str = "") -> dict[str, frozenset[str] | None]:
    """Page -> the headings of what is new in it, of all generations since one; of one page, or of all.

    None stands for a page that is new itself.
    """
    rows = select(ChangeRow).where(ChangeRow.generation > after)
    found = session.scalars(rows.where(ChangeRow.source == page) if page else rows)
    new: dict[str, frozenset[str] | None] = {}
    for row in found:
        before = new.get(row.source, frozenset())
        new[row.source] = None if row.is_new or before is None else before | set(row.sections)
    return new


def _new_sections(session: Session, document: int, before: int) -> list[str]:
    """The last headings of the sections whose words, or place, are not in the document that was there before."""
    known = set(_said(session, before))
    return list(
        dict.fromkeys(
            headings[-1] if headings else ""
            for headings, said in _said(session, document)
            if (headings, said) not in known
        )
    )


def _said(session: Session, document: int) -> Iterable[tuple[tuple[str, ...], str]]:
    rows = session.execute(
        select(SectionRow.headings, SectionRow.blocks).where(SectionRow.document == document).order_by(SectionRow.id)
    )
    return [(tuple(headings), _words(blocks)) for headings, blocks in rows]


def _words(blocks: list[dict[str, object]]) -> str:
    return "\n".join(f"{block.get('lead', '')}\n{block.get('lines', '')}" for block in blocks)
