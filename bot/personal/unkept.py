"""What may be stored nowhere, whoever says it: card numbers and codes, passwords, identity papers, dates of birth."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import ascii_letters, digits, punctuation, whitespace

from bot.personal.folding import Folded
from bot.personal.numbers import cards, identities, luhn_checks
from bot.personal.papers import (
    CAPITALS_OF_PAPERS,
    FORMS,
    WORDS_OF_PAPERS,
    lettered_papers,
    numbered_papers,
)
from bot.personal.places import births
from bot.personal.spans import Kind, Span

# "Ending in 4821" tells cards apart and buys nothing.
_FEWEST_DIGITS = 12
_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|csc|(?:security|3[- ]digit|4[- ]digit|three[- ]digit|four[- ]digit) (?:code|number)"
    r"|card (?:verification|security) (?:code|value|number)|(?:code|number|digits) on (?:the|its|her|his|my) back"
    r"|(?:karten)?prüf(?:nummer|ziffer)|cryptogramme|c[oó]digo de seguridad)"
    r"(?!\w)[^\d\n.;]{0,25}?(?<!\d)(?P<secret>\d{3,4})(?!\d)",
    re.IGNORECASE,
)
# After a card's number its end and its code need no word: "4111... 12/27 123".
_BEHIND_A_CARD = re.compile(
    r"[ ,;]{0,3}(?:exp\w*|valid\w*|until)?[.: ]{0,2}\d\d ?/ ?(?:20)?\d\d[ ,;:-]{1,3}(?P<secret>\d{3,4})(?!\d)",
    re.IGNORECASE,
)
# Cards as people also write them: digit by digit, or with other signs between.
_LOOSE_CARD = re.compile(r"(?<!\d)(?:\d[ .\-]{1,2}){12,18}\d(?!\d)|(?<!\d)(?:\d{4}[\s./_|\-]{1,3}){3}\d{4}(?!\d)")
_PIN = re.compile(r"\bpin(?: ?code| number)?\b[^\d\n.;]{0,15}?(?<!\d)(?P<secret>\d{4,8})(?!\d)", re.IGNORECASE)
_ONCE = re.compile(
    r"\b(?:(?:one[- ]time|verification|access|log-?in|authentication|2fa|sms) (?:code|pin|passcode)|otp|m?tan)"
    r"\b[^\d\n.;]{0,15}?(?<!\d)(?P<secret>\d{4,8})(?!\d)",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"\b(?:pass ?word|pass ?code|pass ?phrase|passwd|pwd|pass?wort|kennwort|mot de passe|contraseña|senha|wachtwoord"
    r"|lösenord|hasło)(?!\w)(?P<said> ?(?:is|was|ist|est|es|é|:|=|->)+ ?[:=]? ?| )"
    r"(?P<secret>[^\s,;]{4,64})",
    re.IGNORECASE,
)
# What is said of a password: "was changed", "is wrong".
_NO_PASSWORDS = frozenset(
    """
    already always asked blank blocked changed correct different empty expired forgotten gone incorrect invalid
    known locked lost missing needed never none only rejected required reset right safe saved sent still stored
    strong there unknown weak working wrong falsch gesperrt vergessen zurückgesetzt oublié incorrecte olvidada
    """.split()  # noqa: SIM905 - read as words
)


# Of a text only where digits and letters stand: "ab-12" is "aa-00". Dense: without any sign between.
_SHAPE = {**dict.fromkeys(map(ord, digits), "0"), **dict.fromkeys(map(ord, ascii_letters), "a")}
_DENSE = {**_SHAPE, **dict.fromkeys(map(ord, f"{punctuation}{whitespace}"))}


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is found, and without which words or shapes it need not be looked for: most texts hold none, and imports
    have millions of them."""

    find: Callable[[str], Iterator[tuple[Span, str]]]
    digits: int = 0  # the fewest
    words: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    dense: tuple[str, ...] = ()


def without_secrets(text: str) -> str:
    """The text with "[card]", "[password]" and so on in place of what may not be kept; the rest as it was."""
    if not text:
        return text
    folded = Folded.of(text) if not text.isascii() or not text.isprintable() else None
    read = folded.text if folded else text
    rules = list(_worth_trying(read))
    if not rules:
        return text
    folded = folded or Folded.of(text)
    parts: list[str] = []
    end = 0
    spans = (found for rule in rules for found in rule.find(read))
    for span, label in sorted(spans, key=lambda one: (one[0].start, -one[0].end)):
        there = folded.original(span)
        if there.start >= end:
            parts += [text[end : there.start], f"[{label}]"]
            end = there.end
    return "".join([*parts, text[end:]]) if parts else text


