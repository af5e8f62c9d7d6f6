"""What was accepted from Slack: one row an event, written before the ack, worked off in order per conversation."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    CursorResult,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime, insert
from bot.leases import Claim, Leased, free
from bot.workspaces import InWorkspace

# Slack's last redelivery comes minutes after the first; a day leaves room for a bot that was down.
KEPT = timedelta(hours=24)
# An event that failed this often is wrong in itself; its asker has been told.
MAX_ATTEMPTS = 3


class State(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"


class InboxRow(Leased, InWorkspace, Base):
    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("workspace", "key"),
        Index("ix_inbox_work", "state", "conversation", "id"),
        Index("ix_inbox_person", "kind", "person", "received_at"),
        Index("ix_inbox_received", "kind", "received_at"),
    )

    key: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(64))
    conversation: Mapped[str] = mapped_column(String(255))
    person: Mapped[str] = mapped_column(String(64), server_default="")
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fault: Mapped[str] = mapped_column(Text)


class Superseded(Exception):
    """Somebody else has this event by now, because we were silent for longer than a lease. Nothing of ours counts."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One event to work on. `attempts` counts this attempt too."""

    id: int
    kind: str
    conversation: str
    value: dict[str, Any]
    attempts: int
    received_at: datetime


def accept(
    session: Session,
    *,
    key: str,
    kind: str,
    conversation: str,
    value: dict[str, Any],
    now: datetime,
    state: State = State.WAITING,
) -> bool:
    """Record an event unless its key is known; True where it is new.

    The key is unique, so a redelivered event and the two events Slack sends for one mention are worked on once. With
    `State.REFUSED` it is only remembered.
    """
    added = session.scalars(
        insert(session, InboxRow)
        .values(
            key=key,
            kind=kind,
            conversation=conversation,
            person=value.get("person") or "",
            value=value,
            state=state,
            attempts=0,
            received_at=now,
            fault="",
        )
        .on_conflict_do_nothing(index_elements=["workspace", "key"])
        .returning(InboxRow.id)
    )
    return added.one_or_none() is not None


def waiting_in(session: Session, conversation: str, kind: str) -> list[dict[str, Any]]:
    """The values of the events of one kind that nobody has worked on yet in a conversation, as they came."""
    waits = and_(InboxRow.conversation == conversation, InboxRow.kind == kind, InboxRow.state == State.WAITING)
    return [dict(value) for value in session.scalars(select(InboxRow.value).where(waits).order_by(InboxRow.id))]


def any_free(session: Session, claim: Claim) -> bool:
    """Whether there is anything to take, if its conversation allows."""
    return session.scalars(_any_free(), claim.values).first() is not None


def take(session: Session, claim: Claim) -> Accepted | None:
    """The oldest free event of a conversation in which nothing is under way, now marked taken."""
    row = session.scalars(_next(), claim.values).one_or_none()
    if row is None:
        return None
    row.state = State.TAKEN
    row.attempts += 1
    row.replica, row.lease_until = claim.replica, claim.until
    return _accepted(row)


def finish(session: Session, event: Accepted) -> None:
    """The work is done. Raises `Superseded` where the event is no longer ours: then the transaction must not count."""
    if not _settle(session, event, State.DONE, fault=""):
        raise Superseded(f"event {event.id} was taken over while attempt {event.attempts} was silent")


def strip(session: Session, event: Accepted) -> None:
    """From now on the row says only that something of this kind came, and not from whom; for what is anonymous."""
    told = {"person": "", "conversation": f"stripped:{event.id}", "value": {}}
    session.execute(update(InboxRow).where(InboxRow.id == event.id).values(**told))


def fail(session: Session, event: Accepted, *, fault: str, again: bool) -> bool:
    """The work failed. False where the event is no longer ours: whoever has it sees to it."""
    return _settle(session, event, State.WAITING if again else State.FAILED, fault=fault)


def nth_newest(session: Session, kind: str, *, n: int, since: datetime, person: str | None = None) -> datetime | None:
    """When the `n`-th newest event of a kind came that was not refused, of one person or of all; None where after
    `since` there were fewer."""
    came = select(InboxRow.received_at).where(
        InboxRow.kind == kind, InboxRow.received_at > since, InboxRow.state != State.REFUSED
    )
    if person is not None:
        came = came.where(InboxRow.person == person)
    return session.scalars(came.order_by(InboxRow.received_at.desc()).offset(n - 1).limit(1)).one_or_none()


