"""What Slack shows of a ticket, what is still to be told to whoever reported it, and who saw their names."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.friction.tables import EventRow, ReportRow, TicketRow


class CardRow(Base):
    """A ticket as its owner has it in front of them, in one channel of Slack's; `key` is that of the outbox."""

    __tablename__ = "friction_cards"
    __table_args__ = (UniqueConstraint("ticket", "team", "channel"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[int] = mapped_column(ForeignKey(TicketRow.id, ondelete="CASCADE"), index=True)
    team: Mapped[str] = mapped_column(Text)
    workspace_shown: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(255))


class NewsRow(Base):
    """Something that waits until a reporter wants to hear: once for each event and report."""

    __tablename__ = "friction_news"
    __table_args__ = (
        UniqueConstraint("report", "event"),
        Index("ix_friction_news_due_at", "due_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report: Mapped[int] = mapped_column(ForeignKey(ReportRow.id, ondelete="CASCADE"))
    event: Mapped[int] = mapped_column(ForeignKey(EventRow.id, ondelete="CASCADE"), index=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HabitRow(Base):
    """When somebody wants to hear, by the mark that tells reporters apart."""

    __tablename__ = "friction_habits"

    handle: Mapped[str] = mapped_column(String(64), primary_key=True)
    habit: Mapped[str] = mapped_column(String(12))


class SightRow(Base):
    """Somebody who works on a ticket looked who reported it: whoever is named may see who did."""

    __tablename__ = "friction_sights"
    __table_args__ = (
        UniqueConstraint("report", "viewer", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report: Mapped[int] = mapped_column(ForeignKey(ReportRow.id, ondelete="CASCADE"), index=True)
    viewer: Mapped[str] = mapped_column(String(255))
    viewer_name: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
