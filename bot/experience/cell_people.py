"""Metrics of those who report, of a cell: 6, 7, 11 to 13. Of tickets that may be told alone: see `told`."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.customers.batches import batched
from bot.experience import told
from bot.experience.cells import Across, Cell
from bot.experience.contacts import FEW_CUSTOMERS
from bot.experience.costing import Costing
from bot.experience.lines import FEW_PEOPLE, Line
from bot.experience.reading import Reading
from bot.friction.suppression import FEWEST
from bot.friction.tables import ReportCustomerRow, ReportRow
from bot.metrics import joining, loops, voices
from bot.metrics.measure import Measure, Unit, untold
from bot.metrics.rows import Loop
from bot.metrics.touching import customer_touching


def lines(reading: Reading, cell: Cell) -> list[Line]:
    heard = reading.heard(cell, reading.all_weeks)
    return [
        *_voices(reading, cell, heard),
        Line(12, "customer-touching share", touching(reading, cell, reading.all_weeks)),
        Line(12, "customers touched a week", _touched(reading, heard)),
        *_loops(reading, cell),
    ]


def touching(reading: Reading, cell: Cell, between: tuple[int, int]) -> Measure:
    """Of tickets that were filed then, each of which says what it does to customers."""
    if cell.across is Across.PLACE:
        return untold(Unit.PERCENT, None, "tickets", "told of tickets, and not of places")
    filed = reading.held_by(cell, (one for one in reading.costing if told.within(one.filed, between)))
    return customer_touching(any(each.touches for each in one.reports) for one in filed)


def closed(reading: Reading, cell: Cell, between: tuple[int, int]) -> tuple[Measure, Measure]:
    """The share of loops closed, and of what reporters confirm, of what was resolved then."""
    resolved = [one for one in reading.costing if one.over is not None and told.within(one.resolved, between)]
    found = told.at_place(cell.id, resolved) if cell.across is Across.PLACE else reading.told_in(cell, resolved)
    if not found and any(reading.held_by(cell, resolved)):
        hidden = untold(Unit.PERCENT, None, "people who reported what was resolved", FEW_PEOPLE)
        return hidden, hidden
    reporters = _reporters(found)
    return loops.loop_closed(reporters), loops.confirmed_fixed(reporters)


def _voices(reading: Reading, cell: Cell, heard: Sequence[Costing]) -> list[Line]:
    employees = reading.employees(cell)
    lately = reading.heard(cell, reading.voices)
    few = 0 < employees < FEWEST
    coverage = voices.coverage(told.in_fives(lately), employees)
    if few or (not lately and _anybody(reading, cell, reading.voices)):
        coverage = untold(Unit.PERCENT, None, "employees", FEW_PEOPLE)
    reports = sum(len(one.reports) for one in heard)
    filed = sum(told.within(one.filed, reading.all_weeks) for one in heard)
    rate = voices.report_rate(reports, employees, len(reading.weeks))
    joined = joining.me_too_rate(reports, filed)
    if not heard and _anybody(reading, cell, reading.all_weeks):
        rate = untold(Unit.RATE, None, "reports", FEW_PEOPLE)
        joined = untold(Unit.PERCENT, None, "reports", FEW_PEOPLE)
    elif few:
        rate = untold(Unit.RATE, None, "reports", FEW_PEOPLE)
    not_kept = "whether known ones were shown is not kept"
    return [
        Line(6, "report rate", rate),
        Line(7, "voice coverage", coverage),
        Line(11, "me-too rate", joined),
        Line(11, "deflection", untold(Unit.PERCENT, 0, "reports with known ones shown", not_kept)),
    ]


def _anybody(reading: Reading, cell: Cell, between: tuple[int, int]) -> bool:
    return any(reading.held_by(cell, told.lately(reading.costing, between)))


def _touched(reading: Reading, heard: Sequence[Costing]) -> Measure:
    """Different customers that these reports name, a week."""
    customers: set[int] = set()
    for numbers in batched(sorted(one.number for one in heard)):
        asked = (
            select(ReportCustomerRow.customer)
            .join(ReportRow, ReportRow.id == ReportCustomerRow.report)
            .where(ReportRow.ticket.in_(numbers), ReportRow.at >= reading.since, ReportRow.at < reading.until)
        )
        customers |= set(reading.session.scalars(asked))
    found = len(customers)
    if found < FEWEST:
        return untold(Unit.COUNT, None, "customers", FEW_CUSTOMERS)
    return Measure(found / len(reading.weeks), Unit.COUNT, found, "customers")


def _loops(reading: Reading, cell: Cell) -> list[Line]:
    told_of, confirmed = closed(reading, cell, reading.all_weeks)
    return [Line(13, "loop closed", told_of), Line(13, "confirmed fixed", confirmed)]


def _reporters(found: Sequence[Costing]) -> list[Loop]:
    """Each person once a ticket; who cannot be written to was not told."""
    heard: dict[tuple[int, str], Loop] = {}
    for one in found:
        for each in one.reports:
            key = one.number, each.handle
            before = heard.get(key, Loop(told=False))
            heard[key] = Loop(before.told or each.told, before.still or each.still)
    return list(heard.values())
