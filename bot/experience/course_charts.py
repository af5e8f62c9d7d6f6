"""How long things take and whether they pile up, as Vega-Lite specs; what happened when, drawn onto those of weeks."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bot.experience.charts import EMPLOYEE, INK, LINE, SOFT, UNKNOWN, WIDE, Width, chart
from bot.experience.drawing import Spec
from bot.experience.weeks import Week
from bot.metrics.flow import Flow
from bot.metrics.times import Times

_HEIGHT = 170
# Room for words at the right end, as in control_charts.
_ENDS = 66
# Letters of a note that fit beside its rule.
_LETTERS, _LEAST_LETTERS = 24, 8


def survival(found: Times, width: Width) -> Spec:
    """The share that is not over yet, by working hours; rules at a half, a quarter and a tenth."""
    last = max((one.hours for one in found.points), default=1.0)
    points = [{"hours": 0.0, "share": 1.0}, *({"hours": one.hours, "share": one.share} for one in found.points)]
    marks = [
        {"hours": one.value, "share": share, "told": f"{one.value:,.0f} h"}
        for one, share in ((found.median, 0.5), (found.p75, 0.25), (found.p90, 0.1))
        if one.value is not None
    ]
    x = {"type": "quantitative", "scale": {"domain": [0, last], "nice": True}}
    y = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    across = {**_AXIS, "grid": False, "tickCount": 5 if width is WIDE else 3, "labelExpr": "datum.label + ' h'"}
    up = {**_AXIS, "values": [0, 0.1, 0.25, 0.5, 1], "format": ".0%"}
    at = {"x": {"field": "hours", **x, "axis": across}, "y": {"field": "share", **y, "axis": up}}
    line = {"type": "line", "interpolate": "step-after", "color": EMPLOYEE, "strokeWidth": 2}
    point = {"type": "point", "filled": True, "color": INK, "size": 40, "opacity": 1}
    text = {"type": "text", "align": "left", "dx": 7, "dy": -7, "color": INK, "fontSize": 12, "fontWeight": 600}
    return chart(
        width=width.names + width.bars - _ENDS,
        height=_HEIGHT,
        padding=4,
        layer=[
            {"data": {"values": points}, "mark": line, "encoding": at},
            {"data": {"values": marks}, "mark": point, "encoding": at},
            {"data": {"values": marks}, "mark": text, "encoding": {**at, "text": {"field": "told"}}},
        ],
    )


def flow_by_week(weeks: Sequence[Week], found: Sequence[Flow], width: Width) -> Spec:
    """Open at the end of each week as a line; what was filed and what was over as thin ones."""
    ends = (("open", "open"), ("created", "filed"), ("over", "over"))
    rows = [
        {"week": week.key, "count": getattr(one, name), "what": told}
        for name, told in ends
        for week, one in zip(weeks, found, strict=True)
    ]
    last = [{"week": weeks[-1].key, "at": getattr(found[-1], name), "told": told} for name, told in ends]
    most = max(max(one.open, one.created, one.over) for one in found) or 1
    y = {"type": "quantitative", "scale": {"domain": [0, most], "nice": False}, "axis": {**_AXIS, "tickCount": 4}}
    at = {"x": _weeks_axis(weeks, width), "y": {"field": "count", **y}}
    lines = [
        {
            "data": {"values": [row for row in rows if row["what"] == told]},
            "mark": {"type": "line", "color": color, "strokeWidth": stroke, **({"strokeDash": dash} if dash else {})},
            "encoding": at,
        }
        for told, color, stroke, dash in (
            ("open", EMPLOYEE, 2.5, None),
            ("filed", INK, 1.2, None),
            ("over", UNKNOWN, 1.2, [4, 3]),
        )
    ]
    return chart(
        width=width.names + width.bars - _ENDS, height=_HEIGHT, padding=4, layer=[*lines, *_named(last, width, y)]
    )


def with_notes(spec: Spec, weeks: Sequence[Week], notes: Mapping[Week, str], width: Width) -> Spec:
    """The same with a rule in the week of each note, and its words at the top; where it is narrow, its number alone."""
    pixels = (width.names + width.bars - _ENDS) / len(weeks)
    places = [place for place, week in enumerate(weeks) if week in notes]
    rows = [
        {"week": weeks[place].key, "told": _within(notes[weeks[place]], (until - place) * pixels, width)}
        for place, until in pairwise([*places, len(weeks)])
    ]
    if not rows:
        return spec
    x = _weeks_axis(weeks, width)
    rule = {"type": "rule", "color": INK, "strokeDash": [2, 2], "strokeWidth": 1}
    text = {"type": "text", "align": "left", "baseline": "top", "dx": 4, "color": SOFT, "fontSize": 11}
    return {
        **spec,
        "layer": [
            *spec["layer"],
            {"data": {"values": rows}, "mark": rule, "encoding": {"x": x}},
            {
                "data": {"values": rows},
                "mark": text,
                "encoding": {"x": x, "y": {"value": -10}, "text": {"field": "told"}},
            },
        ],
    }


_AXIS: Mapping[str, Any] = {
    "title": None, "gridColor": LINE, "domain": False, "ticks": False, "labelColor": SOFT, "labelFontSize": 11,
}  # fmt: skip


def _weeks_axis(weeks: Sequence[Week], width: Width) -> dict[str, Any]:
    """As in control_charts, so that both can lie on each other."""
    order = [one.key for one in weeks]
    labels = {
        "title": None, "labelAngle": 0, "domain": False, "ticks": False, "labelColor": SOFT, "labelFontSize": 11,
        "values": order[:: -(4 if width is WIDE else 8)],
        "labelExpr": "toNumber(slice(datum.value, 6))",
    }  # fmt: skip
    return {
        "field": "week",
        "type": "ordinal",
        "sort": order,
        "scale": {"type": "point", "padding": 0.4, "domain": order},
        "axis": labels,
    }


def _named(rows: Sequence[Mapping[str, Any]], width: Width, y: Mapping[str, Any]) -> list[Spec]:
    """The names of lines at their ends, each below the one before where they would lie on each other."""
    right = width.names + width.bars - _ENDS
    domain = y["scale"]["domain"][1]
    pixels = sorted(({**row, "y": _HEIGHT * (1 - row["at"] / domain)} for row in rows), key=lambda row: row["y"])
    for above, below in pairwise(pixels):
        below["y"] = max(below["y"], above["y"] + 13)
    text = {"type": "text", "align": "left", "dx": 6, "color": SOFT, "fontSize": 11}
    return [
        {
            "data": {"values": [{"told": f"{row['told']} {row['at']}"}]},
            "mark": text,
            "encoding": {"x": {"value": right}, "y": {"value": row["y"]}, "text": {"field": "told"}},
        }
        for row in pixels
    ]


def _within(words: str, pixels: float, width: Width) -> str:
    """What fits until the next rule, at six pixels a letter; the number alone where that is no word."""
    most = min(int(pixels // 6) - 1, _LETTERS)
    if width is not WIDE or most < _LEAST_LETTERS:
        return words.partition(" ")[0]
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
