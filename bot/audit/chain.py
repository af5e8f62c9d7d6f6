"""The chain: the hash of a row is over what it says and the hash of the row before.

    hash = SHA-256 of {"at":"2026-11-22T10:00:00.000000+00:00","before":"...","channel":...,...,"workspace":"..."}

in hexadecimal: a JSON object of every column but `hash`, and of `before`, the hash of the row before; keys sorted, no
blanks, everything beyond ASCII escaped, the time in UTC with six decimals. `before` of the first row is 64 zeros.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from bot import workspaces
from bot.audit.rows import AuditRow, Entry, View

GENESIS = "0" * 64
# What is hashed, in the order in which rows are read for it.
SAID = (
    "number",
    "at",
    "workspace",
    "person",
    "channel",
    "customer",
    "purpose",
    "fields",
    "reference",
    "dropped",
)
_AT = SAID.index("at")
# Made once: `json.dumps` would make one for each row.
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
# Each look asks these: putting them together takes longer than asking them.
_NEWEST = select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)
_INSERT = insert(cast("Table", AuditRow.__table__))


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row; whoever keeps it elsewhere can tell later whether rows are missing at the end."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def digest(said: Sequence[Any], before: str) -> str:
    """The hash of a row whose columns are in the order of `SAID`."""
    words: dict[str, Any] = dict(zip(SAID, said, strict=True))
    words["before"] = before
    words["at"] = _written(said[_AT])
    return hashlib.sha256(_JSON.encode(words).encode("ascii")).hexdigest()


def head(session: Session) -> Head | None:
    """None where nothing was ever written."""
    found = session.execute(_NEWEST).one_or_none()
    return Head(*found) if found else None


def record(session: Session, view: View, *, now: datetime) -> int:
    """Write down a look at a customer, in the transaction that owes or prints what is shown; returns its number.

    The row is of the session's workspace.
    """
    return append(
        session,
        Entry(
            at=now,
            workspace=workspaces.of_session(session),
            person=view.person,
            channel=view.channel,
            customer=view.customer,
            purpose=view.purpose,
            fields=view.fields,
            reference=view.reference,
        ),
    )


def append(session: Session, entry: Entry) -> int:
    """Add a row; returns its number. Writers take turns, so nobody else adds one before this transaction ends; where
    somebody does in spite of it, the number is taken and the transaction fails."""
    last = head(session) or Head(0, GENESIS)
    row: dict[str, Any] = {
        "number": last.number + 1,
        "at": entry.at,
        "workspace": entry.workspace,
        "person": _storable(entry.person),
        "channel": _storable(entry.channel),
        "customer": entry.customer,
        "purpose": str(entry.purpose),
        "fields": [_storable(field) for field in entry.fields],
        "reference": _storable(entry.reference),
        "dropped": entry.dropped,
    }
    session.execute(_INSERT, {**row, "hash": digest([row[name] for name in SAID], last.hash)})
    return last.number + 1


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _storable(words: str) -> str:
    """As every engine gives it back: PostgreSQL stores no NUL."""
    return words.replace("\0", "")
