"""Metrics 1 to 5 of a cell: hours lost, estimated, in money, and as a load on those who do the work."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.experience import causes, costing, told
from bot.experience.cells import Across, Cell, units_in
from bot.experience.costing import Cost, Costing
from bot.experience.lines import FEW_PEOPLE, Line
from bot.experience.reading import Reading
from bot.friction.suppression import FEWEST
from bot.friction.weights import rounded
from bot.metrics import costs, estimate, load
from bot.metrics.measure import FEW_DATA, Measure, Unit, untold


def lines(reading: Reading, cell: Cell) -> list[Line]:
    counted = _counted(reading, cell)
    hours = _hours(reading, cell, counted)
    weighed = _load(reading, cell, counted)
    return [
        Line(1, "hours lost", hours),
        Line(2, "hours lost, estimated", _estimated(reading, cell, [one for one, _ in counted])),
        Line(3, "cost", costs.cost(hours, reading.world.rates.hour)),
        Line(4, "friction load", weighed),
        Line(5, "friction index", load.friction_index(weighed)),
    ]


def load_on(weighted: float, employees: int, people: int | None) -> Measure:
    """Of fewer than five employees none is told."""
    if 0 < employees < FEWEST:
        return untold(Unit.LOAD, None, "people at least", FEW_PEOPLE)
    return load.friction_load(weighted, employees, people)


def hours_of(reports: Iterable[costing.Said]) -> dict[str, float]:
    """Of each person the most hours a week that they say, while it goes on."""
    lasting: dict[str, float] = {}
    for each in reports:
        if each.still != "no":
            lasting[each.handle] = max(lasting.get(each.handle, 0.0), each.hours)
    return lasting


def _counted(reading: Reading, cell: Cell) -> list[tuple[Costing, Cost]]:
    """What of a cell may be told."""
    if cell.across is Across.PLACE:
        here = told.at_place(cell.id, [one for one, _ in reading.standing.values()])
        return [(one, costing.cost(one, one.reports)) for one in here]
    if cell.across is Across.CAUSE:
        return causes.counted(reading, cell.id)
    units = units_in(cell, reading.units, reading.world.map)
    return [reading.standing[number] for unit in units for number in unit.tickets]


def _hours(reading: Reading, cell: Cell, counted: Sequence[tuple[Costing, Cost]]) -> Measure:
    if not counted:
        of_it = causes.mended(reading) if cell.across is Across.CAUSE else (one for one, _ in reading.standing.values())
        hidden = any(reading.held_by(cell, of_it))
        return untold(Unit.HOURS_A_WEEK, None if hidden else 0, "people at least", FEW_PEOPLE if hidden else FEW_DATA)
    lost = sum(part.hours for _, cost in counted for part in cost.counted.places.values())
    people = told.at_least(one for one, _ in counted)
    return Measure(rounded(lost), Unit.HOURS_A_WEEK, people, "people at least")


def _load(reading: Reading, cell: Cell, counted: Sequence[tuple[Costing, Cost]]) -> Measure:
    if not counted:
        hours = _hours(reading, cell, counted)
        return untold(Unit.LOAD, hours.n, "people at least", hours.why)
    people = told.at_least(one for one, _ in counted)
    return load_on(sum(cost.weighted for _, cost in counted), reading.employees(cell), people)


def _estimated(reading: Reading, cell: Cell, counted: Sequence[Costing]) -> Measure:
    of_each: dict[str, float] = {}
    for one in counted:
        for handle, hours in hours_of(one.reports).items():
            of_each[handle] = of_each.get(handle, 0.0) + hours
    found = estimate.estimated([hours for _, hours in sorted(of_each.items())], reading.employees(cell))
    if not counted:
        return found
    # Beside the hours an exact one would tell how many different people there are.
    ends = (None if each is None else float(f"{each:.2g}") for each in (found.value, found.low, found.high))
    value, low, high = ends
    return replace(found, value=value, low=low, high=high, n=told.at_least(counted), of="respondents at least")
