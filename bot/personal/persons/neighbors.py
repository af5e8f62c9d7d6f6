"""What the words before and behind a run say of it: more than 0 speaks for a person, less against."""

from collections.abc import Iterable, Sequence

from bot.personal.persons import cues
from bot.personal.persons.name_list import NOUN, PLACE
from bot.personal.persons.reading import Shape, Word


def _weights(*groups: tuple[float, Iterable[str]]) -> dict[str, float]:
    """Of a word in several groups the last one counts."""
    return {word: weight for weight, words in groups for word in words}


def _pairs(*groups: tuple[float, Iterable[str], Iterable[str]]) -> dict[tuple[str, str], float]:
    return {(one, two): weight for weight, ones, twos in groups for one in ones for two in twos}


_BEFORE = _weights(
    (-1.3, cues.INSIDE),
    (-2.2, cues.DETERMINERS),
    (0.5, cues.REACHED),
    (-1.3, cues.HANDLED),
    (1.2, cues.PERSONAL_ROLES),
    (1.4, cues.ASKED),
    (0.7, ("as", "like", "than", "both", "behalf", "it's")),
    (2.5, ("dr", "prof", "mx", "miss")),
    (4.0, cues.SURE_TITLES),
    (1.7, ("i'm", "im")),
    (2.2, cues.GREETINGS),
)
_TWO_BEFORE = _pairs(
    (1.4, cues.SPOKE, ("with", "to", "about")),
    (1.2, ("thanks", "over", "reported", "given", "assigned", "forwarded", "sent", "belongs"), ("to",)),
    (0.9, ("this", "it", "here", "holder", "manager", "lead", "owner", "supervisor"), ("is",)),
    (0.7, ("behalf",), ("of",)),
    (0.7, ("",), ("its",)),
    (1.7, ("i",), ("am",)),
    (2.2, ("name",), ("is",)),
    (0.0, ("i", "we", "you", "they", "will", "and", "to"), ("miss",)),
)
_BEHIND = _weights(
    (0.5, cues.HUMAN),
    (-1.2, cues.MACHINE),
    (1.4, cues.SAID),
    (2.2, cues.SAID_FOR_SURE),
    (-2.2, cues.THINGS),
    (0.4, ("from",)),
    (1.2, ("here",)),
)
_TWO_BEHIND = _pairs(
    (-1.5, ("is", "was", "does", "keeps", "times"), cues.MACHINE),
    (1.3, ("was", "is", "has", "were", "got"), cues.SUFFERED),
    (1.2, ("in", "at", "on", "over", "back"), cues.TEAMS),
    (2.2, ("from",), cues.TEAMS),
    (1.4, ("reports",), ("that", "the", "a", "an", "it")),
)
# Behind a comma: "Padma, can you", "Ottmar, who noticed it".
_TURNED_TO = _weights((0.2, ("from", "it", "our", "my", "the")), (0.8, ("who", "she", "he", "please", "can", "could")))
_BESIDE = frozenset({" ", " '", ' "', ". "})


def before(words: Sequence[Word], first: int) -> float:
    """What stands before `words[first]` says."""
    gap = words[first].gap
    if "@" in gap or first == 0:
        return 1.5 * ("@" in gap)
    one = words[first - 1]
    said = one.text.casefold()
    two = words[first - 2].plain if first > 1 and one.gap == " " else ""
    if said in cues.CLOSINGS or (two, said) == ("thank", "you"):
        return 2.0 if "\n" in gap or "," in gap else 1.6 if set(gap) <= {" ", "!", "."} else 0.0
    if gap in _BESIDE and not (words[first].opens and gap != ". "):
        return _TWO_BEFORE.get((two, said), _BEFORE.get(said, 0.0))
    return _apart(said, gap)


def _apart(said: str, gap: str) -> float:
    """ "Reporter: Maya", "hello, Maya", "my lead (Maya)", "the caller, Maya"."""
    if "\n" in gap:
        return 0.0
    if gap.strip(" ") in {":", "-", ": -"}:
        return 1.5 * (said in cues.LABELS)
    if gap in {", ", ". "} and said in cues.GREETINGS:
        return 1.5
    return 1.2 * (gap in {", ", " ("} and said in cues.PERSONAL_ROLES)


def behind(words: Sequence[Word], first: int, last: int) -> float:
    """What stands behind `words[first:last]` says."""
    if last >= len(words):
        return 0.0
    following = words[last]
    if words[last - 1].possessive:
        return _owned(following) if following.gap == " " else 0.0
    if following.gap.lstrip(" ")[:1].isdigit():
        return -1.5
    if following.gap != " ":
        return _TURNED_TO.get(following.text.casefold(), 0.0) if following.gap == ", " else 0.0
    return _directly_behind(words, first, last)


def _owned(thing: Word) -> float:
    said = thing.text.casefold()
    return 1.2 if said in cues.BELONGINGS else -0.4 if said in cues.THINGS else 0.2


def _directly_behind(words: Sequence[Word], first: int, last: int) -> float:
    following = words[last]
    beyond = words[last + 1] if last + 1 < len(words) and words[last + 1].gap == " " else None
    said, then = following.text.casefold(), beyond.text.casefold() if beyond else ""
    worth = _TWO_BEHIND.get((said, then), _BEHIND.get(said, 0.0))
    if beyond and said == "from" and beyond.mark & PLACE and beyond.shape is Shape.TITLE:
        worth = max(worth, 1.2)
    if then in cues.TEAMS and worth > 0 and last + 2 < len(words):
        verb = words[last + 2].text.casefold()
        worth += 0.7 * (words[last + 2].gap == " " and (verb in cues.SAID or verb in cues.HUMAN))
    # "Jean size chart": where a sentence begins, a thing behind a name makes it one.
    thing = following.mark & NOUN and following.shape is Shape.LOWER
    return -1.0 if words[first].opens and worth == 0 and thing else worth
