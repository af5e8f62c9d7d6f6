"""What is owed to Slack: rows written in the caller's transaction, delivered afterwards by `handlers/delivery.py`.

A row holds a kind and a value, never a Slack payload: delivery renders it, so what is stored outlives how it looks.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Select, String, Text, and_, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime, insert
from bot.leases import Claim, Leased


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class OutboxRow(Leased, Base):
    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_work", "state", "next_at", "id"),)

    key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(64))
    destination: Mapped[dict[str, Any]] = mapped_column(JSON)
    conversation: Mapped[str] = mapped_column(String(255))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ts: Mapped[str] = mapped_column(String(32))
    fault: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes and who sees it: everyone in the channel, or `only` one person of it.

    `response_url` is Slack's own short-lived address for the reply to a slash command.
    """

    channel: str
    thread: str | None = None
    only: str | None = None
    response_url: str | None = None

    @property
    def conversation(self) -> str:
        return f"{self.channel}:{self.thread or ''}"


@dataclass(frozen=True, slots=True)
class Owed:
    """One message to deliver. `attempts` counts the ones before this."""

    id: int
    kind: str
    destination: Destination
    value: dict[str, Any]
    attempts: int


def owe(session: Session, *, key: str, kind: str, to: Destination, value: dict[str, Any], now: datetime) -> None:
    """Owe a message, once per key: work that is done again after a crash owes nothing twice."""
    session.execute(
        insert(session, OutboxRow)
        .values(
            key=key,
            kind=kind,
            destination={"channel": to.channel, "thread": to.thread, "only": to.only, "response_url": to.response_url},
            conversation=to.conversation,
            value=value,
            state=State.WAITING,
            attempts=0,
            next_at=now,
            created_at=now,
            ts="",
            fault="",
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )


def due(session: Session, claim: Claim, *, limit: int = 20) -> list[Owed]:
    """The oldest message of each conversation, if its time has come and nobody is delivering it.

    What follows it in its conversation waits until it is delivered or given up: so order is kept.
    """
    return [_owed(row) for row in session.scalars(_due(claim).limit(limit))]


def take(session: Session, claim: Claim) -> Owed | None:
    """The first message that is due, now held by this replica until it says what became of it."""
    row = session.scalars(_due(claim).limit(1)).one_or_none()
    if row is None:
        return None
    row.replica, row.lease_until = claim.replica, claim.until
    return _owed(row)


def renew(session: Session, claim: Claim) -> None:
    """Keep what this replica is delivering."""
    ours = and_(OutboxRow.id.in_(claim.in_hand), OutboxRow.state == State.WAITING, OutboxRow.replica == claim.replica)
    session.execute(update(OutboxRow).where(ours).values(lease_until=claim.until))


def _due(claim: Claim) -> Select[OutboxRow]:
    oldest = select(func.min(OutboxRow.id)).where(OutboxRow.state == State.WAITING).group_by(OutboxRow.conversation)
    ready = and_(OutboxRow.id.in_(oldest), OutboxRow.next_at <= claim.now, claim.free(OutboxRow))
    return select(OutboxRow).where(ready).order_by(OutboxRow.id)


def _owed(row: OutboxRow) -> Owed:
    return Owed(row.id, row.kind, Destination(**row.destination), dict(row.value), row.attempts)


def next_due(session: Session) -> datetime | None:
    """When the next waiting message wants to be tried, or None where nothing waits."""
    row = session.scalars(
        select(OutboxRow).where(OutboxRow.state == State.WAITING).order_by(OutboxRow.next_at).limit(1)
    ).one_or_none()
    return row.next_at if row else None


def sent(session: Session, message: int, *, ts: str) -> None:
    """It was delivered. True whoever says so, also one whose lease is over."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == message)
        .values(state=State.SENT, ts=ts, fault="", replica=None, lease_until=None)
    )


def try_again(session: Session, message: int, *, at: datetime, fault: str) -> None:
    _settle(session, message, state=State.WAITING, next_at=at, fault=fault[:2000])


def bury(session: Session, message: int, *, fault: str) -> None:
    """Give up on a message that can never be delivered; it stays, to be looked at."""
    _settle(session, message, state=State.DEAD, fault=fault[:2000])


def _settle(session: Session, message: int, **values: object) -> None:
    """One attempt more that did not deliver; does nothing where another replica has delivered it meanwhile."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == message, OutboxRow.state == State.WAITING)
        .values(attempts=OutboxRow.attempts + 1, replica=None, lease_until=None, **values)
    )


def dead(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == State.DEAD)) or 0
