"""Keys in the form in which they are compared: "#W2378156" is "w2378156", "Niamh O’Brien" is "niamh" and "obrien"."""

import re
import unicodedata
from functools import lru_cache
from itertools import combinations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_EMAIL = re.compile(r"[^@\s<>]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ′`´＇"))
# NFKD takes no stroke from a letter.
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"})
_UNSAID = re.compile(r"\W+")
# Ten digits as North Americans write them.
_NORTH_AMERICAN = re.compile(r"\(?([2-9]\d\d)\)?[ .-]?(\d{3})[ .-]?(\d{4})", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
_PARTICLES = frozenset(
    """
    van von de der den da dos das del della di do du la le el al bin bint ibn ben of y e
    """.split()  # noqa: SIM905 - read as words
)
_TITLES = frozenset(
    """
    mr mrs ms miss mx dr prof jr sr ii iii
    """.split()  # noqa: SIM905 - read as words
)
_ZIP_PLUS_4 = re.compile(r"(\d{5})-?\d{4}")
_VOWELS = re.compile(r"[aeiouyhw]")
_TWICE = re.compile(r"(.)\1+")
_SOUNDS = (("ph", "f"), ("ck", "k"), ("cz", "s"), ("sch", "s"), ("c", "k"), ("q", "k"), ("x", "ks"), ("z", "s"))
LONGEST = 200


def folded(text: str) -> str:
    """Small letters without accents and apostrophes."""
    if text.isascii():
        return text.translate(_APOSTROPHES).lower()
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold()).translate(_STROKES)
    return "".join(character for character in plain if not unicodedata.combining(character))


def email(text: str) -> str | None:
    """None where it is no address."""
    address = text.strip().casefold().removeprefix("mailto:")
    return address if _EMAIL.fullmatch(address) else None


@lru_cache(maxsize=100_000)
def phone(text: str, country: str) -> str | None:
    """As +15125550147; a number without a country code is read as of this country. None where it is no number."""
    if country == "US" and (short := _NORTH_AMERICAN.fullmatch(text)):
        return f"+1{short[1]}{short[2]}{short[3]}"  # as the library says, which takes some fifty times as long
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def reference(text: str) -> str | None:
    """The number of an order or account, or an id, without case, spaces and signs; None where nothing is left.

    An underscore counts: "mei_kovacs_8020" is one id, and people type it as it stands.
    """
    return _UNSAID.sub("", folded(text))[:LONGEST] or None


def postcode(text: str) -> str | None:
    plain = "".join(text.upper().split())
    longer = _ZIP_PLUS_4.fullmatch(plain)
    return (longer[1] if longer else plain)[:LONGEST] or None


def words(text: str) -> list[str]:
    return _WORD.findall(folded(text))


def plain(text: str) -> str:
    """A city or street, as it is compared: "986 sunset drive"."""
    return plain_text(text)[:LONGEST]


def plain_text(text: str) -> str:
    return " ".join(words(text))


@lru_cache(maxsize=20_000)
def readings(word: str) -> tuple[str, ...]:
    """How a written word of a name may be typed: "O'Brien" as "obrien" and "brien", "Al-Hassan" in two words or one."""
    parts = [part for part in _WORD.findall(folded(word)) if part]
    found = dict.fromkeys(parts)
    if len(parts) > 1:
        found["".join(parts)] = None
    halves = [half for half in re.split(r"['’‘ʼ′`´＇]", word) if half]
    if len(halves) > 1 and len(halves[-1]) > 2:  # noqa: PLR2004 - the 's of "Dana's" is no name
        found |= dict.fromkeys(words(halves[-1]))
    return tuple(found)


def name_words(name: str) -> list[tuple[str, ...]]:
    """The words of a name with their readings, without titles; "Rossi, Yusuf" comes as "Yusuf Rossi"."""
    last, comma, first = name.partition(",")
    turned = f"{first} {last}" if comma and first.strip() else name
    found = [readings(word) for word in turned.split()]
    return [each for each in found if each and not (len(each) == 1 and each[0] in _TITLES)]


def name_keys(name: str) -> set[str]:
    """Every two words of a name, so that a middle name may be missing; one word where there is no other."""
    spoken = [named for each in name_words(name) if (named := tuple(filter(_names, each)))]
    hyphened = {pair(one, other) for each in spoken for one, other in combinations(each, 2) if one + other in each}
    if len(spoken) < 2:  # noqa: PLR2004 - two words are a name
        return hyphened or {reading[:LONGEST] for each in spoken for reading in each}
    return hyphened | {pair(a, b) for one, other in combinations(spoken, 2) for a in one for b in other}


def _names(word: str) -> bool:
    """Whether a word tells people apart: an initial and the "van" of a name do not."""
    return word not in _PARTICLES and (len(word) > 1 or not word.isascii())


def pair(one: str, other: str) -> str:
    return " ".join(sorted((one, other)))[:LONGEST]


@lru_cache(maxsize=100_000)
def sound(pair_of_words: str) -> str:
    """A name key without what is easily misspelled: vowels, doubled letters, "ph" for "f"."""
    return " ".join(sorted(map(_sound, pair_of_words.split(" "))))


def _sound(word: str) -> str:
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return word[:1] + _TWICE.sub(r"\1", _VOWELS.sub("", _TWICE.sub(r"\1", word[1:])))
