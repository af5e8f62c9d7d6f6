"""The overview: says it first, proves it by charts, and has each as a table too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot import friction_wording
from bot.experience import charts
from bot.experience.losses import Loss, Losses, Series
from bot.experience.overview import Overview
from bot.experience.weekly import headline, lede, named
from bot.friction.kinds import Severity
from bot.metrics.flow import Age
from bot.web import journey_drawing, rendering, strip_drawing
from bot.web.site import Site


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart for wide and for narrow screens, and its numbers as a table."""

    wide: Markup
    narrow: Markup
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    more: int = 0


def shown(week: Overview, site: Site) -> dict[str, object]:
    """What its template needs."""
    name_of = site.map().name_of
    figures = strip_drawing.figures(week.strip, week.before)
    return {
        "week": week,
        "figures": figures,
        "trend": strip_drawing.table(figures, week.strip.weeks),
        "stages": journey_drawing.drawn(week.stages, name_of),
        "line": journey_drawing.LINE,
        "after_sale": journey_drawing.footer(week.stages, site.map()),
        "asked": week.strip.asked,
        "headline": headline(week.week, week.losses, week.counts),
        "lede": lede(week.losses, name_of),
        "by_tool": _losses(week.losses, week.losses.tools, named(name_of)),
        "by_touchpoint": _losses(
            week.losses, week.losses.touchpoints, lambda id_: name_of(id_) if id_ else "Nowhere named"
        ),
        "by_age": _ages(week),
        "name_of": name_of,
        "owner_of": site.owners.name,
        "weight": friction_wording.weight,
        "zone": site.zone,
    }


def _losses(losses: Losses, series: Sequence[Series], name_of: Callable[[str], str]) -> Drawn | None:
    if not series:
        return None
    wide, narrow = (
        rendering.figure(charts.losses_by_week(losses, series, name_of, width))
        for width in (charts.WIDE, charts.NARROW)
    )
    rows = [(name_of(one.id), [_cell(loss) for loss in one.weeks]) for one in series]
    columns = [str(week.number) for week in losses.weeks]
    return Drawn(wide, narrow, columns, rows, max(len(series) - charts.MOST_ROWS, 0))


def _cell(loss: Loss) -> str:
    if not loss.tickets:
        return "–"
    return "few" if loss.hours is None else f"{loss.hours:g}"


def _ages(week: Overview) -> Drawn | None:
    if not week.ages.open:
        return None
    wide, narrow = (rendering.figure(charts.open_by_age(week.ages, width)) for width in (charts.WIDE, charts.NARROW))
    rows = [(age.value, [str(week.ages.of(age, severity)) for severity in Severity]) for age in Age]
    return Drawn(wide, narrow, [severity.value for severity in Severity], rows)
