"""What time brings to tickets: a warning, a breach, a question once more, an end. Each once, in one transaction.

That it was done stands in the history of the ticket, so whoever looks at the same time, or after a crash, sees it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.friction.acting import Act, Resolution
from bot.friction.clocks import CLOSED_AFTER, GIVEN_UP_AFTER, REMINDED_AFTER, Ahead, Passing, question
from bot.friction.desk import Desk
from bot.friction.due import Promise
from bot.friction.moves import Event
from bot.friction.roles import THROUGHLINE
from bot.friction.tables import TicketRow
from bot.friction.telling import Late, Unowned, noted

UNANSWERED = (
    f"Nobody answered the question about it within {REMINDED_AFTER + GIVEN_UP_AFTER} working days, so it cannot be "
    "looked into. If you can answer it, say so, and it is open again."
)
QUIET = f"Nobody said within {CLOSED_AFTER} working days that it still happens."

# What whoever leads hears of.
_FOR_LEADS = frozenset({Passing.BREACHED, Passing.UNOWNED})


@dataclass(frozen=True, slots=True)
class Looked:
    """A ticket at which something is due; `late`: since `at` a promise is broken, or nobody owns it: leads hear."""

    number: int
    at: datetime
    late: bool


def due(session: Session, desk: Desk, *, now: datetime, limit: int) -> list[Looked]:
    """Those at which something is due, what is due longest first; mostly none."""
    asked = select(TicketRow).where(TicketRow.look_at <= now).order_by(TicketRow.look_at, TicketRow.id).limit(limit)
    found: list[Looked] = []
    for row in session.scalars(asked):
        broken = [one.at for one in _passed(session, row, desk, now) if one.what in _FOR_LEADS]
        found.append(Looked(row.id, min(broken, default=row.look_at or now), late=bool(broken)))
    return found


def look(session: Session, number: int, desk: Desk, *, now: datetime) -> list[Late | Unowned]:
    """Do what is due at a ticket, if nobody did meanwhile; what whoever leads is to hear of."""
    row = session.get_one(TicketRow, number)
    if row.look_at is None or row.look_at > now:
        return []
    passed = _passed(session, row, desk, now)
    heard: list[Late | Unowned] = [
        _breached(session, row, one, desk, now=now) for one in passed if one.what is Passing.BREACHED
    ]
    for one in passed:
        match one.what:
            case Passing.WARNED:
                _warned(session, row, one, desk, now=now)
            case Passing.UNOWNED:
                heard.append(_unowned(session, row, desk, now=now))
            case Passing.REMIND:
                desk.teller.remind(session, row, question(session, row), now=now)
            case Passing.GIVE_UP:
                end = Act(Event.RESOLVE, UNANSWERED, resolution=Resolution.NOT_REPRODUCIBLE)
                desk.act_in(session, number, end, THROUGHLINE, now=now)
            case Passing.CLOSE:
                desk.act_in(session, number, Act(Event.CLOSE, QUIET), THROUGHLINE, now=now)
    desk.clocks.passed(session, row)
    return heard


def _passed(session: Session, row: TicketRow, desk: Desk, now: datetime) -> list[Ahead]:
    """Nobody is warned of what is late already."""
    passed = [one for one in desk.clocks.ahead(session, row) if one.at <= now]
    broken = {one.promise for one in passed if one.what is Passing.BREACHED}
    return [one for one in passed if one.what is not Passing.WARNED or one.promise not in broken]


def _warned(session: Session, row: TicketRow, one: Ahead, desk: Desk, *, now: datetime) -> None:
    entry = noted(session, row, one.what, "", now=now, changed=_leg(row, one))
    desk.teller.warned(session, row, _late(row, one, entry.id), now=now)


def _breached(session: Session, row: TicketRow, one: Ahead, desk: Desk, *, now: datetime) -> Late:
    entry = noted(session, row, one.what, "", now=now, changed=_leg(row, one))
    late = _late(row, one, entry.id)
    desk.teller.breached(session, row, late, now=now)
    return late


def _unowned(session: Session, row: TicketRow, desk: Desk, *, now: datetime) -> Unowned:
    entry = noted(session, row, Passing.UNOWNED, "", now=now, changed={"leg": row.reopened})
    desk.teller.refresh(session, row, now=now)
    return Unowned(entry.id, row.id, row.title)


def _late(row: TicketRow, one: Ahead, entry: int) -> Late:
    until = row.acknowledge_by if one.promise is Promise.ACKNOWLEDGE else row.resolve_by
    return Late(entry, row.id, row.title, str(one.promise), until or one.at, row.team, row.assignee_name)


def _leg(row: TicketRow, one: Ahead) -> dict[str, object]:
    return {"promise": one.promise, "leg": row.reopened}
