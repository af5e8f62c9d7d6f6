"""Metric 13: whether those who spoke up heard what became of it."""

from collections.abc import Iterable

from bot.metrics.measure import Measure, percent
from bot.metrics.rows import Loop

_OF = "people who reported what was resolved"


def loop_closed(reporters: Iterable[Loop]) -> Measure:
    """Percent: told that it was resolved, and did not say that it still happens / reporters of what was resolved.

    Source: experience.md (b) 13.
    """
    each = list(reporters)
    return percent(sum(one.told and one.still != "yes" for one in each), len(each), _OF)


def confirmed_fixed(reporters: Iterable[Loop]) -> Measure:
    """Percent: said themselves that it happens no more / reporters of what was resolved. Source: (b) 13."""
    each = list(reporters)
    return percent(sum(one.still == "no" for one in each), len(each), _OF)
