"""Moments and lists, as people say them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

NOBODY_NAMED = "Nobody named yet"


def ago(at: datetime, now: datetime) -> str:
    """ "26 h ago"; up to three days in hours, as "yesterday" is long at a counter."""
    passed = max(now - at, timedelta())
    if passed < timedelta(hours=1):
        return f"{max(1, passed // timedelta(minutes=1))} min ago"
    return f"{passed // timedelta(hours=1)} h ago" if passed < timedelta(hours=72) else f"{passed.days} days ago"


def day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def moment(at: datetime, zone: tzinfo | None) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %H:%M}"


def joined(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
