"""A contact -> the CX touchpoint that it is about, by what its words mean, which they are, and the channel.

Likeness to symptoms is corrected for hubs (CSLS, Conneau et al. 2018, "Word translation without parallel data"): a
symptom that is like everything says little when it is like this text too. Half of that correction is the same for each
touchpoint and left out. How near a symptom is to everything is measured on the symptoms of other touchpoints, so that
the same text is routed alike in each batch and by each replica.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.routing.complaints import BAR, Complaints
from bot.routing.overlap import Overlap
from bot.touchpoints import TouchpointMap

# All chosen on the development half of tests/data/routes.csv; tests/benchmarks/routing.py measures them.
HUB_NEIGHBORS = 10
SECOND = 0.5  # of the second nearest symptom beside the nearest one
NAME, DESCRIBED, WORK, WORDS, CHANNEL = 0.5, 1.0, 0.5, 0.6, 0.4
# Divides the sum of all, so that it is of the order of a cosine.
_WHOLE = 5.0
SHARPNESS = 0.05
LEAST_SHARE = 0.35
LEAST_SCORE = 0.28

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`touchpoint` is "" where no touchpoint is enough more like it than the others; `likeness` is 0 to 1."""

    touchpoint: str
    likeness: float
    complaint: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """Of one text: how like each touchpoint it is, whatever the channel, and how much of a complaint."""

    scores: NDArray[np.float64]
    complaint: float


class Router:
    """For one map; reads its phrases when it is made. Safe to use from several threads."""

    def __init__(self, map_: TouchpointMap, encode: Encode) -> None:
        cx = list(map_.cx.values())
        self.ids = tuple(one.id for one in cx)
        self._channels = np.array([one.channel for one in cx])
        self._overlap = Overlap(map_)
        self._complaints = Complaints(encode)
        self._symptoms = [encode(one.customer_symptoms) for one in cx]
        self._hubs = _hubs(self._symptoms)
        if cx:
            described = [f"{one.name}. {map_.name_of(one.stage)}. {map_.name_of(one.channel)}." for one in cx]
            self._names, self._described = encode([one.name for one in cx]), encode(described)
            work = [[each.name for each in map_.serving(one.id)] or [one.name] for one in cx]
            self._work = [encode(names) for names in work]

    def meaning(self, text: str, vectors: NDArray[np.float32]) -> Meaning:
        """`vectors` are those of the parts of the text, a row each: for each touchpoint its best part counts."""
        if not self.ids:
            return Meaning(np.zeros(0), self._complaints.score(text, vectors))
        scores = NAME * vectors @ self._names.T + DESCRIBED * vectors @ self._described.T
        for at, (symptoms, hubs) in enumerate(zip(self._symptoms, self._hubs, strict=True)):
            near = np.sort(2 * vectors @ symptoms.T - hubs, axis=1)
            scores[:, at] += near[:, -1] + SECOND * near[:, -min(2, near.shape[1])]
            scores[:, at] += WORK * (vectors @ self._work[at].T).max(axis=1)
        whole = scores.max(axis=0) + WORDS * self._overlap.of(text)
        return Meaning(whole, self._complaints.score(text, vectors))

    def verdict(self, meaning: Meaning, channel: str) -> Verdict:
        """On a channel that the map does not have, as a survey, the words alone decide."""
        complaint = meaning.complaint > BAR
        if not self.ids:
            return Verdict("", 0.0, complaint)
        scores = self._on(meaning, channel)
        share = float(1 / np.exp((scores - scores.max()) / SHARPNESS).sum())
        sure = share >= LEAST_SHARE and scores.max() >= LEAST_SCORE
        return Verdict(self.ids[int(scores.argmax())] if sure else "", round(share, 4), complaint)

    def likeliest(self, meaning: Meaning, channel: str) -> str:
        """The touchpoint that it is most like, sure or not; "" on a map without any."""
        return self.ids[int(self._on(meaning, channel).argmax())] if self.ids else ""

    def _on(self, meaning: Meaning, channel: str) -> NDArray[np.float64]:
        return np.asarray((meaning.scores + CHANNEL * (self._channels == channel)) / _WHOLE)


def _hubs(symptoms: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """For each symptom the mean likeness of the symptoms of other touchpoints that are nearest to it."""
    if len(symptoms) < 2:  # noqa: PLR2004 - then there are no others
        return [np.zeros(len(own), dtype=np.float32) for own in symptoms]
    found = []
    for at, own in enumerate(symptoms):
        others = np.vstack([each for place, each in enumerate(symptoms) if place != at])
        found.append(np.sort(own @ others.T, axis=1)[:, -HUB_NEIGHBORS:].mean(axis=1))
    return found
