"""Whether somebody wants the digest and alerts: everybody who may read the page does, until they say otherwise."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.database import insert
from bot.letters.tables import StopRow


def is_stopped(session: Session, person: str) -> bool:
    return session.scalar(select(StopRow.person).where(StopRow.person == person)) is not None


def turn(session: Session, person: str, *, stopped: bool, now: datetime) -> None:
    """As they want it from now on."""
    if stopped:
        stop(session, person, now=now)
    else:
        resume(session, person)


def stop(session: Session, person: str, *, now: datetime) -> None:
    row = insert(session, StopRow).values(person=person, since=now)
    session.execute(row.on_conflict_do_nothing(index_elements=["workspace", "person"]))


def resume(session: Session, person: str) -> None:
    session.execute(delete(StopRow).where(StopRow.person == person))
