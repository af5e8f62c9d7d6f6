"""Whether two clauses speak of different things: a modem here and a router there, weekdays here and Sundays there."""

import re
from functools import lru_cache

from bot.retrieval.disagreement import frames
from bot.retrieval.disagreement.alternatives import ACTORS, KINDS
from bot.retrieval.disagreement.grammar import DAYS
from bot.retrieval.disagreement.numerals import NUMBER_WORDS
from bot.retrieval.disagreement.rings import meant
from bot.words import stem, words
from bot.words import stems as all_stems

_LONGEST_NAME = 2
# Two headings with this share of their words in common are one heading.
_ALIKE = 0.75
_LOW = re.compile(
    r"\b(?:within|in|during|for|up to|until|below|under|less than|before|fewer than|not older than|"
    r"no older than|(?:with)?in the first|the first)"
    r"(?: the first| the| an?)? ?$",
    re.IGNORECASE,
)
_HIGH = re.compile(
    r"\b(?:after|over|above|(?<!no )(?<!not )more than|(?<!no )(?<!not )older than|"
    r"(?<!no )(?<!not )longer than|from|exceeding|exceeds|beyond|later than|past|at least|since|"
    r"starting|once)(?: the first| the| an?)? ?$", re.IGNORECASE
)  # fmt: skip
_HIGH_AFTER = re.compile(r"^ ?(?:or (?:more|over|above|older|longer|later)|and (?:over|above|up))\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:before|until|till|up to|prior to|earlier than) (?:the |an? |it |they )?(\w+)(?: (\w+))?", re.IGNORECASE
)
_AFTER = re.compile(
    r"\b(?:after|since|from|once|as soon as|as of|later than|starting) (?:the |an? |it |"
    r"they )?(\w+)(?: (\w+))?",
    re.IGNORECASE,
)


# A page about these is a special case of a page that does not name them.
_SPECIAL = frozenset(
    stem(word)
    for word in [
        "business",
        "corporate",
        "prepaid",
        "abroad",
        "postpaid",
        "minor",
        "minors",
        "partner",
        "partners",
        "contractor",
        "contractors",
        "wholesale",
        "vip",
        "trial",
        "probation",
    ]
)
# Words for one special case, each as the first of them.
_ALIKE_CASES = {
    stem(word): stem(line.split()[0])
    for line in (
        "business company companies corporate commercial firm",
        "minor minors child children teenager youth under",
    )
    for word in line.split()
}
_CASE = re.compile(
    r" > (?:after|without|unless|exceptions?|special cases?|cases without|examples?)\b[^>]*$", re.IGNORECASE
)


def special(heading: str, everything: str, *, other: tuple[str, str]) -> bool:
    """Whether one text is a case that the other does not name: business customers, "After day 90", another town."""
    other_heading, other_everything = other
    return (
        _narrower(heading, other_everything)
        or _narrower(other_heading, everything)
        or _parallel(heading, other_heading)
    )


def _narrower(heading: str, other: str) -> bool:
    narrowed = {_ALIKE_CASES.get(word, word) for word in _said(heading) & _SPECIAL}
    known = {_ALIKE_CASES.get(word, word) for word in _said(other)}
    case = _CASE.search(heading)
    return bool(narrowed and not narrowed & known) or bool(case and not meant(case[0]) & meant(other))


def elsewhere(clause: str, other: str) -> bool:
    """Whether two clauses name different alternatives of one kind, such as shops and the app."""
    mine, theirs = _said(clause), _said(other)
    return any(
        any(mine & group and not theirs & group for group in kind)
        and any(theirs & group and not mine & group for group in kind)
        and not any(mine & group and theirs & group for group in kind)
        for kind in KINDS
    )


@lru_cache(maxsize=20_000)
def actors(clause: str) -> frozenset[int]:
    """The kinds of people (agents, supervisors, customers, ...) that a clause names, by number."""
    said = {stem(word) for word in words(clause.replace("team lead", "teamlead"))}
    return frozenset(number for number, group in enumerate(ACTORS) if said & group)


def named_actor(clause: str) -> str:
    """The first word for such people in a clause, as it stands there."""
    return next((word for word in words(clause) if any(stem(word) in group for group in ACTORS)), "")


