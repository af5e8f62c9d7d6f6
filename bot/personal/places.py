"""Street addresses, postal codes with a word before them, and dates of birth."""

import re
from collections.abc import Iterator

from bot.personal.spans import Kind, Span
from bot.personal.vocabulary import NOT_A_STREET

# Street words that mean little else, in any case; and those that need a capital.
_SURE = "street|avenue|ave|road|rd|boulevard|blvd|lane|ln|parkway|pkwy|highway|hwy"
_CAPITAL = "St|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Ter|Circle|Cir|Square|Sq|Trail|Trl|Crescent|Loop|Alley|Row|Walk"
_NUMBER = r"(?<![\w.,$€£#/:-])\d{1,5}(?:-\d{1,5})?[A-Za-z]?"
_UNIT = r"(?:,? (?i:apt|apartment|suite|ste|unit|fl|floor|rm|room|#)\.? ?#?[A-Za-z]?\d{1,5}[A-Za-z]?)?"
_SIDE = r"(?: (?:N|S|E|W|NE|NW|SE|SW)\b)?"
_TOWN = r"(?:,? [A-Z][\w'-]{1,30}(?: [A-Z][\w'-]{1,30}){0,2},? (?:[A-Z]{2}\b)(?: \d{5}(?:-\d{4})?\b)?)?"
_STREET = re.compile(
    rf"(?P<whole>{_NUMBER} (?P<name>(?:[A-Za-z][\w'.-]{{0,30}} ){{1,4}}?)"
    rf"(?:(?i:{_SURE})\b|(?:{_CAPITAL})\b)\.?{_SIDE}{_UNIT}{_TOWN})"
)
_PLACE_OF_OURS = re.compile(
    r" (?:shops?|stores?|branch(?:es)?|team|depot|office|counter|crew|colleagues)\b", re.IGNORECASE
)
_BOX = re.compile(rf"\bP\.?O\.? ?Box \d{{1,6}}{_TOWN}", re.IGNORECASE)
_BROADWAY = re.compile(rf"{_NUMBER} Broadway\b{_SIDE}{_UNIT}{_TOWN}")
_POSTAL = re.compile(r"\b(?:zip ?code|zip|postal code|postcode)(?: is)?:? (?P<code>\d{5}(?:-\d{4})?)\b", re.IGNORECASE)
_CITY = re.compile(r"\b[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20}){0,2},? [A-Z]{2},? \d{5}(?:-\d{4})?\b")

_MONTH = (
    "(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f[ée]vr(?:ier)?|mar(?:ch|s)?|märz|apr(?:il)?|avril|may|mai|june?|juni"
    "|juin|july?|juli|juillet|aug(?:ust)?|août|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?"
    "|dec(?:ember)?|dez(?:ember)?|déc(?:embre)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre"
    "|noviembre|diciembre)"
)
_BORN = (
    r"dob|d\.o\.b\.?|date of birth|birth ?date|birthday|born|geboren|geb\.|geburts(?:datum|tag)|née?|date de naissance"
    r"|nacid[oa]|fecha de nacimiento|nat[oa] il|data di nascita|nascid[oa]|data de nascimento|geboortedatum|f[öø]dd?"
)
_DATE = (
    rf"(?:\d{{4}}[/.-]\d\d?[/.-]\d\d?|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d\d)|(?:19|20)\d{{6}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)?(?: of| de)? {_MONTH}\.?,?(?: de)? (?:\d{{4}}|'?\d\d)"
    rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:\d{{4}}|'?\d\d))"
)
_BIRTH = re.compile(
    rf"\b(?:{_BORN})(?!\w)[^\d\n.;]{{0,25}}?(?P<date>{_DATE})(?!\d)"
    rf"(?:,? (?:but|or|not|and|vs)\b[^\d\n.;]{{0,25}}?(?P<other>{_DATE})(?!\d))?",
    re.IGNORECASE,
)


def addresses(text: str) -> Iterator[Span]:
    for match in _STREET.finditer(text):
        words = match["name"].casefold().split()
        if not NOT_A_STREET.intersection(words) and not _PLACE_OF_OURS.match(text, match.end()):
            yield Span(Kind.ADDRESS, match.start(), match.end())
    for pattern in (_BOX, _BROADWAY, _CITY):
        for match in pattern.finditer(text):
            yield Span(Kind.ADDRESS, match.start(), match.end())
    for match in _POSTAL.finditer(text):
        yield Span(Kind.ADDRESS, match.start("code"), match.end("code"))


def births(text: str) -> Iterator[Span]:
    for match in _BIRTH.finditer(text):
        for date in ("date", "other") if match["other"] else ("date",):
            yield Span(Kind.BIRTH, match.start(date), match.end(date))
