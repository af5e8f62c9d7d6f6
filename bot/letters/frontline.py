"""Of which surge the frontline was told: once for as long as it goes on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.database import insert
from bot.letters.tables import SurgeRow
from bot.noticing.surges import Surge

# What was not like that for so long is over; if it comes again, it is told again.
OVER_AFTER = timedelta(hours=2)


def untold(session: Session, standing: Sequence[Surge], *, now: datetime) -> list[Surge]:
    known = select(SurgeRow.touchpoint).where(SurgeRow.last_at >= now - OVER_AFTER)
    told = set(session.scalars(known))
    return [one for one in standing if one.touchpoint not in told]


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(SurgeRow).where(SurgeRow.last_at < now - OVER_AFTER))


def note(session: Session, standing: Sequence[Surge], *, now: datetime) -> frozenset[str]:
    """What stands goes on. Gives the touchpoints of what is new, which counts as told: owe it in this transaction."""
    forget_old(session, now=now)
    fresh: set[str] = set()
    for one in standing:
        row = insert(session, SurgeRow).values(touchpoint=one.touchpoint, began_at=one.since, last_at=now)
        first = row.on_conflict_do_nothing(index_elements=["workspace", "touchpoint"]).returning(SurgeRow.touchpoint)
        new = session.scalars(first).one_or_none()  # of two replicas one is first
        if new is None:
            session.execute(update(SurgeRow).where(SurgeRow.touchpoint == one.touchpoint).values(last_at=now))
        else:
            fresh.add(new)
    return frozenset(fresh)
