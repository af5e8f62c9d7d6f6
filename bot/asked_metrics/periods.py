"""Which days a question about numbers is about: also "this quarter", "in the last 4 weeks", "since Monday".

What single days and months are called is read as in questions about a customer.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from bot.customers.questions.periods import period_in as days_in

_NUMBERS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)  # noqa: SIM905 - read as words
} | {"couple of": 2, "few": 3}
_NUMBER = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"
_ROLLING = re.compile(
    rf"\b(?:(?:in|over|during|within|for) )?(?:the )?(?:last|past|previous) (?P<number>{_NUMBER}) "
    r"(?P<unit>day|week|month|year)s?\b",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"\b(?P<since>since )?(?:the )?(?P<which>this|current|last|past|previous) (?P<unit>week|month|quarter|year)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|from) (?P<one>.{3,20}?) (?:and|to|until|till) (?P<other>.{3,20})", re.IGNORECASE)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}
# What is asked of no time is told of so many days, today included.
USUAL_DAYS = 28


class Unit(StrEnum):
    """What is compared with the one before: a week with the week before it."""

    DAYS = "days"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it. `start` and `end` are where it stands in the question, equal where nobody said it."""

    first: date
    last: date
    unit: Unit = Unit.DAYS
    start: int = 0
    end: int = 0

    @property
    def told(self) -> str:
        """ "18 Nov 2026", "1 Nov 2026 to 18 Nov 2026"."""
        last = _told(self.last)
        return last if self.first == self.last else f"{_told(self.first)} to {last}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """What it is compared with: the same days of the week, month, quarter or year before, else as many days."""
        months = _MONTHS.get(self.unit, 0)
        if not months:
            length = timedelta(days=7 if self.unit is Unit.WEEK else self.days)
            return Period(self.first - length, self.last - length, self.unit)
        first = _month(self.first, -months)
        whole = self.last + timedelta(days=1) == _month(self.first, months)
        until = self.first if whole else min(first + timedelta(days=self.days), self.first)
        return Period(first, until - timedelta(days=1), self.unit)

    def since(self, zone: tzinfo | None) -> datetime:
        """When it begins, in aware UTC; `zone` None is that of the machine."""
        return _midnight(self.first, zone)

    def until(self, zone: tzinfo | None) -> datetime:
        """When the day after it begins."""
        return _midnight(self.last + timedelta(days=1), zone)


def usual(today: date, days: int = USUAL_DAYS) -> Period:
    return Period(today - timedelta(days=days - 1), today)


def period_in(question: str, *, now: datetime) -> Period | None:
    """`now` is a local time. None where no time is named; what lies ahead is left out."""
    today = now.date()
    if found := _ROLLING.search(question):
        said = found["number"].casefold()
        number = int(said) if said.isdigit() else _NUMBERS[said]
        unit = found["unit"].casefold()
        back = (
            today - timedelta(days=_DAYS[unit] * number) if unit in _DAYS else _same_day(today, -_MONTHS[unit] * number)
        )
        return Period(back + timedelta(days=1), today, Unit.DAYS, *found.span())
    if found := _CALENDAR.search(question):
        return _calendar(found, today)
    if found := _BETWEEN.search(question):
        one, other = (days_in(f"on {found[name]}", now=now) for name in ("one", "other"))
        if one and other and one.first <= other.last:
            return Period(one.first, min(other.last, today), Unit.DAYS, *found.span())
    named = days_in(question, now=now)
    if named is None:
        return None
    month = named.first.day == 1 and named.last + timedelta(days=1) == _month(named.first, 1)
    last = min(named.last, today)
    return Period(min(named.first, last), last, Unit.MONTH if month else Unit.DAYS, named.start, named.end)


def _calendar(found: re.Match[str], today: date) -> Period:
    unit = Unit(found["unit"].casefold())
    back = 0 if found["which"].casefold() in {"this", "current"} else 1
    if unit is Unit.WEEK:
        first = today - timedelta(days=today.weekday() + 7 * back)
        following = first + timedelta(days=7)
    else:
        months = _MONTHS[unit]
        begun = (today.month - 1) // months * months + 1
        first = _month(date(today.year, begun, 1), -months * back)
        following = _month(first, months)
    if found["since"]:
        return Period(first, today, Unit.DAYS, *found.span())
    return Period(first, min(following - timedelta(days=1), today), unit, *found.span())


def _month(first: date, months: int) -> date:
    """The first day of a month so many months on."""
    place = first.year * 12 + first.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def _same_day(day: date, months: int) -> date:
    """Of a month so many months on; its last day where it has no such day."""
    first = _month(day, months)
    return min(first + timedelta(days=day.day - 1), _month(first, 1) - timedelta(days=1))


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    naive = datetime.combine(day, time())
    return (naive.replace(tzinfo=zone) if zone else naive.astimezone()).astimezone(UTC)


def _told(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
