"""Names of people: those that are handed in, and those that the words around them introduce."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.personal.spans import Kind, Span
from bot.personal.vocabulary import NO_LOWER_NAMES, NO_NAMES, REFERENCES, THINGS

# What stands where something was found already.
FOUND = "\ue000"

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
MOST_WORDS = 6

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof"})
# Also where nobody typed a capital: "mrs kaya". "miss" and "dr" are other words too.
_SURE_TITLES = frozenset({"mr", "mrs", "ms"})
_PEOPLE = frozenset({"customer", "caller", "client", "cust", "subscriber", "cardholder", "holder", "tenant", "patient"})
_BETWEEN = frozenset({"name", "is", "called", "named"})
_PARTICLES = frozenset(
    {"van", "von", "de", "der", "den", "da", "dos", "del", "della", "di", "la", "le", "bin", "al", "el"}
)
_DOES = re.compile(
    r"(?: (?:is|was|stands|stood|came))?(?: (?:here|back))? (?:at|on|in|to) (?:the|my|our|line)?"
    r"(?: ?(?:counter|desk|line|phone|chat|door|shop|store|\d))\b"
    r"|,? who\b"
    r"| (?:just |has |had )?(?:called|phoned|came|wrote|emailed|rang|texted|complained)"
    r" (?:again|in|back|twice|about|from|to|and|today)\b"
    r"| (?:wants|says|asks|claims|insists|refuses|complains) (?:to|that|for|a|her|his|the|about|she|he)\b"
    r"| still (?:exchange|return|cancel|get|wants|waits)\b",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\b(?:thanks|thank you|regards|sincerely|cheers|best)[,.!]{0,2}[ \n]{1,3}(?:- ?)?$", re.IGNORECASE
)
_ASKED_ABOUT = re.compile(r"\b(?:what happened with|can|may|about|regarding|re:|did|does) $", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    gap: str  # what stands between the word before and this one

    @property
    def bare(self) -> str:
        """Without the 's of what belongs to somebody."""
        return self.text[:-2] if self.possessive else self.text

    @property
    def possessive(self) -> bool:
        return self.text.casefold().endswith("'s") and len(self.text) > 2  # noqa: PLR2004 - the 's itself

    @property
    def named(self) -> bool:
        """Written as a name is: a capital and small letters, and no word that is something else."""
        bare = self.bare
        return bare[0].isupper() and not (bare.isupper() and len(bare) > 1) and bare.casefold() not in NO_NAMES


def listed(text: str, names: Collection[str]) -> Iterator[Span]:
    """Where names of a list stand, whole, in any case, also the last one first."""
    if not names:
        return
    known: set[tuple[str, ...]] = set()
    for name in names:
        words = tuple(match[0].casefold() for match in _WORD.finditer(name.replace("’", "'")))
        known |= {words, (words[-1], *words[:-1])} if words else set()
    longest = min(MOST_WORDS, max(map(len, known), default=0))
    words_here = _words(text)
    for first, word in enumerate(words_here):
        run = [word, *_joined(words_here[first + 1 : first + longest])]
        for count in range(len(run), 0, -1):
            parts = tuple(one.text.casefold() for one in run[:count])
            bare = (*parts[:-1], run[count - 1].bare.casefold())
            if (parts in known or bare in known) and (count > 1 or word.text[0].isupper()):
                last = run[count - 1]
                yield Span(Kind.NAME, word.start, last.end if parts in known else last.start + len(last.bare))
                break


def _joined(words: list[_Word]) -> Iterator[_Word]:
    for word in words:
        if word.gap not in {" ", ", ", ",", ". "}:
            return
        yield word


def introduced(text: str) -> Iterator[Span]:
    """Names that stand where a name is announced: "Mrs Ruiz", "customer Dana Ruiz", "Dana Ruiz, order ..."."""
    words = _words(text)
    for place in range(len(words)):
        if span := _introduced(text, words, place):
            yield span


def _introduced(text: str, words: list[_Word], place: int) -> Span | None:
    word = words[place]
    said = word.text.casefold()
    span = None
    if said in _TITLES:
        span = _after_title(words, place)
    elif said in _PEOPLE:
        span = _after_person(text, words, place)
    elif said in {"name", "names", "name's", "named"}:
        span = _after_name(words, place)
    elif said in {"i'm", "am", "is", "are"}:
        span = _presented(text, words, place)
    elif word.named and (place == 0 or word.gap != " " or not words[place - 1].named):
        span = _in_the_open(text, words, place)
    return span


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for match in _WORD.finditer(text):
        words.append(_Word(match[0], match.start(), match.end(), text[end : match.start()]))
        end = match.end()
    return words


