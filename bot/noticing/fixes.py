"""Effects of fixes: themes of which many tickets were resolved on one day, before and after."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from bot.experience.cells import Across
from bot.experience.cells import Cell as Where
from bot.experience.costing import Costing
from bot.friction.groups import By
from bot.friction.moves import Event, State
from bot.friction.tables import EventRow, TicketRow
from bot.noticing.findings import Findings
from bot.noticing.seen import FEW_PEOPLE, Counts, Seen, named, reports_in, tickets_of
from bot.signals.effects import LEAST_WEEKS, Course, Effect, Verdict, effect
from bot.signals.signal import Kind, Number, Signal, sentence, thing

# So many tickets of a theme resolved on one day are a fix, and not the usual work on them.
AT_ONCE = 8
# So many weeks on each side are compared, without that of the fix. With 12, that nothing changed could be said of one
# fix in four that did nothing (seeds 1 to 4 of tests/benchmarks/planted.py), with 26 of three.
_WEEKS = 26
# Fixes of a theme nearer to each other are looked at as one.
_APART = timedelta(weeks=LEAST_WEEKS)


@dataclass(frozen=True, slots=True)
class Fix:
    """A day on which so many tickets of a theme were resolved; `week` is its place among the whole weeks."""

    theme: str
    day: date
    week: int
    tickets: int


def effects_of_fixes(seen: Seen) -> Findings:
    """Of each fix in the whole weeks that is four weeks old."""
    found = Findings(Kind.EFFECT)
    for fix in fixes(seen):
        if fix.week < LEAST_WEEKS or len(seen.weeks) - 1 - fix.week < LEAST_WEEKS:
            found.hush(f"fixes with fewer than {LEAST_WEEKS} weeks before or after them")
            continue
        one = _effect(seen, fix)
        if one.verdict is Verdict.TOO_FEW:
            found.hush(f"fixes: {one.why or 'too few reports to say more than that it may be either'}")
        elif (signal := _signal(seen, fix, one)) is None:
            found.hush(f"fixes: {FEW_PEOPLE}")
        else:
            found.say(min(1.0, abs(1 - (one.ratio or 0.0))), signal)
    return found


def fixes(seen: Seen) -> Iterator[Fix]:
    """By theme, the oldest first. A ticket that was opened again was resolved each time."""
    zone = seen.reading.world.zone
    if not seen.weeks:
        return
    asked = (
        select(TicketRow.theme, EventRow.ticket, EventRow.at)
        .join(EventRow, EventRow.ticket == TicketRow.id)
        .where(TicketRow.theme.is_not(None), EventRow.target == State.RESOLVED, EventRow.source != State.RESOLVED)
        .where(EventRow.at >= seen.edges[0], EventRow.at < seen.edges[-1], EventRow.event != Event.REOPEN)
    )
    days: dict[int, Counter[date]] = defaultdict(Counter)
    for theme, _, at in seen.reading.session.execute(asked):
        if theme is not None:
            days[theme][at.astimezone(zone).date()] += 1
    for theme, of_theme in sorted(days.items()):
        taken: list[date] = []
        for day, count in sorted(of_theme.items(), key=lambda one: (-one[1], one[0])):
            if count >= AT_ONCE and all(abs(day - other) >= _APART for other in taken):
                taken.append(day)
        for day in sorted(taken):
            yield Fix(str(theme), day, (day - seen.weeks[0].monday).days // 7, of_theme[day])


def _effect(seen: Seen, fix: Fix) -> Effect:
    """Beside the works where the theme was never reported."""
    touched = {id_ for one in _all_of(seen, fix) for id_ in one.fields[By.TOUCHPOINT]}
    others = [
        _course(id_, counts, fix.week) for id_, counts in seen.reported[Across.TOUCHPOINT].items() if id_ not in touched
    ]
    return effect(_course(fix.theme, seen.reported[Across.THEME][fix.theme], fix.week), others)


def _all_of(seen: Seen, fix: Fix) -> Iterator[Costing]:
    return (one for one in seen.reading.costing if fix.theme in one.fields[By.THEME])


def _course(id_: str, counts: Counts, week: int) -> Course:
    before, after = _spans(len(counts.many), week)
    return Course(id_, counts.many[before[0] : before[1] + 1], counts.many[after[0] : after[1] + 1])


def _spans(weeks: int, week: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last week before, and after."""
    return (max(0, week - _WEEKS), week - 1), (week + 1, min(weeks - 1, week + _WEEKS))


def _signal(seen: Seen, fix: Fix, one: Effect) -> Signal | None:
    """Reports before and after are of tickets that enough people have; None where nothing before may be told."""
    where = Where(Across.THEME, fix.theme)
    first, then = _spans(len(seen.weeks), fix.week)
    before, after = seen.heard(where, *first), seen.heard(where, *then)
    if not before:
        return None
    many = reports_in(before), reports_in(after)
    weeks = len(one.touched.before), len(one.touched.after)
    id_ = named(Across.THEME, fix.theme)
    said = (
        f" {one.verdict.value} after {fix.tickets} tickets were resolved on {fix.day}: {many[0]} reports or more in "
        f"{weeks[0]} weeks before, {many[1]} or more in {weeks[1]} weeks after, beside {len(one.others)} works that it "
        "does not touch"
    )
    return Signal(
        kind=Kind.EFFECT,
        verdict=one.verdict.value,
        where=(id_,),
        parts=sentence(thing(id_), said),
        evidence=(tickets_of([*before, *(each for each in after if each not in before)]),),
        numbers=(
            Number("ratio of ratios", one.ratio, sum(many), "reports", one.low, one.high),
            Number("before", many[0], weeks[0], "weeks"),
            Number("after", many[1], weeks[1], "weeks"),
            Number("tickets resolved that day", fix.tickets, fix.tickets, "tickets"),
        ),
        period=seen.period(then[1]),
    )