@lru_cache(maxsize=20_000)
def doer(clause: str) -> int | None:
    """Who does it: the kind of people named before the verb, or behind "by"; None where nobody is."""
    for word in words(clause.replace("team lead", "teamlead"))[:4]:
        for number, group in enumerate(ACTORS):
            if stem(word) in group:
                return number
    return None


def apart(clause: str, heading: str, everything: str, *, other: tuple[str, str, str]) -> str:
    """Why two clauses are about different things, "" where nothing says so.

    Each side is a clause, the heading it stands under, and the whole text with its heading.
    """
    other_clause, other_heading, other_everything = other
    own, others = _said(everything), _said(other_everything)
    here, there = _said(f"{heading} {clause}"), _said(f"{other_heading} {other_clause}")
    for kind in KINDS:
        mine = {number for number, group in enumerate(kind) if here & group and not others & group}
        theirs = {number for number, group in enumerate(kind) if there & group and not own & group}
        both = any(here & group and there & group for group in kind)
        if mine and theirs and not both:
            return f"different cases: {_named(kind, mine)} and {_named(kind, theirs)}"
    titled = frames.two_things((heading, clause, everything), (other_heading, other_clause, other_everything))
    if titled:
        return f"different subjects: {titled[0]} and {titled[1]}"
    doers = doer(clause), doer(other_clause)
    if None not in doers and doers[0] != doers[1]:
        return "different people"
    if _before_and_after(f"{heading}. {clause}", f"{other_heading}. {other_clause}"):
        return "before and after the same moment"
    return ""


def _parallel(heading: str, other: str) -> bool:
    """Whether two pages of one pattern are meant: "Chicago > Opening hours", "Boston > Opening hours"."""
    title, _, section = heading.partition(" > ")
    other_title, _, other_section = other.partition(" > ")
    mine, theirs = stems(section), stems(other_section)
    alike = len(mine & theirs) >= _ALIKE * max(len(mine), len(theirs)) and bool(mine)
    if stems(title) & stems(section):
        return False
    return alike and not meant(title) & meant(other_title) and _is_name(title) and _is_name(other_title)


def _is_name(title: str) -> bool:
    """Whether a title is a name such as a town's: one or two words, and none of the trade."""
    return len(title.split()) <= _LONGEST_NAME and not any(mine & _said(title) for kind in KINDS for mine in kind)


def complementary(before: str, after: str, other_before: str, other_after: str) -> bool:
    """Whether one number closes what it opens in the other clause: within 30 days here, after 30 days there."""
    low, high = bool(_LOW.search(before)), bool(_HIGH.search(before) or _HIGH_AFTER.search(after))
    other_low = bool(_LOW.search(other_before))
    other_high = bool(_HIGH.search(other_before) or _HIGH_AFTER.search(other_after))
    return (low and not high and other_high) or (high and other_low and not other_high)


def _before_and_after(one: str, other: str) -> bool:
    def moments(pattern: re.Pattern[str], text: str) -> set[str]:
        said = {word.lower() for found in pattern.finditer(text) for word in found.groups() if word and word.isalpha()}
        return {stem(word) for word in said} - _IDLE

    return bool(moments(_BEFORE, one) & moments(_AFTER, other) or moments(_AFTER, one) & moments(_BEFORE, other))


_IDLE = frozenset(
    stem(word)
    for word in [
        "the",
        "a",
        "an",
        "is",
        "are",
        "was",
        "has",
        "have",
        "been",
        "of",
        "and",
        "or",
        "on",
        "in",
        "to",
        "it",
        "that",
        "this",
        "then",
        "first",
        "late",
        *DAYS,
        *NUMBER_WORDS,
    ]
)


@lru_cache(maxsize=20_000)
def stems(text: str) -> frozenset[str]:
    return all_stems(text)


@lru_cache(maxsize=20_000)
def _said(text: str) -> frozenset[str]:
    flat = text.lower()
    if "intern" in flat:
        # A stemmer takes "internal" and "international" for one word.
        flat = re.sub(r"\binternational\w*", "abroad", re.sub(r"\binternal\w*|\binterns?\b", "inhouse", flat))
    flat = re.sub(r"\b(full|part|one|same|second|pre)[- ](time|day|hand|owned)\b", r"\1\2", flat)
    return frozenset(stem(word) for word in words(flat.replace("pick-up", "pickup")))


def _named(kind: tuple[frozenset[str], ...], numbers: set[int]) -> str:
    return ", ".join(sorted(min(kind[number]) for number in numbers))
