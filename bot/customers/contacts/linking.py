"""Which contacts of one customer belong together: a logistic choice for each of them, revised until none is better.

For every contact the choice is among the chains there are and none of them (McFadden 1974), by what it has in common
with each. The weights were fitted for a contact both before and after the others of its chain came (pseudo-likelihood,
Besag 1975), so the same ones put the contacts on chains in the order of time and then move single ones.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.customers.contacts.contents import Content
from bot.customers.contacts.likeness import Likeness, Matrix
from bot.customers.contacts.weights import BY_WORDS, LINK, NEW, WITH_MEANING

# A contact after half a year without any is about something new, or nobody can tell.
ASLEEP = 183.0
_MOST_EARLIER = 12
# From so many contacts on chance has a say.
_CROWD = 10
# A move has to be worth this much, so that a choice that is none is left as it was.
_GAIN = 0.5
_NEVER = -np.inf

Places = NDArray[np.int_]


class Linker:
    """The contacts of one customer, oldest first, and their unit vectors, a row each; without them by words alone."""

    def __init__(self, contents: Sequence[Content], vectors: NDArray[np.float32] | None) -> None:
        with_meaning = vectors is not None and len(vectors) == len(contents)
        self._like = Likeness(contents, vectors if with_meaning else None)
        self._total = len(contents)
        self._every = np.arange(self._total)
        # What the neighbor is where there is none comes last, and is found there under -1.
        self._solved = np.array([*(one.solved for one in contents), False], dtype=float)
        self._days_before = np.append(self._like.days, -np.inf)
        self._days_after = np.append(self._like.days, np.inf)
        self.new = np.array([_alone(one, place, self._total) for place, one in enumerate(contents)])
        weights = WITH_MEANING if with_meaning else BY_WORDS
        self._link = np.array([weights[name] for name in LINK])
        self._apart = self.new @ np.array([weights[name] for name in NEW])

    def partition(self) -> list[list[int]]:
        """The places of the contacts of each chain, in the order of time."""
        return self._revised(*self._grown())

    def figures(self, chain: list[int]) -> Matrix:
        """In the order of `LINK`, for each contact, a row each, and what is on the chain besides itself."""
        return self._figures(chain, *self._neighbors(chain))

    def _figures(self, chain: list[int], before: Places, after: Places) -> Matrix:
        like = self._like
        on_it = np.zeros(self._total)
        on_it[chain] = 1.0
        others = np.maximum(len(chain) - on_it, 1.0)
        figures = np.empty((self._total, len(LINK)))
        figures[:, 0] = like.meaning[chain].sum(axis=0) / others
        figures[:, 1] = self._center(chain, on_it)
        figures[:, 2:8] = like.shared[chain].max(axis=0).T
        figures[:, 8:12] = np.maximum(like.next_to[before, self._every], like.next_to[after, self._every])
        figures[:, 12] = self._solved[before]
        figures[:, 13] = self._solved[:-1] * (after >= 0)
        figures[:, 14] = before < 0
        figures[:, 15] = np.log(others)
        return figures

    def _grown(self) -> tuple[list[list[int]], Matrix]:
        """Each in its time on the chain that it fits best, or on a new one; and how all contacts fit each chain."""
        chains: list[list[int]] = []
        scores = np.full((2 * self._total + 1, self._total), _NEVER)
        for place in range(self._total):
            best = int(scores[: len(chains) + 1, place].argmax())
            if scores[best, place] <= self._apart[place]:
                best = len(chains)
                chains.append([])
            chains[best].append(place)
            scores[best] = self._scores(chains[best])
        return chains, scores

    def _revised(self, chains: list[list[int]], scores: Matrix) -> list[list[int]]:
        """Moved, one after the other, whichever contact gains most by going elsewhere, until none gains.

        Each but once: of two, one may fit the other and not the other one, and they would part and meet forever.
        """
        chain_of = np.empty(self._total, dtype=int)
        for number, chain in enumerate(chains):
            chain_of[chain] = number
        moved = np.zeros(self._total, dtype=bool)
        while True:
            now = scores[chain_of, self._every]
            apart = np.bincount(chain_of)[chain_of] == 1
            offered = scores[: len(chains) + 1].copy()
            offered[chain_of, self._every] = _NEVER
            offered[-1] = np.where(apart, _NEVER, self._apart)
            gains = offered.max(axis=0) - np.where(apart, self._apart, now)
            gains[moved] = _NEVER  # also of whom the move left half a year away from all others
            mover = int(gains.argmax())
            if gains[mover] <= _GAIN:
                break
            source, target = int(chain_of[mover]), int(offered[:, mover].argmax())
            if target == len(chains):
                chains.append([])
            chains[source].remove(mover)
            chains[target] = sorted([*chains[target], mover])
            chain_of[mover], moved[mover] = target, True
            for changed in (source, target):
                scores[changed] = self._scores(chains[changed])
        return [chain for chain in chains if chain]

    def _scores(self, chain: list[int]) -> Matrix:
        """Of every contact with the others on that chain; never of one that is alone there, or half a year away."""
        if not chain:
            return np.full(self._total, _NEVER)
        before, after = self._neighbors(chain)
        days = self._like.days
        awake = np.minimum(days - self._days_before[before], self._days_after[after] - days) < ASLEEP
        return np.where(awake, self._figures(chain, before, after) @ self._link, _NEVER)

    def _neighbors(self, chain: list[int]) -> tuple[Places, Places]:
        """For every contact the ones on the chain before and after it; -1 where there is none."""
        bounded = np.array([-1, *chain, -1])
        before = bounded[1:-1].searchsorted(self._every, side="left")
        after = bounded[1:-1].searchsorted(self._every, side="right")
        return bounded[before], bounded[after + 1]

    def _center(self, chain: list[int], on_it: Matrix) -> Matrix:
        products = self._like.products
        own = products.diagonal()
        to_all = products[chain].sum(axis=0)
        to_others = to_all - on_it * own
        among = to_all[chain].sum() - on_it * (2 * to_others + own)
        return np.asarray(to_others / np.sqrt(np.maximum(among * own, 1e-12)))


def _alone(one: Content, place: int, total: int) -> tuple[float, ...]:
    """In the order of `NEW`."""
    return (
        1.0,
        1 / (1 + len(one.words)),
        one.follows_up,
        one.again,
        one.chases,
        one.outgoing,
        one.asks_anew,
        one.visit,
        math.log1p(min(place, _MOST_EARLIER)),
        math.log(max(total, _CROWD) / _CROWD),
    )
