"""A measure that people ask for in words, and what it says of the things and days they name."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from bot.asked_metrics.periods import USUAL_DAYS, Period
from bot.asked_metrics.things import Dimension, Thing
from bot.experience.viewers import Viewer
from bot.touchpoints import TouchpointMap

FEW_DATA = "not enough data"
# A mean, a median or a share of fewer says nothing.
FEWEST_FOR_A_MEAN = 5


@dataclass(frozen=True, slots=True)
class World:
    """What names stand for. `titles` gives the titles of those pages that these audiences may read, by source."""

    map: TouchpointMap
    teams: Mapping[str, str]
    places: Mapping[str, str]
    kinds: Mapping[str, str]
    titles: Callable[[Sequence[str], frozenset[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be counted: all of these things at once, in these days, listed by one dimension or none.

    `said` is whether anybody named the days. `least`: the smallest first.
    """

    things: tuple[Thing, ...]
    by: Dimension | None
    period: Period
    said: bool
    viewer: Viewer
    world: World
    now: datetime
    zone: tzinfo | None
    least: bool = False

    @property
    def since(self) -> datetime:
        return self.period.since(self.zone)

    @property
    def until(self) -> datetime:
        """No later than now."""
        return min(self.period.until(self.zone), self.now)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list; `value` None where it may not be told, or there is too little to say it."""

    name: str
    value: float | None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is told: `value` None where there is none, and `why` says so.

    `of` are what `n` counts: it was counted from so many; None where that would give few people away, or nothing
    was counted. `period` are the days in words, `how` the way it is counted, `path` the view of the page behind it.
    `rows` are listed in their order; what they count where that is not `unit`, and what their `n` counts, are in
    `row_unit` and `row_of`. `at_least`: there are at least so many.
    """

    value: float | None
    unit: str
    n: int | None
    of: str
    period: str
    how: str
    path: str = "/"
    rows: tuple[Row, ...] = ()
    why: str = ""
    at_least: bool = False
    row_unit: str = ""
    row_of: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """`says` is what it counts, as a sentence begins; `examples` are questions for it, which others are compared with.

    A question has to hold its `cues` too. `narrowed_by` and `listed_by` are what it can be told of, and by; `most` is
    what is listed where a most is asked for, and nobody said of what. `compares`: it counts what happens, so that
    two periods can be compared. What is asked of no time is told of `usual_days`, today included.
    """

    key: str
    says: str
    examples: tuple[str, ...]
    cues: re.Pattern[str]
    narrowed_by: tuple[Dimension, ...]
    listed_by: tuple[Dimension, ...]
    counted: Callable[[Session, Request], Figure]
    most: Dimension | None = None
    compares: bool = False
    usual_days: int = USUAL_DAYS
