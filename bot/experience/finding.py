"""The tickets that somebody looks for, what costs most first."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from bot.experience.viewers import Viewer, must_see
from bot.friction import groups, ranking, tickets
from bot.friction import unowned as of_nobody
from bot.friction.acting import LEFT
from bot.friction.moves import OPEN, State
from bot.friction.ranking import Shortlist
from bot.friction.tables import ThemeRow, TicketRow, TicketToolRow
from bot.friction.tickets import Ticket
from bot.working_time import Calendar

# What is asked of the state beside a single one.
OPEN_ONES, OVER, ALL = "open", "over", "all"
# Of a tool, a touchpoint, a theme or a cause: of tickets that have none.
NONE = "none"
# Of the owner: of tickets that nobody owns although a working day is over.
UNOWNED = "unowned"


@dataclass(frozen=True, slots=True)
class Clock:
    """By which a working day is over: `calendar` is that of what nobody owns."""

    calendar: Calendar
    now: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """By ids of the map, the key of the owner, kind, severity and place; "" where it does not matter.

    `state` is one of a ticket, or `OPEN_ONES`, `OVER` or `ALL`; `theme` is a number, `cause` what lay
    behind it. Tool, touchpoint, theme, cause and team may be `NONE`; the team, too, `UNOWNED`.
    """

    tool: str = ""
    touchpoint: str = ""
    team: str = ""
    kind: str = ""
    state: str = OPEN_ONES
    severity: str = ""
    place: str = ""
    theme: str = ""
    cause: str = ""

    @property
    def narrowed(self) -> bool:
        return self != Wanted()

    def parts(self) -> dict[str, str]:
        """What is asked for, by its name, without what does not matter."""
        usual = Wanted()
        named = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in named.items() if value != getattr(usual, name)}


def found(session: Session, wanted: Wanted, *, viewer: Viewer, clock: Clock | None = None) -> list[Ticket]:
    """Raises `NotAllowed` for whoever may not read it. Without a clock nothing is `UNOWNED`."""
    some = tickets.listed(session, _rows(session, wanted, viewer, clock), audiences=viewer.audiences)
    return sorted(some, key=ranking.hottest_first)


def part(
    session: Session, wanted: Wanted, *, viewer: Viewer, most: int, after: int = 0, clock: Clock | None = None
) -> Shortlist:
    """So many of them, after so many others, and how many there are in all. Raises `NotAllowed`."""
    return ranking.part(session, _rows(session, wanted, viewer, clock), most=most, after=after)


def themes(session: Session, *, viewer: Viewer) -> dict[str, str]:
    """Number -> label of every theme. Raises `NotAllowed`."""
    must_see(viewer)
    rows = session.execute(select(ThemeRow.id, ThemeRow.label).order_by(ThemeRow.label, ThemeRow.id))
    return {str(number): label for number, label in rows}


def themes_at(session: Session, touchpoints: Iterable[str], *, viewer: Viewer) -> list[tuple[int, str, int]]:
    """Number, label and open tickets of each theme of what is open there, most first. Raises `NotAllowed`."""
    must_see(viewer)
    count = func.count()
    rows = session.execute(
        select(ThemeRow.id, ThemeRow.label, count)
        .join(TicketRow, TicketRow.theme == ThemeRow.id)
        .where(TicketRow.state.in_(OPEN), TicketRow.touchpoint.in_(sorted(touchpoints)))
        .group_by(ThemeRow.id, ThemeRow.label)
        .order_by(count.desc(), ThemeRow.id)
    )
    return [(number, label, tickets) for number, label, tickets in rows]


def what_worked(session: Session, touchpoints: Iterable[str], *, viewer: Viewer, most: int) -> list[Ticket]:
    """What was resolved there and not left as it was, the newest first. Raises `NotAllowed`."""
    rows = select(TicketRow).where(
        TicketRow.touchpoint.in_(sorted(touchpoints)),
        TicketRow.state.in_([State.RESOLVED, State.CLOSED]),
        TicketRow.resolution.not_in(["", *LEFT]),
        TicketRow.resolved_with != "",
    )
    newest = rows.order_by(TicketRow.resolved_at.desc(), TicketRow.id.desc()).limit(most)
    return tickets.listed(session, newest, audiences=must_see(viewer))


def unowned(session: Session, clock: Clock, *, viewer: Viewer) -> int:
    """How many nobody owns although a working day is over. Raises `NotAllowed`."""
    must_see(viewer)
    return len(of_nobody.overdue(session, clock.calendar, now=clock.now))


def _rows(session: Session, wanted: Wanted, viewer: Viewer, clock: Clock | None) -> Select[TicketRow]:
    audiences = must_see(viewer)
    rows = select(TicketRow).where(*_conditions(wanted))
    if wanted.team == UNOWNED:
        numbers = of_nobody.overdue(session, clock.calendar, now=clock.now) if clock else []
        rows = rows.where(of_nobody.among(numbers))
    if wanted.place:
        rows = rows.where(
            TicketRow.id.in_(ranking.written(groups.at_place(session, wanted.place, audiences=audiences)))
        )
    return rows


def _conditions(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.tool == NONE:
        yield TicketRow.id.not_in(select(TicketToolRow.ticket))
    elif wanted.tool:
        yield TicketRow.id.in_(select(TicketToolRow.ticket).where(TicketToolRow.tool == wanted.tool))
    if wanted.touchpoint:
        yield TicketRow.touchpoint == ("" if wanted.touchpoint == NONE else wanted.touchpoint)
    if wanted.team == NONE:
        yield from of_nobody.nobodys()
    elif wanted.team and wanted.team != UNOWNED:
        yield TicketRow.team == wanted.team
    if wanted.kind:
        yield TicketRow.kind == wanted.kind
    if wanted.severity:
        yield TicketRow.severity == wanted.severity
    if wanted.theme:
        yield TicketRow.theme.is_(None) if wanted.theme == NONE else TicketRow.theme == int(wanted.theme)
    if wanted.cause:
        yield TicketRow.root_cause == ("" if wanted.cause == NONE else wanted.cause)
    yield from _standing(wanted.state)


def _standing(state: str) -> Iterable[ColumnElement[bool]]:
    if state == OPEN_ONES:
        yield TicketRow.state.in_(OPEN)
    elif state == OVER:
        yield TicketRow.state.not_in([*OPEN, State.MERGED])
    elif state != ALL:
        yield TicketRow.state == state
