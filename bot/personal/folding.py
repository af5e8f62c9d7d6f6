"""A text as the rules read it: plain digits, quotes, dashes and spaces, nothing invisible; and the way back."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.personal.spans import Span

_QUOTES = dict.fromkeys("’‘ʼ′＇`´", "'")
_DASHES = dict.fromkeys("‐‑‒–—−﹣－", "-")
# "ﬃ" has three letters; what stands for a whole sentence is nobody's number.
_LONGEST_LIGATURE = 3
_PLAIN = {**_QUOTES, **_DASHES}


@dataclass(frozen=True, slots=True)
class Folded:
    """`starts[i]` and `ends[i]` say which characters of the original became character `i`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "Folded":
        if text.isascii() and text.isprintable():
            return cls(text, range(len(text)), range(1, len(text) + 1))
        characters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for place, character in enumerate(text):
            if unicodedata.combining(character) and characters:
                joined = unicodedata.normalize("NFC", characters[-1] + character)
                characters[-1], ends[-1] = joined[0], place + 1
                continue
            for plain in _plain(character):
                characters.append(plain)
                starts.append(place)
                ends.append(place + 1)
        return cls("".join(characters), starts, ends)

    def original(self, span: Span) -> Span:
        return Span(span.kind, self.starts[span.start], self.ends[span.end - 1])


def _plain(character: str) -> str:
    """One character as the rules read it; "" for what nobody sees, such as marks of direction inside a number."""
    if character.isascii():
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Zs":
        return " "
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) <= _LONGEST_LIGATURE else character
