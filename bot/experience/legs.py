"""Tickets as their clocks ran: legs, holds and promises, read back from what happened to each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, null, or_, select
from sqlalchemy.orm import Session

from bot.friction.clocks import Passing
from bot.friction.moves import OPEN, Event, State
from bot.friction.tables import EventRow, TicketRow
from bot.metrics.promises import Promise
from bot.metrics.rows import Hold, Leg, Ticket

_OPEN = frozenset(map(str, OPEN))
_STANDS = frozenset({State.WAITING_REPORTER.value, State.WAITING_PARTNER.value, State.MERGED.value})
_ENDED = frozenset({State.RESOLVED.value, State.WITHDRAWN.value, State.REJECTED.value})
# What may say that somebody else has it now.
_PASSING_ON = (Event.TRIAGE, Event.SET, Event.ASSIGN)


class _Row(NamedTuple):
    id: int
    state: str
    team: str
    partner: str
    filed_at: datetime
    changed_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    acknowledge_by: datetime | None
    resolve_by: datetime | None
    held_since: datetime | None
    held_seconds: float
    reopened: int

    @property
    def plain(self) -> bool:
        """Whether its row says all: it never waited, and has one leg."""
        return not self.reopened and not self.held_seconds and self.held_since is None


class _Happened(NamedTuple):
    ticket: int
    at: datetime
    event: str
    source: str
    target: str
    changed: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """A ticket with what was promised of it, and when it was resolved and opened again."""

    ticket: Ticket
    promises: tuple[Promise, ...]
    resolved: tuple[tuple[datetime, datetime | None], ...]


_WAITED = or_(TicketRow.reopened > 0, TicketRow.held_seconds > 0, TicketRow.held_since.is_not(None))


def runs(session: Session, *conditions: ColumnElement[bool]) -> list[Run]:
    """Those that a condition finds, without what was merged: it counts with the other."""
    return _runs(session, conditions, following=_WAITED)


def seen(session: Session, *conditions: ColumnElement[bool]) -> list[Run]:
    """The same where only the acknowledgment matters: without what they waited, which stops no clock until then."""
    return _runs(session, conditions, following=TicketRow.reopened > 0)


def _runs(session: Session, conditions: Sequence[ColumnElement[bool]], *, following: ColumnElement[bool]) -> list[Run]:
    chosen = [TicketRow.state != State.MERGED, *conditions]
    columns = [getattr(TicketRow, name) for name in _Row._fields]
    connection = session.connection()
    rows = [_Row(*row) for row in connection.execute(select(*columns).where(*chosen).order_by(TicketRow.id))]
    happened: dict[int, list[_Happened]] = defaultdict(list)
    telling = or_(EventRow.source != EventRow.target, EventRow.event.in_([Event.REOPEN, Passing.BREACHED]))
    # Of thousands of events the JSON takes longest to read, and only that of a breach is looked at.
    breach = case((EventRow.event == Passing.BREACHED, EventRow.changed), else_=null())
    asked = (
        select(EventRow.ticket, EventRow.at, EventRow.event, EventRow.source, EventRow.target, breach)
        .select_from(TicketRow)
        .join(EventRow, TicketRow.id == EventRow.ticket)
        .where(following, telling, *chosen)
    )
    found = connection.execute(asked.order_by(EventRow.ticket, EventRow.id))
    for ticket, at, event, source, target, changed in found:
        happened[ticket].append(_Happened(ticket, at, event, source, target, changed or {}))
    return [_run(row, happened.get(row.id, [])) for row in rows]


def handoffs(session: Session, *conditions: ColumnElement[bool]) -> dict[int, int]:
    """How often each ticket went to another team or person; those that never did are not named.

    Whoever has it first has it from nobody.
    """
    chosen = [TicketRow.state != State.MERGED, *conditions]
    asked = (
        select(EventRow.ticket, EventRow.changed)
        .select_from(TicketRow)
        .join(EventRow, TicketRow.id == EventRow.ticket)
        .where(EventRow.event.in_(_PASSING_ON), *chosen)
    )
    found: dict[int, int] = defaultdict(int)
    for ticket, changed in session.connection().execute(asked):
        for name in ("team", "assignee"):
            before, after = (changed.get(name) or ("", ""))[:2]
            if before and before != after:
                found[ticket] += 1
    return dict(found)


def began(filed: datetime) -> datetime:
    """Of an anonymous ticket the day alone is known: its clock begins when that day is over, as its promises do."""
    return filed + timedelta(days=1) if filed.time() == time() else filed


@dataclass
class _Running:
    """A ticket as it is followed through what happened to it."""

    legs: list[Leg] = field(default_factory=list)
    start: datetime | None = None
    seen: datetime | None = None
    holds: list[Hold] = field(default_factory=list)
    held: tuple[datetime, str] | None = None
    last: datetime | None = None

    def moved(self, row: _Row, one: _Happened) -> None:
        at = self._when(one.at)
        if one.event == Event.REOPEN:
            self.start, self.holds, self.held = at, [], None
            self.seen = None if one.target == State.NEW else self.seen
            return
        if one.target in _OPEN and one.target != State.NEW and self.seen is None:
            self.seen = at
        if self.held is not None and one.target not in _STANDS:
            self.holds.append(Hold(self.held[0], at, self.held[1]))
            self.held = None
        if one.target in _STANDS and self.held is None:
            self.held = at, row.partner if one.target == State.WAITING_PARTNER else ""
        if one.target in _ENDED and self.start is not None:
            self.end(at, resolved=one.target == State.RESOLVED)

    def end(self, at: datetime | None, *, resolved: bool) -> None:
        if self.start is None:
            return
        holds = [*self.holds, *([Hold(self.held[0], at, self.held[1])] if self.held else [])]
        self.legs.append(Leg(self.start, self.seen, at, resolved, tuple(holds)))
        self.start, self.holds, self.held = None, [], None

    def _when(self, at: datetime) -> datetime:
        """What an anonymous reporter does has only a day, which begins before what it follows."""
        self.last = max(at, self.last) if self.last else at
        return self.last


def _run(row: _Row, happened: Sequence[_Happened]) -> Run:
    legs = (_leg(row),) if row.plain or not happened else _followed(row, happened)
    return Run(Ticket(row.id, row.team, legs), tuple(_promises(row, legs, happened)), tuple(_resolved(legs)))


def _leg(row: _Row) -> Leg:
    """Of a ticket that never waited; of one that was taken over from elsewhere, what is known."""
    ended = None if row.state in _OPEN else row.resolved_at or row.changed_at
    seen = row.acknowledged_at
    return Leg(began(row.filed_at), seen, ended, row.resolved_at is not None and ended is not None)


def _followed(row: _Row, happened: Sequence[_Happened]) -> tuple[Leg, ...]:
    running = _Running(start=began(row.filed_at))
    for one in happened:
        running.moved(row, one)
    if row.state in _OPEN:
        running.end(None, resolved=False)
    return tuple(running.legs) or (_leg(row),)


def _promises(row: _Row, legs: Sequence[Leg], happened: Iterable[_Happened]) -> Iterator[Promise]:
    """Of the last leg what stands on the ticket. Of one before, a breach was noted when it was due."""
    if row.acknowledge_by is not None and legs:
        yield Promise(row.acknowledge_by, row.acknowledged_at or legs[-1].ended, row.held_since)
    if row.resolve_by is None:
        return
    broken = {
        one.changed.get("leg"): one.at
        for one in happened
        if one.event == Passing.BREACHED and one.changed.get("promise") == "resolve"
    }
    for number, leg in enumerate(legs[:-1]):
        if leg.ended is not None:
            yield Promise(broken.get(number, leg.ended), leg.ended)
    if legs:
        yield Promise(row.resolve_by, legs[-1].ended, row.held_since)


def _resolved(legs: Sequence[Leg]) -> Iterator[tuple[datetime, datetime | None]]:
    for leg, after in zip(legs, [*legs[1:], None], strict=True):
        if leg.resolved and leg.ended is not None:
            yield leg.ended, after.began if after else None
