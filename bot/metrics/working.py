"""Working time between many pairs of moments of one calendar."""

from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import accumulate, takewhile

from bot.working_time import Calendar

_AN_HOUR = 3600.0


class Worked:
    """`Calendar.between` for moments from `since` to `until`, without walking the days between each pair again."""

    def __init__(self, calendar: Calendar, since: datetime, until: datetime) -> None:
        shifts = [
            (opens.timestamp(), closes.timestamp())
            for opens, closes in takewhile(lambda shift: shift[0] <= until, calendar.shifts(since - timedelta(days=1)))
        ]
        self._opens = [opens for opens, _ in shifts]
        self._lasts = [closes - opens for opens, closes in shifts]
        self._before = list(accumulate(self._lasts, initial=0.0))

    def hours(self, start: datetime, end: datetime) -> float:
        """0 where the end is not later."""
        return max(self._until(end.timestamp()) - self._until(start.timestamp()), 0.0) / _AN_HOUR

    def _until(self, moment: float) -> float:
        """Seconds worked before a moment."""
        place = bisect_right(self._opens, moment) - 1
        return 0.0 if place < 0 else self._before[place] + min(moment - self._opens[place], self._lasts[place])
