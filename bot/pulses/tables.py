"""Who was asked, what was answered, and nothing between them but a mark that dies with its week."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime


class WeekRow(Base):
    """A week, by its Monday, in which questions are open; the row goes with its `secret` when the last one is over."""

    __tablename__ = "pulse_weeks"

    monday: Mapped[date] = mapped_column(Date, primary_key=True)
    secret: Mapped[str] = mapped_column(String(64))


class AskedRow(Base):
    """Somebody was asked. `handle` tells people apart without saying who they are, for as long as the key is safe.

    What they said stands nowhere here, nor whether they said anything. `role` and `place` are as they were that day.
    """

    __tablename__ = "pulse_asked"
    __table_args__ = (
        Index("ix_pulse_asked_handle", "handle", "at"),
        Index("ix_pulse_asked_week", "monday"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(String(8))
    tool: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(64))
    monday: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnswerRow(Base):
    """An answer. `mark` is the same for one person in one week, and a random word once that week is over.

    It has no number and no time, and no order of its own: who answered first is not to be seen from it. `role` and
    `place` are "" where too few people of them were asked the same.
    """

    __tablename__ = "pulse_answers"
    __table_args__ = (Index("ix_pulse_answers_monday", "monday"), {"sqlite_with_rowid": False})

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    question: Mapped[str] = mapped_column(String(8))
    tool: Mapped[str] = mapped_column(String(64))
    score: Mapped[int] = mapped_column(Integer)
    role: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(64))
    monday: Mapped[date] = mapped_column(Date)


class StopRow(Base):
    """Somebody does not want to be asked, until they say otherwise."""

    __tablename__ = "pulse_stops"

    handle: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
