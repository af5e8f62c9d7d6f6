"""Every metric of one cell and some weeks: what the page, the interface, the digest and commands all show.

Hours and shares of people follow `told`: tickets of five people, and bundles of five. Counts of tickets and times of
their clocks name nobody. docs/metrics.md says how each is counted.
"""

from dataclasses import dataclass
from typing import Any

from bot.experience import asked, cell_clocks, cell_customers, cell_hours, cell_people, journeys
from bot.experience.cells import Across, Cell
from bot.experience.figures import figure
from bot.experience.lines import FEW_PEOPLE, Line
from bot.experience.reading import Reading
from bot.experience.weeks import Week
from bot.experience.world import Pulses
from bot.friction.suppression import FEWEST
from bot.metrics import pulses
from bot.metrics.measure import Measure, Unit, untold


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`weeks` the oldest first; the last one may be under way."""

    cell: Cell
    weeks: tuple[Week, ...]
    lines: tuple[Line, ...]

    def of(self, name: str) -> Measure:
        return next(line.measure for line in self.lines if line.name == name)

    def as_json(self) -> dict[str, Any]:
        return {
            "by": self.cell.across.value,
            "id": self.cell.id,
            "from": self.weeks[0].key,
            "until": self.weeks[-1].key,
            "metrics": [{"number": one.number, "name": one.name, **one.measure.as_json()} for one in self.lines],
        }


@figure
def scorecard(reading: Reading, cell: Cell) -> Scorecard:
    """In the order of their numbers."""
    lines = [
        *cell_hours.lines(reading, cell),
        *cell_people.lines(reading, cell),
        *cell_clocks.lines(reading, cell),
        *cell_customers.lines(reading, cell),
    ]
    if cell.across is Across.ALL:
        lines += [*asked.lines(reading), *_pulses(reading.world.pulses), *journeys.lines(reading)]
    return Scorecard(cell, reading.weeks, tuple(sorted(lines, key=lambda one: one.number)))


def _pulses(given: Pulses) -> list[Line]:
    """Metrics 18 and 19."""
    return [
        Line(18, "eNPS", _hidden(given.people_recommending, Unit.NET) or pulses.enps(given.recommend)),
        Line(19, "ease", _hidden(given.people_easing, Unit.OF_SEVEN) or pulses.ease(given.ease)),
        Line(19, "easy", _hidden(given.people_easing, Unit.PERCENT) or pulses.easy(given.ease)),
    ]


def _hidden(people: int, unit: Unit) -> Measure | None:
    return untold(unit, None, "answers", FEW_PEOPLE) if 0 < people < FEWEST else None
