"""A page was changed: what was asked when it was found unclear is asked again, and a ticket may be over by that."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import exchanges
from bot.audiences import EVERYONE
from bot.database import Database, insert
from bot.errors import MoveRefused
from bot.exchanges import ExchangeRow
from bot.friction.acting import Act, Resolution
from bot.friction.desk import Desk
from bot.friction.kinds import Kind
from bot.friction.moves import OPEN, Event
from bot.friction.roles import THROUGHLINE
from bot.friction.tables import QuestionRow, TicketRow
from bot.retrieval import catalogue, changes
from bot.retrieval.documents import Answer, Question, Quote
from bot.retrieval.library import Library

# More of a page says no more, and nobody reads it in a message.
LONGEST_QUOTE = 600


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked when the page was found unclear, by somebody with these audiences."""

    question: Question
    audiences: frozenset[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open ticket whose page changed since its questions were asked. `changed` is as of `changes.new_in`."""

    ticket: int
    asked: tuple[Asked, ...]
    changed: Mapping[str, AbstractSet[str] | None]


def keep(session: Session, ticket: int, exchange: int, *, audiences: AbstractSet[str]) -> None:
    """What was asked, of somebody who is known to have asked it; once for a ticket."""
    live = catalogue.live_generation(session)
    if live is None or session.get(ExchangeRow, exchange) is None:
        return
    now = {"since": live.number, "asked_in": live.number}
    row = {"ticket": ticket, "exchange": exchange, "audiences": sorted(audiences), **now}
    session.execute(insert(session, QuestionRow).values(row).on_conflict_do_nothing())


def ask_again(database: Database, library: Library, desk: Desk, *, now: datetime, day: date) -> list[int]:
    """The tickets that are resolved by it. `database` is that of all workspaces: a page is everybody's."""
    with database.reading() as session:
        live = catalogue.live_generation(session)
        waiting = _waiting(session, live.number) if live else []
    return [one.ticket for one in waiting if live and _settled(database, library, desk, one, live.number, now, day)]


def _settled(
    database: Database, library: Library, desk: Desk, one: Waiting, generation: int, now: datetime, day: date
) -> bool:
    """Whether each of its questions is answered now, from what is new."""
    quotes = [
        _from_what_is_new(library.answer(each.question, audiences=each.audiences, today=day), one.changed)
        for each in one.asked
    ]
    quote = quotes[0] if quotes else None
    with database.writing.begin() as session:
        before = select(QuestionRow.exchange).where(QuestionRow.ticket == one.ticket, QuestionRow.asked_in < generation)
        if not session.scalars(before).all():  # another replica was quicker
            return False
        session.execute(update(QuestionRow).where(QuestionRow.ticket == one.ticket).values(asked_in=generation))
        if quote is None or None in quotes:
            return False
        said = Act(Event.RESOLVE, _said(library, quote, day), resolution=Resolution.POLICY_CLARIFIED)
        try:
            desk.act_in(session, one.ticket, said, THROUGHLINE, now=now)
        except MoveRefused:  # somebody saw to it meanwhile
            return False
    return True


def _waiting(session: Session, generation: int) -> list[Waiting]:
    asked = (
        select(QuestionRow, TicketRow, ExchangeRow)
        .join(TicketRow, QuestionRow.ticket == TicketRow.id)
        .join(ExchangeRow, QuestionRow.exchange == ExchangeRow.id)
        .where(TicketRow.state.in_(OPEN), QuestionRow.asked_in < generation)
        .order_by(TicketRow.id, ExchangeRow.id)
    )
    found: dict[int, list[tuple[QuestionRow, TicketRow, ExchangeRow]]] = {}
    for row, ticket, exchange in session.execute(asked):
        found.setdefault(ticket.id, []).append((row, ticket, exchange))
    return [one for rows in found.values() if (one := _changed(session, rows)) is not None]


def _changed(session: Session, rows: Sequence[tuple[QuestionRow, TicketRow, ExchangeRow]]) -> Waiting | None:
    """None where nothing changed that could answer them. A rule that was missing may be on any page."""
    ticket = rows[0][1]
    page = "" if ticket.kind == Kind.MISSING_POLICY else ticket.page
    changed = changes.new_in(session, after=min(row.since for row, _, _ in rows), page=page)
    if not changed:
        return None
    return Waiting(ticket.id, tuple(_asked(session, row, exchange) for row, _, exchange in rows), changed)


def _asked(session: Session, row: QuestionRow, exchange: ExchangeRow) -> Asked:
    history = exchanges.earlier_questions(
        session,
        channel=exchange.channel,
        thread=exchange.thread,
        person=exchange.person,
        now=exchange.asked_at,
        before=exchange.id,
    )
    return Asked(Question(exchange.question, history=history), frozenset(row.audiences))


def _from_what_is_new(answer: Answer, changed: Mapping[str, AbstractSet[str] | None]) -> Quote | None:
    if not answer.answered or answer.contradiction is not None:
        return None
    first = answer.quotes[0]
    if first.citation.source not in changed:
        return None
    sections = changed[first.citation.source]
    return first if sections is None or first.citation.section.rpartition(" › ")[2] in sections else None


def _said(library: Library, quote: Quote, day: date) -> str:
    """Every employee reads it: of a page that is not for all, it says no more than that it was changed."""
    changed = f"was changed on {day.day} {day:%b %Y}"
    if not library.readable(quote.citation.source, audiences=frozenset({EVERYONE}), day=day):
        return f"The page {changed} and answers now what was asked."
    words = quote.decisive or quote.block.text
    short = words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
    return f"The page “{quote.citation.title}” {changed}: “{short}”"
