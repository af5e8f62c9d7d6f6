"""On which days something was mended: many tickets of one pain were resolved at once, or somebody said that it is done.

One pain may be several themes, for people put it in several ways: themes of which tickets were resolved on the same day
at the same work were mended together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from bot.experience.reading import Reading
from bot.friction.moves import Event, State
from bot.friction.tables import EventRow, TicketRow
from bot.signals.effects import LEAST_WEEKS
from bot.signals.walk import mostly

# So many tickets of a theme resolved on one day are a fix, if it is also so many times the usual of a day: where 70
# tickets are resolved each day eight are the usual work on them.
AT_ONCE, TIMES = 8, 8
# Of several themes at one work it takes more: a day on which somebody clears up has some of each.
TOGETHER = 10
# Of a theme that was mended along with another at least so many were resolved: one may be chance.
_ALONG = 2
# Fixes of a theme that are nearer are looked at as one.
_APART = timedelta(weeks=LEAST_WEEKS)


@dataclass(frozen=True, slots=True)
class Mended:
    """`themes`: the one with the most tickets first. `at` is the touchpoint of each ticket resolved that day."""

    day: date
    themes: tuple[int, ...]
    at: tuple[str, ...]
    decided: bool = False


def mended(reading: Reading, decided: Mapping[int, date]) -> list[Mended]:
    """What was mended in the weeks that are read; what somebody said is done counts before what many tickets say."""
    resolved = _resolved(reading)
    usual = _usual(resolved, (reading.until - reading.since).days)
    for theme, day in decided.items():
        resolved[day].setdefault(theme, [])
    of_all = [one for day, by_theme in resolved.items() for one in _on(day, by_theme, usual, decided)]
    chosen: dict[int, list[date]] = defaultdict(list)
    found = []
    for one in sorted(of_all, key=lambda one: (not one.decided, -len(one.at), one.day)):
        if all(abs(one.day - other) >= _APART for theme in one.themes for other in chosen[theme]):
            found.append(one)
            for theme in one.themes:
                chosen[theme].append(one.day)
    return found


def _resolved(reading: Reading) -> dict[date, dict[int, list[str]]]:
    """Day -> theme -> the touchpoint of each of its tickets that was resolved then."""
    zone = reading.world.zone
    asked = (
        select(TicketRow.theme, TicketRow.touchpoint, EventRow.at)
        .join(EventRow, EventRow.ticket == TicketRow.id)
        .where(TicketRow.theme.is_not(None), EventRow.target == State.RESOLVED, EventRow.source != State.RESOLVED)
        .where(EventRow.at >= reading.since, EventRow.at < reading.until, EventRow.event != Event.REOPEN)
    )
    found: dict[date, dict[int, list[str]]] = defaultdict(dict)
    for theme, touchpoint, at in reading.session.execute(asked):
        if theme is not None:
            found[at.astimezone(zone).date()].setdefault(theme, []).append(touchpoint)
    return found


def _usual(resolved: Mapping[date, Mapping[int, Sequence[str]]], days: int) -> dict[int, float]:
    """Theme -> how many of it are resolved on a day, the mean of all days."""
    counts = Counter[int]()
    for by_theme in resolved.values():
        counts.update({theme: len(at) for theme, at in by_theme.items()})
    return {theme: count / days for theme, count in counts.items()}


def _on(
    day: date, by_theme: Mapping[int, Sequence[str]], usual: Mapping[int, float], decided: Mapping[int, date]
) -> Iterator[Mended]:
    def first(theme: int) -> tuple[bool, int, int]:
        return decided.get(theme) != day, -len(by_theme[theme]), theme

    left = sorted(by_theme, key=first)
    while left:
        theme = left.pop(0)
        works = set(mostly(by_theme[theme]))
        along = [
            other for other in left if len(by_theme[other]) >= _ALONG and works.intersection(mostly(by_theme[other]))
        ]
        at = tuple(touchpoint for one in (theme, *along) for touchpoint in by_theme[one])
        said = decided.get(theme) == day
        alone = len(by_theme[theme]) >= max(AT_ONCE, TIMES * usual.get(theme, 0.0))
        together = len(at) >= max(TOGETHER, TIMES * sum(usual.get(one, 0.0) for one in (theme, *along)))
        if said or alone or (along and together):
            left = [other for other in left if other not in along]
            yield Mended(day, (theme, *along), at, said)
