"""A control chart with its numbers as a table, and what it says in a sentence."""

from dataclasses import dataclass

from markupsafe import Markup

from bot.experience import charts
from bot.experience.control_charts import counts_by_week, out_of
from bot.experience.courses import Control
from bot.experience.weeks import Week
from bot.metrics.control import FEWEST_WEEKS, Limits
from bot.web import rendering

# Mean of a week from which on limits say something.
_OFTEN = 1.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """`rows` are of weeks, the newest first: a count, and whether it is out of what is usual."""

    wide: Markup
    narrow: Markup
    told: str
    rows: tuple[tuple[Week, int, bool], ...]


def drawn(found: Control) -> Drawn | None:
    """Of the tickets filed; None where none was."""
    if not any(found.filed):
        return None
    limits = limits_of(found)
    wide, narrow = (
        rendering.figure(counts_by_week(found.weeks, found.filed, limits, width))
        for width in (charts.WIDE, charts.NARROW)
    )
    last = found.weeks[-1]
    rows = tuple(
        (week, count, out_of(count, limits) and week != last)
        for week, count in zip(found.weeks, found.filed, strict=True)
    )
    return Drawn(wide, narrow, _told(limits, rows), rows[::-1])


def limits_of(found: Control) -> Limits | None:
    """None also where so few come that a single one would be out of them."""
    limits = found.filed_limits
    return limits if limits and limits.center >= _OFTEN else None


def _told(limits: Limits | None, rows: tuple[tuple[Week, int, bool], ...]) -> str:
    if limits is None:
        return f"Limits need {FEWEST_WEEKS} whole weeks with at least one a week."
    out = [f"week {week.number}" for week, _, apart in rows if apart]
    usual = f"{limits.low:.1f} to {limits.high:.1f} a week is usual here, {limits.center:.1f} the mean"
    return f"{usual}; out of that: {', '.join(out)}." if out else f"{usual}; no whole week is out of that."
