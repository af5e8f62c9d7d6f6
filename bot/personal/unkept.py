"""What may be stored nowhere, whoever says it: card numbers, their codes, passwords, identity papers, dates of birth."""

import re
from collections.abc import Iterator

from bot.personal.folding import Folded
from bot.personal.numbers import cards, identities
from bot.personal.places import births
from bot.personal.spans import Kind, Span

# "Ending in 4821" tells cards apart and buys nothing.
_FEWEST_DIGITS = 12
_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|csc|security (?:code|number)|card (?:verification|security) (?:code|value|number))"
    r"\b[^\d\n.;]{0,25}?(?<!\d)(?P<secret>\d{3,4})(?!\d)",
    re.IGNORECASE,
)
_PIN = re.compile(r"\bpin(?: ?code| number)?\b[^\d\n.;]{0,15}?(?<!\d)(?P<secret>\d{4,8})(?!\d)", re.IGNORECASE)
_PASSWORD = re.compile(
    r"\b(?:pass ?word|pass ?code|pass ?phrase|passwd|pwd)\b(?P<said> ?(?:is|was|:|=|->)+ ?[:=]? ?| )"
    r"(?P<secret>[^\s,;]{4,64})",
    re.IGNORECASE,
)
_WORTH_A_LOOK = re.compile(r"\d|pass|pwd", re.IGNORECASE)
# What is said of a password: "was changed", "is wrong".
_NO_PASSWORDS = frozenset(
    [
        "already",
        "always",
        "asked",
        "blank",
        "blocked",
        "changed",
        "correct",
        "different",
        "empty",
        "expired",
        "forgotten",
        "gone",
        "incorrect",
        "invalid",
        "known",
        "locked",
        "lost",
        "missing",
        "needed",
        "never",
        "none",
        "only",
        "rejected",
        "required",
        "reset",
        "right",
        "safe",
        "saved",
        "sent",
        "still",
        "stored",
        "strong",
        "there",
        "unknown",
        "weak",
        "working",
        "wrong",
    ]
)
_LABELS = ((_CODE, "card code"), (_PIN, "PIN"), (_PASSWORD, "password"))


def without_secrets(text: str) -> str:
    """The text with "[card]", "[password]" and so on in place of what may not be kept; the rest as it was."""
    if not _WORTH_A_LOOK.search(text):
        return text
    folded = Folded.of(text)
    parts: list[str] = []
    end = 0
    for span, label in sorted(_found(folded.text), key=lambda one: (one[0].start, -one[0].end)):
        there = folded.original(span)
        if there.start >= end:
            parts += [text[end : there.start], f"[{label}]"]
            end = there.end
    return "".join([*parts, text[end:]]) if parts else text


def _found(text: str) -> Iterator[tuple[Span, str]]:
    for span in cards(text):
        if sum(character.isdigit() for character in text[span.start : span.end]) >= _FEWEST_DIGITS:
            yield span, str(span.kind)
    for finder in (identities, births):
        for span in finder(text):
            yield span, str(span.kind)
    for pattern, label in _LABELS:
        for match in pattern.finditer(text):
            if label != "password" or _is_a_password(match["said"], match["secret"]):
                yield Span(Kind.ID, match.start("secret"), match.end("secret")), label


def _is_a_password(said: str, secret: str) -> bool:
    """ "password is sunshine" says one, "password reset" does not; nor does "password is wrong"."""
    word = secret.strip(".!?\"')(").casefold()
    if said.strip():
        return word not in _NO_PASSWORDS
    return any(character.isdigit() for character in word) or not (secret.islower() or word.isalpha())
