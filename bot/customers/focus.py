"""Which customer a conversation is about: set by looking somebody up, over by itself after a while, or dropped."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.customers.permission import permitted
from bot.customers.tables import CustomerRow
from bot.database import Base, UtcDateTime, insert
from bot.workspaces import InWorkspace

# In a thread the customer stays; elsewhere the next one is soon at the counter.
IN_A_THREAD = timedelta(hours=12)
ELSEWHERE = timedelta(minutes=20)
KEPT = timedelta(days=1)


class FocusRow(InWorkspace, Base):
    """Of one person in one place: a thread, or "" for what stands beside all threads of a channel."""

    __tablename__ = "customer_focus"
    __table_args__ = (UniqueConstraint("workspace", "person", "channel", "thread"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    thread: Mapped[str] = mapped_column(String(32))
    customer: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody talks to the bot."""

    person: str
    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Focus:
    customer: int
    alias: str
    name: str


def put(session: Session, place: Place, customer: int, *, now: datetime) -> None:
    session.execute(
        insert(session, FocusRow)
        .values(person=place.person, channel=place.channel, thread=place.thread, customer=customer, at=now)
        .on_conflict_do_update(
            index_elements=["workspace", "person", "channel", "thread"], set_={"customer": customer, "at": now}
        )
    )


def current(session: Session, place: Place, *, audiences: AbstractSet[str], now: datetime) -> Focus | None:
    """The customer in focus there, also after a merge; None where there is none, or who asks may not see customers."""
    since = now - (IN_A_THREAD if place.thread else ELSEWHERE)
    asked = (
        select(CustomerRow)
        .join(FocusRow, FocusRow.customer == CustomerRow.id)
        .where(
            FocusRow.person == place.person,
            FocusRow.channel == place.channel,
            FocusRow.thread == place.thread,
            FocusRow.at > since,
            permitted(audiences),
        )
    )
    row = session.scalar(asked)
    while row is not None and row.merged_into is not None:
        row = session.get(CustomerRow, row.merged_into)
    return Focus(row.id, row.alias, row.name) if row is not None else None


def drop(session: Session, place: Place) -> bool:
    """Whether there was one."""
    there = (FocusRow.person == place.person, FocusRow.channel == place.channel, FocusRow.thread == place.thread)
    return bool(session.scalars(delete(FocusRow).where(*there).returning(FocusRow.id)).all())


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(FocusRow).where(FocusRow.at < now - KEPT))
