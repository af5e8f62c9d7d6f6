"""Tickets that nobody owns although a working day is over: no team has them, and nobody was assigned."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.friction.moves import OPEN
from bot.friction.ranking import written
from bot.friction.tables import TicketRow
from bot.working_time import Calendar

# Working days until somebody is to own it, since it was filed or opened again.
WITHIN = 1


class Since(Protocol):
    """A ticket by what is asked of it."""

    @property
    def promised_at(self) -> datetime | None: ...
    @property
    def filed_at(self) -> datetime: ...


def nobodys() -> list[ColumnElement[bool]]:
    """For the WHERE of a query."""
    return [TicketRow.team == "", TicketRow.assignee == ""]


def owned_by(one: Since, calendar: Calendar) -> datetime:
    """Until when somebody is to own it; of an anonymous one it counts from the end of its day, as promises do."""
    return calendar.days_after(one.promised_at or one.filed_at, WITHIN)


def overdue(session: Session, calendar: Calendar, *, now: datetime) -> list[int]:
    """The numbers of open ones; what was taken over from elsewhere counts from when it was filed there."""
    asked = select(TicketRow.id, TicketRow.promised_at, TicketRow.filed_at).where(TicketRow.state.in_(OPEN), *nobodys())
    return [one.id for one in session.execute(asked) if owned_by(one, calendar) <= now]


def among(numbers: list[int]) -> ColumnElement[bool]:
    return TicketRow.id.in_(written(numbers))
