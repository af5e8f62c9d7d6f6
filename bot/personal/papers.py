"""Identity and tax numbers of many countries: by the word before them, or by their form where that has check digits."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.personal.spans import Kind, Span

# Written in any case.
_WORDS = (
    r"national id(?:entity)?(?: card)?|identity (?:card|document|number)|id (?:card|document|number)|id[- ]?n[ro]\b"
    r"|personal (?:id|identity|identification)(?: number)?|tax(?:payer)?(?: file)?(?: id(?:entification)?)?"
    r"|social (?:insurance|security)|medicare|green card|aadh?aar|steuer-?(?:id|identifikations)?-?(?:nummer|nr)?"
    r"|(?:personal)?ausweis(?:nummer)?|reisepass(?:nummer)?|sozialversicherungsnummer|codice fiscale"
    r"|num[eé]ro de s[eé]curit[eé] sociale|carte (?:nationale )?d'identit[eé]|passeport|pasaporte|passaporto|paspoort"
    r"|documento (?:nacional )?de identidad|carta d'identit[aà]|personnummer|f[øo]dselsnummer|burgerservicenummer"
    r"|emirates id|cartão de cidadão|numer pesel|pesel|dowód osobisty"
)
# In capitals only: "sin" and "tin" are words.
_LETTERS = "SSN|SIN|TIN|TFN|ITIN|NIN|NINO|DNI|NIE|NIF|NUSS|INSEE|NIR|CPR|BSN|CPF|CNPJ|RFC|CURP|PAN|NRIC|HKID|PESEL|SVNR"
# Groups with a digit in each, and a letter or two at the end; a code of letters may begin it.
_NUMBER = r"(?P<number>[A-Z]{0,6}\d[\dA-Z]*(?:[ .\-/]{1,2}(?=[A-Z]{0,3}\d)[\dA-Z]+)*(?:[ -][A-Z]{1,2}(?![\w]))?)"
_BETWEEN = r"(?:[ .:#=-]|\b(?:numbers?|num|no|nr|card|is|was|ist|est|es|è|é|n[°º])\b){0,8}"
_CUED = re.compile(rf"(?<!\w)(?:{_WORDS})(?!\w){_BETWEEN}{_NUMBER}", re.IGNORECASE)
_CUED_IN_CAPITALS = re.compile(rf"(?<!\w)(?:{_LETTERS})(?!\w)(?i:{_BETWEEN}{_NUMBER})")
_FEWEST_DIGITS = 5
_FEWEST_SIGNS = 8

_SPANISH = re.compile(r"(?<!\w)(?P<number>[XYZ]?\d{7,8})[ -]?(?P<letter>[A-Z])(?!\w)", re.IGNORECASE)
_SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_ITALIAN = re.compile(r"(?<!\w)[A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z](?!\w)", re.IGNORECASE)
_MEXICAN = re.compile(r"(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d(?!\w)", re.IGNORECASE)
_INDIAN = re.compile(r"(?<!\w)[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z](?!\w)")
_BRAZILIAN = re.compile(r"(?<![\d.])(?P<number>\d{3}\.\d{3}\.\d{3}-\d\d)(?![\d-])")
_FRENCH = re.compile(r"(?<!\d)[12] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d(?!\d)")
_SWEDISH = re.compile(r"(?<![\d-])(?:19|20)?(?P<day>\d{6})[-+](?P<rest>\d{4})(?![\d-])")


# A text that has none of these words, the first in small letters, has no such number.
WORDS_OF_PAPERS = (
    "identi", "id card", "id doc", "id num", " id n", "id-n", "personal id", "national id", "tax", "social", "medicare",
    "green card",
    "aadh", "steuer", "ausweis", "reisepass", "sozialvers", "codice fiscale", "sécurité", "securite", "passeport",
    "pasaporte", "passaporto", "paspoort", "personnummer", "fødselsnummer", "fodselsnummer", "burgerservice",
    "emirates", "cidadão", "pesel", "dowód",
)  # fmt: skip
CAPITALS_OF_PAPERS = tuple(_LETTERS.split("|"))


def numbered_papers(text: str) -> Iterator[Span]:
    """What a word before it says to be one."""
    return _behind(_CUED, text)


def lettered_papers(text: str) -> Iterator[Span]:
    """What capital letters before it say to be one: "SIN 046 454 286"."""
    return _behind(_CUED_IN_CAPITALS, text)


def _behind(cued: re.Pattern[str], text: str) -> Iterator[Span]:
    for match in cued.finditer(text):
        digits = sum(sign.isdigit() for sign in match["number"])
        if digits >= _FEWEST_DIGITS or (digits == _FEWEST_DIGITS - 1 and len(match["number"]) > _FEWEST_SIGNS):
            yield Span(Kind.ID, match.start("number"), match.end("number"))


@dataclass(frozen=True, slots=True)
class Form:
    """Numbers of one country by their form. A text without these shapes of digits (0) and letters (a) has none; `dense`
    is the shape without any sign between."""

    pattern: re.Pattern[str]
    checks: Callable[[re.Match[str]], bool]
    shapes: tuple[str, ...] = ()
    dense: tuple[str, ...] = ()

    def find(self, text: str) -> Iterator[Span]:
        """What looks like one, and checks as one."""
        for match in self.pattern.finditer(text):
            if self.checks(match):
                yield Span(Kind.ID, match.start(), match.end())


def _spanish(match: re.Match[str]) -> bool:
    digits = match["number"].upper().translate(str.maketrans("XYZ", "012"))
    return _SPANISH_LETTERS[int(digits) % 23] == match["letter"].upper() and len(digits) == 8  # noqa: PLR2004


def _brazilian(match: re.Match[str]) -> bool:
    digits = [int(sign) for sign in match["number"] if sign.isdigit()]
    for count in (9, 10):
        total = sum(digit * weight for digit, weight in zip(digits, range(count + 1, 1, -1), strict=False))
        if total * 10 % 11 % 10 != digits[count]:
            return False
    return len(set(digits)) > 1


def _french(match: re.Match[str]) -> bool:
    plain = match[0].replace(" ", "").upper().replace("2A", "19").replace("2B", "18")
    return plain.isdigit() and 97 - int(plain[:13]) % 97 == int(plain[13:])


def _swedish(match: re.Match[str]) -> bool:
    year, month, day = (int(match["day"][at : at + 2]) for at in (0, 2, 4))
    try:
        date(2000 + year, month, day % 60)
    except ValueError:
        return False
    digits = [int(sign) for sign in match["day"] + match["rest"]]
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[::2])  # noqa: PLR2004 - two digits from 5 on
    return (sum(doubled) + sum(digits[1::2])) % 10 == 0


def _always(_match: re.Match[str]) -> bool:
    return True


FORMS = (
    Form(_SPANISH, _spanish, shapes=("0000000a", "0000000 a", "0000000-a", "a0000000")),
    Form(_ITALIAN, _always, shapes=("aaaaaa00a00a000a",)),
    Form(_MEXICAN, _always, shapes=("aaaa000000a",)),
    Form(_INDIAN, _always, shapes=("aaaaa0000a",)),
    Form(_BRAZILIAN, _brazilian, shapes=("000.000.000-00",)),
    Form(_FRENCH, _french, dense=("0" * 13,)),
    Form(_SWEDISH, _swedish, shapes=("000000-0000", "000000+0000")),
)
