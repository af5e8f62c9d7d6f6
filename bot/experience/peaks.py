"""When customers come, beside when friction is reported: by hour and channel."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.experience import contacts
from bot.experience.figures import figure
from bot.experience.reading import Reading
from bot.friction.kinds import Privacy
from bot.friction.suppression import Fact, published
from bot.friction.tables import ReportRow

HOURS = 24


@dataclass(frozen=True, slots=True)
class Peaks:
    """Contacts of each hour of the day by channel; `reports` at that hour, None where fewer than five people made them.

    `busiest` is the hour with most contacts of all channels, None where there are none.
    """

    contacts: dict[str, tuple[int, ...]]
    reports: tuple[int | None, ...]
    busiest: int | None


@figure
def peaks(reading: Reading) -> Peaks:
    world = reading.world
    by_channel = contacts.demand(reading.session, reading.weeks, world.zone, viewer=reading.viewer, now=reading.now)
    totals = [sum(each[hour] for each in by_channel.values()) for hour in range(HOURS)]
    reports = _reports(reading)
    return Peaks(by_channel, reports, totals.index(max(totals)) if any(totals) else None)


def _reports(reading: Reading) -> tuple[int | None, ...]:
    """Of an anonymous one the day alone is kept. With the hours that would give others away hidden too."""
    named = (ReportRow.privacy != Privacy.ANONYMOUS, ReportRow.at >= reading.since, ReportRow.at < reading.until)
    rows = reading.session.connection().execute(select(ReportRow.at, ReportRow.handle).where(*named))
    facts = [Fact(handle, {"hour": str(at.astimezone(reading.world.zone).hour)}, (1.0,)) for at, handle in rows]
    groups = published(facts, [["hour"]]) if facts else {}
    found: list[int | None] = [0] * HOURS
    for key, group in groups.items():
        if key:
            ((_, hour),) = key
            found[int(hour)] = None if group.amounts is None else int(group.amounts[0])
    return tuple(found)