def _run(words: list[_Word], first: int) -> list[_Word]:
    """The words from here on that form one name; none where no name begins."""
    run: list[_Word] = []
    for place in range(first, min(first + MOST_WORDS, len(words))):
        word = words[place]
        if run and (word.gap not in {" ", ". "} or run[-1].possessive or (word.gap == ". " and len(run[-1].text) > 1)):
            break
        if not (word.named or _leads_to_name(words, place)):
            break
        run.append(word)
    while run and run[-1].text in _PARTICLES:
        run.pop()
    return run


def _leads_to_name(words: list[_Word], place: int) -> bool:
    """Whether it is the "van der" of a name."""
    last = place
    while last < min(len(words) - 1, place + 3) and words[last].text in _PARTICLES and words[last + 1].gap == " ":
        last += 1
    return last > place and words[last].named


def _span(run: list[_Word]) -> Span | None:
    return Span(Kind.NAME, run[0].start, run[-1].start + len(run[-1].bare)) if run else None


def _after_title(words: list[_Word], place: int) -> Span | None:
    following = words[place + 1 : place + 2]
    if not following or following[0].gap not in {" ", ". ", "."}:
        return None
    title = words[place].text
    if run := _run(words, place + 1):
        return _span(run) if title[0].isupper() or title in _SURE_TITLES else None
    plain = following[0].bare.casefold()
    lower = title.casefold() in _SURE_TITLES and plain not in NO_LOWER_NAMES and len(plain) > 1
    return _span([following[0]]) if lower else None


def _after_person(text: str, words: list[_Word], place: int) -> Span | None:
    """A customer's name behind "customer", "caller is", "customer name:"."""
    if (
        words[place].text[0].isupper()
        and place
        and words[place].gap == " "
        and text[words[place].start - 2] not in ".:?!\n"
    ):
        return None  # "the Customer Bill of Rights"
    first = place + 1
    while first < len(words) and words[first].text.casefold() in _BETWEEN and words[first].gap == " ":
        first += 1
    if first >= len(words) or words[first].gap not in {" ", ": ", ":", " - ", ", ", " (", " is "}:
        return None
    run = _run(words, first)
    if len(run) == 1 and text[run[0].end : run[0].end + 2].strip()[:1].isdigit():
        return None  # "customer Nighthawk 7"
    return _span(run)


def _after_name(words: list[_Word], place: int) -> Span | None:
    first = place + 1
    while first < len(words) and words[first].text.casefold() in {"is", "was"} and words[first].gap == " ":
        first += 1
    if first >= len(words) or words[first].gap not in {" ", ": ", ":"}:
        return None
    if run := _run(words, first):
        return _span(run)
    mine = place and words[place - 1].text.casefold() in {"my", "his", "her"} and first > place + 1
    two = words[first : first + 2]
    lower = mine and len(two) > 1 and two[1].gap == " " and not {one.text.casefold() for one in two} & NO_LOWER_NAMES
    return _span(two) if lower and not two[0].text.endswith(("ed", "ing")) else None


def _presented(text: str, words: list[_Word], place: int) -> Span | None:
    """ "I'm Ethan Reynolds", "this is Dana from the shop"."""
    said, before = words[place].text.casefold(), words[place - 1].text.casefold() if place else ""
    if said != "i'm" and (before, said) not in {("i", "am"), ("this", "is"), ("you", "are")}:
        return None
    run = _run(words, place + 1) if place + 1 < len(words) and words[place + 1].gap == " " else []
    goes_on = bool(run) and re.match(r" (?:from|here|and)\b", text[run[-1].end : run[-1].end + 8])
    return _span(run) if len(run) > 1 or (goes_on and said in {"i'm", "am"}) else None


def _in_the_open(text: str, words: list[_Word], place: int) -> Span | None:
    """Two words or more written as a name, with something personal behind them or doing what customers do."""
    run = _run(words, place)
    if len(run) < 2:  # noqa: PLR2004 - a first and a last name
        return None
    last = run[-1]
    after = text[last.end : last.end + 40]
    following = words[place + len(run)] if place + len(run) < len(words) else None
    if last.possessive:
        return _span(run) if following and following.gap == " " and following.text.casefold() in THINGS else None
    beside = re.match(rf"[ ,;:(]{{1,3}}{FOUND}", after) is not None
    told = following is not None and following.gap in {", ", " (", "; "} and following.text.casefold() in REFERENCES
    before = text[max(0, run[0].start - 25) : run[0].start]
    asked = _ASKED_ABOUT.search(before) is not None and after[:1] == "?"
    return _span(run) if beside or told or asked or _SIGNED.search(before) or _DOES.match(after) else None
