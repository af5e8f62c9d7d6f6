"""Metric 12: how much of it reaches customers."""

from collections.abc import Iterable

from bot.metrics.measure import Measure, percent


def customer_touching(effects: Iterable[bool]) -> Measure:
    """Percent: tickets that do something to customers / tickets. Source: experience.md (b) 12."""
    each = list(effects)
    return percent(sum(each), len(each), "tickets")
