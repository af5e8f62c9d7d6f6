"""Hours lost to friction: what is open now, in hours a week, or what was lost in whole weeks that are over."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asked_metrics.language import COUNT, MOST, all_of, any_of
from bot.asked_metrics.measure import Figure, Measure, Request, Row
from bot.asked_metrics.scope import fits, names_by, of_open, path_to, ranked, wanted_fields, weeks_in
from bot.asked_metrics.things import Dimension, of
from bot.experience.losses import Loss, Losses, Series, lost
from bot.experience.viewers import must_see
from bot.friction import groups, ranking, tickets
from bot.friction.groups import OpenUnits
from bot.friction.sums import Unit
from bot.friction.tables import TicketRow
from bot.friction.weights import rounded

_A_WEEK, _HOURS = "hours a week", "hours"
_FEW = "fewer than five people say what it costs them"
_HOW = "minutes by how often, of everybody who reported it; nothing of fewer than five people"
# Single fields of which the weeks that are over are told.
_TOLD_OF_WEEKS: Final = frozenset(
    {Dimension.TOOL, Dimension.TOUCHPOINT, Dimension.CX, Dimension.STAGE, Dimension.CHANNEL}
)


def _counted(session: Session, request: Request) -> Figure:
    must_see(request.viewer)
    dimensions = [one.dimension for one in request.things] + ([request.by] if request.by else [])
    of_weeks = len(dimensions) <= 1 and _TOLD_OF_WEEKS.issuperset(dimensions)
    return _of_weeks(session, request) if request.said and of_weeks else _of_now(session, request)


def _of_now(session: Session, request: Request) -> Figure:
    standing = groups.open_units(session, audiences=must_see(request.viewer))
    units = _units(standing, request)
    total = rounded(sum(unit.hours for unit in units)) if units else None
    numbers = [number for unit in units for number in unit.tickets]
    there = any(fits(fields, request) for fields in standing.fields.values())
    return Figure(
        value=total,
        unit=_A_WEEK,
        n=len(numbers) if units else None,
        of="open tickets",
        period=of_open(request),
        how=f"{_HOW}; of weeks that are over hours are told by one tool or touchpoint alone" if request.said else _HOW,
        path=path_to(request.things),
        rows=_rows(session, request, standing, units),
        row_of="people" if request.by is Dimension.TICKET else "",
        why="" if units else _FEW if there else "nothing of it is reported and open",
    )


def _units(standing: OpenUnits, request: Request) -> list[Unit]:
    """Those that lie altogether in what is asked."""
    places = of(request.things, Dimension.PLACE)
    if not places:
        return [unit for unit in standing.whole if fits(unit.fields, request)]
    return [
        unit
        for place in places
        for unit in standing.of_places.get(place, ())
        if all(fits(standing.fields[number], request) for number in unit.tickets)
    ]


def _rows(session: Session, request: Request, standing: OpenUnits, units: Sequence[Unit]) -> tuple[Row, ...]:
    if request.by is None:
        return ()
    if request.by is Dimension.TICKET:
        return _single(session, request, units)
    if request.by is Dimension.PLACE:
        return ranked(
            _row(request.world.places.get(place, place or "no place named"), _at(place, standing, request))
            for place in standing.of_places
        )
    field, name_of = wanted_fields(request.by), names_by(session, request)
    values = {value for unit in units for number in unit.tickets for value in standing.fields[number][field]}
    return ranked(
        _row(name_of(value), [unit for unit in units if _has(unit, field, value, standing)]) for value in sorted(values)
    )


def _at(place: str, standing: OpenUnits, request: Request) -> list[Unit]:
    return [
        unit
        for unit in standing.of_places[place]
        if all(fits(standing.fields[number], request) for number in unit.tickets)
    ]


def _has(unit: Unit, field: str, value: str, standing: OpenUnits) -> bool:
    """Whether a whole unit is of it; parts of places carry the fields of their ticket."""
    fields = unit.fields or standing.fields[unit.tickets[0]]
    return value in fields.get(field, ())


def _row(name: str, units: Iterable[Unit]) -> Row:
    some = list(units)
    count = sum(len(unit.tickets) for unit in some)
    return Row(name, rounded(sum(unit.hours for unit in some)) if some else None, count or None)


def _single(session: Session, request: Request, units: Sequence[Unit]) -> tuple[Row, ...]:
    """Tickets by themselves: those that enough people have."""
    numbers = [number for unit in units for number in unit.tickets]
    rows = select(TicketRow).where(TicketRow.id.in_(numbers))
    found = tickets.listed(session, rows, audiences=request.viewer.audiences)
    told = [one for one in sorted(found, key=ranking.hottest_first) if one.weight.hours]
    return tuple(Row(f"{one.key} {one.title}", one.weight.hours, one.weight.people) for one in told)


def _of_weeks(session: Session, request: Request) -> Figure:
    weeks = weeks_in(request.period)
    found = lost(session, weeks, viewer=request.viewer, now=request.now, zone=request.zone)
    asked = _asked(found, request)
    numbers = f"week {weeks[0].number}" if len(weeks) == 1 else f"weeks {weeks[0].number} to {weeks[-1].number}"
    series = {Dimension.TOOL: found.tools, Dimension.TOUCHPOINT: found.touchpoints}.get(
        request.by or Dimension.PAGE, ()
    )
    name_of = names_by(session, request)
    told = [loss.hours for loss in asked if loss.hours is not None]
    return Figure(
        value=rounded(sum(told)) if told else None,
        unit=_HOURS,
        n=len(weeks),
        of="week" if len(weeks) == 1 else "weeks",
        period=f"{numbers} ({request.period.told})",
        how=f"what was open at the end of each week: {_HOW}",
        path=path_to(request.things),
        rows=ranked(Row(name_of(one.id), _hours(one), _weeks(one)) for one in series),
        why="" if told else _FEW if any(loss.tickets for loss in asked) else "nothing of it was reported and open then",
    )


def _asked(found: Losses, request: Request) -> list[Loss]:
    """One of each week, or several where touchpoints are taken together; whole units lie in one of them alone."""
    if tools := of(request.things, Dimension.TOOL):
        return [loss for one in found.tools if one.id in tools for loss in one.weeks]
    if request.things:
        return [
            loss
            for one in found.touchpoints
            if fits({"touchpoint": frozenset({one.id})}, request)
            for loss in one.weeks
        ]
    return list(found.total)


def _hours(one: Series) -> float | None:
    told = [loss.hours for loss in one.weeks if loss.hours is not None]
    return rounded(sum(told)) if told else None


def _weeks(one: Series) -> int:
    return sum(loss.hours is not None for loss in one.weeks)


_STRONG = r"los[et]\w*|losing|cost\w*|wast\w+|eat(?:s|ing|en)?(?: up)?|drain\w*|sink\w*|burn\w*"
HOURS_LOST = Measure(
    key="hours_lost",
    says="Time lost",
    examples=(
        "which tool costs us most time",
        "how many hours are lost to a tool",
        "what wastes most of our time",
        "hours lost by team",
        "biggest time wasters",
        "what slows people down the most",
        "how much time goes into working around a tool each week",
        "where do we lose most time",
    ),
    cues=any_of(
        all_of(r"hours?|times?|minutes", _STRONG, rf"{COUNT}|{MOST}|which|per|by|time lost|hours lost|lost time|where"),
        all_of(r"hours?|time", r"tak\w+ up|spen[dt]\w*|go(?:es)?|went|takes?", rf"{MOST}"),
        all_of(r"hours?|time", r"(?:go(?:es)?|went|flows?) (?:in)?to|spen[dt] (?:on|with|in)", COUNT),
        all_of(r"time (?:wasters?|drains?|sinks?|thie\w+|eaters?)", rf"{MOST}|what|which|five|ten|\d+"),
        all_of(
            r"(?:costs?|slows?|holds?) (?:us|people|everybody|everyone|staff|employees)(?: down| back)?",
            MOST,
            none=r"wait\w*|held? us up|holds us up",
        ),
    ),
    narrowed_by=(
        Dimension.TOOL,
        Dimension.TOUCHPOINT,
        Dimension.CX,
        Dimension.TEAM,
        Dimension.PLACE,
        Dimension.THEME,
        Dimension.KIND,
        Dimension.STAGE,
        Dimension.CHANNEL,
    ),
    listed_by=(
        Dimension.TOOL,
        Dimension.TOUCHPOINT,
        Dimension.TEAM,
        Dimension.PLACE,
        Dimension.THEME,
        Dimension.KIND,
        Dimension.TICKET,
    ),
    counted=_counted,
    most=Dimension.TICKET,
)
