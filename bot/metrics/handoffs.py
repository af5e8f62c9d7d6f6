"""Metric 16: how often a ticket is passed on."""

from collections.abc import Iterable

from bot.metrics.measure import Measure, Unit, mean, percent

MANY = 2


def mean_handoffs(counts: Iterable[int]) -> Measure:
    """Changes of who has it, a ticket. Source: experience.md (b) 16."""
    return mean([float(count) for count in counts], Unit.COUNT, "tickets")


def passed_around(counts: Iterable[int]) -> Measure:
    """Percent: tickets passed on more than twice / tickets. Source: experience.md (b) 16."""
    each = list(counts)
    return percent(sum(count > MANY for count in each), len(each), "tickets")
