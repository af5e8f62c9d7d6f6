"""Which days a question is about: "yesterday", "in October", "on 12 September", "3 days ago"."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateparser.date import DateDataParser

_MONTH = r"(?:jan|febr?|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|ober|tember)?"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_NUMBER = r"(?:\d{1,3}|an?|one|two|three|four|five|six|ten)"
_SAID = re.compile(
    rf"\b(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?: \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|{_NUMBER} (?:day|week|month|year)s? ago"
    rf"|(?:last|this) (?:week|month|year)|today|yesterday|(?:last |on )?{_DAY})\b",
    re.IGNORECASE,
)
# "may" and "march" are other words too, unless something leads to a month.
_IN_MONTH = re.compile(
    rf"\b(?:in|during|since|last|of|from) (?P<said>{_MONTH}(?: \d{{4}})?|20\d\d)\b|\b(?P<dated>{_MONTH} 20\d\d)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:since|after) (?:the )?$", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:before|until) (?:the )?$", re.IGNORECASE)
_EARLIEST = date(1970, 1, 1)
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it. `said` are the words of the question, `start` and `end` where they stand."""

    first: date
    last: date
    said: str
    start: int
    end: int

    @property
    def told(self) -> str:
        """ "21 Nov 2026", "1 Oct 2026 to 31 Oct 2026"."""
        last = f"{self.last:%-d %b %Y}"
        return last if self.first == self.last else f"{self.first:%-d %b %Y} to {last}"

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def period_in(question: str, *, now: datetime) -> Period | None:
    """`now` is a local time; what is named without a year is the last one of that name. None where no time is named."""
    found = _SAID.search(question)
    start, end = found.span() if found else (0, 0)
    if found is None and (month := _IN_MONTH.search(question)):
        start, end = month.span("said" if month["said"] else "dated")
    if not end:
        return None
    days = _days(question[start:end], now.date())
    if days is None:
        return None
    first, last = days
    if _SINCE.search(question[:start]):
        last = now.date()
    elif _BEFORE.search(question[:start]):
        first, last = _EARLIEST, first - timedelta(days=1)
    return Period(first, last, question[start:end], start, end)


@lru_cache(maxsize=1024)
def _days(said: str, today: date) -> tuple[date, date] | None:
    words = re.sub(r"^on ", "", said.casefold())
    if words.isdigit():
        return date(int(words), 1, 1), date(int(words), _DECEMBER, 31)
    if words.startswith(("last week", "this week")):
        monday = today - timedelta(days=today.weekday() + (7 if words.startswith("last") else 0))
        return monday, monday + timedelta(days=6)
    base = datetime.combine(today, time(12))
    parser = DateDataParser(languages=["en"], settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"})
    read = parser.get_date_data(re.sub(rf"^(?:last|this) (?={_DAY}|{_MONTH})", "", words, flags=re.IGNORECASE))
    if read.date_obj is None:
        return None
    return _around(read.date_obj.date(), "day" if "day" in words else (read.period or "day"), ago="ago" in words)


def _around(day: date, period: str, *, ago: bool) -> tuple[date, date]:
    """All days of the month or year in which the day is; of "two weeks ago" the days around it."""
    if ago and period != "day":
        some = timedelta(days=3 if period == "week" else 10)
        return day - some, day + some
    if period == "month":
        following = date(day.year + day.month // _DECEMBER, day.month % _DECEMBER + 1, 1)
        return day.replace(day=1), following - timedelta(days=1)
    if period == "year":
        return date(day.year, 1, 1), date(day.year, _DECEMBER, 31)
    return day, day
