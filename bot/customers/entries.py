"""What people add to a customer's story: notes, promises, what was tried; each with who wrote it, and undo.

They are the customer's and not a workspace's: whoever serves the customer reads them, wherever it was written.
"""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import workspaces
from bot.customers.permission import must_be_permitted, permitted
from bot.database import Base, UtcDateTime
from bot.errors import EntryRefused
from bot.personal.unkept import without_secrets

LONGEST = 2000


class EntryKind(StrEnum):
    NOTE = "note"
    PROMISE = "promise"
    TRIED = "tried"
    CONTESTED = "contested"  # why a customer is not fragile, whatever it looks like


class EntryRow(Base):
    """`author` is an id of Slack's, in `author_workspace`; `place` is where they worked when they wrote it.

    `interaction` is the contact in which a promise was found that somebody settled. `settled_at`: a promise was kept.
    """

    __tablename__ = "customer_entries"
    __table_args__ = (
        Index("ix_customer_entries_customer", "customer", "at"),
        Index("ix_customer_entries_due", "kind", "due"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None] = mapped_column(Date)
    interaction: Mapped[int | None] = mapped_column(ForeignKey("interactions.id", ondelete="SET NULL"), index=True)
    author: Mapped[str] = mapped_column(String(255))
    author_workspace: Mapped[str] = mapped_column(String(64))
    author_name: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: by id, name, and the key of the place where they work."""

    id: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    customer: int
    kind: EntryKind
    text: str
    due: date | None
    interaction: int | None
    author: str
    author_name: str
    place: str
    at: datetime
    settled_at: datetime | None
    settled_by: str


def write(
    session: Session,
    customer: int,
    kind: EntryKind,
    text: str,
    *,
    by: Author,
    audiences: AbstractSet[str],
    now: datetime,
    due: date | None = None,
    interaction: int | None = None,
) -> Entry:
    """Card numbers, passwords and the like are masked. Raises `NotAllowed`, or `EntryRefused` for nothing to write."""
    must_be_permitted(audiences)
    kept = without_secrets(text.strip())[:LONGEST]
    if not kept:
        raise EntryRefused("There is nothing to write down yet. Say it in a few words.")
    row = EntryRow(
        customer=customer,
        kind=kind,
        text=kept,
        due=due,
        interaction=interaction,
        author=by.id,
        author_workspace=workspaces.of_session(session),
        author_name=by.name,
        place=by.place,
        at=now,
        settled_by="",
        undone_by="",
    )
    session.add(row)
    session.flush()
    return _entry(row)


def undo(session: Session, number: int, *, by: Author, audiences: AbstractSet[str], now: datetime) -> Entry:
    """Take back what one wrote. Raises `EntryRefused` for what is another's, or gone already."""
    row = _standing(session, number, audiences)
    if (row.author, row.author_workspace) != (by.id, workspaces.of_session(session)):
        raise EntryRefused(f"{row.author_name} wrote that, and only they can take it back. Ask them, or add a note.")
    row.undone_at, row.undone_by = now, by.name
    return _entry(row)


def settle(session: Session, number: int, *, by: Author, audiences: AbstractSet[str], now: datetime) -> Entry:
    """A promise was kept, whoever made it; once. Raises `EntryRefused`."""
    row = _standing(session, number, audiences)
    if row.kind != EntryKind.PROMISE:
        raise EntryRefused("Only a promise can be kept. Nothing was changed.")
    if row.settled_at is None:
        row.settled_at, row.settled_by = now, by.name
    return _entry(row)


def reopen(session: Session, number: int, *, audiences: AbstractSet[str]) -> Entry:
    """A promise was not kept after all."""
    row = _standing(session, number, audiences)
    row.settled_at, row.settled_by = None, ""
    return _entry(row)


def about(session: Session, customer: int, interaction: int, text: str, *, audiences: AbstractSet[str]) -> Entry | None:
    """What stands for this sentence of an interaction already."""
    for entry in entries_of(session, customer, audiences=audiences):
        if (entry.interaction, entry.text) == (interaction, without_secrets(text)):
            return entry
    return None


def entries_of(session: Session, customer: int, *, audiences: AbstractSet[str]) -> list[Entry]:
    """The newest first, without what was taken back; nothing for whoever may not see customers."""
    return of_several(session, [customer], audiences=audiences)


def of_several(session: Session, customers: Collection[int], *, audiences: AbstractSet[str]) -> list[Entry]:
    asked = (
        select(EntryRow)
        .where(EntryRow.customer.in_(customers), EntryRow.undone_at.is_(None), permitted(audiences))
        .order_by(EntryRow.at.desc(), EntryRow.id.desc())
    )
    return [_entry(row) for row in session.scalars(asked)]


def move(session: Session, ids: Collection[int], to: int) -> None:
    """They go with the customer whom their own became."""
    session.execute(update(EntryRow).where(EntryRow.id.in_(ids)).values(customer=to))


def _standing(session: Session, number: int, audiences: AbstractSet[str]) -> EntryRow:
    asked = select(EntryRow).where(EntryRow.id == number, EntryRow.undone_at.is_(None), permitted(audiences))
    row = session.scalar(asked)
    if row is None:
        raise EntryRefused("That was taken back already. Open the customer's card again to see what stands there.")
    return row


def _entry(row: EntryRow) -> Entry:
    return Entry(
        id=row.id,
        customer=row.customer,
        kind=EntryKind(row.kind),
        text=row.text,
        due=row.due,
        interaction=row.interaction,
        author=row.author,
        author_name=row.author_name,
        place=row.place,
        at=row.at,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
    )
