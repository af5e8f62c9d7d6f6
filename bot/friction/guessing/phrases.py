"""The map's own words, to compare a report with: what employees say at each touchpoint, its steps, its name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bot.friction.guessing.learned import Encode
from bot.touchpoints import ExTouchpoint, Partner, Tool, TouchpointMap
from bot.words import stems

# All chosen on the made-up reports that are not held out; cosines of what is alike lie between .3 and .7.
# Of the same kind of friction counts beside the same words ("two pages differ" for "I got two answers").
SAME_KIND = 0.2
# What a tool is called is no sentence, and is like everything that is short.
CALLED = 0.8
SHARPNESS = 0.06
NEAREST = 3
USUAL = 1.0
# Each further tool of a touchpoint's steps is less what its complaints are about.
_LATER = 0.7


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    touchpoint: str = ""
    tools: tuple[str, ...] = ()


class Phrases:
    """`kinds`: texts and their vectors -> how likely each kind is, a row a text. `named`: the tools a text names."""

    def __init__(
        self,
        map_: TouchpointMap,
        encode: Encode,
        *,
        kinds: Callable[[Sequence[str], NDArray[np.float32]], NDArray[np.float64]],
        named: Callable[[str], tuple[str, ...]],
    ) -> None:
        self.touchpoints = tuple(map_.ex)
        self.tools = (*map_.tools, *map_.partners)
        things: tuple[Tool | Partner, ...] = (*map_.tools.values(), *map_.partners.values())
        said = [phrase for one in map_.ex.values() for phrase in _of(one, named)]
        called = [_Phrase(name, tools=(one.id,)) for one in things for name in (one.name, *one.aliases)]
        phrases = [*said, *called]
        texts = [phrase.text for phrase in phrases]
        self._vectors = encode(texts) if texts else np.zeros((0, 1), np.float32)
        self._kinds = kinds(texts, self._vectors) if texts else np.zeros((0, 1))
        self._kinds[len(said) :] = 0  # a name tells no kind
        self._weights = np.array([1.0] * len(said) + [CALLED] * len(called))
        self._tools = np.array([_shares(phrase.tools, self.tools) for phrase in phrases])
        self._rows = {id_: [row for row, one in enumerate(said) if one.touchpoint == id_] for id_ in self.touchpoints}
        # What most work needs is near to everything said.
        self._usual = self._tools.mean(axis=0) if phrases else np.zeros(len(self.tools))
        self._words = _Rare([" ".join(texts[row] for row in self._rows[id_]) for id_ in self.touchpoints])
        self._names = [_name_words((one.name, *one.aliases)) for one in things]

    def compared(
        self, text: str, vector: NDArray[np.float32], kinds: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """How alike a report is: to each touchpoint by meaning, to each by rare words, and how much of what it is most
        like is about each tool (together 1)."""
        if not len(self._vectors):
            return np.zeros(0), np.zeros(0), np.zeros(len(self.tools))
        alike = (self._vectors @ vector) * self._weights + SAME_KIND * np.minimum(self._kinds, kinds).sum(axis=1)
        at = np.array([np.sort(alike[self._rows[id_]])[-NEAREST:].mean() for id_ in self.touchpoints])
        powers = np.exp((alike - alike.max()) / SHARPNESS)
        return (
            at,
            self._words.shared(text),
            np.maximum(0.0, (powers @ self._tools) / powers.sum() - USUAL * self._usual),
        )

    def half_named(self, text: str) -> NDArray[np.float64]:
        """For each tool how much of its names the text says, at most 1: "prices" of "price list" and "price feed"."""
        said = stems(text)
        return np.array(
            [min(1.0, sum(own[word] / self._named_by(word) for word in own.keys() & said)) for own in self._names],
            dtype=np.float64,
        )

    def _named_by(self, word: str) -> int:
        return sum(word in own for own in self._names)


class _Rare:
    """Documents by their words; a word of few of them weighs more."""

    def __init__(self, documents: Sequence[str]) -> None:
        self._documents = [stems(document) for document in documents]
        held: dict[str, int] = {}
        for document in self._documents:
            for word in document:
                held[word] = held.get(word, 0) + 1
        self._weights = {word: float(np.log(1 + len(documents) / count)) for word, count in held.items()}

    def shared(self, text: str) -> NDArray[np.float64]:
        """What of the text's known words stands in each document: 0 to about 1."""
        said = stems(text)
        length = max(3.0, float(np.sqrt(sum(self._weights.get(word, 0.0) ** 2 for word in said))))
        return np.array([sum(self._weights[word] for word in said & own) / length / 3 for own in self._documents])


def _of(one: ExTouchpoint, named: Callable[[str], tuple[str, ...]]) -> Iterator[_Phrase]:
    used = (*one.tools, *one.partners)
    for said in (one.name, *one.employee_symptoms):
        yield _Phrase(said, one.id, named(said) or used)
    for step in one.steps:
        yield _Phrase(step.do, one.id, (step.tool or step.partner,))


def _shares(tools: tuple[str, ...], all_: tuple[str, ...]) -> list[float]:
    return [_LATER ** tools.index(tool) if tool in tools else 0.0 for tool in all_]


def _name_words(names: tuple[str, ...]) -> dict[str, float]:
    """The words of a tool's names; one that stands in most of them says which tool it is."""
    held = [stems(name) for name in names]
    return {word: sqrt(sum(word in own for own in held) / len(held)) for word in frozenset[str]().union(*held)}
