"""Pages that nobody has vouched for lately."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.retrieval import catalogue, standing
from bot.retrieval.catalogue import AudienceRow, DocumentRow
from bot.retrieval.validity import SuccessionRow

# Rules of a trade change within a season; a page nobody looked at for two is a guess.
LONG = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class StalePage:
    """A page in force that is past its review date, or that nobody verified for `LONG`, or ever (`verified` None)."""

    source: str
    title: str
    owner: str
    verified: date | None
    review_by: date | None
    overdue: bool


def stale_pages(session: Session, *, today: date) -> list[StalePage]:
    """Of the pages that answer today, by path."""
    live = catalogue.live_generation(session)
    if live is None:
        return []
    rows = session.scalars(
        select(DocumentRow)
        .where(
            catalogue.alive_at(live.number),
            or_(DocumentRow.effective.is_(None), DocumentRow.effective <= today),
            DocumentRow.source.not_in(catalogue.withdrawn()),
        )
        .order_by(DocumentRow.source)
    ).all()
    done = _replaced_for_all(session, live.number, today=today)
    checked = standing.verified_days(session, [row.source for row in rows], day=today)
    found = [_judged(row, checked.get(row.source), today) for row in rows if row.id not in done]
    return [page for page in found if page.overdue or page.verified is None or today - page.verified > LONG]


def _judged(row: DocumentRow, recorded: date | None, today: date) -> StalePage:
    days = [day for day in (row.verified, recorded) if day is not None and day <= today]
    return StalePage(
        source=row.source,
        title=row.title,
        owner=row.owner,
        verified=max(days, default=None),
        review_by=row.review_by,
        overdue=row.review_by is not None and row.review_by < today,
    )


def _replaced_for_all(session: Session, generation: int, *, today: date) -> set[int]:
    """The documents that nobody is answered from any more, since all who could see them see a successor."""
    pairs = session.execute(
        select(SuccessionRow.successor, SuccessionRow.replaced)
        .join(DocumentRow, DocumentRow.id == SuccessionRow.successor)
        .where(
            SuccessionRow.generation == generation,
            or_(DocumentRow.effective.is_(None), DocumentRow.effective <= today),
        )
    ).all()
    audiences: dict[int, set[str]] = {}
    for document, audience in session.execute(
        select(AudienceRow.document, AudienceRow.audience).where(
            AudienceRow.document.in_({key for pair in pairs for key in pair})
        )
    ):
        audiences.setdefault(document, set()).add(audience)
    return {replaced for successor, replaced in pairs if audiences[replaced] <= audiences[successor]}
