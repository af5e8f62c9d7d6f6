"""Bytes that must be nowhere: thousands of short pieces looked for at once, in files of any size.

Capital letters of ASCII count as small ones, in the pieces and in what is looked through.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import IO

import numpy as np
from numpy.typing import NDArray

# Shorter ones are found by chance in any file of vectors.
SHORTEST = 4
# What is in memory at a time.
CHUNK = 4 * 1024 * 1024
# A piece is known by so many of its first bytes: the more, the fewer places look like its beginning and are none.
_WIDTHS = (16, 8, 4)
# Multiplied by an odd number near 2^64 / 1.618, beginnings that differ end in different places of the table.
_SPREAD = {8: 0x9E3779B97F4A7C15, 4: 0x9E3779B1}
# A table of this size stays in the processor's cache.
_TABLE_BITS = 18


class _Index:
    """Pieces by their first `width` bytes.

    A table of bits tells for nearly every place that none begins there; for the rest all bits of the sum are compared.
    """

    def __init__(self, width: int, pieces: Iterable[bytes]) -> None:
        self._width = width
        self._step = min(width, 8)
        self._by_start: dict[bytes, list[bytes]] = {}
        for piece in pieces:
            self._by_start.setdefault(piece[:width], []).append(piece)
        starts = np.frombuffer(b"".join(self._by_start), dtype=f"<u{self._step}").reshape(-1, width // self._step)
        self._sums = np.unique(self._summed(*starts.T)) if len(starts) else starts
        self._table = np.zeros(1 << _TABLE_BITS, dtype=bool)
        self._table[self._short(self._sums)] = True

    def find(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        if not self._by_start:
            return
        for offset in range(self._step):
            count = (len(data) - offset) // self._step
            if count * self._step < self._width:
                return
            words = np.frombuffer(data, dtype=f"<u{self._step}", count=count, offset=offset)
            sums = self._summed(words) if self._width == self._step else self._summed(words[:-1], words[1:])
            likely = np.flatnonzero(self._table[self._short(sums)])
            for place in likely[np.isin(sums[likely], self._sums)]:
                at = offset + self._step * int(place)
                for piece in self._by_start.get(data[at : at + self._width], ()):
                    if data.startswith(piece, at):
                        yield at, piece

    def _summed(self, *words: NDArray[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
        kind = words[0].dtype.type
        first, *second = words
        return (
            (first ^ (second[0] * kind(3))) * kind(_SPREAD[self._step]) if second else first * kind(_SPREAD[self._step])
        )

    def _short(self, sums: NDArray[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
        return sums >> sums.dtype.type(8 * self._step - _TABLE_BITS)


class Pieces:
    """What is looked for; pieces shorter than `SHORTEST` bytes are left out."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        wanted = {folded for piece in pieces if len(folded := piece.lower()) >= SHORTEST}
        self.longest = max(map(len, wanted), default=0)
        self.count = len(wanted)
        self._indexes = [
            _Index(width, (piece for piece in wanted if width <= len(piece) and (len(piece) < longer or not longer)))
            for width, longer in zip(_WIDTHS, (0, *_WIDTHS), strict=False)
        ]

    def find(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Where which piece begins, in no order; the piece as it was looked for, in small letters."""
        folded = data.lower()
        for index in self._indexes:
            yield from index.find(folded)

    def find_in(self, file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
        """As `find`, in a file that may be larger than memory."""
        at, tail = 0, b""
        while chunk := file.read(CHUNK):
            data = tail + chunk
            # What lies in the tail alone was found with the chunk before.
            yield from ((at + place, piece) for place, piece in self.find(data) if place + len(piece) > len(tail))
            tail = data[-(self.longest - 1) :] if self.longest > 1 else b""
            at += len(data) - len(tail)


def written_forms(text: str) -> Collection[bytes]:
    """The bytes by which a text may stand in a file: UTF-8, UTF-16, or escaped as JSON, in capitals or not."""

    forms: set[bytes] = set()
    for spoken in {text, text.casefold(), text.upper()}:
        escaped = json.dumps(spoken)[1:-1], json.dumps(spoken, ensure_ascii=False)[1:-1]
        forms |= {form.encode(errors="surrogatepass") for form in (spoken, *escaped)}
        forms.add(spoken.encode("utf-16-le", errors="surrogatepass"))
    return forms
