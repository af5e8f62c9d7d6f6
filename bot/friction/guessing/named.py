"""The tools and partners that a text calls by a name or an alias of the map, mistyped or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.friction.guessing.sentences import SENTENCES
from bot.touchpoints import TouchpointMap
from bot.words import STOP_WORDS, words

# Shorter words become other words by one slip.
_FUZZY_FROM, _TWO_SLIPS_FROM = 6, 9
_A_TILL = frozenset({"the", "a", "my", "our", "this", "that", "at", "on", "every", "each", "your", "one", "two"})
_OF_A_TILL = frozenset(
    {"is", "are", "was", "in", "on", "at", "and", "or", "again", "does", "doesn't", "won't", "can't", "has", "had"}
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIMES = frozenset({"noon", "midnight", "morning", "evening", "late", *_DAYS})
_ENDINGS = ("s", "es")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a text, counted from 0, that name a tool or a partner; `sure` is lower where they are mistyped."""

    id: str
    start: int
    end: int
    sure: float


class Names:
    """What tools and partners are called; `known` are words that are meant as they stand, however near to a name."""

    def __init__(self, names: Mapping[str, str], known: frozenset[str]) -> None:
        self._ids = {_joined(words(name)): id_ for name, id_ in names.items() if words(name)}
        # "KeyRing" is written "key ring" too, so a window may have a word more than the name.
        self._longest = max((len(words(name)) for name in names), default=0) + 1
        own = frozenset(word for name in names for word in words(name))
        self._known = known - own
        self._stems = known | own

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """From left to right, without overlaps: the longer name before the shorter, the exact before the mistyped."""
        said = [word.removesuffix("'s") for word in words(text)]
        taken: set[int] = set()
        kept: list[Mention] = []
        for mention in sorted(self._all(said), key=lambda one: (-one.sure, one.start - one.end, one.start)):
            if taken.isdisjoint(range(mention.start, mention.end)):
                taken |= set(range(mention.start, mention.end))
                kept.append(mention)
        return tuple(sorted(kept, key=lambda one: one.start))

    def _is_word(self, word: str) -> bool:
        """ "Keying" is what people do with keys, and no slip for "KeyRing"."""
        return word in self._known or (word.endswith("ing") and word.removesuffix("ing") in self._stems)

    def _all(self, said: list[str]) -> Iterator[Mention]:
        for start in range(len(said)):
            if said[start] == "till" and _until(said, start):
                continue
            for end in range(start + 1, min(start + self._longest, len(said)) + 1):
                window = said[start:end]
                if window[0] in STOP_WORDS or window[-1] in STOP_WORDS:
                    continue
                found = self._id_of(window)
                if found:
                    yield Mention(found[0], start, end, found[1])

    def _id_of(self, window: list[str]) -> tuple[str, float] | None:
        written = _joined(window)
        for form in (written, *(written.removesuffix(ending) for ending in _ENDINGS if written.endswith(ending))):
            if form in self._ids:
                return self._ids[form], 1.0
        if len(written) < _FUZZY_FROM or any(map(self._is_word, window)):
            return None
        slips = 2 if len(written) >= _TWO_SLIPS_FROM else 1
        near = [
            (distance, name)
            for name in self._ids
            if len(name) >= _FUZZY_FROM
            and _differ_inside(name, written)
            and (distance := OSA.distance(name, written, score_cutoff=slips)) <= slips
        ]
        return (self._ids[min(near)[1]], 0.8) if near else None


def plain_words(map_: TouchpointMap) -> frozenset[str]:
    """What people say of their work, which is meant as it stands."""
    said = [phrase for one in map_.ex.values() for phrase in one.employee_symptoms]
    said += [sentence for sentences in SENTENCES.values() for sentence in sentences]
    return frozenset(word for phrase in said for word in words(phrase))


def _until(said: list[str], place: int) -> bool:
    """Whether "till" is a word of time: "8 till 5", "till noon", "till my lead came"."""
    before = said[place - 1] if place else ""
    after = said[place + 1] if place + 1 < len(said) else ""
    if before in _A_TILL:
        return False
    return before[-1:].isdigit() or after in _TIMES or after in STOP_WORDS - _OF_A_TILL


def _differ_inside(name: str, written: str) -> bool:
    """Not at the beginning, where people make no slips; not at the end: "printed" is no slip for "printer"."""
    same = next((place for place, (one, other) in enumerate(zip(name, written, strict=False)) if one != other), None)
    return same is not None and 0 < same < min(len(name), len(written)) - 1


def _joined(parts: list[str]) -> str:
    return "".join(parts)
