"""Which runs of words are looked at, and which of them are names."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bot.personal.persons import cues
from bot.personal.persons.name_list import FAMILY, GIVEN, PLACE, WORD
from bot.personal.persons.reading import LONGEST_WORD, Shape, Word, is_handle, place_length
from bot.personal.persons.scoring import ENOUGH, ENOUGH_IN_SMALL_LETTERS, JOINED, score

MOST_WORDS = 5
# "GSA", "RFQ": nobody writes a name so, but where all is in capitals.
LONGEST_ABBREVIATION = 4
SHORTEST_IN_SMALL_LETTERS = 3
_CONTRACTED = ("'ll", "'ve", "'re", "n't", "'d", "'m")
_JOINS = frozenset({"and", "or", "&"})


def guessed(words: Sequence[Word], *, never: AbstractSet[str]) -> list[tuple[Word, Word]]:
    """The first and the last word of each name that nobody handed in; `never` are folded words that are no names."""
    runs = _names(words, never)
    named = {word.plain for first, last in runs for word in words[first:last] if not word.mark & (WORD | PLACE)}
    inside = {place for first, last in runs for place in range(first, last)}
    again = [
        (word, word)
        for place, word in enumerate(words)
        if word.shape is Shape.TITLE and word.plain in named and place not in inside
    ]
    return [*((words[first], words[last - 1]) for first, last in runs), *again]


def _names(words: Sequence[Word], never: AbstractSet[str]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    missed: dict[int, tuple[int, float]] = {}  # where a run that fell short ends -> where it begins, by how much
    place = 0
    while place < len(words):
        last = _skipped(words, place) or _candidate(words, place, never)
        if not last or _skipped(words, place):
            place = max(last, place + 1)
            continue
        joined = bool(runs) and _is_joined(words, place, runs[-1][1])
        short = _threshold(words[place]) - score(words, place, last, never=never, joined=joined)
        if short <= 0:
            before = missed.get(place - 1) if place and words[place - 1].plain in _JOINS else None
            if before and before[1] <= JOINED and words[place].gap == " ":
                runs.append((before[0], place - 1))
            runs.append((place, last))
        else:
            missed.setdefault(last, (place, short))
            last = last if words[place].plain in cues.BEGIN_PLACES else place + 1
        place = last
    return runs


def _threshold(word: Word) -> float:
    small = word.shape is Shape.LOWER and word.plain not in cues.PARTICLES
    return ENOUGH_IN_SMALL_LETTERS if small else ENOUGH


def _skipped(words: Sequence[Word], place: int) -> int:
    """Where a place or a company of several words ends: "Milton Keynes"; 0 where none begins."""
    if words[place].shape is Shape.LOWER:
        return 0
    if place + 1 < len(words) and f"{words[place].plain} {words[place + 1].plain}" in cues.COMPANIES:
        return place + 2
    count = place_length(words[place], words[place + 1 : place + 3])
    return place + count if count else 0


def _is_joined(words: Sequence[Word], place: int, end: int) -> bool:
    if place == end:
        return words[place].gap in {", ", ",", " & ", "/", " + ", " / "}
    return place == end + 1 and words[end].plain in _JOINS and words[place].gap == " "


def _candidate(words: Sequence[Word], place: int, never: AbstractSet[str]) -> int:
    """Where the run that may begin here ends; 0 where none may."""
    word = words[place]
    if word.shape is Shape.LOWER:
        return _in_small_letters(words, place, never)
    if not _may_be(word, never):
        return 0
    last = _end(words, place, never)
    if word.shape is Shape.INITIAL and (last == place + 1 or not words[place + 1].gap.startswith(".")):
        return 0  # "I Priya", "plan B"
    while last > place and (words[last - 1].plain in cues.PARTICLES or words[last - 1].shape is Shape.INITIAL):
        last -= 1
    return last if last > place else 0


def _may_be(word: Word, never: AbstractSet[str]) -> bool:
    if word.shape in {Shape.LOWER, Shape.MIXED} or word.plain in never or len(word.text) > LONGEST_WORD:
        return False
    if word.shape is Shape.INITIAL:
        return True
    if word.shape is Shape.UPPER and len(word.text) <= LONGEST_ABBREVIATION and not word.heading:
        return False
    return word.plain not in cues.NEVER and not word.bare.casefold().endswith(_CONTRACTED)


def _goes_on(words: Sequence[Word], place: int, never: AbstractSet[str]) -> bool:
    """Whether the word there can belong to the run before it."""
    word = words[place]
    if not _may_be(word, never) or word.opens or (word.mark & WORD and not word.mark & (GIVEN | FAMILY)):
        return False
    return word.shape is words[place - 1].shape or Shape.UPPER not in {word.shape, words[place - 1].shape}


def _end(words: Sequence[Word], first: int, never: AbstractSet[str]) -> int:
    """One past the last word that goes on with the run."""
    last = first + 1
    while last < min(len(words), first + MOST_WORDS) and not words[last - 1].possessive:
        word = words[last]
        initial = words[last - 1].shape is Shape.INITIAL and word.gap in {". ", "."}
        if word.gap != " " and not initial:
            break
        if word.plain in cues.PARTICLES:
            after = _beyond_particles(words, last)
            if not after:
                break
            last = after
        elif not _goes_on(words, last, never):
            break
        last += 1
    return min(last, len(words))


def _beyond_particles(words: Sequence[Word], place: int) -> int:
    """Where the name goes on behind "van der"; 0 where it does not."""
    last = place
    while last < min(len(words), place + 3) and words[last].plain in cues.PARTICLES and words[last].gap == " ":
        last += 1
    goes_on = last < len(words) and words[last].gap == " " and words[last].shape in {Shape.TITLE, Shape.UPPER}
    return last if goes_on else 0


def _in_small_letters(words: Sequence[Word], place: int, never: AbstractSet[str]) -> int:
    word = words[place]
    if word.plain in never:
        return 0
    titled = place > 0 and words[place - 1].plain in cues.SURE_TITLES and word.gap in {" ", ". "}
    if word.plain in cues.PARTICLES and (titled or word.opens):
        last = place + 1
        while last < len(words) and words[last].gap == " " and words[last].plain in cues.PARTICLES:
            last += 1
        goes_on = last < len(words) and words[last].gap == " " and (titled or words[last].shape is Shape.TITLE)
        return last + 1 if goes_on else 0
    if word.plain in cues.NEVER or (len(word.plain) < SHORTEST_IN_SMALL_LETTERS and not titled):
        return 0
    following = words[place + 1] if place + 1 < len(words) else None
    if following and following.gap == " " and _only_a_name(following) and _only_a_name(word):
        return place + 2
    return place + 2 if following and is_handle(word, following) else place + 1


def _only_a_name(word: Word) -> bool:
    return word.shape is Shape.LOWER and bool(word.mark & (GIVEN | FAMILY)) and not word.mark & (WORD | PLACE)
