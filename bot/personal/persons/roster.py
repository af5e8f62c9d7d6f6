"""People who are known by name, found in a text however somebody in a hurry types them."""

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

from rapidfuzz.distance import OSA

from bot.personal.folding import Folded
from bot.personal.persons import cues
from bot.personal.persons.name_list import FAMILY, GIVEN, PLACE, WORD
from bot.personal.persons.reading import MONTHS, Shape, Word, words_of
from bot.personal.persons.scoring import ENOUGH, score

MOST_WORDS = 6
# Shorter ones are a letter away from too many others: "Maria" from "Mario", "Jana" from "Jane".
SHORTEST_MISTYPED = 6
# What knowing the person is worth where their name is another word as well: "asked Grace", not "the Grace period".
_KNOWN = 1.8
_KNOWN_AT_BEGINNING = 0.9
_WITHIN = frozenset({" ", ", ", ",", ". ", ".", "-"})
_AFTER_INITIAL = frozenset({" ", ". ", "."})


@dataclass(frozen=True, slots=True)
class Roster:
    """Made once for many texts: some ten entries for each name."""

    whole: frozenset[tuple[str, ...]]
    single: frozenset[str]
    longest: int
    mistyped: dict[str, tuple[str, ...]]  # a name less one letter -> the names it may be

    @classmethod
    def of(cls, names: Collection[str]) -> Self:
        whole: set[tuple[str, ...]] = set()
        for name in names:
            words = tuple(part for word in words_of(Folded.of(name).text) for part in word.plain.split("-"))[
                :MOST_WORDS
            ]
            if words:
                whole |= {words, (words[-1], *words[:-1]), (words[0], words[-1]), (words[-1], words[0])}
        single = frozenset(
            word for words in whole for word in words if len(word) > 1 and word not in cues.PARTICLES | cues.TITLES
        )
        mistyped: dict[str, tuple[str, ...]] = {}
        for word in sorted(single):
            for less in _less_one(word) if len(word) >= SHORTEST_MISTYPED else ():
                mistyped[less] = (*mistyped.get(less, ()), word)
        longest = max(map(len, whole), default=0)
        return cls(frozenset(words for words in whole if len(words) > 1), single, longest, mistyped)

    def found(self, words: Sequence[Word], *, never: AbstractSet[str]) -> Iterator[tuple[Word, Word]]:
        """The first and the last word of each."""
        if not self.single:
            return
        place = 0
        while place < len(words):
            last = self._whole(words, place) or self._alone(words, place, never)
            if last:
                yield words[_with_initials(words, place)], words[_through_initial(words, last) - 1]
            place = max(last, place + 1)

    def _whole(self, words: Sequence[Word], place: int) -> int:
        """One past the last word of a first and a last name, in either order; 0 where there are none."""
        parts: list[str] = []
        best = 0
        for last in range(place, min(len(words), place + self.longest)):
            if last > place and (words[last].gap not in _WITHIN or words[last - 1].possessive):
                break
            parts += self._spelled(words[last].plain).split("-")
            if tuple(parts) in self.whole:
                best = last + 1
        return best

    def _spelled(self, plain: str) -> str:
        """As the roster has it, one letter forgiven."""
        if plain in self.single or len(plain) < SHORTEST_MISTYPED:
            return plain
        return next(iter(self._meant(plain)), plain)

    def _meant(self, plain: str) -> Iterator[str]:
        if len(plain) < SHORTEST_MISTYPED:
            return
        for less in (plain, *_less_one(plain)):
            for name in self.mistyped.get(less, ()) + ((less,) if less in self.single else ()):
                if len(name) >= SHORTEST_MISTYPED and OSA.distance(plain, name, score_cutoff=1) <= 1:
                    yield name

    def _alone(self, words: Sequence[Word], place: int, never: AbstractSet[str]) -> int:
        """One past a first or a last name by itself; 0 where the word means something else, or may."""
        word = words[place]
        here = word.plain
        parts = here.split("-")
        known = here in self.single or (len(parts) > 1 and all(part in self.single for part in parts))
        if not known:
            sure = word.shape is not Shape.LOWER or not word.mark & (GIVEN | FAMILY)
            known = sure and not word.mark & WORD and here not in never and any(self._meant(here))
        if not known or word.shape is Shape.MIXED:
            return 0
        if not _ambiguous(word, never):
            return place + 1
        if word.shape is Shape.LOWER:
            return 0
        worth = _KNOWN_AT_BEGINNING if word.opens or word.heading or here in MONTHS else _KNOWN
        sure = score(words, place, place + 1, never=never, joined=False) + worth >= ENOUGH
        return place + 1 if sure else 0


def _ambiguous(word: Word, never: AbstractSet[str]) -> bool:
    plain = word.plain
    other = bool(word.mark & (WORD | PLACE)) or plain in cues.NEVER or plain in cues.PLACES
    return other or plain in cues.THINGS_NAMED_SO or plain in never


def _less_one(word: str) -> Iterator[str]:
    for place in range(min(len(word), 30)):
        yield word[:place] + word[place + 1 :]


def _with_initials(words: Sequence[Word], first: int) -> int:
    """Where "J.R. Osei" begins."""
    while first and words[first - 1].shape is Shape.INITIAL and words[first].gap in {". ", "."}:
        first -= 1
    return first


def _through_initial(words: Sequence[Word], last: int) -> int:
    """Where "Maya O." ends."""
    ends = last < len(words) and words[last].shape is Shape.INITIAL and words[last].gap == " "
    followed = last + 1 >= len(words) or words[last + 1].gap[:1] in {".", ","}
    return last + 1 if ends and followed and words[last].text != "I" and not words[last - 1].possessive else last
