"""The user groups and channels that live pages and notices name as their audience."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.audiences import CHANNEL, GROUP
from bot.retrieval.catalogue import AudienceRow, DocumentRow, alive_at
from bot.retrieval.notices import NoticeAudienceRow, NoticeRow


def by_pages(session: Session, *, generation: int) -> dict[str, str]:
    """Each such audience with the path of a page that names it."""
    these = (alive_at(generation), _of_slack(AudienceRow.audience))
    named = select(AudienceRow.audience, func.min(DocumentRow.source).label("source")).join(DocumentRow).where(*these)
    found = session.execute(named.group_by(AudienceRow.audience))
    return {row.audience: row.source for row in found}


def by_notices(session: Session, *, now: datetime) -> frozenset[str]:
    live = (NoticeRow.until > now, NoticeRow.ended_at.is_(None))
    named = select(NoticeAudienceRow.audience).join(NoticeRow).where(*live, _of_slack(NoticeAudienceRow.audience))
    return frozenset(session.scalars(named.distinct()))


def _of_slack(audience: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(audience.startswith(GROUP), audience.startswith(CHANNEL))
