"""When things happen: weeks, days and hours as they are in this company, the seasons, and the opening hours."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
_WEEK = timedelta(days=7)
# Monday to Sunday; nobody is in a shop on Sunday.
_DAYS = {
    "store": (10, 10, 11, 12, 15, 19, 0),
    "field": (14, 14, 14, 14, 14, 4, 0),
    "phone": (18, 15, 14, 14, 13, 6, 4),
    "chat": (17, 15, 14, 14, 13, 8, 6),
    "work": (16, 15, 15, 15, 16, 9, 0),
}
_ANY_DAY = (14, 14, 14, 14, 14, 13, 13)
# From eight in the morning on, an hour each.
_HOURS = {
    "store": (0, 4, 7, 9, 10, 9, 8, 9, 11, 13, 11, 6, 0),
    "field": (9, 12, 12, 11, 8, 9, 10, 9, 7, 3, 0, 0, 0),
    "phone": (6, 10, 13, 12, 9, 8, 9, 9, 10, 9, 7, 5, 3),
    "chat": (3, 6, 8, 11, 24, 22, 9, 7, 7, 7, 7, 6, 5),
    "work": (6, 10, 11, 11, 9, 8, 10, 11, 10, 8, 5, 3, 0),
    "noon": (1, 2, 3, 5, 32, 30, 6, 4, 3, 2, 2, 1, 0),
}
_ANY_HOUR = (6, 7, 7, 7, 8, 8, 7, 7, 7, 8, 9, 10, 11)
_FIRST_HOUR = 8
_DECEMBER = 1.15


@dataclass(frozen=True, slots=True)
class Period:
    """Whole weeks, from a Monday on; `end` is the Monday after the last one."""

    start: date
    weeks: int

    @classmethod
    def until(cls, day: date, weeks: int) -> "Period":
        """The weeks that are over by the end of a day."""
        after = day + timedelta(days=1)
        end = after - timedelta(days=after.weekday())
        return cls(end - weeks * _WEEK, weeks)

    @property
    def end(self) -> date:
        return self.start + self.weeks * _WEEK

    def monday(self, week: int) -> date:
        return self.start + week * _WEEK

    def begins(self, week: int) -> datetime:
        return in_utc(datetime.combine(self.monday(week), datetime.min.time()))

    def season(self, week: int, swing: float) -> float:
        """Busier before the end of the year, quieter in summer."""
        day = self.monday(week)
        wave = 1.0 + swing * math.cos(2 * math.pi * (day.timetuple().tm_yday - 330) / 365)
        return wave * (_DECEMBER if day.month == 12 else 1.0)  # noqa: PLR2004 - December


class Rhythm:
    """On which day of a week and at which hour something happens on a channel, or at `work`, or at `noon`."""

    def __init__(self, channel: str) -> None:
        self._days = list(accumulate(_DAYS.get("work" if channel == "noon" else channel, _ANY_DAY)))
        self._hours = list(accumulate(_HOURS.get(channel, _ANY_HOUR)))

    def moment(self, chance: Random, monday: date) -> datetime:
        """In UTC, to the second."""
        day = chance.choices(range(7), cum_weights=self._days)[0]
        hour = _FIRST_HOUR + chance.choices(range(len(self._hours)), cum_weights=self._hours)[0]
        on = monday + timedelta(days=day)
        second = int(chance.random() * 3600)
        return in_utc(datetime(on.year, on.month, on.day, hour, second // 60, second % 60))  # noqa: DTZ001 - set there


def in_utc(local: datetime) -> datetime:
    return local.replace(tzinfo=ZONE).astimezone(UTC)


def written(at: datetime | None) -> str:
    """As exports have it: 2026-05-03T14:05:00Z; "" for never."""
    if at is None:
        return ""
    return f"{at.year:04}-{at.month:02}-{at.day:02}T{at.hour:02}:{at.minute:02}:{at.second:02}Z"
