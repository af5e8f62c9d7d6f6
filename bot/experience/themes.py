"""Themes by what they cost: which make up most of it, and in which order to see to them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select

from bot.customers.batches import batched
from bot.experience import told
from bot.experience.cells import Across, Cell, units_in
from bot.experience.figures import figure
from bot.experience.reading import Reading
from bot.friction.suppression import FEWEST
from bot.friction.tables import ReportCustomerRow, ReportRow, ThemeRow
from bot.friction.weights import rounded
from bot.metrics import priority
from bot.metrics.measure import Measure
from bot.metrics.shares import Share, pareto


@dataclass(frozen=True, slots=True)
class Theme:
    """`id` is its number, "" for tickets of none. `hours`, `people` and `customers` are None where they are few.

    `customers` are those a week whom reports of these weeks name; `tickets` are all that cost time now.
    """

    id: str
    label: str
    tickets: int
    hours: float | None
    people: int | None
    customers: float | None
    effort_days: float | None
    delay: float | None
    priority: Measure
    rice: Measure


@dataclass(frozen=True, slots=True)
class Themes:
    """In the order of the roadmap: what a day of work saves most first. `shares` are of the hours.

    Where nobody estimated the days, they are taken to be those of the middle one of the estimates.
    """

    roadmap: tuple[Theme, ...]
    shares: tuple[Share, ...]


@figure
def themes(reading: Reading, efforts: tuple[tuple[int, float], ...]) -> Themes:
    """`efforts`: themes with their days of work, where somebody estimated them."""
    days = dict(efforts)
    labels = {str(id_): label for id_, label in reading.session.execute(select(ThemeRow.id, ThemeRow.label))}
    count: dict[str, int] = defaultdict(int)
    for one, _ in reading.standing.values():
        count[str(one.theme or "")] += 1
    customers = _customers(reading)
    found = [_theme(reading, id_, labels.get(id_, ""), tickets, customers, days) for id_, tickets in count.items()]
    return Themes(tuple(sorted(found, key=_order(found))), pareto((one.id, one.hours or 0.0) for one in found))


def _theme(
    reading: Reading,
    id_: str,
    label: str,
    tickets: int,
    customers: Mapping[int, set[int]],
    efforts: Mapping[int, float],
) -> Theme:
    units = units_in(Cell(Across.THEME, id_), reading.units, reading.world.map)
    numbers = [number for unit in units for number in unit.tickets]
    rates = reading.world.rates
    hours = rounded(sum(unit.hours for unit in units)) if units else None
    people = told.at_least(reading.standing[number][0] for number in numbers) if units else None
    touched = len(set().union(*(customers.get(number, set()) for number in numbers)))
    a_week = touched / len(reading.weeks) if touched >= FEWEST else None
    effort = efforts.get(int(id_)) if id_ else None
    cost = None if hours is None or rates.hour is None else hours * rates.hour
    delay = priority.cost_of_delay(cost, a_week, rates.contact)
    return Theme(
        id=id_,
        label=label,
        tickets=tickets,
        hours=hours,
        people=people,
        customers=a_week,
        effort_days=effort,
        delay=delay,
        priority=priority.priority(delay, effort, people),
        rice=priority.rice(people or 0, hours or 0.0, people or 0, effort),
    )


def _order(found: Sequence[Theme]) -> Callable[[Theme], tuple[float, float, str]]:
    """By what a day of work saves, in money, then in hours."""
    usual = median([one.effort_days for one in found if one.effort_days] or [1.0])

    def first(one: Theme) -> tuple[float, float, str]:
        days = one.effort_days or usual
        return -(one.delay or 0.0) / days, -(one.hours or 0.0) / days, one.id.zfill(12)

    return first


def _customers(reading: Reading) -> dict[int, set[int]]:
    """Ticket -> the customers whom reports of these weeks name."""
    found: dict[int, set[int]] = defaultdict(set)
    named = select(func.count()).select_from(ReportCustomerRow)
    if not reading.session.scalar(named):
        return found
    columns = (ReportRow.ticket, ReportCustomerRow.customer)
    for numbers in batched(sorted(number for unit in reading.units for number in unit.tickets)):
        asked = select(*columns).join(ReportCustomerRow, ReportCustomerRow.report == ReportRow.id)
        within = (ReportRow.ticket.in_(numbers), ReportRow.at >= reading.since, ReportRow.at < reading.until)
        for ticket, customer in reading.session.execute(asked.where(*within)):
            found[ticket].add(customer)
    return found
