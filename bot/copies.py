"""Copies of customers' data that the program made or was given: exports that it read, databases that it copied.

An erasure says which of them still hold somebody.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime, insert


class CopyKind(StrEnum):
    EXPORT = "export"  # a file of another system that was imported
    DATABASE = "database"  # what everything was copied from, or into
    BACKUP = "backup"  # in a folder that config/backups.yaml names


class CopyRow(Base):
    """Where a copy was when it was made or read."""

    __tablename__ = "copies"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(Text, unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Copy:
    kind: CopyKind
    place: str
    at: datetime


def note(session: Session, kind: CopyKind, place: str, *, now: datetime) -> None:
    """The last time counts where a place was noted before."""
    session.execute(
        insert(session, CopyRow)
        .values(kind=kind, place=place, at=now)
        .on_conflict_do_update(index_elements=["place"], set_={"kind": kind, "at": now})
    )


def noted(session: Session) -> list[Copy]:
    rows = session.scalars(select(CopyRow).order_by(CopyRow.at, CopyRow.id))
    return [Copy(CopyKind(row.kind), row.place, row.at) for row in rows]


def forget(session: Session, place: str) -> None:
    """There is no such copy any more."""
    session.execute(delete(CopyRow).where(CopyRow.place == place))
