"""The charts as Vega-Lite specs: the same one is SVG on the page and PNG in the weekly post.

Colors are those of tokens.css in the light theme; the page's style sheet maps each to its token, so that it is right in
the dark one too. A spec holds its own data and names nothing outside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.experience.ages import Ages
from bot.experience.drawing import Spec
from bot.experience.losses import Loss, Losses, Series
from bot.experience.weeks import Week
from bot.friction.kinds import Severity
from bot.metrics.flow import Age

# As in tokens.css, light.
EMPLOYEE = "#1768c9"
UNKNOWN = "#5b6663"
INK, SOFT, LINE, SHEET = "#14201d", "#4a5854", "#d5dbd7", "#ffffff"
# From worst to mildest: one color that pales, since it is one meaning.
SHADES = {Severity.S1: "#0d3f7a", Severity.S2: EMPLOYEE, Severity.S3: "#74a4e0", Severity.S4: "#bcd3f0"}
SEVERITIES = {Severity.S1: "S1 worst", Severity.S2: "S2", Severity.S3: "S3", Severity.S4: "S4"}

# What is below them is added up: no eye reads more rows.
MOST_ROWS = 6
_FACE = '"Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'


@dataclass(frozen=True, slots=True)
class Width:
    """In pixels: of the bars, of the names before them and of the number after them."""

    bars: int
    names: int
    number: int = 64


WIDE, NARROW = Width(330, 150), Width(150, 96, 52)


def losses_by_week(losses: Losses, series: Sequence[Series], name_of: Callable[[str], str], width: Width) -> Spec:
    """A row for each tool or touchpoint with a bar for each week, all on one scale; how much it was lately beside it.

    A week of few people is a dashed outline: there was something, and how much is not said.
    """
    shown = series[:MOST_ROWS]
    names = [_short(name_of(one.id), width) for one in shown]
    most = max((loss.hours or 0.0 for one in shown for loss in one.weeks), default=0.0) or 1.0
    bars, latest = [], []
    for row, one in enumerate(shown):
        for week, loss in zip(losses.weeks, one.weeks, strict=True):
            bars.append(_bar(row, week, loss, most))
        latest.append({"row": row, "name": names[row], "told": _told(one.latest)})
    height = 46 * len(shown)
    weeks = [str(week.number) for week in losses.weeks]
    x = {"field": "week", "type": "ordinal", "sort": weeks, "scale": {"domain": weeks, "paddingInner": 0.25}}
    y = {"type": "quantitative", "scale": {"domain": [len(shown), 0], "nice": False}, "axis": None}
    axis = {"title": None, "labelAngle": 0, "domain": False, "ticks": False, "labelColor": SOFT, "labelFontSize": 11}
    if width is NARROW:
        axis["labelExpr"] = "indexof(domain('x'), datum.value) % 3 == 2 ? datum.label : ''"
    known, hidden = {"filter": "!datum.hidden"}, {"filter": "datum.hidden"}
    place = {"y": {"field": "low", **y}, "y2": {"field": "high"}}
    return chart(
        width=width.bars,
        height=height,
        padding=4,
        layer=[
            {
                "data": {"values": [{"y": row + 1} for row in range(len(shown))]},
                "mark": {"type": "rule", "color": LINE},
                "encoding": {"y": {"field": "y", **y}},
            },
            {
                "data": {"values": bars},
                "transform": [known],
                "mark": {"type": "bar", "color": EMPLOYEE, "cornerRadius": 1},
                "encoding": {"x": {**x, "axis": axis}, **place},
            },
            {
                "data": {"values": bars},
                "transform": [hidden],
                "mark": {"type": "bar", "filled": False, "stroke": UNKNOWN, "strokeDash": [2, 2], "strokeWidth": 1},
                "encoding": {"x": x, **place},
            },
            _text(latest, y, "name", -width.names + 2, "left", INK),
            _text(latest, y, "told", width.bars + width.number - 2, "right", INK),
        ],
    )


def open_by_age(found: Ages, width: Width) -> Spec:
    """A bar for each age, divided by how bad it is; how many there are at its end."""
    ages = list(Age)
    values = [
        {"age": age, "severity": SEVERITIES[severity], "order": order, "count": found.of(age, severity)}
        for age in ages
        for order, severity in enumerate(Severity)
    ]
    most = max((found.of(age) for age in ages), default=0) or 1
    y = {"field": "age", "type": "nominal", "sort": ages, "axis": None, "scale": {"paddingInner": 0.45}}
    x = {"field": "count", "type": "quantitative", "axis": None, "scale": {"domain": [0, most], "nice": False}}
    scale = {"domain": list(SEVERITIES.values()), "range": list(SHADES.values())}
    legend = {"title": None, "orient": "bottom", "direction": "horizontal", "symbolType": "square", "labelColor": SOFT}
    ends = [{"age": age, "total": found.of(age), "told": str(found.of(age)), "name": age.value} for age in ages]
    return chart(
        width=width.bars,
        height=38 * len(ages),
        padding=4,
        layer=[
            {
                "data": {"values": values},
                "mark": {"type": "bar", "cornerRadius": 1, "stroke": SHEET, "strokeWidth": 1},
                "encoding": {
                    "y": y,
                    "x": {**x, "stack": "zero"},
                    "color": {"field": "severity", "type": "nominal", "scale": scale, "legend": legend},
                    "order": {"field": "order", "type": "quantitative"},
                },
            },
            {
                "data": {"values": ends},
                "mark": {"type": "text", "align": "left", "dx": 6, "color": INK, "fontSize": 12, "fontWeight": 600},
                "encoding": {"y": y, "x": {**x, "field": "total"}, "text": {"field": "told"}},
            },
            {
                "data": {"values": ends},
                "mark": {"type": "text", "align": "left", "color": INK, "fontSize": 13},
                "encoding": {"y": y, "x": {"value": -width.names + 2}, "text": {"field": "name"}},
            },
        ],
    )


def titled(words: str, spec: Spec) -> Spec:
    """For a picture that stands for itself."""
    title = {"text": words, "anchor": "start", "frame": "bounds", "color": INK, "fontSize": 15, "offset": 12}
    return {**spec, "title": title, "padding": 16}


def _bar(row: int, week: Week, loss: Loss, most: float) -> dict[str, Any]:
    """From the line below a row upwards; hidden ones are as high as half a row, whatever they are."""
    share = 0.5 if loss.hidden else (loss.hours or 0.0) / most
    return {"week": str(week.number), "low": row + 1, "high": row + 1 - 0.8 * share, "hidden": loss.hidden}


def _text(values: list[dict[str, Any]], y: dict[str, Any], field: str, at: int, align: str, color: str) -> Spec:
    mark = {"type": "text", "align": align, "baseline": "bottom", "dy": -6, "color": color, "fontSize": 13}
    return {
        "data": {"values": values},
        "transform": [{"calculate": "datum.row + 1", "as": "y"}],
        "mark": mark if field == "name" else {**mark, "fontWeight": 600},
        "encoding": {"x": {"value": at}, "y": {"field": "y", **y}, "text": {"field": field}},
    }


def _told(loss: Loss) -> str:
    if loss.hours is None:
        return "few" if loss.tickets else "none"
    return f"{loss.hours:g} h" if loss.hours else "< ½ h"


def _short(name: str, width: Width) -> str:
    """What fits before the bars, at seven pixels a letter."""
    most = width.names // 7
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def chart(**parts: Any) -> Spec:  # noqa: ANN401 - whatever Vega-Lite takes
    """With what all of ours have in common."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": SHEET,
        "config": {"font": _FACE, "view": {"stroke": None}, "text": {"font": _FACE}, "legend": {"labelFontSize": 12}},
        **parts,
    }
