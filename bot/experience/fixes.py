"""What a fix did to what it mended: reports before and after, beside work that it never touched.

What is told of people follows `told`: counts are of tickets that enough people have.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from bot.experience import told
from bot.experience.cells import Across, Cell
from bot.experience.costing import Costing
from bot.experience.figures import figure
from bot.experience.fix_days import Mended, mended
from bot.experience.lines import FEW_PEOPLE
from bot.experience.reading import Reading
from bot.friction.groups import By
from bot.friction.tables import ThemeRow
from bot.signals.effects import LEAST_WEEKS, Course, Effect, Verdict, effect
from bot.signals.walk import mostly

# So many weeks on each side are compared, without that of the fix. With 12, that nothing changed could be said of one
# fix in four that did nothing (seeds 1 to 4 of tests/benchmarks/planted.py), with 26 of three.
BESIDE = 26


@dataclass(frozen=True, slots=True)
class Fix:
    """`tickets` of the themes were resolved that day, in the `week` of that place among those that are read.

    `themes` are those that were mended together, that with the most tickets first; `labels` are their names.
    `works` are the EX touchpoints where they were: each of at least a third of them.
    `before` and `after` are reports at least; None: of few people. `evidence` are the tickets that these are of.
    """

    themes: tuple[int, ...]
    labels: tuple[str, ...]
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
    days = mended(reading, dict(decided))
    if not days:
        return ()
    labels = {row.id: row.label for row in reading.session.execute(select(ThemeRow.id, ThemeRow.label))}
    at_work = _by_touchpoint(reading)
    touched = _touched(reading, days)
    found = [
        _fix(reading, one, tuple(labels[theme] for theme in one.themes), _left_alone(at_work, touched, one))
        for one in days
        if labels.keys() >= set(one.themes)
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.themes), reverse=True))


def _touched(reading: Reading, days: Sequence[Mended]) -> list[tuple[Mended, frozenset[str]]]:
    """Every fix with the works of its themes."""
    works: dict[int, set[str]] = defaultdict(set)
    themes = {theme for one in days for theme in one.themes}
    for one in reading.costing:
        if one.theme in themes:
            works[one.theme].update(one.fields[By.TOUCHPOINT])
    return [(one, frozenset().union(*(works[theme] for theme in one.themes))) for one in days]


def _left_alone(
    at_work: Mapping[str, Sequence[int]], touched: Iterable[tuple[Mended, frozenset[str]]], one: Mended
) -> dict[str, Sequence[int]]:
    """Work that neither this fix touched, nor another in the weeks that are compared."""
    near = timedelta(weeks=BESIDE)
    by_a_fix = {
        id_
        for other, works in touched
        if set(one.themes).intersection(other.themes) or abs(other.day - one.day) <= near
        for id_ in works
    }
    return {id_: counts for id_, counts in at_work.items() if id_ not in by_a_fix}


def _fix(reading: Reading, one: Mended, labels: tuple[str, ...], beside: Mapping[str, Sequence[int]]) -> Fix:
    of_themes = [each for each in reading.costing if each.theme in one.themes]
    week = (one.day - reading.weeks[0].monday).days // 7
    # The running week is not over, so it is compared with none.
    before, after = (max(0, week - BESIDE), week), (week + 1, min(len(reading.weeks) - 1, week + 1 + BESIDE))
    counts = _by_week(reading, of_themes)
    others = [_course(id_, of_work, before, after) for id_, of_work in beside.items()]
    own = _course(str(one.themes[0]), counts, before, after)
    found = effect(own, others)
    if min(len(own.before), len(own.after)) < LEAST_WEEKS:
        why = f"fewer than {LEAST_WEEKS} whole weeks {'before' if len(own.before) < LEAST_WEEKS else 'after'} it"
        found = Effect(own, tuple(others), Verdict.TOO_FEW, why=why)
    mended_that_day = one.themes, labels, one.day, week, len(one.at)
    heard = [_heard(reading, one.themes, *span) for span in (before, after)]
    if not heard[0]:
        untold = Effect(own, tuple(others), Verdict.TOO_FEW, why=FEW_PEOPLE)
        return Fix(*mended_that_day, None, None, untold)
    reports = [sum(len(each.reports) for each in some) for some in heard]
    numbers = tuple(sorted({each.number for some in heard for each in some}))
    return Fix(*mended_that_day, reports[0], reports[1], found, numbers, mostly(one.at))


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


def _heard(reading: Reading, themes: Iterable[int], first: int, after: int) -> list[Costing]:
    """The tickets that may be told, with their reports of the weeks from one place up to another."""
    if first >= after:
        return []
    between = reading.edges.begins[first], reading.edges.stands[after - 1]
    lately = told.lately(reading.costing, between)
    units = told.counting_people(lately)  # once for all of them: half a second of 50,000 tickets
    cells = (Cell(Across.THEME, str(theme)) for theme in themes)
    return [one for cell in cells for one in told.tickets_in(cell, lately, reading.world.map, units)]
