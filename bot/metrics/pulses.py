"""Metrics 18 and 19: what employees say when they are asked in one tap."""

from collections.abc import Iterable

from bot.metrics.measure import Measure, Unit, mean, percent, untold

_PROMOTER, _DETRACTOR = 9, 6
_EASY = 5


def enps(scores: Iterable[int]) -> Measure:
    """-100 to 100: percent of 9 and 10 less percent of 0 to 6, of 0 to 10. Source: experience.md (b) 18."""
    each = list(scores)
    if not each:
        return untold(Unit.NET, 0, "answers")
    net = sum(one >= _PROMOTER for one in each) - sum(one <= _DETRACTOR for one in each)
    return Measure(100 * net / len(each), Unit.NET, len(each), "answers")


def ease(scores: Iterable[int]) -> Measure:
    """ "It was easy to get this done", the mean of 1 to 7. Source: experience.md (b) 19."""
    return mean([float(one) for one in scores], Unit.OF_SEVEN, "answers")


def easy(scores: Iterable[int]) -> Measure:
    """Percent of 5 to 7. Source: experience.md (b) 19."""
    each = list(scores)
    return percent(sum(one >= _EASY for one in each), len(each), "answers")
