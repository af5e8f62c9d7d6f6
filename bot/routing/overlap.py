"""What words a contact shares with each touchpoint: name, symptoms, channel; the work there, its tools and partners."""

from collections import defaultdict
from collections.abc import Mapping
from math import log

import numpy as np
from numpy.typing import NDArray

from bot.touchpoints import CxTouchpoint, Partner, Tool, TouchpointMap
from bot.words import stems

# What is said of the touchpoint itself counts fully; of the work behind it, and what that is done with, less.
_WORK, _THINGS = 0.5, 0.3
# Scores are divided by the best of the text, and by this besides: one word in common is little.
_LITTLE = 4.0


class Overlap:
    """BM25 over the touchpoints, in the order of the map."""

    def __init__(self, map_: TouchpointMap) -> None:
        said = [self._said_of(map_, one) for one in map_.cx.values()]
        words = sorted({word for one in said for word in one})
        self._at = {word: place for place, word in enumerate(words)}
        weights = np.zeros((len(said), len(words)))
        for row, one in enumerate(said):
            for word, count in one.items():
                weights[row, self._at[word]] = count
        lengths = weights.sum(axis=1, keepdims=True)
        usual = lengths.mean() if said else 1.0
        having = (weights > 0).sum(axis=0)
        rare = np.array([log(1 + (len(said) - count + 0.5) / (count + 0.5)) for count in having])
        self._weights = rare * weights * 2 / (weights + 0.5 + 0.5 * lengths / max(usual, 1e-9))

    def of(self, text: str) -> NDArray[np.float64]:
        """One number for each touchpoint, below 1."""
        asked = [self._at[word] for word in stems(text) if word in self._at]
        scores = self._weights[:, asked].sum(axis=1)
        return np.asarray(scores / (scores.max(initial=0.0) + _LITTLE))

    def _said_of(self, map_: TouchpointMap, one: CxTouchpoint) -> Mapping[str, float]:
        found: dict[str, float] = defaultdict(float)
        for text in (one.name, *one.customer_symptoms):
            _add(found, text, 1.0)
        for work in map_.serving(one.id):
            _add(found, work.name, _WORK)
        things: tuple[Tool | Partner, ...] = (*map_.tools_at(one.id), *map_.partners_at(one.id))
        for thing in things:
            _add(found, " ".join((thing.name, *thing.aliases)), _THINGS)
        _add(found, f"{one.channel} {map_.channels[one.channel].name}", 1.0)
        return found


def _add(found: dict[str, float], text: str, weight: float) -> None:
    for word in stems(text):
        found[word] += weight
