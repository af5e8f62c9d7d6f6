"""Until when: what people type for a moment, read in their zone; and moments written out for them."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_LASTING = re.compile(r"(?:(\d{1,3})d)?\s*(?:(\d{1,3})h)?\s*(?:(\d{1,4})m(?:in)?)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
# From a Friday to the Monday, and from a weekend to the Tuesday; by `datetime.weekday`.
_DAYS_TO_NEXT = {4: 3, 5: 3, 6: 2}
_HOW = "Write 15:00 for today, 2026-11-22T15:00 for another day, or 30m, 2h or 1d from now."


class NoDeadline(ValueError):
    """The words name no moment to come; the message says how to write one."""


def until(written: str, *, now: datetime, zone: tzinfo | None) -> datetime:
    """The moment meant by `15:00`, `2026-11-22T15:00`, `2026-11-22` (its end) or `2h`, as aware UTC.

    A time without a zone is in `zone`, None for the machine's own. Raises `NoDeadline`, also for a moment
    that has passed.
    """
    words = written.strip()
    moment = _moment(words, now=now, zone=zone)
    if moment is None:
        raise NoDeadline(f"{written!r} is not a time. {_HOW}")
    if moment <= now:
        raise NoDeadline(f"{said(moment, zone=zone)} has passed already. {_HOW}")
    return moment.astimezone(UTC)


def working_day_after(moment: datetime, *, zone: tzinfo | None) -> datetime:
    """The same time of the next day from Monday to Friday, as aware UTC; a weekend counts as the Monday after it."""
    local = moment.astimezone(zone)
    return (local + timedelta(days=_DAYS_TO_NEXT.get(local.weekday(), 1))).astimezone(UTC)


def ago(written: str) -> timedelta | None:
    """The time meant by `3d`, `8h` or `1d 12h`; None where the words mean none."""
    words = written.strip()
    lasting = _LASTING.fullmatch(words)
    if not words or not lasting:
        return None
    days, hours, minutes = (int(part or 0) for part in lasting.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def said(moment: datetime, *, zone: tzinfo | None) -> str:
    """With day and zone, so that nobody mistakes it: "Sunday 22 November 2026, 15:00 EST (UTC-05:00)"."""
    local = moment.astimezone(zone)
    offset = f"UTC{local:%z}"[:-2] + ":" + f"{local:%z}"[-2:]
    name = local.tzname() or ""
    named = offset if name in {"", "UTC"} or name[0] in "+-" else f"{name} ({offset})"
    shown = "UTC" if name == "UTC" else named
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} {shown}"


def _moment(words: str, *, now: datetime, zone: tzinfo | None) -> datetime | None:
    if (lasting := ago(words)) is not None:
        return now + lasting
    try:
        if clock := _CLOCK.fullmatch(words):
            today = now.astimezone(zone).date()
            return _in_zone(datetime.combine(today, time(int(clock[1]), int(clock[2]))), zone)
        if len(words) == len("2026-11-22"):
            return _in_zone(datetime.combine(date.fromisoformat(words) + timedelta(days=1), time()), zone)
        return _in_zone(datetime.fromisoformat(words), zone)
    except (ValueError, OverflowError):
        return None


def _in_zone(moment: datetime, zone: tzinfo | None) -> datetime:
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=zone) if zone else moment.astimezone()
