"""Whether somebody may be asked, and that they were: at most once a week, and never against their will."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.database import insert
from bot.friction.reporters import Reporter
from bot.friction.sealing import Sealer, new_secret
from bot.pulses.questions import WEEK, Asked, Choice, Question, monday_of, rested
from bot.pulses.tables import AskedRow, StopRow, WeekRow
from bot.working_time import Calendar

# By another word than reports have theirs: from who reported something nobody can tell who was asked.
_PULSE = "pulse"
# Somebody who is at work around the clock, as a call center is, may be asleep.
EARLIEST, LATEST = 8, 20


@dataclass(frozen=True, slots=True)
class Open:
    """A question that somebody was asked, and until when they may answer it."""

    number: int
    handle: str
    choice: Choice
    until: datetime


def handle_of(who: Reporter, sealer: Sealer) -> str:
    """What tells people apart, in every workspace; not that of their reports."""
    return who.handle(sealer, secret=_PULSE)


def asked_before(session: Session, handle: str) -> list[Asked]:
    rows = session.scalars(select(AskedRow).where(AskedRow.handle == handle).order_by(AskedRow.id))
    return [Asked(Choice(Question(row.question), row.tool), row.monday, row.at) for row in rows]


def is_stopped(session: Session, handle: str) -> bool:
    return session.get(StopRow, handle) is not None


def stop(session: Session, handle: str, *, now: datetime) -> None:
    session.execute(insert(session, StopRow).values(handle=handle, since=now).on_conflict_do_nothing())


def resume(session: Session, handle: str) -> None:
    session.execute(delete(StopRow).where(StopRow.handle == handle))


def is_at_work(calendar: Calendar, *, now: datetime) -> bool:
    """Whether a place is open, and it is neither early nor late there."""
    return calendar.opens(now) == now and EARLIEST <= now.astimezone(calendar.zone).hour < LATEST


def ask(
    session: Session, who: Reporter, choice: Choice, *, sealer: Sealer, now: datetime, zone: tzinfo | None
) -> Open | None:
    """Write down that somebody is asked; None where they were asked meanwhile, or stopped it."""
    handle = handle_of(who, sealer)
    if is_stopped(session, handle) or not rested(asked_before(session, handle), now=now):
        return None
    monday = monday_of(now.astimezone(zone).date())
    session.execute(insert(session, WeekRow).values(monday=monday, secret=new_secret()).on_conflict_do_nothing())
    row = AskedRow(
        handle=handle,
        question=choice.question,
        tool=choice.tool,
        role=who.role,
        place=who.place,
        monday=monday,
        at=now,
    )
    session.add(row)
    session.flush()
    return _open(row)


def opened(session: Session, number: int, *, now: datetime) -> Open | None:
    """The question of this number; None where it is over."""
    row = session.get(AskedRow, number)
    return (
        _open(row) if row is not None and now < row.at + WEEK and session.get(WeekRow, row.monday) is not None else None
    )


def _open(row: AskedRow) -> Open:
    return Open(row.id, row.handle, Choice(Question(row.question), row.tool), row.at + WEEK)


def handle_of_question(session: Session, number: int) -> str:
    """Of whom it was asked; "" where that is kept no more."""
    row = session.get(AskedRow, number)
    return row.handle if row else ""
