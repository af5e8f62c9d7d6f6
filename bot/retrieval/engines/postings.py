"""Which rows hold a word, and how often: an inverted index in memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.terms import unpacked

_NO_ROWS = np.empty(0, dtype=np.int32)
_NO_COUNTS = np.empty(0, dtype=np.uint8)


class Postings:
    """Five bytes for each word of each row. Built once and never changed."""

    def __init__(self, stored: Sequence[bytes]) -> None:
        """From the packed terms of each row (`terms.packed`), in the order of the rows."""
        pairs = [unpacked(entry) for entry in stored]
        sizes = np.array([len(keys) for keys, _ in pairs], dtype=np.int64)
        keys = np.concatenate([keys for keys, _ in pairs]) if pairs else np.empty(0, dtype=np.uint64)
        counts = np.concatenate([counts for _, counts in pairs]) if pairs else _NO_COUNTS
        rows = np.repeat(np.arange(len(pairs), dtype=np.int32), sizes)
        self.lengths = np.bincount(rows, weights=counts, minlength=len(pairs)).astype(np.float32)
        order = np.argsort(keys, kind="stable")  # stable: the rows of a word stay in order
        self._rows = rows[order]
        self._counts = counts[order]
        self._keys, self._starts = np.unique(keys[order], return_index=True)

    def of(self, key: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """The rows that hold a stem, ascending, and how often each does."""
        place = int(np.searchsorted(self._keys, np.uint64(key)))
        if place == len(self._keys) or int(self._keys[place]) != key:
            return _NO_ROWS, _NO_COUNTS
        start = self._starts[place]
        end = self._starts[place + 1] if place + 1 < len(self._starts) else len(self._rows)
        return self._rows[start:end], self._counts[start:end]
