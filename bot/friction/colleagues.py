"""What colleagues report of what a question is about: the answer says it, and a way around it."""

import threading
from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from bot.audiences import EVERYONE
from bot.database import Database
from bot.friction import tickets
from bot.friction.acting import Resolution
from bot.friction.guessing.named import Names, plain_words
from bot.friction.known import STORED
from bot.friction.moves import OPEN, State
from bot.friction.tables import EventRow, TicketRow, TicketToolRow, TicketVectorRow
from bot.friction.tickets import Ticket
from bot.touchpoints import TouchpointMap

SHOWN = 2
# Chosen on the questions of tests/friction/asked.txt that are not held out, so that none of those that no ticket is
# about shows one: see docs/friction.md. Meaning counts 1.
BAR, TOOL, PAGE = 0.66, 0.1, 0.1
# Names stand early, and every window of words is compared with every name.
_READ = 600
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reported:
    """`people` is None of few. `published`: the way around it is what was done about it."""

    key: str
    title: str
    people: int | None
    workaround: str
    published: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    number: int
    tools: frozenset[str]
    touchpoint: str
    page: str


class Colleagues:
    """Safe to use from several threads. `model` is what made the vectors of tickets and of questions."""

    def __init__(self, database: Database, maps: Callable[[], TouchpointMap], *, model: Callable[[], str]) -> None:
        self._database = database
        self._maps = maps
        self._model = model
        self._turn = threading.Lock()
        self._seen = 0
        self._tickets: tuple[_Kept, ...] = ()
        self._vectors = np.zeros((0, 0), np.float32)
        self._map: TouchpointMap | None = None
        self._names: Names | None = None

    def about(
        self,
        text: str,
        vector: Callable[[], NDArray[np.float32]],
        *,
        pages: Collection[str],
        audiences: AbstractSet[str],
    ) -> tuple[Reported, ...]:
        """What is reported of this, the most alike first, as far as these audiences may read it.

        `vector` is that of the question, asked for only where something is reported; `pages` are those that answer it.
        """
        with self._database.reading() as session:
            with self._turn:
                self._bring_up_to_date(session)
                kept, vectors = self._tickets, self._vectors
            if not kept:
                return ()
            alike = vectors @ vector()
            named = {one.id for one in self._named().mentions(text[:_READ])}
            scores = {
                kept[place].number: float(alike[place]) + self._beside(kept[place], named, pages)
                for place in np.flatnonzero(alike >= BAR - TOOL - PAGE)
            }
            likely = [number for number, score in scores.items() if score >= BAR]
            found = _readable(session, sorted(likely, key=lambda one: (-scores[one], one)), audiences)
        return tuple(_reported(one) for one in found)

    def _beside(self, kept: _Kept, named: AbstractSet[str], pages: Collection[str]) -> float:
        """What speaks for it beside its meaning."""
        work = self._maps().ex.get(kept.touchpoint)
        policy = work.standard.policy if work and work.standard else ""
        tool = TOOL if named & kept.tools else 0.0
        return tool + (PAGE if kept.page in pages or policy in pages else 0.0)

    def _named(self) -> Names:
        map_ = self._maps()
        with self._turn:
            if self._names is None or map_ is not self._map:
                self._names, self._map = Names(map_.names, known=plain_words(map_)), map_
            return self._names

    def _bring_up_to_date(self, session: Session) -> None:
        """Whatever changed has an event: what has none since the last look is as it was."""
        newest = session.scalar(select(func.max(EventRow.id))) or 0
        if newest == self._seen:
            return
        changed = select(EventRow.ticket).where(EventRow.id > self._seen).distinct()
        gone = set(session.scalars(changed))
        # A few are named: engines look through every ticket for those of a subquery.
        some = TicketRow.id.in_(gone if len(gone) <= _AT_ONCE else changed)
        asked = (
            select(TicketRow.id, TicketRow.touchpoint, TicketRow.page, TicketRow.partner, TicketVectorRow.vector)
            .join(TicketVectorRow, TicketVectorRow.ticket == TicketRow.id)
            .where(some, TicketVectorRow.model == self._model(), _hurting())
        )
        rows = session.execute(asked).all()
        tools = _tools(session, [row.id for row in rows])
        stay = [place for place, one in enumerate(self._tickets) if one.number not in gone]
        fresh = [
            _Kept(row.id, tools.get(row.id, frozenset()) | {row.partner} - {""}, row.touchpoint, row.page)
            for row in rows
        ]
        vectors = [np.frombuffer(row.vector, STORED).astype(np.float32)[None] for row in rows]
        if self._tickets:
            vectors.insert(0, self._vectors[stay])
        self._tickets = (*(self._tickets[place] for place in stay), *fresh)
        self._vectors = np.concatenate(vectors) if vectors else self._vectors
        self._seen = newest


def _hurting() -> ColumnElement[bool]:
    """What is open; and what is not fixed but got around, as long as that is what is known of it."""
    over = TicketRow.state.in_((State.RESOLVED, State.CLOSED))
    return or_(TicketRow.state.in_(OPEN), and_(over, TicketRow.resolution == Resolution.WORKAROUND_PUBLISHED.value))


def _readable(session: Session, numbers: list[int], audiences: AbstractSet[str]) -> list[Ticket]:
    """The first of these that employees alone read: nothing where somebody else reads along."""
    asked = select(TicketRow).where(
        TicketRow.id.in_(numbers[: SHOWN * 2]), _hurting(), literal(EVERYONE).in_(sorted(audiences))
    )
    found = {one.number: one for one in tickets.read(session, asked)}
    return [found[number] for number in numbers if number in found][:SHOWN]


def _tools(session: Session, numbers: list[int]) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = TicketToolRow.ticket.in_(numbers[start : start + _AT_ONCE])
        for number, tool in session.execute(select(TicketToolRow.ticket, TicketToolRow.tool).where(some)):
            found[number] = found.get(number, frozenset()) | {tool}
    return found


def _reported(one: Ticket) -> Reported:
    published = one.resolution == Resolution.WORKAROUND_PUBLISHED
    around = one.workaround or (one.resolved_with if published else "")
    return Reported(one.key, one.title, one.weight.people, around, published)
