"""Numbers of signals and what they were counted from in words, the same on the command line, on the page and in CSV."""

from bot.signals.signal import Evidence, Number

# What takes its "s" elsewhere than at the end.
_MANY = {
    "contact of the same customer": "contacts of the same customers",
    "touchpoint without target, policy and track": "touchpoints without target, policy and track",
    "series": "series",
    "line of the map": "lines of the map",
}


def number(one: Number) -> str:
    """ "score 0.72, n = 3 verdicts"; why, where there is none."""
    if one.value is None:
        return f"{one.name}: {one.why}"
    ends = "" if one.low is None and one.high is None else f" ({_end(one.low)} to {_end(one.high)})"
    return f"{one.name} {one.value:.3g}{ends}, n = {one.n:,} {one.of}"


def rows(one: Evidence) -> str:
    """ "12 tickets", "1 complaint"."""
    count = len(one.ids)
    return f"{count:,} {one.kind if count == 1 else _MANY.get(one.kind, f'{one.kind}s')}"


def _end(value: float | None) -> str:
    return "?" if value is None else f"{value:.3g}"
