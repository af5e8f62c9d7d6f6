"""Metric 9: how many promises were kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.metrics.measure import Measure, percent


@dataclass(frozen=True, slots=True)
class Promise:
    """`done` is None while it is not. What is held is late only if it was before."""

    due: datetime
    done: datetime | None = None
    held_since: datetime | None = None


def kept(one: Promise, *, now: datetime) -> bool | None:
    """None where it is not due yet."""
    if one.done is not None:
        return one.done <= one.due
    return False if one.due < (one.held_since or now) else None


def attainment(promises: Iterable[Promise], *, now: datetime) -> Measure:
    """Percent: promises of legs kept / those that are over or due; open and overdue is missed.

    Source: experience.md (b) 9.
    """
    settled = [found for one in promises if (found := kept(one, now=now)) is not None]
    return percent(sum(settled), len(settled), "promises due")
