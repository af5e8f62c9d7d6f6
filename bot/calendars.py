"""When the people of each place work: `hours`, `closed` and `holidays` of the places in `config/people.yaml`."""

import re
from collections.abc import Callable
from datetime import date
from itertools import chain

import yaml

from bot.conditions.reading import Fault, pairs_of, text_of
from bot.public_holidays import NoRegion, checked_region
from bot.working_time import ALWAYS, DAY, DAYS_OF_WEEK, OFFICE_HOURS, Calendar, Shift, Week
from bot.yaml_lines import Lines

HOURS, CLOSED, HOLIDAYS = "hours", "closed", "holidays"

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_DAY = 3  # letters that tell days apart
_SHIFT = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)")
_HOURS_LIKE = "{ mon-fri: 08:00-18:00, sat: 09:00-14:00 }, or always"


def calendars_of(checked: Lines) -> dict[str, Calendar]:
    """Those of the places that say when they are open, without their zones. Raises `SettingsError` with the line."""

    def fault(line: int, what: str) -> Exception:
        return checked.fault(line + 1, what)

    sections = (value for key, value in checked.node.value if key.value == "places")
    places = chain.from_iterable(_entries(section, fault) for section in sections)
    return {name: calendar for name, _, place in places if (calendar := _calendar(place, fault))}


def _calendar(place: yaml.Node, fault: Fault) -> Calendar | None:
    entries = {name: value for name, _, value in _entries(place, fault) if name in {HOURS, CLOSED, HOLIDAYS}}
    if not entries:
        return None
    week = _week(entries[HOURS], fault) if HOURS in entries else OFFICE_HOURS
    closed = frozenset(_date(node, fault) for node in _listed(entries.get(CLOSED)))
    region = _checked(entries[HOLIDAYS], fault, checked_region) if HOLIDAYS in entries else ""
    try:
        return Calendar(week, closed=closed, holidays=region)
    except ValueError as wrong:
        raise fault(entries[HOURS].start_mark.line, str(wrong)) from wrong


def _entries(node: yaml.Node, fault: Fault) -> list[tuple[str, int, yaml.Node]]:
    """None of what may be written as one word: a place that is only a name."""
    return pairs_of(node, fault=fault) if isinstance(node, yaml.MappingNode) else []


def _week(node: yaml.Node, fault: Fault) -> Week:
    if isinstance(node, yaml.ScalarNode) and str(node.value).strip().casefold() == "always":
        return ALWAYS
    if not isinstance(node, yaml.MappingNode):
        raise fault(node.start_mark.line, f"{HOURS} says on which days, from when to when: {_HOURS_LIKE}")
    week: dict[int, tuple[Shift, ...]] = {}
    for written, line, value in pairs_of(node, fault=fault):
        shifts = () if value.value == CLOSED else tuple(_shift(each, fault) for each in _listed(value))
        for day in _days(written, line, fault):
            if day in week:
                raise fault(line, f"{_DAYS[day].capitalize()} stands there twice; keep one")
            week[day] = shifts
    return tuple(tuple(sorted(week.get(day, ()))) for day in range(DAYS_OF_WEEK))


def _days(written: str, line: int, fault: Fault) -> list[int]:
    """Monday is 0; `fri-mon` goes over the weekend."""
    first, *last = (_day(word) for word in re.split(r"[-–]", written.casefold()))
    if first is None or len(last) > 1 or None in last:
        raise fault(line, f"{written!r} is no day, nor days in a row; write mon, or mon-fri")
    days = (last[0] - first) % DAYS_OF_WEEK if last and last[0] is not None else 0
    return [(first + step) % DAYS_OF_WEEK for step in range(days + 1)]


def _day(word: str) -> int | None:
    word = word.strip()
    fits = (number for number, day in enumerate(_DAYS) if len(word) >= _SHORTEST_DAY and day.startswith(word))
    return next(fits, None)


def _shift(node: yaml.Node, fault: Fault) -> Shift:
    written = text_of(node, fault=fault)
    found = _SHIFT.fullmatch(written)
    opens, closes = (int(found[hour]) * 60 + int(found[hour + 1]) for hour in (1, 3)) if found else (DAY, DAY)
    if opens >= DAY or closes > DAY:
        raise fault(
            node.start_mark.line, f"{written!r} says no hours; write them as 08:00-18:00, the whole day 00:00-24:00"
        )
    if opens == closes:
        raise fault(node.start_mark.line, f"{written!r} ends as it begins; write the whole day as 00:00-24:00")
    return Shift(opens, closes if closes > opens else closes + DAY)


def _date(node: yaml.Node, fault: Fault) -> date:
    written = text_of(node, fault=fault)
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise fault(node.start_mark.line, f"{written!r} is no day; write one as 2026-12-25") from None


def _checked(node: yaml.Node, fault: Fault, check: Callable[[str], str]) -> str:
    try:
        return check(text_of(node, fault=fault))
    except NoRegion as wrong:
        raise fault(node.start_mark.line, str(wrong)) from wrong


def _listed(node: yaml.Node | None) -> list[yaml.Node]:
    """The entries of a list, or the one that stands without brackets; none where nothing does."""
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return [node] if node is not None and node.value else []
