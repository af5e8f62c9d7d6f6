"""How customers came to be one or two, and of which records each is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.customers.tables import CustomerRow, MergeRow, RecordRow
from bot.errors import IdentityError


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A merge or split; `names` and `aliases` of who stayed and of who went, as they are called now."""

    number: int
    change: str
    names: tuple[str, str]
    aliases: tuple[str, ...]
    by: str
    reason: str
    at: datetime
    moved: int
    undone_at: datetime | None
    undone_by: str

    @property
    def told(self) -> str:
        undone = f"; undone {self.undone_at:%Y-%m-%d} by {self.undone_by}" if self.undone_at else ""
        names = " and ".join(name or "nobody named" for name in self.names)
        return f"{self.number}  {self.at:%Y-%m-%d} {self.change} of {names} by {self.by}: {self.reason}{undone}"

    def as_json(self) -> dict[str, Any]:
        undone = self.undone_at.isoformat() if self.undone_at else None
        return {
            "number": self.number,
            "change": self.change,
            "names": list(self.names),
            "by": self.by,
            "reason": self.reason,
            "at": self.at.isoformat(),
            "moved": self.moved,
            "undone_at": undone,
            "undone_by": self.undone_by,
        }


def changes(session: Session, customer: int | None, *, limit: int) -> list[HistoryEntry]:
    """The newest first, of one customer or of all."""
    asked = select(MergeRow).order_by(MergeRow.id.desc()).limit(limit)
    if customer is not None:
        asked = asked.where(or_(MergeRow.kept == customer, MergeRow.gone == customer))
    rows = session.scalars(asked).all()
    ids = {number for row in rows for number in (row.kept, row.gone)}
    named = select(CustomerRow.id, CustomerRow.name, CustomerRow.alias).where(CustomerRow.id.in_(ids))
    known = session.execute(named).all()
    names = {row.id: row.name for row in known}
    aliases = {row.id: row.alias for row in known}
    return [
        HistoryEntry(
            row.id,
            row.change,
            (names.get(row.kept, ""), names.get(row.gone, "")),
            tuple(aliases[one] for one in (row.kept, row.gone) if one in aliases),
            row.by,
            row.reason,
            row.at,
            sum(map(len, row.moved.values())),
            row.undone_at,
            row.undone_by,
        )
        for row in rows
    ]


def records_of(session: Session, customer: int) -> list[str]:
    """SOURCE:ID of what the customer is made of; what belongs to them goes with its owner."""
    asked = select(RecordRow.source, RecordRow.source_id).where(RecordRow.customer == customer)
    return [f"{source}:{source_id}" for source, source_id in session.execute(asked.order_by(RecordRow.id))]


def records_called(session: Session, customer: int, names: Sequence[str]) -> list[int]:
    """Their ids. Raises `IdentityError` for one that is not this customer's."""
    asked = select(RecordRow.id, RecordRow.source, RecordRow.source_id).where(RecordRow.customer == customer)
    known = {f"{source}:{source_id}": number for number, source, source_id in session.execute(asked)}
    if missing := [name for name in names if name not in known]:
        raise IdentityError(f"{', '.join(missing)} is no record of this customer; they have {', '.join(known)}.")
    return [known[name] for name in names]
