"""Puts the guesses of a report together."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.friction.guessing.effects import effects, likely
from bot.friction.guessing.kind_guess import KindGuesser
from bot.friction.guessing.learned import Encode, Learned
from bot.friction.guessing.minutes import minutes_lost
from bot.friction.guessing.named import Mention, Names, plain_words
from bot.friction.guessing.often import often
from bot.friction.guessing.phrases import Phrases
from bot.friction.guessing.tool_guess import WHERE, ToolGuesser
from bot.friction.guessing.touchpoint_guess import SHARPNESS, TouchpointGuesser
from bot.friction.guessing.values import Field, Guess, Guesses
from bot.friction.kinds import CustomerEffect, Frequency, Kind
from bot.touchpoints import TouchpointMap

# Below these it is better to ask than to guess. Chosen on the made-up reports that are not held out.
KIND_BAR, TOOL_BAR, TOUCHPOINT_BAR, VOTE_BAR = 0.15, 0.45, 0.2, 0.35
OTHERS = 3
TOLD, LIKELY, UNTOLD_LENGTH = 0.9, 0.4, 0.6
_KINDS = tuple(Kind)

_T = TypeVar("_T", bound=str)


class Guesser:
    """Guesses from the words of a report what its form asks. Made once for a map: it reads all of it.

    Safe to use from several threads.
    """

    def __init__(self, map_: TouchpointMap, encode: Encode) -> None:
        self._encode = encode
        self._partners = frozenset(map_.partners)
        self._kinds = KindGuesser(encode)
        self._tools = ToolGuesser(map_, encode)
        self._touchpoints = TouchpointGuesser(map_, self._tools.ids)
        self._names = Names(map_.names, known=plain_words(map_))
        self._phrases = Phrases(map_, encode, kinds=self._kinds_of, named=self._named)

    def guess(
        self,
        text: str,
        *,
        role: str = "",
        place: str = "",
        learned: Learned | None = None,
        vector: NDArray[np.float32] | None = None,
    ) -> Guesses:
        """`role` of config/people.yaml; `place` as people call it; `vector` of the text, if it was made already."""
        known = learned or Learned.nothing()
        vector = self._encode([text])[0] if vector is None else vector
        mentions = self._names.mentions(text)
        kinds = self._kinds.shares(
            text, vector, partner=self._tells_of_partner(mentions), votes=known.votes(Field.KIND, vector)
        )
        alike, words, like = self._phrases.compared(text, vector, kinds)
        tools = self._tools.scores(
            mentions,
            like=like,
            half_named=self._phrases.half_named(text),
            kinds=kinds,
            votes=known.votes(Field.TOOLS, vector),
        )
        touchpoints = _shares(
            self._touchpoints.scores(
                alike, words, tools=tools, role=role, place=place, votes=known.votes(Field.TOUCHPOINT, vector)
            ),
            SHARPNESS,
        )
        tools = tools + WHERE * self._touchpoints.tools_of(touchpoints)
        kind = _best(_KINDS, kinds, KIND_BAR)
        return Guesses(
            kind=kind,
            tools=self._chosen_tools(tools, mentions),
            touchpoint=_best(self._touchpoints.ids, touchpoints, TOUCHPOINT_BAR),
            minutes=self._minutes(text, known, vector),
            frequency=self._frequency(text, known, vector),
            effect=self._effect(text, kind.value if kind else Kind.OTHER, known, vector),
            per_week=said.per_week if (said := often(text)) else None,
            tool_shares={id_: float(share) for id_, share in zip(self._tools.ids, _capped(tools), strict=True)},
            touchpoint_shares={
                id_: float(share) for id_, share in zip(self._touchpoints.ids, touchpoints, strict=True)
            },
            kind_shares={kind.value: float(share) for kind, share in zip(_KINDS, kinds, strict=True)},
        )

    def _kinds_of(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.stack(
            [
                self._kinds.shares(text, vector, partner=self._tells_of_partner(self._names.mentions(text)), votes={})
                for text, vector in zip(texts, vectors, strict=True)
            ]
        )

    def _named(self, text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(mention.id for mention in self._names.mentions(text)))

    def _tells_of_partner(self, mentions: tuple[Mention, ...]) -> bool:
        return any(mention.id in self._partners for mention in mentions)

    def _chosen_tools(
        self, scores: NDArray[np.float64], mentions: tuple[Mention, ...]
    ) -> Guess[tuple[str, ...]] | None:
        """The two that are named, in the order they are; else the best."""
        by_score = [self._tools.ids[place] for place in np.argsort(-scores)]
        named = sorted({one.id for one in mentions}, key=by_score.index)[:2]
        first = [one.id for one in mentions if one.id in named]
        value = tuple(dict.fromkeys(first)) or tuple(by_score[:1])
        sure = min(1.0, float(scores[self._tools.ids.index(value[0])]) / 2) if value else 0.0
        if sure * 2 < TOOL_BAR:
            return None
        others = [tool for tool in by_score if tool not in value or len(value) > 1]
        return Guess(value, sure, tuple((tool,) for tool in others[:OTHERS]))

    def _minutes(self, text: str, known: Learned, vector: NDArray[np.float32]) -> Guess[float] | None:
        if said := minutes_lost(text):
            return Guess(said.minutes, TOLD if said.told else UNTOLD_LENGTH)
        voted = _voted(known, Field.MINUTES, vector)
        return Guess(float(voted[0]), voted[1]) if voted else None

    def _frequency(self, text: str, known: Learned, vector: NDArray[np.float32]) -> Guess[Frequency] | None:
        if said := often(text):
            return Guess(said.frequency, TOLD)
        voted = _voted(known, Field.FREQUENCY, vector)
        return Guess(Frequency(voted[0]), voted[1]) if voted else None

    def _effect(
        self, text: str, kind: Kind, known: Learned, vector: NDArray[np.float32]
    ) -> Guess[CustomerEffect] | None:
        said = effects(text)
        voted = _voted(known, Field.EFFECT, vector)
        if said:
            return Guess(said[0], TOLD, said[1 : 1 + OTHERS])
        if voted:
            return Guess(CustomerEffect(voted[0]), voted[1])
        by_kind = likely(text, kind)
        return Guess(by_kind, LIKELY) if by_kind else None


def _shares(scores: NDArray[np.float64], sharpness: float) -> NDArray[np.float64]:
    if not len(scores):
        return scores
    powers = np.exp((scores - scores.max()) / sharpness)
    return np.asarray(powers / powers.sum())


def _capped(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(scores, 0.0, 1.0)


def _best(values: Sequence[_T], shares: NDArray[np.float64], bar: float) -> Guess[_T] | None:
    if not len(shares) or shares.max() < bar:
        return None
    order = np.argsort(-shares)[: 1 + OTHERS]
    return Guess(values[order[0]], float(shares[order[0]]), tuple(values[place] for place in order[1:]))


def _voted(known: Learned, field: Field, vector: NDArray[np.float32]) -> tuple[str, float] | None:
    votes = known.votes(field, vector)
    if not votes:
        return None
    value = max(votes, key=lambda each: votes[each])
    return (value, votes[value]) if votes[value] >= VOTE_BAR else None
