"""What numbers are told of: everything, or what one field of a ticket has in common."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.experience.headcounts import Headcounts
from bot.friction.groups import CAUSE, By
from bot.friction.sums import Unit
from bot.friction.tables import TicketRow, TicketToolRow
from bot.touchpoints import TouchpointMap


class Across(StrEnum):
    """By what numbers are told apart. Stage and channel are those of the CX touchpoints that an EX one serves.

    A cause is given when a ticket is resolved, so what is told by it is of what was resolved.
    """

    ALL = "all"
    TOUCHPOINT = "touchpoint"
    TOOL = "tool"
    STAGE = "stage"
    CHANNEL = "channel"
    THEME = "theme"
    TEAM = "team"
    PLACE = "place"
    PARTNER = "partner"
    KIND = "kind"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class Cell:
    """`id` is that of the map, of a theme its number; "" where a ticket says nothing."""

    across: Across = Across.ALL
    id: str = ""


EVERYTHING = Cell()
_FIELDS = {
    Across.TOOL: By.TOOL,
    Across.THEME: By.THEME,
    Across.TEAM: By.OWNER,
    Across.PARTNER: By.PARTNER,
    Across.KIND: By.KIND,
    Across.CAUSE: CAUSE,
}
_COLUMNS = {
    Across.TEAM: TicketRow.team,
    Across.PARTNER: TicketRow.partner,
    Across.KIND: TicketRow.kind,
    Across.CAUSE: TicketRow.root_cause,
}


def touchpoints_in(cell: Cell, map_: TouchpointMap) -> frozenset[str]:
    """The EX touchpoints whose tickets are in a cell of a touchpoint, a stage or a channel.

    A CX touchpoint stands for the EX ones that serve it.
    """
    if cell.across is Across.TOUCHPOINT:
        return frozenset(one.id for one in map_.serving(cell.id)) if cell.id in map_.cx else frozenset({cell.id})
    return frozenset(
        one.id for one in map_.ex.values() if cell.id in (_at(served, cell) for served in map_.served_by(one.id))
    )


def in_cell(cell: Cell, map_: TouchpointMap) -> list[ColumnElement[bool]]:
    """Which tickets, for the WHERE of a query. Of a place nothing can be said ticket by ticket: see `of_place`."""
    if cell.across in {Across.ALL, Across.PLACE}:
        return []
    if cell.across is Across.TOOL:
        about = select(TicketToolRow.ticket)
        if not cell.id:
            return [TicketRow.id.not_in(about)]
        return [TicketRow.id.in_(about.where(TicketToolRow.tool == cell.id))]
    if cell.across is Across.THEME:
        return [TicketRow.theme == int(cell.id) if cell.id else TicketRow.theme.is_(None)]
    if cell.across in _COLUMNS:
        return [_COLUMNS[cell.across] == cell.id]
    return [TicketRow.touchpoint.in_(sorted(touchpoints_in(cell, map_)))]


def units_in(cell: Cell, units: Iterable[Unit], map_: TouchpointMap) -> list[Unit]:
    """The units that lie in a cell altogether; those of other cells are counted nowhere else either."""
    inside = holding(cell, map_)
    return [unit for unit in units if inside(unit.fields)]


def holding(cell: Cell, map_: TouchpointMap) -> Callable[[Mapping[str, frozenset[str]]], bool]:
    """Whether a ticket with these fields is in a cell; of a place see `told.at_place`."""
    if cell.across is Across.ALL:
        return lambda _fields: True
    if cell.across in _FIELDS:
        field = _FIELDS[cell.across]
        return lambda fields: cell.id in fields[field]
    there = touchpoints_in(cell, map_)
    return lambda fields: bool(fields[By.TOUCHPOINT] & there)


def cells(session: Session, across: Across, map_: TouchpointMap, places: Sequence[str] = ()) -> list[Cell]:
    """All there are: of the map those that stand on it, of the rest those that tickets name."""
    of_map = {
        Across.TOUCHPOINT: [*map_.ex],
        Across.TOOL: [*map_.tools],
        Across.STAGE: [*map_.stages],
        Across.CHANNEL: [*map_.channels],
        Across.PARTNER: [*map_.partners],
        Across.PLACE: [*places],
    }
    if across is Across.ALL:
        return [EVERYTHING]
    if across in of_map:
        return [Cell(across, id_) for id_ in of_map[across]]
    if across is Across.THEME:
        themes = session.scalars(select(TicketRow.theme).where(TicketRow.theme.is_not(None)).distinct())
        return [Cell(across, str(theme)) for theme in sorted(filter(None, themes))]
    return [Cell(across, id_) for id_ in sorted(filter(None, session.scalars(select(_COLUMNS[across]).distinct())))]


def active(cell: Cell, map_: TouchpointMap, headcounts: Headcounts) -> int:
    """How many people do the work of a cell; of what anybody may have, everybody."""
    if cell.across is Across.PLACE:
        return headcounts.at(cell.id)
    if cell.across in {Across.ALL, Across.THEME, Across.TEAM, Across.KIND, Across.CAUSE}:
        return headcounts.everybody
    return headcounts.with_roles(frozenset(role for one in _work(cell, map_) for role in one))


def _work(cell: Cell, map_: TouchpointMap) -> Iterator[Sequence[str]]:
    if cell.across in {Across.TOOL, Across.PARTNER}:
        yield from (one.roles for one in map_.touchpoints_with(cell.id))
    else:
        yield from (map_.ex[one].roles for one in touchpoints_in(cell, map_) if one in map_.ex)


def _at(served: object, cell: Cell) -> str:
    return str(getattr(served, cell.across.value))
