"""How long tickets took, and how long they waited for partners, out of the database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.asked_metrics.lasting import Lasted
from bot.asked_metrics.measure import Request
from bot.asked_metrics.scope import COLUMNS, conditions, names_by
from bot.asked_metrics.things import Dimension
from bot.experience import legs
from bot.experience.clocks import Clocks, first_began
from bot.experience.legs import Run
from bot.experience.world import World
from bot.friction.tables import TicketRow, TicketToolRow
from bot.metrics.times import Times, times


def resolved(world: World, session: Session, request: Request) -> Sequence[Lasted]:
    """Tickets that were filed, or opened again, in these days; each leg by itself."""
    # Of an anonymous one the clock begins when its day is over.
    begun = or_(TicketRow.filed_at >= request.since - timedelta(days=1), TicketRow.reopened > 0)
    found = [
        run
        for run in legs.runs(session, begun, TicketRow.filed_at < request.until, *conditions(request))
        if any(request.since <= leg.began < request.until for leg in run.ticket.legs)
    ]
    clocks = _clocks(world, found, request)
    groups = _grouped(session, found, request)
    name_of = names_by(session, request)
    return [
        _lasted("", times(clocks.resolving(found), "legs")),
        *(_lasted(name_of(id_), times(clocks.resolving(some), "legs")) for id_, some in groups.items()),
    ]


def waited(world: World, session: Session, request: Request) -> Sequence[Lasted]:
    """What waits for partners waited, of tickets that did so in these days."""
    changed = or_(TicketRow.changed_at >= request.since, TicketRow.held_since.is_not(None))
    named = TicketRow.partner != ""
    found = legs.runs(session, named, changed, TicketRow.filed_at < request.until, *conditions(request))
    clocks = _clocks(world, found, request)
    asked = sorted({one.id for one in request.things if one.dimension is Dimension.PARTNER})
    partners = {hold.partner for run in found for leg in run.ticket.legs for hold in leg.holds if hold.partner}
    listed = sorted(partners) if request.by is Dimension.PARTNER else []
    name_of = request.world.map.name_of
    return [
        _lasted("", clocks.waiting(found, asked[0] if len(asked) == 1 else "")),
        *(_lasted(name_of(one), clocks.waiting(found, one)) for one in listed),
    ]


def _clocks(world: World, found: list[Run], request: Request) -> Clocks:
    return Clocks(world, since=first_began(found, request.since), now=request.until)


def _lasted(name: str, found: Times) -> Lasted:
    return Lasted(name, found.median.value, found.n)


def _grouped(session: Session, found: Iterable[Run], request: Request) -> dict[str, list[Run]]:
    """By the values of the dimension that it is listed by; a ticket about two tools is in both."""
    if request.by is None:
        return {}
    if request.by is Dimension.TOOL:
        asked = select(TicketToolRow.ticket, TicketToolRow.tool)
    else:
        asked = select(TicketRow.id, COLUMNS[request.by])
    values: dict[int, list[str]] = defaultdict(list)
    for ticket, value in session.execute(asked):
        values[ticket].append(value)
    groups: dict[str, list[Run]] = defaultdict(list)
    for run in found:
        for value in values.get(run.ticket.number, [""]):
            groups[value].append(run)
    return dict(groups)
