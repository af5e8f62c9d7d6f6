"""What is looked for in rows and files: each value of the customer in all its forms, and their texts in pieces."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.customers.identity.identifying import Identity, Value
from bot.erasure.pieces import SHORTEST, Pieces, written_forms

# A long text lies on several pages of a database, so no file need hold it in one piece. Of what is left of it in one
# piece, twice as long, one of these is a part.
TEXT_PIECE = 32
ERASED = "[erased]"


@dataclass(slots=True)
class Wanted:
    """Pieces of bytes, and what each is of. `dropped` are those that others have as well: they prove nothing."""

    identity: Identity
    texts: tuple[str, ...]
    dropped: set[bytes] = field(default_factory=set)
    _values: dict[bytes, Value] = field(init=False)
    _texts: frozenset[bytes] = field(init=False)
    _aliases: frozenset[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._values = {
            piece.lower(): value
            for value in self.identity.telling
            for form in value.forms
            for piece in written_forms(form)
            if len(piece) >= SHORTEST
        }
        self._texts = frozenset(piece.lower() for text in self.texts for piece in _in_pieces(text))
        self._aliases = frozenset(alias.encode() for alias in self.identity.aliases)

    def in_rows(self) -> Pieces:
        return Pieces((*self._values, *self._texts, *self._aliases))

    def in_files(self) -> Pieces:
        """Without the aliases, which stand in the audit and lead to nobody, and without what others have too."""
        return Pieces(piece for piece in (*self._values, *self._texts) if piece not in self.dropped)

    def is_value(self, piece: bytes) -> bool:
        return piece in self._values

    def is_text(self, piece: bytes) -> bool:
        return piece in self._texts

    @property
    def unproven_texts(self) -> int:
        """Texts of which nothing is theirs alone."""
        return sum(all(piece.lower() in self.dropped for piece in _in_pieces(text)) for text in self.texts)

    @property
    def unproven_values(self) -> list[Value]:
        """Values that stand inside longer ones of others."""
        return list(dict.fromkeys(self._values[piece] for piece in self.dropped if piece in self._values))

    def masker(self) -> "Masker":
        return Masker({form for value in self.identity.telling for form in value.forms if len(form) >= SHORTEST})


class Masker:
    """Puts `[erased]` in place of these words, wherever they stand alone."""

    def __init__(self, words: Collection[str]) -> None:
        longest_first = sorted(words, key=len, reverse=True)
        self._pattern = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE) if words else None
        )

    def __call__(self, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The same with every text in it masked, also inside lists and the values of pairs."""
        if isinstance(value, str):
            return self._pattern.sub(ERASED, value) if self._pattern else value
        if isinstance(value, list):
            return [self(each) for each in value]
        if isinstance(value, dict):
            return {name: self(each) for name, each in value.items()}
        return value


_TOUCHES = re.compile(rb"[\w\x80-\xff]")
# In JSON a new line is a backslash and a letter, and what is not ASCII a backslash and five signs.
_ESCAPED = re.compile(rb"\\(?:[nrtbf]|u[0-9a-fA-F]{4})\Z")


def stands_alone(data: bytes, at: int, length: int) -> bool:
    """Whether no letter or digit touches it."""
    before, after = data[max(0, at - 6) : at], data[at + length : at + length + 1]
    return not _TOUCHES.match(after) and (not _TOUCHES.match(before[-1:]) or _ESCAPED.search(before) is not None)


def _in_pieces(text: str) -> Iterator[bytes]:
    forms: Iterable[bytes] = dict.fromkeys(
        (
            text.encode(errors="surrogatepass"),
            json.dumps(text)[1:-1].encode(),
            json.dumps(text, ensure_ascii=False)[1:-1].encode(errors="surrogatepass"),
            text.encode("utf-16-le", errors="surrogatepass"),
        )
    )
    for form in forms:
        if len(form) <= TEXT_PIECE:
            yield form
        else:
            yield from (form[at : at + TEXT_PIECE] for at in range(0, len(form) - TEXT_PIECE + 1, TEXT_PIECE))
