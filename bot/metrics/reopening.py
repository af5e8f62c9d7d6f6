"""Metric 10: how often what was resolved was not."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.metrics.measure import Measure, percent

WITHIN = timedelta(days=30)


def reopen_rate(resolved: Iterable[tuple[datetime, datetime | None]], *, now: datetime) -> Measure:
    """Percent: opened again within 30 days / resolved at least 30 days ago; of each when, and when opened again.

    Younger ones may still be opened again: counting them flatters. Source: experience.md (b) 10.
    """
    old = [(at, again) for at, again in resolved if at <= now - WITHIN]
    reopened = sum(again is not None and again - at <= WITHIN for at, again in old)
    return percent(reopened, len(old), "resolved 30 days ago or more")
