"""When customers come and by which channel, as a table of shades; when friction is reported stands beneath."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.experience.peaks import HOURS, Peaks

# From the palest; the shade of an hour is its share of the busiest of its table.
SHADES = 5


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour of a channel: what is told, and its shade from 0 to 5; "few" where too few people are behind it."""

    told: str
    shade: int


@dataclass(frozen=True, slots=True)
class Drawn:
    hours: tuple[int, ...]
    rows: tuple[tuple[str, str, tuple[Slot, ...], int], ...]
    reports: tuple[Slot, ...]
    headline: str


def drawn(found: Peaks, name_of: Callable[[str], str]) -> Drawn | None:
    """Hours in which anything happens, and those between them; None where nothing came in."""
    used = [any(each[hour] for each in found.contacts.values()) for hour in range(HOURS)]
    busy = [hour for hour in range(HOURS) if used[hour] or found.reports[hour] != 0]
    if found.busiest is None or not busy:
        return None
    hours = tuple(range(busy[0], busy[-1] + 1))
    most = max(max(each) for each in found.contacts.values())
    most_reports = max((count or 0 for count in found.reports), default=0)
    channels = sorted(found.contacts.items(), key=lambda one: (-sum(one[1]), one[0]))
    rows = tuple(
        (channel, name_of(channel), tuple(Slot(str(each[hour]), _shade(each[hour], most)) for hour in hours), sum(each))
        for channel, each in channels
    )
    reports = tuple(_reported(found.reports[hour], most_reports) for hour in hours)
    return Drawn(hours, rows, reports, _headline(found))


def _reported(count: int | None, most: int) -> Slot:
    return Slot("few", 0) if count is None else Slot(str(count), _shade(count, most))


def _shade(count: int, most: int) -> int:
    return -(-SHADES * count // most) if count and most else 0


def _headline(found: Peaks) -> str:
    told = [(count, -hour) for hour, count in enumerate(found.reports) if count]
    busiest = found.busiest or 0
    first = f"Most customers come between {busiest} and {busiest + 1} o’clock"
    if not told:
        return first
    hour = -max(told)[1]
    return f"{first}, most friction is reported {'then, too' if hour == busiest else f'between {hour} and {hour + 1}'}"
