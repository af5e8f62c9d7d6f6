"""Where how we rate ourselves and what is measured are furthest apart, and where there is nothing to compare with.

Only a share of which all would be right can be set beside a rating: 1 of 5 stands where none is right, 5 where all is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.experience import cell_clocks, contacts, returning
from bot.experience.cells import EVERYTHING
from bot.experience.figures import figure
from bot.experience.lines import Line
from bot.experience.reading import Reading
from bot.experience.returning import Returns
from bot.metrics import promises
from bot.metrics.measure import Measure, percent
from bot.steering.ratings import LEAST, MOST, Component, Rating

_MOBILE, _SOCIAL = "mobile_app", "social"
# Points of a hundred between one rating and the next.
STEP = 100 / (MOST - LEAST)
# With fewer, one more or less moves a share by ten points.
FEWEST = 10


class Lack(StrEnum):
    """`DIFFERS`: by a whole step or more."""

    DIFFERS = "differs"
    UNMEASURED = "unmeasured"
    UNRATED = "unrated"


@dataclass(frozen=True, slots=True)
class Gap:
    """`points` of a hundred that the measured share is above the rating (below: negative), None where one is missing.

    `line` is the share that is furthest from the rating; the one with most to it where nothing can be compared.
    """

    component: Component
    lack: Lack
    score: int | None
    line: Line
    points: float | None = None


@figure
def yardsticks(reading: Reading) -> Mapping[Component, tuple[Line, ...]]:
    """Shares of the weeks of a quarter, in percent: 100 where all was right."""
    by_channel = {
        channel: sum(hours)
        for channel, hours in contacts.demand(
            reading.session, reading.weeks, reading.world.zone, viewer=reading.viewer, now=reading.now
        ).items()
    }
    heard = contacts.placed(
        reading.session, reading.weeks, reading.world, channel=_SOCIAL, viewer=reading.viewer, now=reading.now
    )
    placed = sum(sum(one.contacts) for at, one in reading.contacts.items() if at)
    runs = cell_clocks.begun(reading, EVERYTHING)
    filed = cell_clocks.filed_in(reading, runs)
    aimed = [one.targets.any for one in reading.world.map.cx.values()]
    kept = promises.attainment((promise for run in filed for promise in run.promises), now=reading.until)
    return {
        Component.MOBILE: (
            Line(0, "app contacts that needed no other channel within 72 h", _settled(reading, channel=_MOBILE)),
        ),
        Component.LISTENING: (
            Line(0, "mentions that were put at a touchpoint", percent(heard, by_channel.get(_SOCIAL, 0), "mentions")),
        ),
        Component.CHANNELS: (Line(0, "contacts that needed no other channel within 72 h", _settled(reading)),),
        Component.REAL_TIME: (Line(9, "promises kept", kept),),
        Component.ANALYTICS: (
            Line(0, "contacts that are placed on the map", percent(placed, sum(by_channel.values()), "contacts")),
            Line(24, "touchpoints with a target", percent(sum(aimed), len(aimed), "touchpoints")),
        ),
    }


def gaps(rated: Mapping[Component, Rating], found: Mapping[Component, tuple[Line, ...]]) -> tuple[Gap, ...]:
    """Those that differ by a step, the furthest first; then what cannot be compared, in the order of the components."""
    order = list(Lack)
    each = [gap for component in Component if (gap := _gap(component, rated.get(component), found[component]))]
    return tuple(sorted(each, key=lambda one: (order.index(one.lack), -abs(one.points or 0.0))))


def _gap(component: Component, rating: Rating | None, found: tuple[Line, ...]) -> Gap | None:
    most = max(found, key=lambda one: one.measure.n or 0)
    if rating is None:
        return Gap(component, Lack.UNRATED, None, most)
    said = STEP * (rating.score - LEAST)
    apart = [
        (one.measure.value - said, one)
        for one in found
        if one.measure.value is not None and (one.measure.n or 0) >= FEWEST
    ]
    if not apart:
        return Gap(component, Lack.UNMEASURED, rating.score, most)
    points, line = max(apart, key=lambda one: abs(one[0]))
    return Gap(component, Lack.DIFFERS, rating.score, line, points) if abs(points) >= STEP else None


def _settled(reading: Reading, *, channel: str = "") -> Measure:
    """The rest of those after which the customer came on another channel."""
    some: tuple[Returns, ...] = returning.returns(reading, channel=channel)
    came_back = returning.share(some)
    return came_back if came_back.value is None else replace(came_back, value=100 - came_back.value)
