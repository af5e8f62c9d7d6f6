"""How likely a run of words is somebody's name: what the list, its shape and the words around it say, added up.

The figures were chosen on `tests/personal_names/dev.jsonl`, and some after a look at `fresh.jsonl`.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bot.personal.persons import cues
from bot.personal.persons.name_list import FAMILY, GIVEN, PLACE, WORD
from bot.personal.persons.neighbors import before, behind
from bot.personal.persons.reading import Shape, Word, is_handle

NAMES = GIVEN | FAMILY
# From here on a run is a name.
ENOUGH = 1.9
ENOUGH_IN_SMALL_LETTERS = 2.1
# What a name is worth beside which it stands: "Asif, Gemma and Piotr".
JOINED = 1.2
_MOST_PARTS = 4


def score(words: Sequence[Word], first: int, last: int, *, never: AbstractSet[str], joined: bool) -> float:
    """Of `words[first:last]`; `ENOUGH` and more is a name. `joined` says that "and" or a comma ties it to a name."""
    own = _by_itself(words[first:last], never)
    return own + before(words, first) + behind(words, first, last) + JOINED * joined


def _by_itself(run: Sequence[Word], never: AbstractSet[str]) -> float:
    if run[0].plain in cues.BEGIN_PLACES and run[0].shape is not Shape.LOWER:
        return -1.5
    parts = [word for word in run if word.shape is not Shape.INITIAL and word.plain not in cues.PARTICLES]
    if not parts:
        return -2.0
    if len(parts) == 1:
        return _alone(parts[0], never) + 1.2 * (len(run) > 1)
    return sum(_part(word, never) for word in parts[:_MOST_PARTS]) + _together(parts)


def _alone(word: Word, never: AbstractSet[str]) -> float:
    mark = word.mark
    if word.shape is Shape.LOWER:
        return _in_small_letters(word)
    if word.plain in cues.THINGS_NAMED_SO or word.plain in never:
        return -1.0
    if mark & WORD:
        own = 0.5 if mark & GIVEN and word.shape is Shape.TITLE else -0.4 if mark & NAMES else -1.3
        return own - 0.8 * (word.opens or word.heading)
    return _by_list(word) - 0.5 * (word.shape is Shape.UPPER or word.heading)


def _by_list(word: Word) -> float:
    """Of what is no English word."""
    if word.mark & PLACE or word.plain in cues.PLACES:
        return 0.6 if word.mark & GIVEN else -0.6
    if word.mark & NAMES:
        return 2.1 if word.mark & GIVEN else 1.2
    if "'" in word.bare or "-" in word.bare:
        return 0.6
    return (0.2 if word.shape is Shape.TITLE else -1.0) - 0.3 * word.opens


def _in_small_letters(word: Word) -> float:
    if word.mark & (WORD | PLACE) or word.plain in cues.THINGS_NAMED_SO or word.plain in cues.TEAMS:
        return -1.5
    return 1.0 if word.mark & GIVEN else 0.4 if word.mark & FAMILY else -0.6


def _part(word: Word, never: AbstractSet[str]) -> float:
    """One word of several."""
    mark = word.mark
    if word.plain in never:
        return -1.5
    brand = word.plain in cues.THINGS_NAMED_SO
    if mark & WORD:
        return (0.5 if mark & GIVEN else 0.3 if mark & FAMILY else -1.3) - 0.5 * brand
    if mark & NAMES:
        return (0.5 if mark & PLACE else 1.2) - 0.8 * brand
    return -0.6 if mark & PLACE else 0.5


def _together(parts: Sequence[Word]) -> float:
    """What the words of a run say as one: "Maya Osei", not "Duncan Street"."""
    first, last = parts[0], parts[-1]
    given_first = bool(first.mark & GIVEN) and not first.mark & WORD
    worth = 0.6 * given_first
    if last.plain in cues.ENDS_OF_PLACES:
        worth -= 3.0
    if first.shape is Shape.LOWER:
        worth += 2.0 if is_handle(first, parts[1]) else -1.2
    if not given_first:
        worth -= 1.0 * first.heading + 2.0 * (last.plain in cues.THINGS and bool(last.mark & WORD))
    return worth
