"""What a fix did to the theme that it mended: reports before and after, beside work that the theme never touched.

A fix is a day on which many tickets of a theme were resolved, or on which somebody said that it is done. What is told
of people follows `told`: counts are of tickets that enough people have.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from bot.experience.cells import Across, Cell
from bot.experience.costing import Costing
from bot.experience.lines import FEW_PEOPLE
from bot.experience.reading import Reading
from bot.friction.groups import By
from bot.friction.moves import Event, State
from bot.friction.tables import EventRow, ThemeRow, TicketRow
from bot.signals.effects import LEAST_WEEKS, Course, Effect, Verdict, effect

# So many tickets of a theme resolved on one day are a fix, and not the usual work on them.
AT_ONCE = 8
# So many weeks on each side are compared, without that of the fix. With 12, that nothing changed could be said of one
# fix in four that did nothing (seeds 1 to 4 of tests/benchmarks/planted.py), with 26 of three.
BESIDE = 26
# Fixes of a theme that are nearer are looked at as one.
_APART = timedelta(weeks=LEAST_WEEKS)


@dataclass(frozen=True, slots=True)
class Fix:
    """`tickets` of the theme were resolved that day, in the `week` of that place among those that are read.

    `before` and `after` are reports at least; None: of few people. `evidence` are the tickets that these are of.
    """

    theme: int
    label: str
    day: date
    week: int
    tickets: int
    before: int | None
    after: int | None
    effect: Effect
    evidence: tuple[int, ...] = ()


def fixes(reading: Reading, decided: Mapping[int, date]) -> tuple[Fix, ...]:
    """The newest first. `decided`: theme -> the day on which it was said to be done."""
    days = _days(reading, decided)
    if not days:
        return ()
    labels = {row.id: row.label for row in reading.session.execute(select(ThemeRow.id, ThemeRow.label))}
    at_work = _by_touchpoint(reading)
    touched = _touched(reading, days)
    found = [
        _fix(reading, theme, labels[theme], day, count, _left_alone(at_work, touched, theme, day))
        for theme, of_theme in days.items()
        if theme in labels
        for day, count in of_theme
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.theme), reverse=True))


def _days(reading: Reading, decided: Mapping[int, date]) -> dict[int, list[tuple[date, int]]]:
    """Theme -> its fixes, with the tickets resolved that day."""
    zone = reading.world.zone
    asked = (
        select(TicketRow.theme, EventRow.at)
        .join(EventRow, EventRow.ticket == TicketRow.id)
        .where(TicketRow.theme.is_not(None), EventRow.target == State.RESOLVED, EventRow.source != State.RESOLVED)
        .where(EventRow.at >= reading.since, EventRow.at < reading.until, EventRow.event != Event.REOPEN)
    )
    resolved: dict[int, Counter[date]] = defaultdict(Counter)
    for theme, at in reading.session.execute(asked):
        if theme is not None:
            resolved[theme][at.astimezone(zone).date()] += 1
    found: dict[int, list[tuple[date, int]]] = {}
    for theme in {*resolved, *decided}:
        said = [(decided[theme], resolved[theme][decided[theme]])] if theme in decided else []
        at_once = sorted(((day, count) for day, count in resolved[theme].items() if count >= AT_ONCE), key=_most_first)
        chosen: list[tuple[date, int]] = []
        for day, count in [*said, *at_once]:
            if all(abs(day - other) >= _APART for other, _ in chosen):
                chosen.append((day, count))
        if chosen:
            found[theme] = chosen
    return found


def _touched(reading: Reading, days: Mapping[int, list[tuple[date, int]]]) -> list[tuple[int, date, frozenset[str]]]:
    """Theme, day and works of every fix."""
    works: dict[int, set[str]] = defaultdict(set)
    for one in reading.costing:
        if one.theme is not None and one.theme in days:
            works[one.theme].update(one.fields[By.TOUCHPOINT])
    return [(theme, day, frozenset(works[theme])) for theme, of_theme in days.items() for day, _ in of_theme]


def _left_alone(
    at_work: Mapping[str, Sequence[int]], touched: Iterable[tuple[int, date, frozenset[str]]], theme: int, day: date
) -> dict[str, Sequence[int]]:
    """Work that neither this fix touched, nor another in the weeks that are compared."""
    near = timedelta(weeks=BESIDE)
    by_a_fix = {id_ for other, at, works in touched if other == theme or abs(at - day) <= near for id_ in works}
    return {id_: counts for id_, counts in at_work.items() if id_ not in by_a_fix}


def _most_first(one: tuple[date, int]) -> tuple[int, date]:
    return -one[1], one[0]


def _fix(reading: Reading, theme: int, label: str, day: date, tickets: int, beside: Mapping[str, Sequence[int]]) -> Fix:
    of_theme = [one for one in reading.costing if one.theme == theme]
    week = (day - reading.weeks[0].monday).days // 7
    # The running week is not over, so it is compared with none.
    before, after = (max(0, week - BESIDE), week), (week + 1, min(len(reading.weeks) - 1, week + 1 + BESIDE))
    counts = _by_week(reading, of_theme)
    others = [_course(id_, of_work, before, after) for id_, of_work in beside.items()]
    own = _course(str(theme), counts, before, after)
    found = effect(own, others)
    if min(len(own.before), len(own.after)) < LEAST_WEEKS:
        why = f"fewer than {LEAST_WEEKS} whole weeks {'before' if len(own.before) < LEAST_WEEKS else 'after'} it"
        found = Effect(own, tuple(others), Verdict.TOO_FEW, why=why)
    heard = [_heard(reading, theme, *span) for span in (before, after)]
    if not heard[0]:
        untold = Effect(own, tuple(others), Verdict.TOO_FEW, why=FEW_PEOPLE)
        return Fix(theme, label, day, week, tickets, None, None, untold)
    reports = [sum(len(one.reports) for one in some) for some in heard]
    numbers = tuple(sorted({one.number for some in heard for one in some}))
    return Fix(theme, label, day, week, tickets, reports[0], reports[1], found, numbers)


def _course(id_: str, counts: Sequence[int], before: tuple[int, int], after: tuple[int, int]) -> Course:
    return Course(id_, tuple(counts[slice(*before)]), tuple(counts[slice(*after)]))


def _by_touchpoint(reading: Reading) -> dict[str, list[int]]:
    at: dict[str, list[Costing]] = defaultdict(list)
    for one in reading.costing:
        for id_ in one.fields[By.TOUCHPOINT]:
            at[id_].append(one)
    return {id_: _by_week(reading, some) for id_, some in at.items() if id_}


def _by_week(reading: Reading, some: Iterable[Costing]) -> list[int]:
    """Reports made in each week."""
    slots = sorted(each.slot for one in some for each in one.reports)
    return [bisect_right(slots, end) - bisect_right(slots, begin) for begin, end in _spans(reading)]


def _spans(reading: Reading) -> Iterator[tuple[int, int]]:
    return zip(reading.edges.begins, reading.edges.stands, strict=True)


def _heard(reading: Reading, theme: int, first: int, after: int) -> list[Costing]:
    """The tickets that may be told, with their reports of the weeks from one place up to another."""
    if first >= after:
        return []
    return reading.heard(Cell(Across.THEME, str(theme)), (reading.edges.begins[first], reading.edges.stands[after - 1]))
