"""One question that pages for different channels answer differently."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing


@dataclass(frozen=True, slots=True)
class Side:
    """A page, the channels (or audiences) that it is for, and what it says in a few words."""

    page: str
    channels: frozenset[str]
    says: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two pages that disagree, as `retrieval.conflicts` found; `shown` counts the answers that had to show both."""

    id: str
    kind: str
    first: Side
    second: Side
    shown: int = 0


@dataclass(frozen=True, slots=True)
class TwoAnswers:
    """`only` are the channels that hear only the one side, by side: each has at least one."""

    of: Disagreement
    only: tuple[tuple[str, ...], tuple[str, ...]]

    def signal(self, period: Period) -> Signal:
        first, second = self.of.first, self.of.second
        here, there = (" and ".join(channels) for channels in self.only)
        return Signal(
            kind=Kind.TWO_ANSWERS,
            verdict="two answers",
            where=(first.page, second.page),
            parts=sentence(
                f"{here} hears “{first.says}” from ", thing(first.page),
                f", {there} hears “{second.says}” from ", thing(second.page),
            ),
            evidence=(Evidence("conflict", (self.of.id,)), Evidence("page", (first.page, second.page))),
            numbers=(Number("answers that showed both", self.of.shown, self.of.shown, "answers"),),
            period=period,
        )  # fmt: skip


def two_answers(disagreements: Iterable[Disagreement]) -> list[TwoAnswers]:
    """Of all disagreements those where a channel hears the one side only, and another the other only.

    Pages for everybody disagree too, but then every channel hears both. Most shown first. Source: R9, R40.
    """
    found = []
    for one in disagreements:
        here = tuple(sorted(one.first.channels - one.second.channels))
        there = tuple(sorted(one.second.channels - one.first.channels))
        if here and there:
            found.append(TwoAnswers(one, (here, there)))
    return sorted(found, key=lambda each: (-each.of.shown, each.of.id))
