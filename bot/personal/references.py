"""Numbers that lead to one customer's order, account, ticket or box: by the word before them, or by their form."""

import re
from collections.abc import Iterator

from bot.personal.spans import Kind, Span

_WORDS = {
    Kind.ORDER: "order|purchase order|parcel|shipment|tracking|delivery|return|rma|invoice|booking|reservation"
    "|confirmation|receipt",
    Kind.ACCOUNT: "account|acct|acc|a/c|customer|cust|user|client|member|membership|loyalty|subscriber|subscription"
    "|contract|payment|transaction|dispute|application|claim|policy|referral|reference|ref",
    Kind.TICKET: "ticket|case|incident|complaint|request",
    Kind.SERIAL: "serial|s/n|sn|imei|mac|device|meter|box",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split("|")}
_CUE = re.compile(
    rf"(?<![\w/-])(?P<cue>{'|'.join(sorted(map(re.escape, _KINDS), key=len, reverse=True))})"
    r"(?P<said>(?: ?(?:numbers?|num|no|nr|id|address|code|#)(?![\w])[.:]?|[:#])*)(?: is)?[ :]{0,2}"
    r"(?P<token>#?[A-Z]{1,3} \d{4,}(?: \d{3,})*"
    r"|#?(?=[A-Z_-]{0,39}\d)[A-Z0-9][A-Z0-9_-]{2,39}(?: \d{4,}){0,4})(?![\w-]|[.,:/]\d|%)",
    re.IGNORECASE,
)
# Without "number" before it: a year has four digits, and so have many amounts.
_FEWEST_DIGITS = 5
_FEWEST_AFTER_NUMBER = 4

_TOKEN = re.compile(r"(?<![\w-])#?[A-Za-z0-9_][A-Za-z0-9_-]{5,39}(?![\w-])")
_MAC = re.compile(r"(?<![\w:])(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}(?![\w:])", re.IGNORECASE)
_UPPER = re.compile(r"#?(?P<prefix>[A-Z]{1,8})-?[A-Z0-9]*-?\d[A-Z0-9]*")
_HEX = re.compile(r"[0-9a-f]{10,16}")
_UNDERSCORED = re.compile(r"[a-z]+(?:_[a-z0-9]+)*_(?P<last>[a-z0-9]{4,})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{4}-\d{4}")
_PREFIXES = {
    Kind.ORDER: frozenset({"W", "RMA", "ORD", "PO", "SO", "INV", "TRK"}),
    Kind.ACCOUNT: frozenset({"C", "A", "ACC", "ACCT", "CUST", "CID", "UID"}),
    Kind.TICKET: frozenset({"INC", "REQ", "TKT", "SR", "CS", "CASE", "RITM", "CHG"}),
}
_FEWEST_OF_FORM = 6
_FEWEST_IN_ID = 3


def references(text: str) -> Iterator[Span]:
    for match in _CUE.finditer(text):
        token = match["token"]
        enough = _FEWEST_AFTER_NUMBER if match["said"] or token.startswith("#") else _FEWEST_DIGITS
        if _digits(token) >= enough and not _DATE.fullmatch(token):
            yield Span(_KINDS[match["cue"].lower()], match.start("token"), match.end("token"))
    for match in _MAC.finditer(text):
        yield Span(Kind.SERIAL, match.start(), match.end())
    for match in _TOKEN.finditer(text):
        if kind := _by_form(match[0]):
            yield Span(kind, match.start(), match.end())


def _by_form(token: str) -> Kind | None:
    """What a number is that nobody introduced; None for an ordinary word or number."""
    underscored = _UNDERSCORED.fullmatch(token)
    if underscored and _digits(underscored["last"]) >= _FEWEST_IN_ID and not _YEAR.fullmatch(underscored["last"]):
        return Kind.ACCOUNT
    if _HEX.fullmatch(token) and not token.isdigit() and not token.isalpha() and _digits(token) >= _FEWEST_IN_ID:
        return Kind.ACCOUNT
    upper = _UPPER.fullmatch(token)
    if upper is None or _digits(token) < _FEWEST_OF_FORM:
        return None
    return next((kind for kind, known in _PREFIXES.items() if upper["prefix"] in known), Kind.SERIAL)


def _digits(token: str) -> int:
    return sum(character.isdigit() for character in token)
