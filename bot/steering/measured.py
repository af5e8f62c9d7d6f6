"""What is measured of each component of total experience, to stand beside how we rate ourselves.

Not a score: nobody knows how many contacts make a 4. Only what is counted anyway is told; each line says what it is.
"""

from collections.abc import Collection, Mapping

from bot.experience import cell_clocks, contacts, returning
from bot.experience.cells import EVERYTHING
from bot.experience.contacts import Contacts
from bot.experience.figures import figure
from bot.experience.lines import Line
from bot.experience.reading import Reading
from bot.metrics import promises
from bot.metrics.measure import Measure, Unit, percent
from bot.metrics.times import times
from bot.steering.ratings import Component

_MOBILE, _SOCIAL = "mobile_app", "social"


@figure
def measured(reading: Reading) -> Mapping[Component, tuple[Line, ...]]:
    """Of the weeks of a quarter; the numbers of the lines are those of docs/metrics.md, 0 of what it does not have."""
    by_channel = {
        channel: sum(hours)
        for channel, hours in contacts.demand(
            reading.session, reading.weeks, reading.world.zone, viewer=reading.viewer, now=reading.now
        ).items()
    }
    came = sum(by_channel.values())
    placed = sum(sum(one.contacts) for at, one in reading.contacts.items() if at)
    runs = cell_clocks.begun(reading, EVERYTHING)
    clocks = cell_clocks.clocks_for(reading, runs)
    filed = list(cell_clocks.filed_in(reading, runs))
    aimed = [one.targets for one in reading.world.map.cx.values()]
    with_target = sum(one.csat is not None or one.complaints_per_1000 is not None for one in aimed)
    kept = promises.attainment((promise for run in filed for promise in run.promises), now=reading.until)
    return {
        Component.MOBILE: (
            Line(0, "contacts that come through the app", percent(by_channel.get(_MOBILE, 0), came, "contacts")),
            Line(20, "complaints there", _rate(reading, _at(reading, _MOBILE))),
        ),
        Component.LISTENING: (
            Line(0, "mentions on social media", _count(by_channel.get(_SOCIAL, 0), "mentions")),
            Line(20, "complaints among those placed", _rate(reading, _at(reading, _SOCIAL))),
        ),
        Component.CHANNELS: (
            Line(0, "channels that customers came by", _count(sum(map(bool, by_channel.values())), "channels")),
            Line(0, "came back on another channel within 72 h", returning.share(returning.returns(reading))),
        ),
        Component.REAL_TIME: (
            Line(8, "time to acknowledge, median", times(clocks.acknowledging(filed)).median),
            Line(9, "promises kept", kept),
        ),
        Component.ANALYTICS: (
            Line(0, "contacts that are placed on the map", percent(placed, came, "contacts")),
            Line(24, "touchpoints with a target", percent(with_target, len(aimed), "touchpoints")),
        ),
    }


def _at(reading: Reading, channel: str) -> frozenset[str]:
    return frozenset(one.id for one in reading.world.map.cx.values() if one.channel == channel)


def _rate(reading: Reading, touchpoints: Collection[str]) -> Measure:
    """Complaints in a thousand contacts."""
    rows = [one for at, one in reading.contacts.items() if at in touchpoints]
    together = Contacts(
        tuple(sum(week) for week in zip(*(one.contacts for one in rows), strict=True)),
        tuple(sum(week) for week in zip(*(one.complaints for one in rows), strict=True)),
    )
    return together.rate


def _count(number: int, of: str) -> Measure:
    return Measure(number, Unit.COUNT, number, of)
