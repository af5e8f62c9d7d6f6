"""What a text says that a customer could be found by: addresses and numbers, names, postcodes. Looks nothing up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from bot.customers import normal
from bot.customers.kinds import KeyKind
from bot.personal.folding import Folded
from bot.personal.names import introduced

# As far as a question goes; nobody pastes a novel to ask who wrote it.
LONGEST = 4000
_MOST_WORDS = 400
_EMAIL = re.compile(r"[\w.!#$%&*+=?^{|}~'/-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_PHONE = re.compile(r"(?<![\w#])\+?\(?\d(?:[ ().\-/]{0,3}\d){6,14}(?!\w)")
_TOKEN = re.compile(r"#? ?[\w][\w\-/.]*\w|#? ?\w")
_CUED = re.compile(
    r"\b(?:order|account|acct|a/c|customer|cust|client|user|member|contract|subscriber|reference|ref|case)s?"
    r"(?: ?(?:numbers?|no|nr|num|ids?|#))?[.:#]{0,2}(?: is)?[ :]{1,2}(?P<value>#? ?[A-Z]{0,3}[ -]?[\w-]*\d[\w-]*)",
    re.IGNORECASE,
)
_OF_A_THING = re.compile(
    r"\b(?:item|product|article|sku|model|serial|tracking|card)s?(?: ?(?:numbers?|no|nr|ids?|#))?[.:# ]{0,3}$",
    re.IGNORECASE,
)
_SPACED = re.compile(
    r"#? ?\b[A-Z]{1,3}[ -]\d{3,}(?:[ -]\d{2,}){0,3}\b|#? ?\b\d{3,4}(?:[ -]\d{3,4}){1,3}\b", re.IGNORECASE
)
_POSTCODE = re.compile(
    r"(?:(?<![\w#$])|(?<=zip)|(?<=code))"
    r"(?:\d{5}(?:-\d{4})?|\d{4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)",
    re.IGNORECASE,
)
_POSTCODE_CUE = re.compile(r"(?:\b(?i:zip|postal|post ?code|plz)(?i:code)?\b[^\d\n.;]{0,20}|\b[A-Z]{2},? )$")
_WORD = re.compile(r"[^\W\d_]+(?:['’‘ʼ′`´-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’‘ʼ′`´]s$")
_SURE_OF_ITSELF = 6  # so many characters with a digit are an id without a word before it
_REACH = 3
_JOINED = re.compile(r"[ \t]?,?\s{0,2}|\. ?")
# Words that stand beside names and are none where nobody typed a capital.
_COMMON = frozenset(
    """
    a about account again all already also am an and another any are as ask asks at back be because been before bill
    billed box but by call called caller calls can card chat code could credit customer day did do does email exchange
    for from get got had happened has have he her here him his home how i if in is it item its just last lives living
    mail me modem more my name named need new no not now number of off on one or order ordered orders our out phone
    please post product re refund regarding return returned returns said say says send sent she should since so some
    status still store street than thank thanks that the their them then there they this to today told up us user wait
    waiting wants was we were what when where which who whose why will wishes with would yesterday yet you your zip
    zipcode
    """.split()  # noqa: SIM905 - read as words
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """What leads to one customer. `sure`: it was called a number of theirs, or can be nothing else."""

    kinds: frozenset[KeyKind]
    value: str
    said: str
    sure: bool


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two words of a text that may be a name, and which words they are."""

    value: str
    places: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Everything that a text says; `plain` is all of it as cities and streets are compared."""

    identifiers: tuple[Identifier, ...]
    pairs: tuple[NamePair, ...]
    words: tuple[str, ...]
    introduced: tuple[str, ...]
    postcodes: frozenset[str]
    said_postcodes: frozenset[str]
    plain: str


def mentions_in(text: str, *, country: str) -> Mentions:
    """`country` is where phone numbers without a country code are read as of."""
    folded = Folded.of(text[:LONGEST]).text
    identifiers = list(dict.fromkeys(_identifiers(folded, country)))
    codes, said = _postcodes(folded)
    rest = _EMAIL.sub(lambda match: " \0 ".ljust(len(match[0])), folded)
    words = list(_WORD.finditer(rest))[:_MOST_WORDS]
    return Mentions(
        tuple(identifiers),
        tuple(_pairs(rest, words)),
        tuple(normal.folded(match[0]) for match in words),
        tuple(folded[span.start : span.end] for span in introduced(folded)),
        codes,
        said,
        f" {normal.plain_text(folded)} ",
    )


def _identifiers(text: str, country: str) -> Iterator[Identifier]:
    for match in _EMAIL.finditer(text):
        if address := normal.email(match[0].strip(".'")):
            yield Identifier(frozenset({KeyKind.EMAIL}), address, match[0], sure=True)
    rest = _EMAIL.sub(lambda match: " " * len(match[0]), text)
    for match in _PHONE.finditer(rest):
        if number := normal.phone(match[0], country):
            sure = any(mark in match[0] for mark in "+ ().-")
            yield Identifier(
                frozenset({KeyKind.PHONE}), number, match[0], sure=sure and not _SPACED.fullmatch(match[0])
            )
    yield from _references(rest)


_REFERENCES = frozenset({KeyKind.ACCOUNT, KeyKind.ORDER, KeyKind.EXTERNAL})


def _references(text: str) -> Iterator[Identifier]:
    for match in _CUED.finditer(text):
        if value := normal.reference(match["value"]):
            yield Identifier(_REFERENCES, value, match["value"].strip(), sure=True)
    for pattern in (_TOKEN, _SPACED):
        for match in pattern.finditer(text):
            value = normal.reference(match[0])
            marked = match[0].startswith("#")
            if not value or _OF_A_THING.search(text[max(0, match.start() - 30) : match.start()]):
                continue
            if marked and any(map(str.isdigit, value)):
                yield Identifier(_REFERENCES, value, match[0].strip(), sure=len(value) >= _SURE_OF_ITSELF)
            elif len(value) >= _SURE_OF_ITSELF and (any(map(str.isdigit, value)) or "_" in value):
                yield Identifier(_REFERENCES, value, match[0].strip(), sure="_" in value)


def _postcodes(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """All that may be one, and those that were called one."""
    found, said = set(), set()
    for match in _POSTCODE.finditer(text):
        if code := normal.postcode(match[0]):
            found.add(code)
            if _POSTCODE_CUE.search(text[max(0, match.start() - 40) : match.start()]):
                said.add(code)
    return frozenset(found), frozenset(said)


def _pairs(text: str, words: list[re.Match[str]]) -> Iterator[NamePair]:
    """Every two words near each other that may be of one name, whatever stands between them in it."""
    readings = [normal.readings(_POSSESSIVE.sub("", match[0])) for match in words]
    may = [_may_be_name(match[0]) for match in words]
    for first in range(len(words)):
        if not may[first]:
            continue
        if "-" in words[first][0]:
            for halves in combinations(readings[first], 2):
                yield NamePair(normal.pair(*halves), (first, first))
        for second in range(first + 1, min(first + 1 + _REACH, len(words))):
            if not _joined(text, words[second - 1], words[second]):
                break
            if not may[second]:
                continue
            for one, other in ((a, b) for a in readings[first] for b in readings[second]):
                yield NamePair(normal.pair(one, other), (first, second))


def _may_be_name(word: str) -> bool:
    return len(word) > 1 and (word[:1].isupper() or normal.folded(word) not in _COMMON)


def _joined(text: str, before: re.Match[str], after: re.Match[str]) -> bool:
    between = text[before.end() : after.start()]
    if "." in between:
        return len(before[0]) == 1 or before[0].casefold() in {"mr", "mrs", "ms", "dr"}
    return _JOINED.fullmatch(between) is not None
