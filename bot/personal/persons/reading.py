"""A text as the words that names are looked for among."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

from bot.personal.persons.name_list import FAMILY, GIVEN, PLACE, WORD, folded, name_list

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_ENDS_SENTENCE = re.compile(r"[.!?;:\n\"(>•|]|^\W*- ")
# "CareDesk", "IDs".
_MIXED = re.compile(r"[^\W\d_A-Z][A-Z]|^[A-Z]{2}")
_PREFIXED = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|Ab|Al)[A-Z][a-zà-ÿ]+(?:-\w+)?$")
_PARTS = re.compile(r"['-]")
# Longer ones are keys, links and noise, and each look at one takes time in proportion to its length.
LONGEST_WORD = 40
# A line of so many words, of which this share begins with a capital, is a heading: capitals tell nothing there.
_WORDS_OF_HEADING, _SHARE_OF_HEADING = 3, 0.75
_SHORT = 3
# Nobody means the names by them without a word that says so.
MONTHS = frozenset({"april", "may", "june", "august"})


class Shape(Enum):
    LOWER = "maya"
    TITLE = "Maya"
    UPPER = "MAYA"
    INITIAL = "M"
    MIXED = "CareDesk"


@dataclass(frozen=True)
class Word:
    text: str
    start: int
    gap: str  # what stands between the word before and this one
    opens: bool  # a sentence or a line
    heading: bool  # its line is written in capitals throughout

    @cached_property
    def bare(self) -> str:
        """Without the 's of what belongs to somebody."""
        return self.text[:-2] if self.possessive else self.text.removesuffix("'")

    @cached_property
    def possessive(self) -> bool:
        return self.text[-2:] in {"'s", "'S"} and len(self.text) > 2  # noqa: PLR2004 - the 's itself

    @property
    def end(self) -> int:
        return self.start + len(self.bare)

    @cached_property
    def plain(self) -> str:
        return folded(self.bare)

    @cached_property
    def shape(self) -> Shape:
        bare = self.bare
        if not bare[:1].isupper():
            return Shape.LOWER
        if len(bare) == 1:
            return Shape.INITIAL
        if bare.isupper():
            return Shape.UPPER
        return Shape.MIXED if _MIXED.search(bare) and not _PREFIXED.match(bare) else Shape.TITLE

    @cached_property
    def mark(self) -> int:
        """What it can be by the list; of "Mei-Ling" what both parts can be."""
        return mark_of(self.plain)


def mark_of(plain: str) -> int:
    return _looked_up(plain) if len(plain) <= LONGEST_WORD else 0


@lru_cache(maxsize=20_000)
def _looked_up(plain: str) -> int:
    known = name_list()
    if plain in MONTHS:
        return known.get(plain, 0) | WORD
    if plain in known:
        return known[plain]
    parts = _PARTS.split(plain)
    if len(parts) > 1:
        marks = [known.get(part, 0) for part in parts if len(part) > 1]
        if all(mark & WORD for mark in marks):
            return WORD
        names = [mark & (GIVEN | FAMILY) for mark in marks]
        return max(names) if any(names) and all(names) else 0
    return WORD if _inflected(plain, known) else 0


def _inflected(plain: str, known: dict[str, int]) -> bool:
    """Whether it is a form of an English word: "resyncing", "headsets"."""
    for ending, instead in (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")):
        if plain.endswith(ending):
            stem = plain.removesuffix(ending) + instead
            if len(stem) > _SHORT and known.get(stem, 0) & (WORD | GIVEN | FAMILY) == WORD:
                return True
    return False


def words_of(text: str) -> list[Word]:
    """In order. Time and memory grow with the text alone."""
    found: list[Word] = []
    offset = 0
    for line in text.split("\n"):
        matches = list(_WORD.finditer(line))
        heading = _is_heading([match[0] for match in matches])
        end = 0
        for number, match in enumerate(matches):
            gap = line[end : match.start()] if number else "\n" * bool(found) + line[: match.start()]
            opens = number == 0 or _opens(gap, matches[number - 1][0])
            found.append(Word(match[0], offset + match.start(), gap, opens, heading))
            end = match.end()
        offset += len(line) + 1
    return found


def _opens(gap: str, before: str) -> bool:
    initial = len(before) == 1 and before.isupper() and gap in {". ", "."}
    return not initial and _ENDS_SENTENCE.search(gap) is not None


def _is_heading(words: Sequence[str]) -> bool:
    """Only English words count: a list of names is no heading."""
    long = [word for word in words if len(word) > _SHORT and mark_of(folded(word)) & WORD]
    capital = sum(word[0].isupper() for word in long)
    shouted = sum(word.isupper() for word in words if len(word) > 1)
    many = len(long) >= _WORDS_OF_HEADING and capital >= _SHARE_OF_HEADING * len(long)
    return many or (len(words) >= _WORDS_OF_HEADING and shouted >= _SHARE_OF_HEADING * len(words))


def place_length(first: Word, others: Sequence[Word]) -> int:
    """How many words from here on are a place of several words: "Milton Keynes"; 0 for none."""
    for count in (2, 1):
        run = [first, *others[:count]]
        beside = len(run) == count + 1 and all(word.gap == " " for word in run[1:])
        if beside and name_list().get(" ".join(word.plain for word in run), 0) & PLACE:
            return count + 1
    return 0


def is_handle(first: Word, second: Word) -> bool:
    """Whether they are a login: "maya.osei"."""
    given = first.mark & GIVEN and not first.mark & WORD
    small = first.shape is Shape.LOWER and second.shape is Shape.LOWER and not second.mark & WORD
    return bool(given) and small and second.gap in {".", "_"} and len(second.text) > 2  # noqa: PLR2004 - "maya.uk"
