"""What people's corrections teach: a report that reads like a corrected one is guessed as that was corrected."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.friction.guessing.values import Field

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

# Chosen on the made-up reports: less alike than this says nothing, and the nearest few speak.
ALIKE = 0.2
NEAREST = 5


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody chose for a field of a report; tools as ids joined by "+", as `value_of` writes them."""

    text: str
    field: Field
    chosen: str


@dataclass(frozen=True)
class Learned:
    """Made anew from the rows of corrections whenever there are more; nothing of it is stored."""

    chosen: Mapping[Field, tuple[str, ...]]
    vectors: Mapping[Field, NDArray[np.float32]]

    @classmethod
    def nothing(cls) -> "Learned":
        return cls({}, {})

    @classmethod
    def of(cls, corrections: Sequence[Correction], encode: Encode) -> "Learned":
        """Of a report corrected more than once the last counts, so rows come oldest first."""
        last = {(one.field, one.text): one.chosen for one in corrections}
        texts = sorted({text for _, text in last})
        rows = dict(zip(texts, encode(texts), strict=True)) if texts else {}
        chosen: dict[Field, tuple[str, ...]] = {}
        vectors: dict[Field, NDArray[np.float32]] = {}
        for field in Field:
            own = [(text, value) for (of, text), value in last.items() if of is field]
            if own:
                chosen[field] = tuple(value for _, value in own)
                vectors[field] = np.stack([rows[text] for text, _ in own])
        return cls(chosen, vectors)

    def votes(self, field: Field, vector: NDArray[np.float32]) -> Mapping[str, float]:
        """How much speaks for each value that was chosen for reports like this one: 0 to 1."""
        if field not in self.chosen:
            return {}
        alike = self.vectors[field] @ vector
        votes: dict[str, float] = {}
        for place in np.argsort(-alike)[:NEAREST]:
            vote = max(0.0, (float(alike[place]) - ALIKE) / (1 - ALIKE))
            value = self.chosen[field][place]
            # A second one like it adds, but many far ones must not outvote a near one.
            votes[value] = votes.get(value, 0.0) + vote * (1 - votes.get(value, 0.0))
        return {value: vote for value, vote in votes.items() if vote > 0}
