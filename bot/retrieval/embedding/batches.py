"""Texts in batches over the cores: what is the same for every runtime that serves an exported model."""

import math
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from bot.retrieval.embedding.pooling import Tokens

VECTORS, TOKENS = "embedding", "token_embeddings"
# Between 8 and 32 the time a text is the same; more only pads more and holds more memory.
BATCH = 16

# The ids of the tokens and the mask, a row a text, and the outputs asked for -> those outputs.
Run = Callable[[NDArray[np.int64], NDArray[np.int64], Sequence[str]], Sequence[NDArray[np.float32]]]

_Made = TypeVar("_Made")


class Batches:
    """A model that reads texts by the tokenizer of its folder. Safe to use from several threads, as `run` is.

    Lengths are padded to whole multiples of `step`.
    """

    def __init__(self, tokenizer: Path, run: Run, *, step: int = 1) -> None:
        self._run = run
        self._step = step
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._pad = int((self._tokenizer.padding or {}).get("pad_id", 0))
        self._tokenizer.no_padding()  # texts are put together by length below
        self._cores = os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._cores, thread_name_prefix="embedding")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given."""
        read = self._tokenizer.encode_batch(list(texts))
        if len(read) == 1:
            return self._vectors(read)
        return np.array(self._batched(read, lambda places: self._vectors([read[place] for place in places])))

    def read(self, texts: Sequence[str], use: Callable[[int, Tokens], _Made]) -> list[_Made]:
        """What `use` makes of each text (its place and its tokens), in the order given. Tokens are not kept."""
        read = self._tokenizer.encode_batch(list(texts))

        def used(places: Sequence[int]) -> list[_Made]:
            return [use(*found) for found in zip(places, self._tokens([read[place] for place in places]), strict=True)]

        return self._batched(read, used)

    def _batched(self, read: Sequence[Encoding], run: Callable[[Sequence[int]], Iterable[_Made]]) -> list[_Made]:
        # A batch is padded to its longest text, and padding costs as much as words.
        order = sorted(range(len(read)), key=lambda place: len(read[place].ids))
        size = min(BATCH, math.ceil(len(order) / self._cores))
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        made: dict[int, _Made] = {}
        for batch, done in zip(batches, self._pool.map(run, batches), strict=True):
            made |= zip(batch, done, strict=True)
        return [made[place] for place in range(len(read))]

    def _vectors(self, read: Sequence[Encoding]) -> NDArray[np.float32]:
        (vectors,) = self._run(*self._padded(read), [VECTORS])
        return np.asarray(vectors, dtype=np.float32)

    def _tokens(self, read: Sequence[Encoding]) -> list[Tokens]:
        vectors, tokens = self._run(*self._padded(read), [VECTORS, TOKENS])
        return [
            Tokens(vector, own[: len(one.ids)], np.array(one.offsets, dtype=np.int64))
            for one, vector, own in zip(read, vectors, tokens, strict=True)
        ]

    def _padded(self, read: Sequence[Encoding]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        longest = math.ceil(max(len(one.ids) for one in read) / self._step) * self._step
        ids = np.full((len(read), longest), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(read):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        return ids, mask
