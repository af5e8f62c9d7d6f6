"""Partners and their own clock: how long what waits for one waits, and what they cost."""

from dataclasses import dataclass

from sqlalchemy import or_

from bot.experience import legs
from bot.experience.cells import Across, Cell, units_in
from bot.experience.clocks import Clocks, first_began
from bot.experience.costing import costing_since
from bot.experience.figures import figure
from bot.experience.legs import Run
from bot.experience.reading import Reading
from bot.friction.tables import TicketRow
from bot.friction.weights import rounded
from bot.metrics.times import Times


@dataclass(frozen=True, slots=True)
class Lane:
    """A partner of the map: tickets that wait for it now, and how long each waiting took, in our working hours.

    `hours` are those lost each week to open tickets that name it, None where they may not be told.
    """

    partner: str
    tickets: int
    waiting_now: int
    waited: Times
    hours: float | None


@figure
def partner_lane(reading: Reading) -> tuple[Lane, ...]:
    """In the order of the map."""
    named = TicketRow.partner != ""
    since = or_(costing_since(reading.since), TicketRow.held_since.is_not(None))
    found = legs.runs(reading.session, named, since, TicketRow.filed_at < reading.until)
    clocks = Clocks(reading.world, since=first_began(found, reading.since), now=reading.until)
    return tuple(_lane(reading, partner, found, clocks) for partner in reading.world.map.partners)


def _lane(reading: Reading, partner: str, found: list[Run], clocks: Clocks) -> Lane:
    units = units_in(Cell(Across.PARTNER, partner), reading.units, reading.world.map)
    holds = [hold for run in found for leg in run.ticket.legs for hold in leg.holds if hold.partner == partner]
    return Lane(
        partner=partner,
        tickets=sum(partner in one.fields["partner"] for one, _ in reading.standing.values()),
        waiting_now=sum(hold.until is None for hold in holds),
        waited=clocks.waiting(found, partner),
        hours=rounded(sum(unit.hours for unit in units)) if units else None,
    )
