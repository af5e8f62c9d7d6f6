"""Metrics 20 and 21: how satisfied customers are, with touchpoints and with whole journeys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.metrics.intervals import wilson
from bot.metrics.measure import Measure, Unit, mean, percent, untold
from bot.metrics.rows import Score

# The top two boxes of 1 to 5.
SATISFIED = 4.0


@dataclass(frozen=True, slots=True)
class Journey:
    """`worst` and `last` of its touchpoints' scores, None where none has one; `own` what was said of the whole."""

    worst: float | None
    last: float | None
    own: float | None

    @property
    def fine_everywhere(self) -> bool:
        return self.worst is not None and self.worst >= SATISFIED


@dataclass(frozen=True, slots=True)
class Journeys:
    """Means of 1 to 5, and the percent of journeys that were fine at each touchpoint and not as a whole."""

    worst: Measure
    last: Measure
    own: Measure
    fine_but_not: Measure


def csat(satisfied: int, answers: int) -> Measure:
    """Percent of 4 and 5 of 1 to 5, with Wilson's interval of 95 %. Source: experience.md (b) 20."""
    if not answers:
        return untold(Unit.PERCENT, 0, "answers")
    found = wilson(satisfied, answers)
    return Measure(100 * found.value, Unit.PERCENT, answers, "answers", low=100 * found.low, high=100 * found.high)


def journey(scores: Sequence[Score]) -> Journey:
    """Of the scores of one customer's journey, in any order; the last one said of the whole counts."""
    at_touchpoints = sorted((one for one in scores if one.touchpoint), key=lambda one: one.at)
    whole = sorted((one for one in scores if not one.touchpoint), key=lambda one: one.at)
    return Journey(
        worst=min((one.value for one in at_touchpoints), default=None),
        last=at_touchpoints[-1].value if at_touchpoints else None,
        own=whole[-1].value if whole else None,
    )


def journeys(found: Iterable[Journey]) -> Journeys:
    """Source: experience.md (b) 21, after "metrics of the journey or of touchpoints" (seed 004)."""
    each = list(found)
    both = [one for one in each if one.own is not None and one.worst is not None]
    return Journeys(
        worst=mean([one.worst for one in each if one.worst is not None], Unit.OF_FIVE, "journeys"),
        last=mean([one.last for one in each if one.last is not None], Unit.OF_FIVE, "journeys"),
        own=mean([one.own for one in each if one.own is not None], Unit.OF_FIVE, "journeys"),
        fine_but_not=percent(
            sum(one.fine_everywhere and (one.own or 0.0) < SATISFIED for one in both),
            len(both),
            "journeys with both scores",
        ),
    )
