"""How well a contact answers a question: its meaning, the rare words it shares, whether it is what is asked for."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.customers.questions.asked import Asked
from bot.customers.questions.cues import Concept
from bot.customers.questions.sources import Source, stems_of

# What the shared words and a saying of the kind that is asked for weigh beside the meaning, which is a cosine.
WORDS_WEIGHT = 0.6
KIND_WEIGHT = 0.45
# Below it nothing answers; without vectors words alone have to. Chosen on half of tests/data/customer_questions.yaml.
BAR = 0.55
BAR_BY_WORDS = 0.3
# Of two that are equally good the newer one; the oldest of all loses so much.
_NEWEST = 0.04


class Scales:
    """For one question. `vector` is its meaning; None where words have to do. `sources` are newest first."""

    def __init__(self, asked: Asked, sources: Sequence[Source], vector: NDArray[np.float32] | None) -> None:
        self._asked = asked
        self._vector = vector
        self._rarity = _rarity(asked.topic, sources)
        self._total = sum(self._rarity.values())
        self._newest = sources[0].at.timestamp()
        self._span = max(1.0, self._newest - sources[-1].at.timestamp())

    @property
    def has_topic(self) -> bool:
        return bool(self._asked.topic)

    @property
    def bar(self) -> float:
        return BAR_BY_WORDS if self._vector is None else BAR

    def weigh(self, one: Source) -> float:
        """0 where it is not what was asked for."""
        asked = self._asked
        if asked.kind is not None and not asked.topic and asked.kind not in one.said:
            return 0.0
        newer = _NEWEST * (1 - (self._newest - one.at.timestamp()) / self._span)
        if not asked.topic:
            return 1.0 + newer
        kind = KIND_WEIGHT * (asked.kind in one.said) if asked.kind else 0.0
        return self._meaning(one) + WORDS_WEIGHT * self.shared(one.stems) + kind + newer

    def shared(self, stems: frozenset[str]) -> float:
        """The share of the question's rare words that these say, or say otherwise."""
        if not self._total:
            return 0.0
        return sum(rarity * concept.said_by(stems) for concept, rarity in self._rarity.items()) / self._total

    def weigh_sentence(self, one: Source, sentence: str) -> float:
        """By words alone."""
        said = one.said.get(self._asked.kind, "") if self._asked.kind else ""
        kind = KIND_WEIGHT if said and (said in sentence or sentence in said) else 0.0
        return WORDS_WEIGHT * self.shared(stems_of(sentence)) + kind

    def meaning(self, vectors: NDArray[np.float32]) -> list[float]:
        """How near each row is to the question."""
        return [] if self._vector is None else np.maximum(vectors @ self._vector, 0).tolist()

    def _meaning(self, one: Source) -> float:
        if self._vector is None or one.parts is None:
            return 0.0
        return max(self.meaning(one.parts))


def _rarity(topic: Sequence[Concept], sources: Sequence[Source]) -> dict[Concept, float]:
    holding = Counter(concept for one in sources for concept in topic if concept.said_by(one.stems))
    total = len(sources)
    return {one: math.log(1 + (total - holding[one] + 0.5) / (holding[one] + 0.5)) for one in topic}
