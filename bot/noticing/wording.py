"""Numbers of signals in words, the same on the command line, on the page and in CSV."""

from bot.signals.signal import Number


def number(one: Number) -> str:
    """ "score 0.72, n = 3 verdicts"; why, where there is none."""
    if one.value is None:
        return f"{one.name}: {one.why}"
    ends = "" if one.low is None and one.high is None else f" ({_end(one.low)} to {_end(one.high)})"
    return f"{one.name} {one.value:.3g}{ends}, n = {one.n:,} {one.of}"


def _end(value: float | None) -> str:
    return "?" if value is None else f"{value:.3g}"
