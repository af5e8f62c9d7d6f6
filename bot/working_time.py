"""Working time: when people of a place work, and what "within eight working hours" comes to there.

Shifts are read on the clocks of the place and measured in time that really passes: a night shift over the end of
summer time is an hour longer. Every moment here is aware; what is given back is UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from bot.public_holidays import public_holidays

DAY = 24 * 60  # minutes
DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """In minutes after the midnight with which the day begins; one that closes after `DAY` ends on the next day."""

    opens: int
    closes: int


Week = tuple[tuple[Shift, ...], ...]

OFFICE_HOURS: Week = (*((Shift(9 * 60, 17 * 60),),) * 5, (), ())
ALWAYS: Week = ((Shift(0, DAY),),) * DAYS_OF_WEEK


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people of a place work: the shifts of each day from Monday, in `zone`, None for the machine's own.

    No shift begins on a day that is `closed`, or a public holiday of the region `holidays`; one that began the day
    before is worked to its end. Raises `ValueError` for a week without a shift, or with two at once.
    """

    week: Week = OFFICE_HOURS
    closed: frozenset[date] = frozenset()
    holidays: str = ""
    zone: tzinfo | None = None

    def __post_init__(self) -> None:
        shifts = sorted(
            (day * DAY + shift.opens, day * DAY + shift.closes) for day, each in enumerate(self.week) for shift in each
        )
        if len(self.week) != DAYS_OF_WEEK or not shifts:
            raise ValueError("nobody ever works there; write the hours of at least one day")
        if not all(
            0 <= shift.opens < DAY and 0 < shift.closes - shift.opens <= DAY for day in self.week for shift in day
        ):
            raise ValueError("a shift begins on its day, and lasts at most a day")
        if any(before[1] > after[0] for before, after in pairwise([*shifts, _a_week_later(shifts[0])])):
            raise ValueError("one shift begins before the one before it ends; write when the place opens and closes")

    def works_on(self, day: date) -> bool:
        """Whether a shift begins on that day."""
        off = day in self.closed or (bool(self.holidays) and day in public_holidays(self.holidays, day.year))
        return bool(self.week[day.weekday()]) and not off

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one moment to another; none where the other is not later."""
        worked = timedelta()
        for opens, closes in self.shifts(start):
            if opens >= end:
                break
            worked += min(closes, end) - opens
        return worked

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The first moment at which so much working time has passed since `start`: no later than a shift's end.

        Raises `ValueError` for less than none.
        """
        if working < timedelta():
            raise ValueError(f"{working} is no working time; give none or more")
        left = working
        if left:
            for opens, closes in self.shifts(start):
                if closes - opens >= left:
                    return opens + left
                left -= closes - opens
        return start.astimezone(UTC)

    def days_after(self, start: datetime, days: int) -> datetime:
        """When people work again so many working days after the day of a moment, not before that time of the day."""
        local = start.astimezone(self.zone)
        day = local.date()
        for _ in range(days):
            day = self._next_working(day)
        shown = datetime.combine(day, local.time())
        return self.opens(_in_utc(shown, self.zone))

    def opens(self, at: datetime) -> datetime:
        """The moment itself while people work, else when they next begin."""
        return next(self.shifts(at))[0]

    def shifts(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Those that end after a moment, in order and without end; of the one under way, what is left."""
        since = since.astimezone(UTC)
        # The shift of the day before may reach into this one.
        day = since.astimezone(self.zone).date() - timedelta(days=1)
        while True:
            for shift in self.week[day.weekday()] if self.works_on(day) else ():
                opens, closes = (_moment(day, minutes, self.zone) for minutes in (shift.opens, shift.closes))
                if closes > since and closes > opens:
                    yield max(opens, since), closes
            day += timedelta(days=1)

    def _next_working(self, day: date) -> date:
        while True:
            day += timedelta(days=1)
            if self.works_on(day):
                return day


def _a_week_later(shift: tuple[int, int]) -> tuple[int, int]:
    return shift[0] + DAYS_OF_WEEK * DAY, shift[1] + DAYS_OF_WEEK * DAY


def _moment(day: date, minutes: int, zone: tzinfo | None) -> datetime:
    """When the clocks there first show that time, or are put past it."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
    moment = _in_utc(shown, zone)
    if moment.astimezone(zone).replace(tzinfo=None) == shown:
        return moment
    # They are put forward past it: looked for between what it was by the old time and what it is by the new one.
    old, new = _in_utc(shown.replace(fold=1), zone), moment
    before = old.astimezone(zone).utcoffset()
    while new - old > timedelta(seconds=1):
        middle = old + timedelta(seconds=(new - old) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == before:
            old = middle
        else:
            new = middle
    return new


def _in_utc(shown: datetime, zone: tzinfo | None) -> datetime:
    return (shown.replace(tzinfo=zone) if zone else shown.astimezone()).astimezone(UTC)
