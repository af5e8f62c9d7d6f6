"""What was accepted from Slack: one row an event, written before the ack, worked off in order per conversation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime, insert

# Slack's last redelivery comes minutes after the first; a day leaves room for a bot that was down.
KEPT = timedelta(hours=24)
# An event that failed this often is wrong in itself; its asker has been told.
MAX_ATTEMPTS = 3


class State(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"


class InboxRow(Base):
    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_work", "state", "conversation", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(64))
    conversation: Mapped[str] = mapped_column(String(255))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fault: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Accepted:
    """One event to work on. `attempts` counts this attempt too."""

    id: int
    kind: str
    conversation: str
    value: dict[str, Any]
    attempts: int
    received_at: datetime


def accept(session: Session, *, key: str, kind: str, conversation: str, value: dict[str, Any], now: datetime) -> bool:
    """Record an event unless its key is known; True where it is new.

    The key is unique, so a redelivered event and the two events Slack sends for one mention are worked on once.
    """
    added = session.scalars(
        insert(session, InboxRow)
        .values(
            key=key,
            kind=kind,
            conversation=conversation,
            value=value,
            state=State.WAITING,
            attempts=0,
            received_at=now,
            fault="",
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(InboxRow.id)
    )
    return added.one_or_none() is not None


def any_waiting(session: Session) -> bool:
    return session.scalars(select(InboxRow.id).where(InboxRow.state == State.WAITING).limit(1)).first() is not None


def take(session: Session) -> Accepted | None:
    """The oldest waiting event of a conversation in which nothing is under way, now marked taken."""
    busy = select(InboxRow.conversation).where(InboxRow.state == State.TAKEN)
    row = session.scalars(
        select(InboxRow)
        .where(InboxRow.state == State.WAITING, InboxRow.conversation.not_in(busy))
        .order_by(InboxRow.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    row.state = State.TAKEN
    row.attempts += 1
    return Accepted(row.id, row.kind, row.conversation, dict(row.value), row.attempts, row.received_at)


def finish(session: Session, event: int) -> None:
    session.execute(update(InboxRow).where(InboxRow.id == event).values(state=State.DONE))


def fail(session: Session, event: int, *, fault: str, again: bool) -> None:
    state = State.WAITING if again else State.FAILED
    session.execute(update(InboxRow).where(InboxRow.id == event).values(state=state, fault=fault[:2000]))


def release_taken(session: Session) -> int:
    """Give back what a process that is gone had taken; called once, before the first worker starts."""
    result = session.execute(update(InboxRow).where(InboxRow.state == State.TAKEN).values(state=State.WAITING))
    return int(result.rowcount)  # type: ignore[attr-defined]  # as above


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what was worked off longer ago than Slack redelivers."""
    session.execute(
        delete(InboxRow).where(InboxRow.state.in_((State.DONE, State.FAILED)), InboxRow.received_at < now - KEPT)
    )
