"""Which customers met what gets in the way of a team's work: R35 of docs/requirements.md. Sums, never who they are."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import select

from bot.customers.batches import batched
from bot.customers.kinds import Channel, Direction
from bot.customers.tables import InteractionRow
from bot.experience.costing import Costing
from bot.experience.reading import Reading
from bot.friction.groups import By
from bot.friction.suppression import FEWEST
from bot.friction.tables import ReportCustomerRow, ReportRow


@dataclass(frozen=True, slots=True)
class Touched:
    """Of one week: tickets of some teams that cost time in it, and the CX `touchpoints` served by the work they fight.

    `complaints` are those of the week there, by touchpoint, the most first. `customers` are the different ones who
    complained there, or whom reports of those tickets name: None where they are fewer than five, but some.
    """

    tickets: int
    complaints: tuple[tuple[str, int], ...]
    customers: int | None


def touched(reading: Reading, teams: AbstractSet[str]) -> Touched:
    """In the last week of a reading, which raised `NotAllowed` for whoever may not read it.

    A ticket is of a team whose own it is, or that owns a tool that it names. One that names no work is about all work
    that needs those tools.
    """
    map_ = reading.world.map
    tools = {one.id for one in map_.tools.values() if one.owner in teams}
    theirs = [
        one for one, _ in reading.standing.values() if one.fields[By.OWNER] & teams or one.fields[By.TOOL] & tools
    ]
    served = {each.id for one in theirs for work in _work(reading, one, tools) for each in map_.served_by(work)}
    came = reading.contacts
    counts = [(id_, came[id_].complaints[-1]) for id_ in map_.cx if id_ in served and id_ in came]
    customers = _complaining(reading, served) | _named(reading, theirs)
    return Touched(
        tickets=len(theirs),
        complaints=tuple(sorted(((id_, count) for id_, count in counts if count), key=lambda one: -one[1])),
        customers=None if 0 < len(customers) < FEWEST else len(customers),
    )


def _work(reading: Reading, one: Costing, tools: AbstractSet[str]) -> set[str]:
    """EX touchpoints."""
    map_ = reading.world.map
    named = {id_ for id_ in one.fields[By.TOUCHPOINT] if id_}
    return named or {work.id for tool in one.fields[By.TOOL] & tools for work in map_.touchpoints_with(tool)}


def _complaining(reading: Reading, served: AbstractSet[str]) -> set[int]:
    routes = reading.world.routes
    if routes is None or not served:
        return set()
    since, until = reading.weeks[-1].start(reading.world.zone), reading.until
    asked = (
        select(InteractionRow.customer)
        .join(routes, routes.c.interaction == InteractionRow.id)
        .where(
            InteractionRow.at >= since,
            InteractionRow.at < until,
            InteractionRow.direction == Direction.IN,
            InteractionRow.channel != Channel.SURVEY,
            routes.c.complaint,
            routes.c.touchpoint.in_(sorted(served)),
        )
        .distinct()
    )
    return set(reading.session.scalars(asked))


def _named(reading: Reading, theirs: list[Costing]) -> set[int]:
    since, until = reading.weeks[-1].start(reading.world.zone), reading.until
    found: set[int] = set()
    for numbers in batched(sorted(one.number for one in theirs)):
        asked = (
            select(ReportCustomerRow.customer)
            .join(ReportRow, ReportRow.id == ReportCustomerRow.report)
            .where(ReportRow.ticket.in_(numbers), ReportRow.at >= since, ReportRow.at < until)
        )
        found |= set(reading.session.scalars(asked))
    return found