def in_line(session: Session, kind: str, *, before: datetime, after: int, most: int) -> list[tuple[Accepted, int]]:
    """Events that nobody works on yet, came before a moment, and have a number above `after`, oldest first.

    With each, how many of its kind are before it, those under way included.
    """
    waiting = select(InboxRow).where(
        InboxRow.state == State.WAITING, InboxRow.kind == kind, InboxRow.received_at < before, InboxRow.id > after
    )
    rows = session.scalars(waiting.order_by(InboxRow.id).limit(most)).all()
    if not rows:
        return []
    open_ones = InboxRow.state.in_((State.WAITING, State.TAKEN))
    numbers = session.scalars(
        select(InboxRow.id).where(open_ones, InboxRow.kind == kind, InboxRow.id <= rows[-1].id).order_by(InboxRow.id)
    ).all()
    return [(_accepted(row), bisect_left(numbers, row.id)) for row in rows]


def newest(session: Session) -> int:
    """The number of the last event there is; 0 where there is none."""
    return session.scalar(select(func.max(InboxRow.id))) or 0


def arrived(session: Session, kind: str, *, after: int, until: int) -> list[dict[str, Any]]:
    """The values of the events of a kind whose numbers are above `after` and not above `until`, in order."""
    between = and_(InboxRow.id > after, InboxRow.id <= until, InboxRow.kind == kind)
    return [dict(value) for value in session.scalars(select(InboxRow.value).where(between).order_by(InboxRow.id))]


def renew(session: Session, claim: Claim) -> None:
    """Keep what this replica has in hand."""
    ours = and_(InboxRow.id.in_(claim.in_hand), InboxRow.state == State.TAKEN, InboxRow.replica == claim.replica)
    session.execute(update(InboxRow).where(ours).values(lease_until=claim.until))


def left_unfinished(session: Session, claim: Claim) -> int:
    """How many events the last life of this replica had taken; they are free again."""
    taken = and_(InboxRow.state == State.TAKEN, InboxRow.replica == claim.replica)
    return session.scalar(select(func.count()).select_from(InboxRow).where(taken)) or 0


def abandon(session: Session, *, fault: str) -> None:
    """Nobody will work on what is open."""
    still_open = InboxRow.state.in_((State.WAITING, State.TAKEN))
    session.execute(
        update(InboxRow).where(still_open).values(state=State.FAILED, fault=fault, replica=None, lease_until=None)
    )


def _accepted(row: InboxRow) -> Accepted:
    return Accepted(row.id, row.kind, row.conversation, dict(row.value), row.attempts, row.received_at)


@cache
def _any_free() -> Select[int]:
    """Made once, as the next one: to make it takes longer than to carry it out, and workers ask all the time."""
    return select(InboxRow.id).where(_free()).limit(1)


@cache
def _next() -> Select[InboxRow]:
    busy = select(InboxRow.conversation).where(InboxRow.state == State.TAKEN, ~free(InboxRow))
    return select(InboxRow).where(_free(), InboxRow.conversation.not_in(busy)).order_by(InboxRow.id).limit(1)


def _free() -> ColumnElement[bool]:
    return or_(InboxRow.state == State.WAITING, and_(InboxRow.state == State.TAKEN, free(InboxRow)))


def _settle(session: Session, event: Accepted, state: State, *, fault: str) -> bool:
    # Attempts are counted when an event is taken, so their number tells whose turn it is.
    ours = and_(InboxRow.id == event.id, InboxRow.state == State.TAKEN, InboxRow.attempts == event.attempts)
    done = session.execute(
        update(InboxRow).where(ours).values(state=state, fault=fault[:2000], replica=None, lease_until=None)
    )
    return isinstance(done, CursorResult) and done.rowcount == 1


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what was worked off longer ago than Slack redelivers.

    Of the newest event the number stays: what is owed for one is known by it, and SQLite would give it once more.
    """
    worked_off = InboxRow.state.in_((State.DONE, State.FAILED, State.REFUSED))
    session.execute(
        delete(InboxRow).where(worked_off, InboxRow.received_at < now - KEPT, InboxRow.id < newest(session))
    )
    session.execute(update(InboxRow).where(worked_off, InboxRow.received_at < now - KEPT).values(value={}, person=""))
