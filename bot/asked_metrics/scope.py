"""What of friction a question is narrowed to, as sums and queries know it, and where the page shows it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.asked_metrics.measure import Request, Row
from bot.asked_metrics.periods import Period
from bot.asked_metrics.things import Dimension, Thing, of
from bot.experience.finding import Wanted
from bot.experience.weeks import Week, week_of
from bot.friction.groups import By
from bot.friction.tables import ThemeRow, TicketRow, TicketToolRow
from bot.touchpoints import TouchpointMap

_THURSDAY = timedelta(days=3)
_FIELDS = {
    Dimension.TOOL: By.TOOL,
    Dimension.TOUCHPOINT: By.TOUCHPOINT,
    Dimension.TEAM: By.OWNER,
    Dimension.THEME: By.THEME,
    Dimension.KIND: By.KIND,
}
COLUMNS = {
    Dimension.TEAM: TicketRow.team,
    Dimension.KIND: TicketRow.kind,
    Dimension.PARTNER: TicketRow.partner,
    Dimension.TOUCHPOINT: TicketRow.touchpoint,
}
_AT_TOUCHPOINTS = (Dimension.TOUCHPOINT, Dimension.CX, Dimension.STAGE, Dimension.CHANNEL)
NONE = {
    Dimension.TOOL: "no tool named",
    Dimension.TOUCHPOINT: "no touchpoint named",
    Dimension.TEAM: "owned by nobody yet",
    Dimension.PARTNER: "no partner named",
    Dimension.THEME: "in no theme",
}


def wanted_fields(dimension: Dimension) -> str:
    """The field of a sum's units."""
    return _FIELDS[dimension].value


def fits(fields: Mapping[str, frozenset[str]], request: Request) -> bool:
    """Whether a ticket or a whole unit is of all that is asked for; its place is no field of it."""
    for dimension, field in _FIELDS.items():
        if dimension is Dimension.TOUCHPOINT:
            continue
        asked = of(request.things, dimension)
        if asked and fields[field.value].isdisjoint(asked):
            return False
    touchpoints = _touchpoints(request)
    return touchpoints is None or not fields[By.TOUCHPOINT.value].isdisjoint(touchpoints)


def conditions(request: Request) -> list[ColumnElement[bool]]:
    """The same for a query of tickets."""
    found: list[ColumnElement[bool]] = []
    for dimension, column in COLUMNS.items():
        asked = of(request.things, dimension)
        if asked and dimension is not Dimension.TOUCHPOINT:
            found.append(column.in_(asked))
    if themes := of(request.things, Dimension.THEME):
        found.append(TicketRow.theme.in_(map(int, themes)))
    if tools := of(request.things, Dimension.TOOL):
        found.append(TicketRow.id.in_(select(TicketToolRow.ticket).where(TicketToolRow.tool.in_(tools))))
    touchpoints = _touchpoints(request)
    if touchpoints is not None:
        found.append(TicketRow.touchpoint.in_(sorted(touchpoints)))
    return found


def names_by(session: Session, request: Request) -> Callable[[str], str]:
    """What the values of the dimension it is listed by are called."""
    map_, by = request.world.map, request.by
    none = NONE.get(by, "") if by else ""
    if by is Dimension.TEAM:
        return lambda id_: request.world.teams.get(id_, id_) or none
    if by is Dimension.THEME:
        themes = {str(row.id): row.label for row in session.execute(select(ThemeRow.id, ThemeRow.label))}
        return lambda id_: themes.get(id_, id_) or none
    if by is Dimension.KIND:
        return lambda id_: request.world.kinds.get(id_, id_)
    return lambda id_: map_.name_of(id_) if id_ else none


def ranked(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The largest first; what is not told last."""
    return tuple(sorted(rows, key=lambda one: (one.value is None, -(one.value or 0.0), one.name)))


def weeks_in(period: Period) -> tuple[Week, ...]:
    """The weeks that lie mostly in it, by their Thursday, as ISO 8601 gives weeks to years; at least its last."""
    first, last = week_of(period.first), week_of(period.last)
    weeks = []
    while first <= last:
        if period.first <= first.monday + _THURSDAY <= period.last:
            weeks.append(first)
        first = first.following
    return tuple(weeks) or (last,)


def of_open(request: Request) -> str:
    """The period of what is open now."""
    today = request.now.astimezone(request.zone)
    return f"open on {today.day} {today:%b %Y}"


def path_to(things: Iterable[Thing], *, state: str = "") -> str:
    """The list of tickets that a number stands for; the overview where the page has no such filter."""
    named = {one.dimension: one.id for one in things}
    wanted = Wanted(
        tool=named.get(Dimension.TOOL, ""),
        touchpoint=named.get(Dimension.TOUCHPOINT, ""),
        team=named.get(Dimension.TEAM, ""),
        kind=named.get(Dimension.KIND, ""),
        place=named.get(Dimension.PLACE, ""),
        **({"state": state} if state else {}),
    )
    parts = wanted.parts()
    if parts:
        return f"/tickets?{urlencode(parts)}"
    return "/" if not state else "/tickets"


def _touchpoints(request: Request) -> frozenset[str] | None:
    """Of employees: those that are named, serve what is named, or lie in the stage or channel; None for all."""
    if not any(one.dimension in _AT_TOUCHPOINTS for one in request.things):
        return None
    return frozenset(
        ex for ex in request.world.map.ex if all(_at(ex, one, request.world.map) for one in request.things)
    )


def _at(ex: str, one: Thing, map_: TouchpointMap) -> bool:
    match one.dimension:
        case Dimension.TOUCHPOINT:
            return ex == one.id
        case Dimension.CX:
            return one.id in map_.ex[ex].serves
        case Dimension.CHANNEL:
            return one.id in map_.channels_at(ex)
        case Dimension.STAGE:
            return any(each.stage == one.id for each in map_.served_by(ex))
        case _:
            return True
