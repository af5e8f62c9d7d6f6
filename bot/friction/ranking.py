"""The order of long lists of tickets, weighed in the database: of fifty thousand nobody reads the reports."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Subquery, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from bot.friction import tickets
from bot.friction.kinds import Frequency, Severity
from bot.friction.suppression import FEWEST
from bot.friction.tables import ReportRow, TicketRow
from bot.friction.tickets import Ticket
from bot.friction.weights import TIMES_A_WEEK, rounded
from bot.metrics.hours import MOST_MINUTES

_GRAVEST_FIRST = tuple(Severity)
Order = tuple[bool, float, int, int, datetime, int]


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Some tickets of a list, in its order, and how many the list has."""

    first: tuple[Ticket, ...]
    total: int


def hottest_first(one: Ticket) -> Order:
    """By hours as they are told; those of few people after them, the gravest first, then the oldest.

    An order by what is not told would tell it.
    """
    told = one.weight
    return _order(told.hours, told.people, one.severity, one.filed_at, one.number)


def part(session: Session, rows: Select[TicketRow], *, most: int, after: int = 0) -> Shortlist:
    """So many tickets of a query as they come `hottest_first`, after so many others."""
    told = _told(session, rows)
    numbers = told[after : after + most]
    if len(numbers) < most:
        others = rows.where(_none_of(told)).order_by(_gravity(), TicketRow.filed_at, TicketRow.id)
        others = others.offset(max(0, after - len(told))).limit(most - len(numbers))
        numbers += session.scalars(others.with_only_columns(TicketRow.id)).all()
    found = tickets.read(session, select(TicketRow).where(TicketRow.id.in_(numbers)))
    total = session.scalar(select(func.count()).select_from(rows.with_only_columns(TicketRow.id).subquery())) or 0
    return Shortlist(tuple(sorted(found, key=hottest_first)), total)


def _told(session: Session, rows: Select[TicketRow]) -> list[int]:
    """The numbers of those whose weight is told, in their order.

    Of one that nothing was merged into everybody who reported it is one person, named or not; others are read.
    """
    merged = select(TicketRow.merged_into).where(TicketRow.merged_into.is_not(None))
    said = _people_and_minutes(rows).c
    weighed = (
        select(TicketRow.id, TicketRow.severity, TicketRow.filed_at, said.people, said.minutes)
        .join(TicketRow, TicketRow.id == said.ticket)
        .where(TicketRow.merged_into.is_(None), TicketRow.id.not_in(merged))
    )
    alone = [
        _order(rounded(minutes / 60), many, Severity(severity), filed_at, number)
        for number, severity, filed_at, many, minutes in session.execute(weighed)
    ]
    joined = tickets.read(session, rows.where(TicketRow.id.in_(merged)))
    together = [hottest_first(one) for one in joined if one.weight.people is not None]
    return [number for *_, number in sorted([*alone, *together])]


def _people_and_minutes(rows: Select[TicketRow]) -> Subquery:
    """`ticket`, `people` and `minutes` of each ticket of enough people; each reports a ticket once."""
    people = func.count().label("people")
    return (
        select(ReportRow.ticket, people, func.sum(_minutes()).label("minutes"))
        .where(ReportRow.ticket.in_(rows.with_only_columns(TicketRow.id)))
        .group_by(ReportRow.ticket)
        .having(people >= FEWEST)
        .subquery()
    )


def _minutes() -> ColumnElement[float]:
    """A week, that a report says: none where it happens no more or happened once."""
    times = case({one.value: many for one, many in TIMES_A_WEEK.items()}, value=ReportRow.frequency, else_=0.0)
    said = func.coalesce(ReportRow.minutes, 0.0) * times
    return case(
        (or_(ReportRow.still == "no", ReportRow.frequency == Frequency.ONCE.value), 0.0),
        (said > MOST_MINUTES, MOST_MINUTES),
        else_=said,
    )


def _order(hours: float | None, people: int | None, severity: Severity, filed_at: datetime, number: int) -> Order:
    return (people is None, -(hours or 0.0), -(people or 0), _GRAVEST_FIRST.index(severity), filed_at, number)


def _gravity() -> ColumnElement[int]:
    return case({severity.value: place for place, severity in enumerate(_GRAVEST_FIRST)}, value=TicketRow.severity)


def _none_of(numbers: Collection[int]) -> ColumnElement[bool]:
    return TicketRow.id.not_in(written(numbers))


def written(numbers: Iterable[int]) -> ColumnElement[list[int]]:
    """In the statement itself: as parameters no database takes a hundred thousand."""
    return bindparam(None, sorted(numbers), expanding=True, literal_execute=True)
