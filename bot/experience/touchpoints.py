"""The map with numbers on it: load of each touchpoint and tool, and friction beside complaints."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.experience import contacts, told
from bot.experience.cell_hours import load_on
from bot.experience.cells import Across, Cell, units_in
from bot.experience.figures import figure
from bot.experience.lines import FEW_PEOPLE
from bot.experience.reading import Reading
from bot.friction.groups import By
from bot.friction.sums import Unit
from bot.friction.weights import rounded
from bot.metrics import measure
from bot.metrics.measure import Measure, untold


@dataclass(frozen=True, slots=True)
class Heat:
    """An EX touchpoint and a tool, "" where none was named. `hours` are None where they may not be told."""

    touchpoint: str
    tool: str
    tickets: int
    hours: float | None
    load: Measure


@dataclass(frozen=True, slots=True)
class Spot:
    """A CX touchpoint: what hurts those who serve it, beside what customers complain of."""

    touchpoint: str
    tickets: int
    hours: float | None
    load: Measure
    contacts: int
    complaints: int
    rate: Measure
    share_of_hours: float | None
    share_of_complaints: float | None


@figure
def heat(reading: Reading) -> tuple[Heat, ...]:
    """Where anything is open, what is heaviest first."""
    count: dict[tuple[str, str], int] = defaultdict(int)
    for one, _ in reading.standing.values():
        (touchpoint,) = one.fields[By.TOUCHPOINT]
        for tool in one.fields[By.TOOL]:
            count[touchpoint, tool] += 1
    units: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in reading.units:
        for touchpoint in unit.fields[By.TOUCHPOINT]:
            for tool in unit.fields[By.TOOL]:
                units[touchpoint, tool].append(unit)
    found = [
        Heat(
            touchpoint, tool, tickets, *_weighed(reading, Cell(Across.TOUCHPOINT, touchpoint), units[touchpoint, tool])
        )
        for (touchpoint, tool), tickets in count.items()
    ]
    return tuple(
        sorted(found, key=lambda one: (-(one.load.value or 0.0), -(one.hours or 0.0), one.touchpoint, one.tool))
    )


@figure
def spots(reading: Reading) -> tuple[Spot, ...]:
    """Every CX touchpoint of the map, in its order. An EX touchpoint that serves two counts for both."""
    map_ = reading.world.map
    at: dict[str, int] = defaultdict(int)
    for one, _ in reading.standing.values():
        for touchpoint in one.fields[By.TOUCHPOINT]:
            at[touchpoint] += 1
    all_hours = sum(unit.hours for unit in reading.units)
    all_complaints = sum(sum(one.complaints) for one in reading.contacts.values())
    found = []
    for id_ in map_.cx:
        cell = Cell(Across.TOUCHPOINT, id_)
        units = units_in(cell, reading.units, map_)
        hours, load = _weighed(reading, cell, units)
        came = reading.contacts.get(id_)
        complaints = sum(came.complaints) if came else 0
        seen = sum(came.contacts) if came else 0
        found.append(
            Spot(
                touchpoint=id_,
                tickets=sum(at[one.id] for one in map_.serving(id_)),
                hours=hours,
                load=load,
                contacts=seen,
                complaints=complaints,
                rate=contacts.rate(complaints, seen),
                share_of_hours=sum(unit.hours for unit in units) / all_hours if units and all_hours else None,
                share_of_complaints=complaints / all_complaints if all_complaints else None,
            )
        )
    return tuple(found)


def _weighed(reading: Reading, cell: Cell, units: Iterable[Unit]) -> tuple[float | None, Measure]:
    chosen = list(units)
    if not chosen:
        return None, untold(measure.Unit.LOAD, None, "people at least", FEW_PEOPLE)
    standing = [reading.standing[number] for unit in chosen for number in unit.tickets]
    people = told.at_least(one for one, _ in standing)
    load = load_on(sum(cost.weighted for _, cost in standing), reading.employees(cell), people)
    return rounded(sum(unit.hours for unit in chosen)), load
