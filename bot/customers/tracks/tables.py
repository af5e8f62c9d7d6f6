"""The tables: who is on which track and why, whom it was shown to, and what became of its steps.

A track is a customer's, the same from every channel and workspace; so its steps are not a workspace's, and name the one
of their author themselves.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.workspaces import InWorkspace


class RuleRow(Base):
    """What a track said in one version, so that an old assignment can still be explained."""

    __tablename__ = "track_rules"

    version: Mapped[str] = mapped_column(String(12), primary_key=True)
    track: Mapped[str] = mapped_column(String(64))
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AssignmentRow(Base):
    """A customer who came onto a track. `cause` are the conditions that put them there with what was known then, as
    words; `met_by` a hash of those facts. `held_back`: they are never shown it.
    """

    __tablename__ = "track_assignments"
    # A number stands in a button of a card: nobody else's stay is ever called by it.
    __table_args__ = (Index("ix_track_assignments_customer", "customer", "ended_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    track: Mapped[str] = mapped_column(String(64), index=True)
    version: Mapped[str] = mapped_column(String(12))
    cause: Mapped[list[str]] = mapped_column(JSON)
    met_by: Mapped[str] = mapped_column(String(16))
    held_back: Mapped[bool]
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[str] = mapped_column(String(16))


class ExposureRow(InWorkspace, Base):
    """Somebody was shown a customer's track on a day; the first time of the day counts."""

    __tablename__ = "track_exposures"
    __table_args__ = (UniqueConstraint("workspace", "assignment", "person", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[int] = mapped_column(ForeignKey("track_assignments.id", ondelete="CASCADE"), index=True)
    person: Mapped[str] = mapped_column(String(255))
    channel: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StepRow(Base):
    """A step that somebody did, or could not do: then `why` says the reason. Steps are known by their words, since the
    rule may change. `author` is an id of Slack's, in `author_workspace`; `place` is where they worked.
    """

    __tablename__ = "track_steps"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[int] = mapped_column(ForeignKey("track_assignments.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(String(10), index=True)
    why: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(255))
    author_workspace: Mapped[str] = mapped_column(String(64))
    author_name: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str] = mapped_column(Text)
