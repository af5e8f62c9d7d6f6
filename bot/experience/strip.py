"""The overview in six numbers, each with its trend by weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.experience import cell_clocks, cell_people, journeys, returning
from bot.experience.cells import EVERYTHING
from bot.experience.clocks import Clocks
from bot.experience.figures import figure
from bot.experience.legs import Run
from bot.experience.losses import Loss
from bot.experience.reading import Reading
from bot.experience.weeks import Week
from bot.metrics.measure import Measure
from bot.metrics.satisfaction import Journeys
from bot.metrics.times import Times, times

# So many weeks are what "lately" is, and what it is compared with.
LATELY = 4


@dataclass(frozen=True, slots=True)
class Span:
    """Of some weeks together what docs/metrics.md has as 12, 8 and 13; customers who came back on another channel."""

    customer_touching: Measure
    acknowledged: Times
    loop_closed: Measure
    came_back: Measure


@dataclass(frozen=True, slots=True)
class Strip:
    """Of each week, the oldest first; `lately` is of the last four, `before` of the four before, None where there are
    fewer. Journeys are of all weeks together: few are asked.
    """

    weeks: tuple[Week, ...]
    hours: tuple[Loss, ...]
    customer_touching: tuple[Measure, ...]
    time_to_acknowledge: tuple[Measure, ...]
    loop_closed: tuple[Measure, ...]
    came_back: tuple[Measure, ...]
    journeys: tuple[Measure, ...]
    lately: Span
    before: Span | None
    asked: Journeys


@figure
def strip(reading: Reading) -> Strip:
    count, zone = len(reading.weeks), reading.world.zone
    runs = cell_clocks.seen(reading, EVERYTHING)
    clocks = cell_clocks.clocks_for(reading, runs)
    returned = returning.returns(reading)
    asked, asked_by_week = journeys.by_week(reading)

    def span(first: int, last: int) -> Span:
        """Of the weeks from one place to the other."""
        between = reading.edges.begins[first], reading.edges.stands[last]
        since, until = reading.weeks[first].start(zone), reading.weeks[last].end(zone)
        return Span(
            cell_people.touching(reading, EVERYTHING, between),
            _acknowledged(runs, clocks, since, until),
            cell_people.closed(reading, EVERYTHING, between)[0],
            returning.share(returned[first : last + 1]),
        )

    each = [span(week, week) for week in range(count)]
    return Strip(
        weeks=reading.weeks,
        hours=reading.losses.total,
        customer_touching=tuple(one.customer_touching for one in each),
        time_to_acknowledge=tuple(one.acknowledged.median for one in each),
        loop_closed=tuple(one.loop_closed for one in each),
        came_back=tuple(one.came_back for one in each),
        journeys=asked_by_week,
        lately=span(max(count - LATELY, 0), count - 1),
        before=span(count - 2 * LATELY, count - LATELY - 1) if count >= 2 * LATELY else None,
        asked=asked,
    )


def _acknowledged(found: Sequence[Run], clocks: Clocks, since: datetime, until: datetime) -> Times:
    return times(clocks.acknowledging([run for run in found if since <= run.ticket.legs[0].began < until]))
