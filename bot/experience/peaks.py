"""When customers come, beside when friction is reported: by hour and channel."""

from dataclasses import dataclass

from bot.experience import contacts, told
from bot.experience.cells import EVERYTHING
from bot.experience.reading import Reading
from bot.friction.suppression import FEWEST

HOURS = 24


@dataclass(frozen=True, slots=True)
class Peaks:
    """Contacts of each hour of the day by channel; `reports` at that hour, None where fewer than five people made them.

    `busiest` is the hour with most contacts of all channels, None where there are none.
    """

    contacts: dict[str, tuple[int, ...]]
    reports: tuple[int | None, ...]
    busiest: int | None


def peaks(reading: Reading) -> Peaks:
    world = reading.world
    by_channel = contacts.demand(reading.session, reading.weeks, world.zone, viewer=reading.viewer, now=reading.now)
    totals = [sum(each[hour] for each in by_channel.values()) for hour in range(HOURS)]
    made: list[list[str]] = [[] for _ in range(HOURS)]
    for one in reading.told_in(EVERYTHING, told.lately(reading.costing, reading.since, reading.until)):
        for each in one.reports:
            if not each.anonymous:  # of those the day alone is kept
                made[each.at.astimezone(world.zone).hour].append(each.handle)
    reports = tuple(len(those) if not those or len(set(those)) >= FEWEST else None for those in made)
    return Peaks(by_channel, reports, totals.index(max(totals)) if any(totals) else None)
