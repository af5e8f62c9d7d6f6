"""Reads the chain from its first row to its last and finds the first that is not as it was written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.audit.chain import GENESIS, SAID, Head, digest
from bot.audit.rows import AuditRow

# Rows in memory at a time.
SLICE = 10_000
# Past our back something was put into a column of SQLite's that is no time, no JSON or no text.
_UNREADABLE = (DBAPIError, TypeError, ValueError)
# Below every number an INTEGER can have, but one: somebody may have numbered a row 0, or less.
_BELOW_ALL = -(2**31)
_ROWS: Select[Any] = select(*(getattr(AuditRow, name) for name in SAID), AuditRow.hash).order_by(AuditRow.number)


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody kept of an earlier head. `number` is None where they kept the hash alone."""

    hash: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """The number of the first row at fault, and what is the matter with it: goes on after "Row 7 "."""

    number: int
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`first` is the number of the oldest row, 0 where there is none; `head` the newest of `rows` sound rows."""

    rows: int
    first: int
    head: Head | None
    fault: Fault | None = None


def verify(session: Session, *, expected: Expected | None = None) -> Verdict:
    """Whether every row is as it was written and in its place, up to the first that is not.

    Rows that were cut off at the end are noticed by `expected` only.
    """
    return _Reading(session, expected).verdict()


class _Reading:
    def __init__(self, session: Session, expected: Expected | None) -> None:
        self._session = session
        self._expected = expected
        self._met = expected is None
        self._rows = 0
        self._first = 0
        self._last = Head(0, GENESIS)

    def verdict(self) -> Verdict:
        fault = next(filter(None, map(self._fault_of, _in_order(self._session))), None) or self._unmet()
        return Verdict(self._rows, self._first, self._last if self._rows else None, fault)

    def _fault_of(self, row: "Row[Any] | Fault") -> Fault | None:
        if isinstance(row, Fault):
            return row
        number, said, sealed = row.number, row[:-1], row.hash
        if number < 1:
            return Fault(number, "was never written: they count from 1.")
        if not self._rows and number > 1:
            self._last = _before(self._session, number) or self._last
        if number != self._last.number + 1:
            return Fault(self._last.number + 1, "is missing.")
        if not _is(said, self._last.hash, sealed):
            return Fault(number, "is not what was written, or does not stand where it was written.")
        self._rows, self._first, self._last = self._rows + 1, self._first or number, Head(number, sealed)
        return self._differs()

    def _differs(self) -> Fault | None:
        kept = self._expected
        if kept is not None and kept.hash == self._last.hash and kept.number in {None, self._last.number}:
            self._met = True
        elif kept is not None and kept.number == self._last.number:
            return Fault(
                self._last.number, "has another hash than the one you kept: it, or one before it, was changed."
            )
        return None

    def _unmet(self) -> Fault | None:
        kept = self._expected
        if kept is None or self._met:
            return None
        if kept.number is None:
            return Fault(self._last.number + 1, "is missing, or one before was changed: no row has the hash you kept.")
        if kept.number < self._first:
            return Fault(kept.number, "is older than what is kept, so it cannot be compared. Keep a newer head.")
        return Fault(self._last.number + 1, f"is missing: you kept the hash of row {kept.number}.")


def _is(said: Sequence[Any], before: str, sealed: str) -> bool:
    try:
        return digest(said, before) == sealed
    except (TypeError, ValueError, AttributeError):  # SQLite stores a blob where a text belongs
        return False


def _before(session: Session, first: int) -> Head | None:
    """The row before the oldest one, as the row tells of it that says it was dropped; that one is verified like all."""
    told = select(AuditRow.reference).where(AuditRow.dropped == first - 1).limit(1)
    found = session.scalars(told).one_or_none()
    return Head(first - 1, found) if found else None


def _in_order(session: Session) -> "Iterator[Row[Any] | Fault]":
    """Every row by its number; in the place of one that cannot be read a fault, and nothing after it."""
    last = _BELOW_ALL
    while rows := _slice(session, last):
        yield from rows
        if isinstance(rows[-1], Fault):
            return
        last = rows[-1].number


def _slice(session: Session, last: int) -> "list[Row[Any] | Fault]":
    try:
        return list(session.execute(_ROWS.where(AuditRow.number > last).limit(SLICE)))
    except _UNREADABLE:
        return list(_one_by_one(session, last))


def _one_by_one(session: Session, last: int) -> "Iterator[Row[Any] | Fault]":
    numbers = select(AuditRow.number).where(AuditRow.number > last).order_by(AuditRow.number).limit(SLICE)
    for number in session.scalars(numbers).all():
        try:
            row = session.execute(_ROWS.where(AuditRow.number == number)).one()
        except _UNREADABLE:
            yield Fault(number, "cannot be read.")
            return
        yield row
