"""How a cell goes over weeks: counts with limits and notes, how long it takes, whether it piles up; their tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.experience import charts
from bot.experience.control_charts import counts_by_week, out_of
from bot.experience.course_charts import flow_by_week, survival, with_notes
from bot.experience.drawing import Spec
from bot.experience.weeks import Week
from bot.metrics.control import FEWEST_WEEKS, Limits
from bot.metrics.flow import Flow
from bot.metrics.times import Times
from bot.steering.annotations import Annotation
from bot.web import rendering
from bot.web.rendering import day

# Mean of a week from which on limits say something: below, one more is out of them.
_OFTEN = 1.0
# Fewer spells make a curve of a few steps.
FEWEST_SPELLS = 10


@dataclass(frozen=True, slots=True)
class Drawn:
    """`rows` hold cells of a table; with what it says in a sentence."""

    wide: Markup
    narrow: Markup
    told: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def by_week(notes: Sequence[Annotation], weeks: Sequence[Week]) -> Mapping[Week, str]:
    """The notes of each week, each with its number in the list: "1 New registers"."""
    found: dict[Week, str] = {}
    for number, one in enumerate(notes, start=1):
        week = next((each for each in weeks if each.monday <= one.day <= each.sunday), None)
        if week is not None:
            found[week] = f"{found[week]}, {number} {one.words}" if week in found else f"{number} {one.words}"
    return found


def control(
    weeks: Sequence[Week], counts: Sequence[int], limits: Limits | None, notes: Mapping[Week, str], what: str
) -> Drawn | None:
    """None where nothing is counted. The last week is under way: it is compared with nothing."""
    if not any(counts):
        return None
    known = limits if limits and limits.center >= _OFTEN else None
    last = weeks[-1]
    out = [week for week, count in zip(weeks, counts, strict=True) if week != last and out_of(count, known)]
    rows = tuple(
        (
            f"{week.number} ({day(week.monday)})",
            str(count),
            "not over yet" if week == last else "out of it" if week in out else "usual" if known else "–",
            notes.get(week, ""),
        )
        for week, count in zip(weeks, counts, strict=True)
    )
    return _drawn(
        [with_notes(counts_by_week(weeks, counts, known, one), weeks, notes, one) for one in _WIDTHS],
        _told(known, out),
        ("Week", what, "Limits", "What happened"),
        rows[::-1],
    )


def resolve(found: Times) -> Drawn | None:
    """None where fewer than ten can be looked at."""
    if found.n < FEWEST_SPELLS or not found.points:
        return None
    told = [
        f"{words} within {one.value:,.0f} h" if one.value is not None else f"{words}: {one.why}"
        for words, one in (("half", found.median), ("three quarters", found.p75), ("nine tenths", found.p90))
    ]
    # Every step is a row: no more than are read.
    points = found.points[:: max(len(found.points) // 40, 1)]
    rows = tuple((f"{one.hours:,.1f}", f"{100 * one.share:.0f} %", str(one.at_risk)) for one in points)
    columns = ("Working hours", "Not resolved by then", "Known of")
    still = f"{found.still_open:,} still open counted as at least as long as they have been"
    said = f"{', '.join(told)}. Of {found.n:,}, {still}."
    return _drawn([survival(found, one) for one in _WIDTHS], said[0].upper() + said[1:], columns, rows)


def backlog(weeks: Sequence[Week], found: Sequence[Flow], notes: Mapping[Week, str]) -> Drawn | None:
    if not any(one.open or one.created or one.over for one in found):
        return None
    grown = found[-1].open - found[0].open
    change = f"{abs(grown)} {'more' if grown > 0 else 'fewer'} than" if grown else "as many as"
    rows = tuple(
        (f"{week.number} ({day(week.monday)})", str(one.created), str(one.over), str(one.open), notes.get(week, ""))
        for week, one in zip(weeks, found, strict=True)
    )
    return _drawn(
        [with_notes(flow_by_week(weeks, found, one), weeks, notes, one) for one in _WIDTHS],
        f"{found[-1].open} open now, {change} at the end of week {weeks[0].number}.",
        ("Week", "Filed", "Over", "Open at its end", "What happened"),
        rows[::-1],
    )


_WIDTHS = (charts.WIDE, charts.NARROW)


def _drawn(specs: Sequence[Spec], told: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Drawn:
    wide, narrow = map(rendering.figure, specs)
    return Drawn(wide, narrow, told, columns, rows)


def _told(limits: Limits | None, out: Sequence[Week]) -> str:
    if limits is None:
        return f"Limits need {FEWEST_WEEKS} whole weeks with one a week on average."
    usual = f"{limits.low:.1f} to {limits.high:.1f} a week is usual here, {limits.center:.1f} the mean"
    weeks = ", ".join(f"week {week.number}" for week in out)
    return f"{usual}; out of that: {weeks}." if weeks else f"{usual}; no whole week is out of that."