def _worth_trying(text: str) -> Iterator[_Rule]:
    small, shape, dense = text.lower(), text.translate(_SHAPE), text.translate(_DENSE)
    digits = dense.count("0")
    for rule in _RULES:
        if digits >= rule.digits and (
            _has_any(rule.words, small)
            or _has_any(rule.capitals, text)
            or _has_any(rule.shapes, shape)
            or _has_any(rule.dense, dense)
        ):
            yield rule


def _has_any(parts: tuple[str, ...], text: str) -> bool:
    for part in parts:  # noqa: SIM110 - `any` takes five times as long
        if part in text:
            return True
    return False


def _cards(text: str) -> Iterator[tuple[Span, str]]:
    for span in cards(text):
        if sum(character.isdigit() for character in text[span.start : span.end]) >= _FEWEST_DIGITS:
            yield span, str(Kind.CARD)
            if behind := _BEHIND_A_CARD.match(text, span.end):
                yield Span(Kind.ID, behind.start("secret"), behind.end("secret")), "card code"
    for match in _LOOSE_CARD.finditer(text):
        if luhn_checks([int(sign) for sign in match[0] if sign.isdigit()]):
            yield Span(Kind.CARD, match.start(), match.end()), str(Kind.CARD)


def _passwords(text: str) -> Iterator[tuple[Span, str]]:
    for match in _PASSWORD.finditer(text):
        if _is_a_password(match["said"], match["secret"]):
            yield Span(Kind.ID, match.start("secret"), match.end("secret")), "password"


def _labeled(finder: Callable[[str], Iterator[Span]]) -> Callable[[str], Iterator[tuple[Span, str]]]:
    return lambda text: ((span, str(span.kind)) for span in finder(text))


def _secret(pattern: re.Pattern[str], label: str) -> Callable[[str], Iterator[tuple[Span, str]]]:
    return lambda text: (
        (Span(Kind.ID, match.start("secret"), match.end("secret")), label) for match in pattern.finditer(text)
    )


def _is_a_password(said: str, secret: str) -> bool:
    """ "password is sunshine" says one, "password reset" does not; nor does "password is wrong"."""
    word = secret.strip(".!?\"')(").casefold()
    if said.strip():
        return word not in _NO_PASSWORDS
    return any(character.isdigit() for character in word) or not (secret.islower() or word.isalpha())


_RULES = (
    _Rule(_cards, digits=12, dense=("0" * 12,)),
    _Rule(
        _labeled(identities),
        digits=1,
        words=("ssn", "social", "insurance", "licen", "passport"),
        shapes=("000-00-0000",),
        dense=("aa000000a",),
    ),
    _Rule(_labeled(numbered_papers), digits=4, words=WORDS_OF_PAPERS),
    _Rule(_labeled(lettered_papers), digits=4, capitals=CAPITALS_OF_PAPERS),
    *(_Rule(_labeled(form.find), digits=4, shapes=form.shapes, dense=form.dense) for form in FORMS),
    _Rule(
        _labeled(births),
        digits=3,
        words=("born", "birth", "dob", "d.o.b", "geb", "né ", "née ", "naissance", "nacid", "nacim", "nascid", "nascim",
               "nato il", "nata il", "nascita", "född", "fødd", "fodd", "fød "),
    ),
    _Rule(
        _secret(_CODE, "card code"),
        digits=3,
        words=("cvv", "cvc", "csc", "security", "verification", "digit", " back", "prüf", "pruf", "cryptogramme",
               "codigo de", "código de"),
    ),
    _Rule(_secret(_PIN, "PIN"), digits=4, words=("pin",)),
    _Rule(
        _secret(_ONCE, "code"),
        digits=4,
        words=("one-time", "one time", "verification", "access", "login", "log-in", "authentication", "2fa", "sms",
               "otp", " tan", "mtan"),
    ),
    _Rule(
        _passwords,
        words=("pass", "pwd", "kennwort", "contraseña", "senha", "wachtwoord", "lösenord", "hasło"),
    ),
)  # fmt: skip
