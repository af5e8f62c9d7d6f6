"""What the pages gave to a question before somebody asks people: the question, where it was asked, the pages tried."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.exchanges import ExchangeRow, GapRow


@dataclass(frozen=True, slots=True)
class Tried:
    """One exchange. `sources` are paths of pages, best first, `title` that of the first; `owner` is who owns it.

    `private`: only its asker knows of it. `answered`: the pages were quoted, and are not just the closest.
    """

    exchange: int
    question: str
    channel: str
    thread: str
    private: bool
    answered: bool
    sources: tuple[str, ...]
    owner: str
    title: str = ""


def seen_by(session: Session, exchange: int, *, person: str, channel: str) -> Tried | None:
    """An exchange that somebody saw in a channel: their own, or one that everybody there could read; else None."""
    here = and_(ExchangeRow.private.is_(False), ExchangeRow.channel == channel)
    found = session.execute(
        select(ExchangeRow, GapRow.closest)
        .outerjoin(GapRow, GapRow.exchange == ExchangeRow.id)
        .where(ExchangeRow.id == exchange, or_(ExchangeRow.person == person, here))
    ).one_or_none()
    if found is None:
        return None
    row, closest = found
    pages = [*row.citations, *(closest or ())]
    return Tried(
        exchange=row.id,
        question=row.question,
        channel=row.channel,
        thread=row.thread,
        private=row.private,
        answered=not row.reason,
        sources=tuple(dict.fromkeys(page["source"] for page in pages if page.get("source"))),
        owner=next((page["owner"] for page in pages if page.get("owner")), ""),
        title=next((page["title"] for page in pages if page.get("title")), ""),
    )
