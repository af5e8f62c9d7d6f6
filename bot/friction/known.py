"""The tickets that a new report may be one more of, held in memory and brought up to date before each look."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.friction import tickets
from bot.friction.guessing import Guesses
from bot.friction.kinds import Kind
from bot.friction.likeness import Described, Space
from bot.friction.moves import OPEN, State
from bot.friction.nearest import KnownTickets, Near
from bot.friction.slots import slots_in
from bot.friction.tables import EventRow, ReportRow, TicketRow, TicketToolRow, TicketVectorRow

# What was resolved a while ago and happens again is something new.
LATELY = timedelta(days=30)
STORED = np.float16
_AT_ONCE = 500


class Known:
    """Safe to use from several threads. `places` are the names of places, by their keys."""

    def __init__(self, space: Space, *, model: str, places: Mapping[str, str]) -> None:
        self._space = space
        self._model = model
        self._places = places
        self._seen = -1
        self._described: dict[str, Described] = {}
        self._tickets = KnownTickets(space, {})
        self._turn = threading.Lock()

    def nearest(self, session: Session, report: Described, *, now: datetime) -> tuple[Near, ...]:
        """Three that are open or were resolved lately, the most alike first, however little that is."""
        with self._turn:
            self._bring_up_to_date(session, now)
            return self._tickets.nearest(report, at_least=0.0)

    def like(self, session: Session, number: int, *, now: datetime) -> tuple[Near, ...]:
        """Up to three others that may well be the same as this one; none where it is over."""
        with self._turn:
            self._bring_up_to_date(session, now)
            one = self._described.get(tickets.key(number))
            return self._tickets.nearest(one, but=tickets.key(number)) if one else ()

    def look(self, session: Session, *, now: datetime) -> None:
        """At what there is, before anybody waits for it."""
        with self._turn:
            self._bring_up_to_date(session, now)

    def _bring_up_to_date(self, session: Session, now: datetime) -> None:
        """Whatever changed has an event: what has none since the last look is as it was."""
        newest = session.scalar(select(func.max(EventRow.id))) or 0
        if newest == self._seen:
            return
        changed = select(EventRow.ticket).where(EventRow.id > self._seen).distinct()
        for number in session.scalars(changed) if self._described else ():
            self._described.pop(tickets.key(number), None)
        # Columns and no objects: at the first look these are all tickets.
        row = (TicketRow.id, TicketRow.kind, TicketRow.touchpoint, TicketRow.title)
        asked = (
            select(*row, TicketVectorRow.vector, TicketVectorRow.guessed)
            .join(TicketVectorRow, TicketVectorRow.ticket == TicketRow.id)
            .where(
                TicketRow.id.in_(changed),
                TicketVectorRow.model == self._model,
                or_(
                    TicketRow.state.in_(OPEN),
                    and_(TicketRow.state == State.RESOLVED, TicketRow.changed_at > now - LATELY),
                ),
            )
        )
        found = session.execute(asked).all()
        tools = _tools(session, [one.id for one in found])
        words = _words(session, [one.id for one in found])
        for one in found:
            self._described[tickets.key(one.id)] = Described.of(
                np.frombuffer(one.vector, STORED).astype(np.float32),
                Guesses.remembered(one.guessed),
                kind=Kind(one.kind),
                tools=tools.get(one.id, ()),
                touchpoint=one.touchpoint,
                slots=slots_in(words.get(one.id, one.title), self._places),
            )
        self._tickets = KnownTickets(self._space, self._described, before=self._tickets)
        self._seen = newest


def _tools(session: Session, numbers: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = TicketToolRow.ticket.in_(numbers[start : start + _AT_ONCE])
        for ticket, tool in session.execute(select(TicketToolRow.ticket, TicketToolRow.tool).where(some)):
            found[ticket] = (*found.get(ticket, ()), tool)
    return found


def _words(session: Session, numbers: list[int]) -> dict[int, str]:
    """What the first report of each says."""
    found: dict[int, str] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        first = select(ReportRow.ticket, ReportRow.words).where(
            ReportRow.ticket.in_(numbers[start : start + _AT_ONCE]), ReportRow.first
        )
        found |= {row.ticket: row.words for row in session.execute(first)}
    return found
