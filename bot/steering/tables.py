"""Annotations, self-ratings, decisions, estimates, verdicts, acknowledged notices.

All but the last are only added to: what counts is the newest, and what was said before stays to be read. `by` is a
name, as it is shown.
"""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.retrieval.notices import NoticeRow


class AnnotationRow(Base):
    """What happened on a day, so that a jump in a chart explains itself. `about` is an id of the map, or ""."""

    __tablename__ = "steering_annotations"
    __table_args__ = (Index("ix_steering_annotations_day", "day"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    about: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed: Mapped[bool] = mapped_column(Boolean)


class RatingRow(Base):
    """How good we say we are at a component of total experience in a quarter ("2026-Q4"), 1 to 5."""

    __tablename__ = "steering_ratings"
    __table_args__ = (Index("ix_steering_ratings_quarter", "quarter", "component"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(7))
    component: Mapped[str] = mapped_column(String(24))
    score: Mapped[int] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DecisionRow(Base):
    """Where something stands on the roadmap from now on. `item` is "theme:12", "ticket:31" or "cell:store.leave"."""

    __tablename__ = "steering_decisions"
    __table_args__ = (Index("ix_steering_decisions_item", "item", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(80))
    standing: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EffortRow(Base):
    """Days of work that a theme takes; NULL where an estimate was taken back."""

    __tablename__ = "steering_efforts"
    __table_args__ = (Index("ix_steering_efforts_theme", "theme", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    theme: Mapped[int] = mapped_column(Integer)
    days: Mapped[float | None] = mapped_column(Float)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class VerdictRow(Base):
    """Whether what appears together is one problem: a theme of friction, and a touchpoint where customers complain."""

    __tablename__ = "steering_verdicts"
    __table_args__ = (Index("ix_steering_verdicts_pair", "theme", "touchpoint"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    theme: Mapped[int] = mapped_column(Integer)
    touchpoint: Mapped[str] = mapped_column(String(64))
    same: Mapped[bool] = mapped_column(Boolean)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AcknowledgementRow(Base):
    """A partner knows of a notice that is meant for them. `by` is who told us so."""

    __tablename__ = "steering_acknowledgements"

    notice: Mapped[int] = mapped_column(ForeignKey(NoticeRow.number, ondelete="CASCADE"), primary_key=True)
    partner: Mapped[str] = mapped_column(String(64), primary_key=True)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
