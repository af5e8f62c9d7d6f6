"""What changed for somebody since they were last at work: pages they may read, and the notices that stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import exchanges
from bot.database import Database
from bot.people import Person
from bot.retrieval import notices
from bot.retrieval.changes import Change
from bot.retrieval.documents import Notice
from bot.retrieval.library import Library

# Whoever was silent for so long was off duty; a shift with a long lunch is one shift.
OFF_DUTY = timedelta(hours=6)
# Nobody reads further back, and whoever never asked anything has no last shift.
FURTHEST = timedelta(days=14)
USUAL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class News:
    since: datetime
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]


def since_last_shift(database: Database, person: Person, *, now: datetime) -> datetime:
    """When somebody last asked anything before they went off duty; a day ago where that is not known."""
    with database.reading() as session:
        last = exchanges.last_seen(session, person=person.id, before=now - OFF_DUTY)
    return max(last, now - FURTHEST) if last else now - USUAL


def news_for(
    database: Database, library: Library, person: Person, *, since: datetime, today: date, now: datetime
) -> News:
    """The last change first."""
    changes = library.changes(audiences=person.audiences, day=today, moment=since) if library.status() else []
    with database.reading() as session:
        standing = notices.live(session, audiences=person.audiences, now=now)
    return News(since, tuple(changes), tuple(standing))


def of_pages(news: News, sources: Collection[str]) -> News:
    """The same, kept to these pages."""
    return News(news.since, tuple(change for change in news.changes if change.source in sources), news.notices)
