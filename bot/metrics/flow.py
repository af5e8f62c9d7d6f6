"""Metric 15: how old the backlog is, and whether it grows."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Age(StrEnum):
    """Since a ticket was filed."""

    WEEK = "under a week"
    MONTH = "1 to 4 weeks"
    QUARTER = "1 to 3 months"
    OLDER = "over 3 months"


_FROM = (
    (timedelta(days=91), Age.OLDER),
    (timedelta(days=28), Age.QUARTER),
    (timedelta(days=7), Age.MONTH),
)


@dataclass(frozen=True, slots=True)
class Flow:
    """Tickets of one week: filed, over, and open when it ended."""

    created: int
    over: int
    open: int


def age_of(open_for: timedelta) -> Age:
    return next((age for least, age in _FROM if open_for >= least), Age.WEEK)


def flow(spans: Iterable[tuple[datetime, datetime | None]], edges: Sequence[datetime]) -> tuple[Flow, ...]:
    """Of each week between two edges, the oldest first; of each ticket when it was filed and when it was over, None.

    A moment on an edge belongs to the later week. Source: experience.md (b) 15.
    """
    weeks = len(edges) - 1
    created, over = [0] * weeks, [0] * weeks
    before = 0
    for filed, ended in spans:
        for moment, counts in ((filed, created), (ended, over)):
            place = bisect_right(edges, moment) - 1 if moment is not None else weeks
            if 0 <= place < weeks:
                counts[place] += 1
        before += filed < edges[0] and (ended is None or ended >= edges[0])
    found = []
    for new, gone in zip(created, over, strict=True):
        before += new - gone
        found.append(Flow(new, gone, before))
    return tuple(found)
