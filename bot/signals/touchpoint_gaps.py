"""Where the pages have no answer: questions without one, by the touchpoint that they are about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing

VERDICT = "no page answers"


@dataclass(frozen=True, slots=True)
class Gap:
    """A group of questions that ask for the same (`bot.gaps.GapGroup`); `touchpoint` is "" where nobody knows it."""

    question: str
    askers: int
    times: int
    touchpoint: str = ""


@dataclass(frozen=True, slots=True)
class GapsAt:
    """`askers` counts people of each question: who asked two counts twice."""

    touchpoint: str
    gaps: tuple[Gap, ...]

    @property
    def times(self) -> int:
        return sum(gap.times for gap in self.gaps)

    @property
    def askers(self) -> int:
        return sum(gap.askers for gap in self.gaps)

    def signal(self, period: Period) -> Signal:
        where = (self.touchpoint,) if self.touchpoint else ()
        at = thing(self.touchpoint) if self.touchpoint else "No known touchpoint"
        many = f"{len(self.gaps)} questions that no page answers, asked {self.times} times"
        return Signal(
            kind=Kind.GAP,
            verdict=VERDICT,
            where=where,
            parts=sentence(at, f": {many}, most often “{self.gaps[0].question}”"),
            evidence=(Evidence("question", tuple(gap.question for gap in self.gaps)),),
            numbers=(
                Number("questions", len(self.gaps), self.times, "times asked"),
                Number("times asked", self.times, self.askers, "askers"),
            ),
            period=period,
        )


def by_touchpoint(gaps: Iterable[Gap]) -> list[GapsAt]:
    """Where most people ask in vain first; what nobody could place last."""
    found: dict[str, list[Gap]] = defaultdict(list)
    for gap in gaps:
        found[gap.touchpoint].append(gap)
    places = [
        GapsAt(touchpoint, tuple(sorted(some, key=lambda gap: (-gap.askers, -gap.times, gap.question))))
        for touchpoint, some in found.items()
    ]
    return sorted(places, key=lambda one: (not one.touchpoint, -one.askers, -one.times, one.touchpoint))
