"""Metrics of tickets and their clocks, of a cell: 8 to 10, 15 and 16. They name nobody, and are of all tickets."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.experience import legs
from bot.experience.cells import Across, Cell, in_cell
from bot.experience.clocks import Clocks, first_began
from bot.experience.legs import Run
from bot.experience.lines import Line, of_times
from bot.experience.reading import Reading
from bot.friction.moves import OPEN, State
from bot.friction.tables import TicketRow
from bot.metrics import handoffs, promises, reopening
from bot.metrics.measure import Measure, Unit
from bot.metrics.times import times


def lines(reading: Reading, cell: Cell) -> list[Line]:
    """Of a place none: it is one of reports, and of tickets not."""
    if cell.across is Across.PLACE:
        return []
    found = begun(reading, cell)
    clocks = clocks_for(reading, found)
    filed = list(filed_in(reading, found))
    lately = list(legs_of(reading, found))
    times_passed = legs.handoffs(reading.session, *_begun(reading, cell))
    passed = [times_passed.get(run.ticket.number, 0) for run in filed]
    return [
        *of_times(8, "time to acknowledge", times(clocks.acknowledging(filed))),
        *of_times(8, "time to resolve", times(clocks.resolving(lately), "legs")),
        Line(
            9, "promises kept", promises.attainment((one for run in lately for one in run.promises), now=reading.until)
        ),
        Line(10, "reopened", _reopened(reading, cell)),
        Line(15, "open now", _count(reading, cell, TicketRow.state.in_(OPEN))),
        Line(15, "filed", _count(reading, cell, *_within(reading, TicketRow.filed_at))),
        Line(15, "resolved", _count(reading, cell, *_within(reading, TicketRow.resolved_at))),
        Line(16, "handoffs", handoffs.mean_handoffs(passed)),
        Line(16, "passed on more than twice", handoffs.passed_around(passed)),
    ]


def begun(reading: Reading, cell: Cell) -> list[Run]:
    """Those that were filed, or opened again, in these weeks."""
    return legs.runs(reading.session, *_begun(reading, cell))


def seen(reading: Reading, cell: Cell) -> list[Run]:
    """The same, for when they were acknowledged."""
    return legs.seen(reading.session, *_begun(reading, cell))


def _begun(reading: Reading, cell: Cell) -> list[ColumnElement[bool]]:
    since = reading.since - timedelta(days=1)  # of an anonymous one the clock begins when its day is over
    again = and_(TicketRow.reopened > 0, TicketRow.changed_at >= reading.since)
    filed = or_(TicketRow.filed_at >= since, again)
    return [filed, TicketRow.filed_at < reading.until, *in_cell(cell, reading.world.map)]


def filed_in(reading: Reading, found: Iterable[Run]) -> Iterable[Run]:
    return (one for one in found if reading.since <= one.ticket.legs[0].began < reading.until)


def clocks_for(reading: Reading, found: list[Run]) -> Clocks:
    return Clocks(reading.world, since=first_began(found, reading.since), now=reading.until)


def legs_of(reading: Reading, found: Iterable[Run]) -> Iterable[Run]:
    return (one for one in found if any(reading.since <= leg.began < reading.until for leg in one.ticket.legs))


def _reopened(reading: Reading, cell: Cell) -> Measure:
    """Of as many weeks, which ended thirty days ago: younger ones may still be opened again."""
    until = reading.until - reopening.WITHIN
    since = until - (reading.until - reading.since)
    resolved = (TicketRow.resolved_at >= since, TicketRow.filed_at < until)
    found = legs.runs(reading.session, *resolved, *in_cell(cell, reading.world.map))
    ended = [one for run in found for one in run.resolved if since <= one[0] < until]
    return reopening.reopen_rate(ended, now=reading.until)


def _count(reading: Reading, cell: Cell, *conditions: ColumnElement[bool]) -> Measure:
    asked = select(func.count()).select_from(TicketRow).where(*conditions, *in_cell(cell, reading.world.map))
    count = reading.session.scalar(asked.where(TicketRow.state != State.MERGED)) or 0
    return Measure(count, Unit.COUNT, count, "tickets")


def _within(
    reading: Reading, column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= reading.since, column < reading.until
