"""What kind of friction a report tells of: by sentences and words of each kind, by partners, by corrections."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.friction.guessing.cues import told
from bot.friction.guessing.learned import Encode
from bot.friction.guessing.sentences import SENTENCES
from bot.friction.kinds import Kind

# Chosen on the made-up reports that are not held out: how strictly the sentences are followed (less is stricter), and
# what that, a telling word and a correction are worth, in logits.
STRICT, FITTED, CUE, CORRECTED = 1.0, 6.0, 3.0, 5.0
# The nearest sentences and the regression err in different places, so both speak: what a cosine is worth.
NEAREST_TWO = 4.0
# So that of those it is 70 % sure of, 70 % and more are right.
SURENESS = 1.5
_KINDS = tuple(Kind)
_OUTSIDERS = re.compile(
    r"\b(?:partners?|vendors?|suppliers?|(?:sub)?contractors?|installers?|technicians?|techs?|couriers?|carriers?|drivers?|"
    r"deliver(?:y|ies)|parcels?|agency|third[\s-]party|warehouse|manufacturer|plumber|electrician|cleaners?)\b",
    re.IGNORECASE,
)


class KindGuesser:
    """Safe to use from several threads."""

    def __init__(self, encode: Encode) -> None:
        self._vectors = {kind: encode(SENTENCES[kind]) for kind in _KINDS}
        self._weights = _fitted(list(self._vectors.values()))

    def shares(
        self, text: str, vector: NDArray[np.float32], *, partner: bool, votes: Mapping[str, float]
    ) -> NDArray[np.float64]:
        """How likely each kind is, in the order of `Kind`; together 1. `partner`: the text names one of the map."""
        cues = told(text)
        logits = FITTED * (self._weights @ vector)
        logits += NEAREST_TWO * np.array([_nearest_two(self._vectors[kind] @ vector) for kind in _KINDS])
        logits += CUE * np.array([kind in cues for kind in _KINDS])
        logits[_KINDS.index(Kind.PARTNER_DELAY)] += _partner(text, named=partner)
        logits += CORRECTED * np.array([votes.get(kind.value, 0.0) for kind in _KINDS])
        powers = np.exp(SURENESS * (logits - logits.max()))
        return np.asarray(powers / powers.sum())


def _fitted(kinds: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
    """A row a kind, by ridge regression: as good here as scikit-learn's logistic one, which holds 105 MB more.

    Every kind counts as much as the other, however many sentences it has.
    """
    vectors = np.concatenate(kinds).astype(np.float64)
    counts = np.concatenate([np.full(len(own), len(own)) for own in kinds])
    wanted = np.repeat(np.eye(len(kinds)), [len(own) for own in kinds], axis=0) - 1 / len(kinds)
    strict = STRICT * np.diag(counts / counts.mean())
    return np.asarray((vectors.T @ np.linalg.solve(vectors @ vectors.T + strict, wanted)).T)


def _partner(text: str, *, named: bool) -> float:
    """Somebody from outside is late only where the text speaks of somebody from outside."""
    if named:
        return CUE / 2
    return 0.0 if _OUTSIDERS.search(text) else -CUE


def _nearest_two(alike: NDArray[np.float32]) -> float:
    """One sentence may be alike by chance; two of a kind are not."""
    return float(np.sort(alike)[-2:].mean())
