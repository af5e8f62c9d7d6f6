"""The figures of the overview's strip: a number, its weeks as a small line, what it is compared with, and n."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.experience.losses import Loss
from bot.experience.strip import LATELY, Span, Strip
from bot.experience.weeks import Week
from bot.metrics.measure import Measure, Unit
from bot.metrics.times import Times
from bot.web.rendering import short as plain

# In pixels of the line's own picture; the point of the last week needs room.
_WIDE, _LOW, _HIGH, _EDGE = 150, 31, 6, 6
# With fewer, one more or less moves a share by ten points.
_FEWEST = 10
# Answers about whole journeys before their mean is told.
_FEWEST_JOURNEYS = 30
# A change by less nobody would call one: hours, points of a share, of five.
_SAME = {Unit.HOURS: 0.1, Unit.PERCENT: 1.0, Unit.OF_FIVE: 0.05}


@dataclass(frozen=True, slots=True)
class Figure:
    """`line` are stretches of points ("3,29 16,26"): a week that is not told is a hole. `dot` is where the last is.

    Where nothing is told `big` says so, and `had` of `needed` is how far it is; None where that may not be told.
    """

    name: str
    where: str
    tone: str
    big: str
    unit: str
    said: str
    n: str
    line: tuple[str, ...]
    dot: tuple[str, str] | None
    cells: tuple[str, ...]
    told: bool = True
    had: int | None = None
    needed: int = 0

    @property
    def label(self) -> str:
        return f"{len(self.cells)} weeks: {', '.join(self.cells)}"


def figures(found: Strip, mean_before: float | None) -> tuple[Figure, ...]:
    """In the order of the strip. `mean_before`: hours lost in a week of the four before."""
    before = found.before
    return (
        _lost(found.hours, mean_before),
        _share(
            "Friction that touched a customer", "/tickets", "customer", found.customer_touching,
            found.lately.customer_touching, before.customer_touching if before else None,
        ),
        _acknowledged(found.time_to_acknowledge, found.lately, before),
        _share(
            "Heard what became of it", "/tickets?state=over", "good", found.loop_closed,
            found.lately.loop_closed, before.loop_closed if before else None,
        ),
        _share(
            "Came back on another channel within 72 h", "/demand", "soft", found.came_back,
            found.lately.came_back, before.came_back if before else None,
        ),
        _journeys(found),
    )  # fmt: skip


def table(found: Sequence[Figure], weeks: Sequence[Week]) -> Mapping[str, object]:
    """The same numbers: a row for each figure, a column for each week."""
    return {"columns": [week.number for week in weeks], "rows": [(one.name, one.cells) for one in found]}


def _lost(weeks: Sequence[Loss], before: float | None) -> Figure:
    last = weeks[-1]
    cells = tuple("few" if one.hidden else "–" if one.hours is None else plain(one.hours) for one in weeks)
    drawn = _drawn([one.hours for one in weeks])
    name, where = "Hours lost this week", "/tickets"
    if last.hours is None:
        big = "Not enough data" if last.tickets else "None"
        said = "too few people said what it costs them" if last.tickets else "nothing is open"
        return Figure(name, where, "employee", big, "", said, "", *drawn, cells, told=not last.tickets)
    said = "too few weeks before to compare"
    if before is not None:
        change = round(abs(last.hours - before) * 2) / 2
        word = "less" if last.hours < before else "more"
        said = f"{plain(change)} h {word} than a week of the four before" if change else "as in the four weeks before"
    n = f"{last.counted} of {last.tickets} tickets counted"
    return Figure(name, where, "employee", plain(last.hours), "h", said, n, *drawn, cells)


def _share(
    name: str, where: str, tone: str, weeks: Sequence[Measure], lately: Measure, before: Measure | None
) -> Figure:
    cells = tuple(_cell(one, "{:.0f} %") for one in weeks)
    drawn = _drawn([one.value for one in weeks])
    if lately.value is None or (lately.n or 0) < _FEWEST:
        return _missing(name, where, tone, lately, _FEWEST, drawn, cells)
    said = _change(lately, before, lambda points: f"{points:.0f} {'point' if round(points) == 1 else 'points'}")
    return Figure(name, where, tone, f"{lately.value:.0f}", "%", said, f"n {lately.n:,} {lately.of}", *drawn, cells)


def _acknowledged(weeks: Sequence[Measure], lately: Span, before: Span | None) -> Figure:
    name, where, tone = "First acknowledged, median", "/courses#resolve", "good"
    found: Times = lately.acknowledged
    cells = tuple(_cell(one, "{:.1f} h") for one in weeks)
    drawn = _drawn([one.value for one in weeks])
    if found.median.value is None or found.n < _FEWEST:
        return _missing(name, where, tone, found.median, _FEWEST, drawn, cells)
    earlier = before.acknowledged.median if before else None
    said = _change(found.median, earlier, lambda hours: f"{hours:.1f} h", more="later", less="sooner")
    n = f"n {found.n:,} tickets, {found.still_open} not yet seen counted"
    return Figure(name, where, tone, f"{found.median.value:.1f}", "working h", said, n, *drawn, cells)


def _journeys(found: Strip) -> Figure:
    name, where, tone = "Satisfaction with the whole journey", "#journeys", "soft"
    own = found.asked.own
    cells = tuple(_cell(one, "{:.1f}") for one in found.journeys)
    drawn = _drawn([one.value for one in found.journeys])
    if own.value is None or (own.n or 0) < _FEWEST_JOURNEYS:
        return _missing(name, where, tone, own, _FEWEST_JOURNEYS, drawn, cells)
    said = f"mean of {len(found.weeks)} weeks"
    return Figure(name, where, tone, f"{own.value:.1f}", "of 5", said, f"n {own.n:,} {own.of}", *drawn, cells)


def _missing(
    name: str, where: str, tone: str, one: Measure, needed: int,
    drawn: tuple[tuple[str, ...], tuple[str, str] | None], cells: tuple[str, ...],
) -> Figure:  # fmt: skip
    enough = one.n is None or one.n >= needed
    said = one.why if enough else f"{one.n} of {needed} {one.of} needed"
    return Figure(
        name, where, tone, "Not enough data", "", said, "", *drawn, cells,
        told=False, had=None if enough else one.n, needed=needed,
    )  # fmt: skip


def _change(
    now: Measure, before: Measure | None, told: Callable[[float], str], *, more: str = "more", less: str = "less"
) -> str:
    if before is None or before.value is None or now.value is None:
        return "nothing to compare with yet"
    if abs(now.value - before.value) < _SAME[now.unit]:
        return f"as in the {_FOUR} weeks before"
    return (
        f"{told(abs(now.value - before.value))} {more if now.value > before.value else less} than in the {_FOUR} before"
    )


_FOUR = {4: "four"}.get(LATELY, str(LATELY))


def _cell(one: Measure, form: str) -> str:
    return "–" if one.value is None else form.format(one.value)


def _drawn(values: Sequence[float | None]) -> tuple[tuple[str, ...], tuple[str, str] | None]:
    """Between the least and the most of them: it shows how it went, and the number how much it is."""
    told = [value for value in values if value is not None]
    if not told:
        return (), None
    low, high = min(told), max(told)
    step = (_WIDE - 2 * _EDGE) / max(len(values) - 1, 1)

    def at(place: int, value: float) -> tuple[str, str]:
        share = (value - low) / (high - low) if high > low else 0.5
        return f"{_EDGE + place * step:.0f}", f"{_LOW - share * (_LOW - _HIGH):.0f}"

    stretches: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            stretches.append([])
        else:
            stretches[-1].append(",".join(at(place, value)))
    last = values[-1]
    lines = tuple(" ".join(one) for one in stretches if len(one) > 1)
    return lines, at(len(values) - 1, last) if last is not None else None
