"""Doubts -> a disagreement, where the clauses are near enough in meaning to be about the same thing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.disagreement.comparing import Doubt, Kind

# The cosine of the two clauses and the cosine of the passages they stand in, added. This bar is for somebody who knows
# that both passages treat the same matter, such as a question that found both. Chosen on the pairs that were read.
NEAR = 0.8
# The same for clauses whose words alone do not show that they speak of one thing.
NEAR_LOOSE = 0.95
# The same among all pages of a company, where hardly any two clauses are about one thing. Chosen by the false alarms on
# three real collections.
CERTAIN = {Kind.NUMBER: 1.42, Kind.PERIOD: 1.42, Kind.YES_NO: 1.62, Kind.WHO: 1.5}
CERTAIN_PASSAGES = 0.61
CERTAIN_WORDS = 2


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two clauses that cannot both hold: what the first says and what the second, in a few words each, for people.

    `certain`: they are about the same thing beyond reasonable doubt; else only if somebody asks a question that both
    answer. `nearness` orders disagreements, 0 to 2.
    """

    kind: Kind
    first: str
    second: str
    here: str
    there: str
    nearness: float
    certain: bool


def judge(
    doubts: Sequence[Doubt], *, passages: float, meaning: Callable[[str], NDArray[np.float32]]
) -> Disagreement | None:
    """The nearest of these doubts about two statements, or None where none is near enough.

    `passages` is the cosine of the passages the statements stand in; `meaning` gives unit vectors of clauses.
    """
    found = [
        one
        for doubt in doubts
        if (one := _judged(doubt, passages, float(meaning(doubt.first.meant) @ meaning(doubt.second.meant))))
    ]
    return max(found, key=lambda one: (one.certain, one.nearness), default=None)


def _judged(doubt: Doubt, passages: float, clauses: float) -> Disagreement | None:
    nearness = passages + clauses
    if nearness < (NEAR_LOOSE if doubt.loose else NEAR):
        return None
    certain = (
        nearness >= CERTAIN[doubt.kind]
        and passages >= CERTAIN_PASSAGES
        and doubt.shared >= CERTAIN_WORDS
        and not (doubt.loose or doubt.faint)
    )
    return Disagreement(
        kind=doubt.kind,
        first=doubt.first.text,
        second=doubt.second.text,
        here=doubt.here,
        there=doubt.there,
        nearness=nearness,
        certain=certain,
    )
