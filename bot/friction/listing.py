"""Tickets that people work from: those that take most of a week first, as far as that is told."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from bot.friction import groups, ranking, tickets
from bot.friction.acting import LEFT
from bot.friction.moves import OPEN, State
from bot.friction.ranking import Shortlist, hottest_first
from bot.friction.tables import TicketRow, TicketToolRow
from bot.friction.tickets import Ticket
from bot.friction.wanted import Field, Wanted

# Of a list that is glanced at.
MOST = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What of it is wanted: by ids of the map and the key of the owner. `everything`: also what is over.

    `wanted` as `Vocabulary` understands it: any of each. `since` is a day, from which on it was first reported.
    """

    tool: str = ""
    touchpoint: str = ""
    team: str = ""
    wanted: tuple[Wanted, ...] = ()
    since: date | None = None
    everything: bool = False


def hottest(session: Session, asked: Asked, *, audiences: AbstractSet[str]) -> list[Ticket]:
    """Whoever is no employee sees none: raises `NotAllowed`.

    By place are those of which enough people of it have it that it may be told.
    """
    return sorted(
        tickets.listed(session, query(session, asked, audiences=audiences), audiences=audiences), key=hottest_first
    )


def shortlist(session: Session, asked: Asked, *, audiences: AbstractSet[str], most: int) -> Shortlist:
    """The first of `hottest`. Raises `NotAllowed`."""
    return ranking.part(session, query(session, asked, audiences=audiences), most=most)


def query(session: Session, asked: Asked, *, audiences: AbstractSet[str]) -> Select[TicketRow]:
    """The tickets that are wanted, in no order. Raises `NotAllowed`."""
    tickets.must_be_employee(audiences)
    alone = ((Field.TOOL, asked.tool), (Field.TOUCHPOINT, asked.touchpoint), (Field.TEAM, asked.team))
    wanted = [*(frozenset({each}) for each in alone if each[1]), *asked.wanted]
    rows = select(TicketRow)
    if not asked.everything and not any(field is Field.STATE for each in wanted for field, _ in each):
        rows = rows.where(TicketRow.state.in_(OPEN))
    if asked.since is not None:
        rows = rows.where(TicketRow.filed_at >= datetime.combine(asked.since, time(), UTC))
    for each in wanted:
        rows = rows.where(or_(*(_is(session, field, value, audiences) for field, value in sorted(each))))
    return rows


def _is(session: Session, field: Field, value: str, audiences: AbstractSet[str]) -> ColumnElement[bool]:
    if field is Field.TOOL:
        return TicketRow.id.in_(select(TicketToolRow.ticket).where(TicketToolRow.tool == value))
    if field is Field.PLACE:
        return TicketRow.id.in_(ranking.written(groups.at_place(session, value, audiences=audiences)))
    return _COLUMNS[field] == value


_COLUMNS = {
    Field.PARTNER: TicketRow.partner,
    Field.TOUCHPOINT: TicketRow.touchpoint,
    Field.TEAM: TicketRow.team,
    Field.KIND: TicketRow.kind,
    Field.STATE: TicketRow.state,
}


def mended(session: Session, *, since: datetime, audiences: AbstractSet[str]) -> list[Ticket]:
    """What was resolved since then, and not left as it was, the newest first."""
    rows = select(TicketRow).where(
        TicketRow.state.in_([State.RESOLVED, State.CLOSED]),
        TicketRow.resolved_at >= since,
        TicketRow.resolution.not_in(["", *LEFT]),
    )
    return tickets.listed(session, rows.order_by(TicketRow.resolved_at.desc()).limit(MOST), audiences=audiences)


def as_json(one: Ticket) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "state": one.state,
        "kind": one.kind,
        "severity": one.severity,
        "tools": list(one.tools),
        "touchpoint": one.touchpoint or None,
        "partner": one.partner or None,
        "owner": one.team or None,
        # Null: fewer than five people.
        "people": one.weight.people,
        "hours_a_week": one.weight.hours,
        "customers": one.weight.customers,
        "effect": one.effect,
        # A day: whoever knows when somebody typed knows who it was.
        "filed_on": one.filed_at.date().isoformat(),
        "merged_into": tickets.key(one.merged_into) if one.merged_into else None,
    }
