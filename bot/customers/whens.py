"""Days that a note names, however briefly: "21 Sep", "the 28th", "tomorrow"; "3 days ago", "on Tuesday".

Read by the thousand for every card, so by patterns alone; what a promise or a question says is read by dateparser.
"""

import re
from datetime import datetime, timedelta

_MONTHS = {name: place for place, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}  # noqa: SIM905 - read as words
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*"
_DAY_FIRST = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})\b", re.IGNORECASE)
_DAY_ALONE = re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)\b", re.IGNORECASE)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNTS |= {"nine": 9, "ten": 10}
_UNITS = {"day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}
_SPAN = re.compile(rf"\b(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)}) (?P<unit>{'|'.join(_UNITS)})s?\b", re.IGNORECASE)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)
# How many days ago, and how far off people are who say so.
_SAID = {"yesterday": (1.0, 0.6), "last week": (7.0, 4.0), "last month": (30.0, 15.0)}
_OFF = 0.25


def days_named(text: str, *, said_at: datetime) -> frozenset[tuple[int, int]]:
    """Month and day of each."""
    found = {
        (_MONTHS[match["month"].casefold()], int(match["day"]))
        for pattern in (_DAY_FIRST, _MONTH_FIRST)
        for match in pattern.finditer(text)
    }
    for match in _DAY_ALONE.finditer(text):
        found |= {(month, int(match["day"])) for month in (said_at.month, said_at.month % 12 + 1)}
    if "tomorrow" in text.casefold():
        day = said_at + timedelta(days=1)
        found.add((day.month, day.day))
    return frozenset(found)


def days_back(text: str, *, said_at: datetime) -> tuple[tuple[float, float], ...]:
    """How many days ago, and how far that may be off."""
    plain = text.casefold()
    found = [near for said, near in _SAID.items() if said in plain]
    for match in _SPAN.finditer(plain):
        days = (_COUNTS.get(match["count"]) or int(match["count"])) * _UNITS[match["unit"]]
        found.append((days, max(1.0, _OFF * days)))
    for match in _WEEKDAY.finditer(plain):
        ago = (said_at.weekday() - _WEEKDAYS.index(match[1])) % 7
        found.append((float(ago or 7), _SAID["yesterday"][1]))
    return tuple(found)
