"""When a reporter wants to hear of their reports: at once, in their working hours, or gathered."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.database import insert
from bot.friction.telling_tables import HabitRow
from bot.working_time import Calendar

_MONDAY = 0


class Habit(StrEnum):
    AT_ONCE = "at_once"
    WORKING_HOURS = "hours"
    DAILY = "daily"
    WEEKLY = "weekly"


def habits_of(session: Session, handles: Collection[str]) -> dict[str, Habit]:
    """Of those who chose one; everybody else hears at once."""
    chosen = select(HabitRow.handle, HabitRow.habit).where(HabitRow.handle.in_(handles))
    return {handle: Habit(habit) for handle, habit in session.execute(chosen)}


def choose(session: Session, handle: str, habit: Habit) -> None:
    session.execute(delete(HabitRow).where(HabitRow.handle == handle))
    if habit is not Habit.AT_ONCE:
        session.execute(insert(session, HabitRow).values(handle=handle, habit=habit))


def due(habit: Habit, *, now: datetime, calendar: Calendar, asked: bool = False) -> datetime:
    """When somebody with this habit is told; of a question with the next working hours, since work waits for them.

    What is gathered comes when the next working day begins, or the first one of the next week.
    """
    if habit is Habit.AT_ONCE:
        return now
    if habit is Habit.WORKING_HOURS or asked:
        return calendar.opens(now)
    day = now.astimezone(calendar.zone).date() + timedelta(days=1)
    if habit is Habit.WEEKLY:
        day += timedelta(days=(_MONDAY - day.weekday()) % 7)
    return calendar.opens(datetime(day.year, day.month, day.day, tzinfo=calendar.zone or now.tzinfo))
