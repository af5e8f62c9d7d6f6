"""Pages as people read them: whole, in the order in which they were written, for whoever may."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session

from bot.conditions import from_stored
from bot.retrieval import catalogue, standing
from bot.retrieval.catalogue import AudienceRow, DocumentRow, SectionRow
from bot.retrieval.documents import Section
from bot.retrieval.passages import block_of
from bot.retrieval.scope import Scope


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: what their audiences may see, and the pages of their teams; with `every_page` whatever there is.

    Whoever keeps the knowledge reads every page of it, also what is withdrawn or not in force.
    """

    audiences: frozenset[str]
    teams: AbstractSet[str] = frozenset()
    every_page: bool = False


@dataclass(frozen=True, slots=True)
class LivePage:
    """A page of the live generation and how it stands. `audiences` are those it is meant for."""

    source: str
    title: str
    owner: str
    audiences: tuple[str, ...]
    effective: date | None
    verified: date | None
    review_by: date | None
    overdue: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class PageText:
    page: LivePage
    sections: tuple[Section, ...]


def pages(session: Session, *, reader: Reader, scope: Scope) -> list[LivePage]:
    """The living pages that somebody may read on the day of the scope, by path."""
    rows = session.scalars(_readable(reader, scope).order_by(DocumentRow.source)).all()
    return _standing(session, rows, scope)


def sources(session: Session, *, scope: Scope) -> frozenset[str]:
    """The paths of the pages that the scope shows."""
    shown = select(DocumentRow.source).where(catalogue.alive_at(scope.generation), catalogue.within(scope))
    return frozenset(session.scalars(shown))


def page(session: Session, source: str, *, reader: Reader, scope: Scope) -> PageText | None:
    """The text of one page; None where there is none, or none for them."""
    rows = session.scalars(_readable(reader, scope).where(DocumentRow.source == source)).all()
    if not rows:
        return None
    (found,) = _standing(session, rows, scope)
    sections = select(SectionRow).where(SectionRow.document == rows[0].id).order_by(SectionRow.id)
    return PageText(
        found,
        tuple(
            Section(tuple(row.headings), tuple(map(block_of, row.blocks)), from_stored(row.conditions))
            for row in session.scalars(sections)
        ),
    )


def _readable(reader: Reader, scope: Scope) -> Select[DocumentRow]:
    return select(DocumentRow).where(catalogue.alive_at(scope.generation), _may_read(reader, scope))


def _may_read(reader: Reader, scope: Scope) -> ColumnElement[bool]:
    if reader.every_page:
        return true()
    return or_(catalogue.within(scope), and_(DocumentRow.owner != "", DocumentRow.owner.in_(sorted(reader.teams))))


def _standing(session: Session, rows: Iterable[DocumentRow], scope: Scope) -> list[LivePage]:
    found = list(rows)
    today = scope.day or date.max
    checked = standing.verified_days(session, [row.source for row in found], day=scope.day)
    gone = set(session.scalars(catalogue.withdrawn()))
    audiences: dict[int, list[str]] = {}
    for some in catalogue.slices([row.id for row in found]):
        asked = select(AudienceRow.document, AudienceRow.audience).where(AudienceRow.document.in_(some))
        for document, audience in session.execute(asked.order_by(AudienceRow.audience)):
            audiences.setdefault(document, []).append(audience)
    return [
        LivePage(
            source=row.source,
            title=row.title,
            owner=row.owner,
            audiences=tuple(audiences.get(row.id, ())),
            effective=row.effective,
            verified=max(
                (day for day in (row.verified, checked.get(row.source)) if day and day <= today), default=None
            ),
            review_by=row.review_by,
            overdue=row.review_by is not None and row.review_by < today,
            withdrawn=row.source in gone,
        )
        for row in found
    ]
