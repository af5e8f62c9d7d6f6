"""Counts of weeks with their limits, as a Vega-Lite spec: what is out of them is marked, and said beside it."""

from collections.abc import Sequence
from typing import Any

from bot.experience.charts import EMPLOYEE, INK, LINE, SHEET, SOFT, UNKNOWN, WIDE, Width, chart
from bot.experience.drawing import Spec
from bot.experience.weeks import Week
from bot.metrics.control import Limits

_HEIGHT = 170
# Room for the words of the limits, at the end of their lines.
_ENDS = 66
# So that its ticks are whole tickets.
_LEAST_AXIS = 4


def out_of(count: int, limits: Limits | None) -> bool:
    return limits is not None and not limits.low <= count <= limits.high


def counts_by_week(weeks: Sequence[Week], counts: Sequence[int], limits: Limits | None, width: Width) -> Spec:
    """A line; hollow where the week is under way, which is the last one. Without limits there are no lines of them."""
    rows = [
        {"week": one.key, "number": str(one.number), "count": count, "out": out, "told": str(count) if out else ""}
        for one, count in zip(weeks, counts, strict=True)
        for out in [out_of(count, limits) and one != weeks[-1]]
    ]
    order = [one.key for one in weeks]
    labels = {
        "title": None, "labelAngle": 0, "domain": False, "ticks": False, "labelColor": SOFT, "labelFontSize": 11,
        "values": order[:: -(4 if width is WIDE else 8)],
        "labelExpr": "toNumber(slice(datum.value, 6))",
    }  # fmt: skip
    x = {"field": "week", "type": "ordinal", "sort": order, "scale": {"type": "point", "padding": 0.4}, "axis": labels}
    grid = {"title": None, "gridColor": LINE, "domain": False, "ticks": False, "labelColor": SOFT, "tickMinStep": 1}
    most = max([*counts, limits.high if limits else 0.0, _LEAST_AXIS])
    y = {"type": "quantitative", "scale": {"domain": [0, most], "nice": True}, "axis": {**grid, "tickCount": 4}}
    at = {"x": x, "y": {"field": "count", **y}}
    whole, last = rows[:-1], rows[-1:]
    return chart(
        width=width.names + width.bars - _ENDS,
        height=_HEIGHT,
        padding=4,
        layer=[
            *_limits(limits, width, y),
            {
                "data": {"values": rows},
                "mark": {"type": "line", "color": EMPLOYEE, "strokeWidth": 1.5},
                "encoding": at,
            },
            {
                "data": {"values": whole},
                "transform": [{"filter": "!datum.out"}],
                "mark": {"type": "point", "filled": True, "color": EMPLOYEE, "size": 30, "opacity": 1},
                "encoding": at,
            },
            {
                "data": {"values": whole},
                "transform": [{"filter": "datum.out"}],
                "mark": {
                    "type": "point", "filled": True, "color": INK, "shape": "diamond", "size": 110, "opacity": 1,
                },
                "encoding": at,
            },
            {
                "data": {"values": whole},
                "transform": [{"filter": "datum.out"}],
                "mark": {"type": "text", "dy": -12, "color": INK, "fontSize": 12, "fontWeight": 600},
                "encoding": {**at, "text": {"field": "told"}},
            },
            {
                "data": {"values": last},
                "mark": {"type": "point", "fill": SHEET, "stroke": EMPLOYEE, "strokeWidth": 1.5, "size": 40},
                "encoding": at,
            },
        ],
    )  # fmt: skip


def _limits(limits: Limits | None, width: Width, y: dict[str, Any]) -> list[Spec]:
    if limits is None:
        return []
    ends = (
        (limits.high, "most usual"),
        (limits.center, "mean"),
        *(((limits.low, "least usual"),) if limits.low else ()),
    )
    rows = [{"at": value, "told": f"{words} {value:.1f}"} for value, words in ends]
    place = {"field": "at", **y}
    right = width.names + width.bars - _ENDS
    dashed = {"type": "rule", "color": UNKNOWN, "strokeDash": [4, 3]}
    text = {"type": "text", "align": "left", "dx": 6, "color": SOFT, "fontSize": 11}
    return [
        {"data": {"values": rows}, "mark": dashed, "encoding": {"y": place}},
        {
            "data": {"values": rows},
            "mark": text,
            "encoding": {"y": place, "x": {"value": right}, "text": {"field": "told"}},
        },
    ]
