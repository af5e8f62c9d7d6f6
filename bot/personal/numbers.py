"""E-mail addresses, IBANs, cards, identity papers, phones: what is known by its form and its check digits."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from bot.personal.spans import Kind, Span
from bot.personal.vocabulary import SHARED

# Numbers without a country code are read as from here.
REGION = "US"
# Past this many a text is a table of numbers, and each that looks like a phone's is taken for one; parsing takes .1 ms.
MOST_PARSED = 500

_EMAIL = re.compile(
    r"(?:mailto:)?(?P<local>[\w.!#$%&*+=?^{|}~'-]{1,64})@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}"
    r"|\b(?P<spoken>[\w.+-]{1,64}) ?[(\[ ]at[)\] ] ?(?:[\w-]{1,63} ?[(\[ ]dot[)\] ] ?){1,4}[a-z]{2,10}\b",
    re.IGNORECASE,
)

# The registry of ISO 13616: how long an account number is in each country.
_IBAN_LENGTHS = {
    code[:2]: int(code[2:])
    for line in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28",
        "EE20 EG29  ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26",
        "IT27 JO30 KW30 KZ20  LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28",
        "NL18 NO15 OM23 PK24 PL28 PS29  PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25",
        "SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20  YE30",
    )
    for code in line.split()
}
_IBAN = re.compile(r"(?<![^\W_])(?=([A-Z]{2}\d\d(?:[ -]?[A-Z0-9]){11,30}))", re.IGNORECASE)

_SEPARATED = r"[ .\-]{0,2}"
_CARD = re.compile(
    rf"(?<!\d)(?=(\d{{13,19}}(?!\d)|\d{{4}}{_SEPARATED}\d{{4}}{_SEPARATED}\d{{4}}{_SEPARATED}\d{{4}}(?!\d)"
    rf"|3\d{{3}}{_SEPARATED}\d{{6}}{_SEPARATED}\d{{4,5}}(?!\d)))"
)
_CARD_CUE = re.compile(
    r"\b(?:card|visa|mastercard|amex|discover)(?: (?:no|number|num|nr|is|#))*[.:#]? ?"
    r"(?P<number>\d(?:[ -]?\d){11,18})(?!\d)",
    re.IGNORECASE,
)
_LAST_DIGITS = re.compile(
    r"\b(?:ending(?: in| with)?|ends (?:in|with)|last (?:4|four)(?: digits)?"
    r"(?: (?:are|is|of (?:the |her |his )?card))*)[: ]{1,2}(?P<number>\d{4})(?![\d%]|[.,:]\d)",
    re.IGNORECASE,
)

_IDENTITY = re.compile(
    r"(?<![\w-])(?P<plain>\d{3}-\d\d-\d{4}|[A-CEGHJ-PR-TW-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D])(?![\w-])"
    r"|\b(?:ssn|social(?: security)?(?: (?:number|no))?|national insurance(?: number)?)\.?:?(?: is)?[: ]{1,2}"
    r"(?P<social>\d{3}[ -]?\d\d[ -]?\d{4}|[A-Z]{2}(?: ?\d\d){3} ?[A-D])(?!\d)"
    r"|\b(?:(?:driver'?s?'?|driving) licen[cs]e|passport)(?: (?:number|no|nr|id|is|#))*[.:#]{0,2} ?"
    r"(?P<paper>(?=[A-Z]*\d)[A-Z0-9]{6,14})\b",
    re.IGNORECASE,
)

_GROUPS = re.compile(r"\d+")
_BETWEEN = frozenset({" ", "-", ".", "(", ")", ") ", " (", ")-", " - ", ").", "  "})
_LONGEST_NUMBER = 15
_SHORTEST_NUMBER = 7
_MOST_GROUPS = 10
# Of numbers here: within a town, with the area, and with the 1 before that.
_LENGTHS = frozenset({_SHORTEST_NUMBER, 10, 11})
_PHONE_CUE = re.compile(
    r"\b(?:phone|cell|mobile|tel|telephone|call(?:back)?|number|text|ring|reach|contact|fax|whatsapp|dial)"
    r"\b[^\d\n]{0,20}$",
    re.IGNORECASE,
)
_OTHER_CUE = re.compile(
    r"\b(?:item|product|article|sku|part|model|upc|ean|isbn|build|version|page|form|order|ticket|case|account|invoice"
    r"|ref|reference|tracking)\b[^\d\n]{0,12}$",
    re.IGNORECASE,
)
# As people here write them, whether or not somebody has it: they mistype, too.
_WRITTEN_AS_ONE = re.compile(r"\d{3}([-.])\d{3}\1\d{4}|\(\d{3}\) ?\d{3}[-. ]\d{4}")
# Nobody numbers an order like this, whatever the word before it: with a plus, an area in parentheses, or in the groups
# of a phone number.
_NEVER_AN_ORDER = re.compile(r"\(?\+.*|(?:1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}")
_CUE_REACHES = 40
# Nobody is behind these.
_SERVICES = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
)
# Dates, moments, amounts, shares, versions and addresses of machines.
_INNOCENT = re.compile(
    r"(?<!\d)(?:\d{4}-\d\d-\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d)"
    r"|\d{4}\.\d\d\.\d\d|\d{1,2}:\d\d(?::\d\d)?|(?:19|20)\d\d-(?:19|20)\d\d|(?:\d{1,3}\.){3}\d{1,3})(?!\d)"
    r"|[$€£¥] ?\d+(?:,\d{3})*(?:\.\d\d?)?(?!\d|[-. )]\d{3})"
    r"|(?<![\d.])\d+[.,]\d+(?![.,]?\d)|(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)|\bv\d[\d.]*"
)


def emails(text: str) -> Iterator[Span]:
    if "@" not in text and " at" not in text and "at)" not in text and "at]" not in text:
        return
    for match in _EMAIL.finditer(text):
        local = match["local"] or match["spoken"]
        start = match.start("local") if match["local"] else match.start("spoken")
        quoted = len(local) - len(local.lstrip("'"))
        if local.casefold() not in SHARED:
            yield Span(Kind.EMAIL, start + quoted, match.end())


def ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(match[1][:2].upper(), 0)
        places = [place for place, character in enumerate(match[1]) if character.isalnum()][:length]
        if length and len(places) == length and _iban_checks("".join(match[1][place] for place in places)):
            yield Span(Kind.IBAN, match.start(1), match.start(1) + places[-1] + 1)


def _iban_checks(number: str) -> bool:
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        digits = [int(character) for character in match[1] if character.isdigit()]
        if digits[0] in {2, 3, 4, 5, 6} and luhn_checks(digits):
            yield Span(Kind.CARD, match.start(1), match.end(1))
    for cue in (_CARD_CUE, _LAST_DIGITS):
        for match in cue.finditer(text):
            yield Span(Kind.CARD, match.start("number"), match.end("number"))


def luhn_checks(digits: list[int]) -> bool:
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2])  # noqa: PLR2004 - two digits from 5 on
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def identities(text: str) -> Iterator[Span]:
    for match in _IDENTITY.finditer(text):
        group = str(match.lastgroup)
        yield Span(Kind.ID, match.start(group), match.end(group))


def phones(text: str) -> Iterator[Span]:
    """From each group of digits the longest run of groups that is a phone number."""
    plain = _INNOCENT.sub(lambda match: "\0" * len(match[0]), text)
    groups = [(match.start(), match.end()) for match in _GROUPS.finditer(plain)]
    first = parsed = 0
    while first < len(groups):
        for last in reversed(range(first, _reach(plain, groups, first))):
            start = _opening(plain, groups[first][0])
            end = groups[last][1]
            if _stands_alone(plain, start, end) and _may_be(plain, start, end):
                parsed += 1
                if parsed > MOST_PARSED or _is_phone(plain, start, end):
                    yield Span(Kind.PHONE, start, end)
                    first = last
                    break
        first += 1


def _reach(text: str, groups: list[tuple[int, int]], first: int) -> int:
    """One past the last group that can belong to the number that begins with `first`."""
    digits = groups[first][1] - groups[first][0]
    last = first + 1
    while (
        last < min(len(groups), first + _MOST_GROUPS)
        and text[groups[last - 1][1] : groups[last][0]] in _BETWEEN
        and digits + groups[last][1] - groups[last][0] <= _LONGEST_NUMBER
    ):
        digits += groups[last][1] - groups[last][0]
        last += 1
    return last if digits <= _LONGEST_NUMBER else first


def _opening(text: str, start: int) -> int:
    """Where a number begins, with its plus or its parenthesis."""
    while start and text[start - 1] in "+(":
        start -= 1
    return start


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or before in {"_", "#", "/"} or after.isalnum() or after in {"_", "%"})


def _may_be(text: str, start: int, end: int) -> bool:
    digits = sum(character.isdigit() for character in text[start:end])
    abroad = text[start:end].lstrip("(").startswith("+")
    enough = digits > _SHORTEST_NUMBER if abroad else digits in _LENGTHS
    called_otherwise = _OTHER_CUE.search(text[max(0, start - _CUE_REACHES) : start])
    return enough and (not called_otherwise or _NEVER_AN_ORDER.fullmatch(text[start:end]) is not None)


def _is_phone(text: str, start: int, end: int) -> bool:
    words = text[start:end]
    cued = _PHONE_CUE.search(text[max(0, start - _CUE_REACHES) : start]) is not None
    try:
        number = phonenumbers.parse(words, REGION)
    except NumberParseException:
        return False
    if phonenumbers.is_valid_number(number):
        return phonenumbers.number_type(number) not in _SERVICES
    if _WRITTEN_AS_ONE.fullmatch(words):
        return True
    return (
        cued
        and any(mark in words for mark in " -.")
        and phonenumbers.is_possible_number_with_reason(number)
        in {
            phonenumbers.ValidationResult.IS_POSSIBLE,
            phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
        }
    )
