"""What was understood -> what is said: a sentence, up to five lines, how it is counted, and where there is more."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from bot.asked_metrics import periods
from bot.asked_metrics.measure import Figure, Request, Row, World
from bot.asked_metrics.things import Dimension
from bot.asked_metrics.understanding import Understood
from bot.experience.viewers import Viewer

# More lines nobody asked for: the page has them.
SHOWN = 5
# Two-sided, 90 %.
_CHANCE = 1.645
_LISTED = {
    Dimension.TOOL: "tool",
    Dimension.PARTNER: "partner",
    Dimension.TOUCHPOINT: "touchpoint",
    Dimension.CX: "touchpoint",
    Dimension.STAGE: "stage",
    Dimension.CHANNEL: "channel",
    Dimension.TEAM: "owner",
    Dimension.PLACE: "place",
    Dimension.THEME: "theme",
    Dimension.KIND: "kind",
    Dimension.TICKET: "ticket",
    Dimension.PAGE: "page",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """`path` leads to the view of the page that it is taken from."""

    lede: str
    lines: tuple[str, ...]
    counted: str
    path: str


def answer(
    session: Session, understood: Understood, *, viewer: Viewer, world: World, now: datetime, zone: tzinfo | None
) -> Answered:
    """Raises `NotAllowed` for whoever may not read the page."""
    today = now.astimezone(zone).date()
    request = Request(
        things=understood.things,
        by=understood.by,
        period=understood.period or periods.usual(today, understood.measure.usual_days),
        said=understood.period is not None,
        viewer=viewer,
        world=world,
        now=now,
        zone=zone,
    )
    figure = understood.measure.counted(session, request)
    rows = _ordered(figure.rows, least=understood.least)
    change = _change(session, understood, request, figure) if understood.changes and not understood.by else ""
    return Answered(
        lede=f"{_lede(understood, figure, rows)}{change}",
        lines=tuple(_line(row, figure) for row in rows[:SHOWN]),
        counted=f"Counted: {figure.how}.",
        path=figure.path,
    )


def _ordered(rows: Sequence[Row], *, least: bool) -> list[Row]:
    """What is not told stays last."""
    told = [row for row in rows if row.value is not None]
    return [*(reversed(told) if least else told), *(row for row in rows if row.value is None)]


def _lede(understood: Understood, figure: Figure, rows: Sequence[Row]) -> str:
    about = ", ".join(thing.name for thing in understood.things)
    what = f"{understood.measure.says}{f' ({about})' if about else ''}"
    if figure.value is None:
        return f"{what}, {figure.period}: not told, because {figure.why}."
    counted = f"; n = {figure.n} {figure.of}" if figure.n is not None else ""
    total = f"{'at least ' if figure.at_least else ''}{number(figure.value)} {figure.unit}"
    first = rows[0] if rows and understood.by and rows[0].value is not None else None
    if first is None or first.value is None:
        return f"{what}: {total}, {figure.period}{counted}."
    order = "least" if understood.least else "most"
    listed = _LISTED[understood.by] if understood.by else ""
    top = f"{order} by {listed}: {first.name}, {number(first.value)} {figure.row_unit or figure.unit}"
    if figure.value == first.value:
        return f"{what}, {top}, {figure.period}{counted}."
    return f"{what}, {top}; altogether {total}, {figure.period}{counted}."


def _line(row: Row, figure: Figure) -> str:
    if row.value is None:
        return f"{row.name}: not told, too few"
    counted = f" (n = {row.n} {figure.row_of or figure.of})" if row.n is not None else ""
    return f"{row.name}: {number(row.value)} {figure.row_unit or figure.unit}{counted}"


def _change(session: Session, understood: Understood, request: Request, figure: Figure) -> str:
    """Whether it rose, beside the period before."""
    earlier = replace(request, period=request.period.before)
    before = understood.measure.counted(session, earlier)
    if figure.value is None or before.value is None:
        return " Nothing to compare it with is told."
    told = f"{number(before.value)} {before.unit} from {earlier.period.told}"
    if not differ(figure.value, before.value, days=request.period.days, days_before=earlier.period.days):
        return f" Against {told} that is no more than chance."
    now_a_day, then_a_day = figure.value / request.period.days, before.value / earlier.period.days
    return f" That is {'more' if now_a_day > then_a_day else 'fewer'} than the {told}, and more than chance."


def differ(count: float, before: float, *, days: int, days_before: int) -> bool:
    """Whether two counts of events that come independently differ by more than chance, at 90 %.

    Source: M. D. Huffman, An improved approximate two-sample Poisson test, Applied Statistics 33 (1984) 224-226.
    """
    ratio = days / days_before
    z = 2 * (math.sqrt(count + 3 / 8) - math.sqrt(ratio * (before + 3 / 8))) / math.sqrt(1 + ratio)
    return abs(z) >= _CHANCE


def number(value: float) -> str:
    """ "1,204", "3.5"."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"
