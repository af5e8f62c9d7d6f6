"""The overview in four numbers, each with its trend by weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.experience import cell_clocks, cell_people, losses
from bot.experience.cells import EVERYTHING
from bot.experience.clocks import Clocks
from bot.experience.legs import Run
from bot.experience.losses import Loss
from bot.experience.reading import Reading
from bot.experience.weeks import Week
from bot.friction import sums
from bot.metrics.measure import Measure
from bot.metrics.times import times


@dataclass(frozen=True, slots=True)
class Strip:
    """Of each week, the oldest first: hours lost, and in percent or hours what docs/metrics.md has as 12, 8 and 13."""

    weeks: tuple[Week, ...]
    hours: tuple[Loss, ...]
    customer_touching: tuple[Measure, ...]
    time_to_acknowledge: tuple[Measure, ...]
    loop_closed: tuple[Measure, ...]


def strip(reading: Reading) -> Strip:
    counted = losses.counted_each_week(reading.costing, reading.edges)
    weeks = list(zip(reading.edges.begins, reading.edges.stands, strict=True))
    zone = reading.world.zone
    found = cell_clocks.seen(reading, EVERYTHING)
    clocks = cell_clocks.clocks_for(reading, found)
    return Strip(
        reading.weeks,
        tuple(losses.loss_of(len(of_week), sums.units(of_week)) for of_week in counted),
        tuple(cell_people.touching(reading, EVERYTHING, week) for week in weeks),
        tuple(_seen(found, clocks, week.start(zone), week.end(zone)) for week in reading.weeks),
        tuple(cell_people.closed(reading, EVERYTHING, week)[0] for week in weeks),
    )


def _seen(found: Sequence[Run], clocks: Clocks, since: datetime, until: datetime) -> Measure:
    filed = [run for run in found if since <= run.ticket.legs[0].began < until]
    return times(clocks.acknowledging(filed)).median
