"""What a fix did to the theme that it mended: reports before and after, beside work that the theme never touched.

A fix is a day on which many tickets of a theme were resolved, or on which somebody said that it is done. What is told
of people follows `told`: counts are of tickets that enough people have.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from bot.experience.cells import Across, Cell
from bot.experience.costing import Costing
from bot.experience.figures import figure
from bot.experience.lines import FEW_PEOPLE
from bot.experience.reading import Reading
from bot.friction.groups import By
from bot.friction.moves import Event, State
from bot.friction.tables import EventRow, ThemeRow, TicketRow
from bot.signals.effects import LEAST_WEEKS, Course, Effect, Verdict, effect
from bot.signals.walk import mostly

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

    `works` are the EX touchpoints where they were: each of at least a third of them.
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
    works: tuple[str, ...] = ()


@figure
def fixes(reading: Reading, decided: tuple[tuple[int, date], ...]) -> tuple[Fix, ...]:
    """The newest first. `decided`: themes with the day on which each was said to be done."""
    days = _days(reading, dict(decided))
    if not days:
        return ()
    labels = {row.id: row.label for row in reading.session.execute(select(ThemeRow.id, ThemeRow.label))}
    at_work = _by_touchpoint(reading)
    touched = _touched(reading, days)
    found = [
        _fix(reading, theme, labels[theme], day, at, _left_alone(at_work, touched, theme, day))
        for theme, of_theme in days.items()
        if theme in labels
        for day, at in of_theme.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.theme), reverse=True))


# Day -> the touchpoint of each ticket resolved then.
_Days = Mapping[date, Sequence[str]]


def _days(reading: Reading, decided: Mapping[int, date]) -> dict[int, _Days]:
    """Theme -> its fixes."""
    zone = reading.world.zone
    asked = (
        select(TicketRow.theme, TicketRow.touchpoint, EventRow.at)
        .join(EventRow, EventRow.ticket == TicketRow.id)
        .where(TicketRow.theme.is_not(None), EventRow.target == State.RESOLVED, EventRow.source != State.RESOLVED)
        .where(EventRow.at >= reading.since, EventRow.at < reading.until, EventRow.event != Event.REOPEN)
    )
    resolved: dict[int, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    for theme, touchpoint, at in reading.session.execute(asked):
        if theme is not None:
            resolved[theme][at.astimezone(zone).date()].append(touchpoint)
    found: dict[int, _Days] = {}
    for theme in {*resolved, *decided}:
        of_theme = resolved[theme]
        said = [decided[theme]] if theme in decided else []
        at_once = sorted((-len(at), day) for day, at in of_theme.items() if len(at) >= AT_ONCE)
        chosen: list[date] = []
        for day in [*said, *(day for _, day in at_once)]:
            if all(abs(day - other) >= _APART for other in chosen):
                chosen.append(day)
        if chosen:
            found[theme] = {day: of_theme[day] for day in chosen}
    return found


def _touched(reading: Reading, days: Mapping[int, _Days]) -> list[tuple[int, date, frozenset[str]]]:
    """Theme, day and works of every fix."""
    works: dict[int, set[str]] = defaultdict(set)
    for one in reading.costing:
        if one.theme is not None and one.theme in days:
            works[one.theme].update(one.fields[By.TOUCHPOINT])
    return [(theme, day, frozenset(works[theme])) for theme, of_theme in days.items() for day in of_theme]


def _left_alone(
    at_work: Mapping[str, Sequence[int]], touched: Iterable[tuple[int, date, frozenset[str]]], theme: int, day: date
) -> dict[str, Sequence[int]]:
    """Work that neither this fix touched, nor another in the weeks that are compared."""
    near = timedelta(weeks=BESIDE)
    by_a_fix = {id_ for other, at, works in touched if other == theme or abs(at - day) <= near for id_ in works}
    return {id_: counts for id_, counts in at_work.items() if id_ not in by_a_fix}


def _fix(
    reading: Reading, theme: int, label: str, day: date, at: Sequence[str], beside: Mapping[str, Sequence[int]]
) -> Fix:
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
        return Fix(theme, label, day, week, len(at), None, None, untold)
    reports = [sum(len(one.reports) for one in some) for some in heard]
    numbers = tuple(sorted({one.number for some in heard for one in some}))
    return Fix(theme, label, day, week, len(at), reports[0], reports[1], found, numbers, mostly(at))


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
