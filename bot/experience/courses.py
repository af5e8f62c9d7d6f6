"""How a cell went over weeks: counts with their limits, times to resolve, and whether the backlog grows."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.experience import cell_clocks
from bot.experience.cell_customers import served_in
from bot.experience.cells import Across, Cell, in_cell
from bot.experience.costing import costing_since
from bot.experience.figures import figure
from bot.experience.reading import Reading
from bot.experience.weeks import Week
from bot.friction.moves import OPEN, State
from bot.friction.tables import TicketRow
from bot.metrics.control import Limits, limits
from bot.metrics.flow import Flow, flow
from bot.metrics.times import Times, times

_OPEN = frozenset(map(str, OPEN))


@dataclass(frozen=True, slots=True)
class Control:
    """Counts of each week; limits of all whole weeks but the last one, None where they are too few.

    `complaints` are those of the CX touchpoints of the cell, None where it has none or nothing was routed.
    """

    weeks: tuple[Week, ...]
    filed: tuple[int, ...]
    filed_limits: Limits | None
    complaints: tuple[int, ...] | None
    complaints_limits: Limits | None


@figure
def control(reading: Reading, cell: Cell) -> Control:
    filed = tuple(one.created for one in backlog(reading, cell))
    complaints = _complaints(reading, cell)
    return Control(
        reading.weeks,
        filed,
        limits(filed[:-1]),
        complaints,
        limits(complaints[:-1]) if complaints is not None else None,
    )


@figure
def time_to_resolve(reading: Reading, cell: Cell) -> Times:
    """With the points of its curve."""
    found = cell_clocks.begun(reading, cell)
    lately = list(cell_clocks.legs_of(reading, found))
    return times(cell_clocks.clocks_for(reading, found).resolving(lately), "legs")


@figure
def backlog(reading: Reading, cell: Cell) -> tuple[Flow, ...]:
    """Of each week the tickets filed, over and open at its end."""
    columns = (TicketRow.filed_at, TicketRow.state, TicketRow.resolved_at, TicketRow.changed_at)
    conditions = (costing_since(reading.since), TicketRow.state != State.MERGED)
    asked = select(*columns).where(*conditions, *in_cell(cell, reading.world.map))
    spans = [
        (filed, None if state in _OPEN else resolved or changed)
        for filed, state, resolved, changed in reading.session.execute(asked)
    ]
    zone = reading.world.zone
    return flow(spans, [*(week.start(zone) for week in reading.weeks), reading.weeks[-1].end(zone)])


def _complaints(reading: Reading, cell: Cell) -> tuple[int, ...] | None:
    everything = cell.across is Across.ALL
    served = served_in(cell, reading.world.map)
    if reading.world.routes is None or not (everything or served):
        return None
    rows = [one.complaints for at, one in reading.contacts.items() if everything or at in served]
    return tuple(sum(of_week) for of_week in zip(*rows, strict=True)) or (0,) * len(reading.weeks)
