"""Tickets that people work from: those that take most of a week first, as far as that is told."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from bot.friction import groups, tickets
from bot.friction.acting import LEFT
from bot.friction.kinds import Severity
from bot.friction.moves import OPEN, State
from bot.friction.suppression import FEWEST
from bot.friction.tables import ReportRow, TicketRow, TicketToolRow
from bot.friction.tickets import Ticket
from bot.friction.wanted import Field, Wanted

# Of a list that is glanced at.
MOST = 5
_GRAVEST_FIRST = tuple(Severity)


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


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The first tickets of a list, and how many the list has."""

    first: tuple[Ticket, ...]
    total: int


def hottest(session: Session, asked: Asked, *, audiences: AbstractSet[str]) -> list[Ticket]:
    """Whoever is no employee sees none: raises `NotAllowed`.

    By place are those of which enough people of it have it that it may be told.
    """
    return sorted(tickets.listed(session, _rows(session, asked, audiences), audiences=audiences), key=hottest_first)


def shortlist(session: Session, asked: Asked, *, audiences: AbstractSet[str], most: int) -> Shortlist:
    """The first of `hottest`, without weighing what stands behind all that is told. Raises `NotAllowed`."""
    rows = _rows(session, asked, audiences)
    weighed = tickets.listed(session, rows.where(_may_be_told()), audiences=audiences)
    first = sorted((one for one in weighed if one.weight.people is not None), key=hottest_first)[:most]
    if len(first) < most:
        others = rows.where(TicketRow.id.not_in([one.number for one in first]))
        others = others.order_by(_gravity(), TicketRow.filed_at, TicketRow.id).limit(most - len(first))
        first += tickets.listed(session, others, audiences=audiences)
    total = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    return Shortlist(tuple(first), total)


def _rows(session: Session, asked: Asked, audiences: AbstractSet[str]) -> Select[TicketRow]:
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


def _may_be_told() -> ColumnElement[bool]:
    """Of fewer reports there are fewer people; what others were merged into has those of all."""
    many = select(ReportRow.ticket).group_by(ReportRow.ticket).having(func.count() >= FEWEST)
    joined = select(TicketRow.merged_into).where(TicketRow.merged_into.is_not(None))
    return or_(TicketRow.id.in_(many), TicketRow.id.in_(joined))


def _gravity() -> ColumnElement[int]:
    return case({severity.value: place for place, severity in enumerate(_GRAVEST_FIRST)}, value=TicketRow.severity)


def _is(session: Session, field: Field, value: str, audiences: AbstractSet[str]) -> ColumnElement[bool]:
    if field is Field.TOOL:
        return TicketRow.id.in_(select(TicketToolRow.ticket).where(TicketToolRow.tool == value))
    if field is Field.PLACE:
        there = sorted(groups.at_place(session, value, audiences=audiences))
        # In the statement itself: as parameters no database takes a hundred thousand.
        return TicketRow.id.in_(bindparam(None, there, expanding=True, literal_execute=True))
    return _COLUMNS[field] == value


_COLUMNS = {
    Field.PARTNER: TicketRow.partner,
    Field.TOUCHPOINT: TicketRow.touchpoint,
    Field.TEAM: TicketRow.team,
    Field.KIND: TicketRow.kind,
    Field.STATE: TicketRow.state,
}


def hottest_first(one: Ticket) -> tuple[bool, float, int, int, datetime, int]:
    """By hours as they are told; those of few people after them, the gravest first, then the oldest.

    An order by what is not told would tell it.
    """
    told = one.weight
    gravest = _GRAVEST_FIRST.index(one.severity)
    return (told.people is None, -(told.hours or 0.0), -(told.people or 0), gravest, one.filed_at, one.number)


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
