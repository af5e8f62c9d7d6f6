"""Text -> vectors by ONNX Runtime, from a folder that `export` wrote. The one module that loads it in the bot."""

import math
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from bot.retrieval import heap
from bot.retrieval.embedding.pooling import Tokens

# Between 8 and 32 the time a text is the same; more only pads more and holds more memory.
BATCH = 16

_Made = TypeVar("_Made")


class Graph:
    """One exported model. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        heap.share_one()
        options = onnxruntime.SessionOptions()
        # One core a text: texts are spread over the cores instead, which wastes nothing on waiting for each other.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # The arena keeps what the largest batch ever needed; without it a question took as long.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
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
        made = dict(zip(order, chain.from_iterable(self._pool.map(run, batches)), strict=True))
        return [made[place] for place in range(len(read))]

    def _vectors(self, read: Sequence[Encoding]) -> NDArray[np.float32]:
        (vectors,) = self._run(read, ["embedding"])
        return vectors

    def _tokens(self, read: Sequence[Encoding]) -> list[Tokens]:
        vectors, tokens = self._run(read, ["embedding", "token_embeddings"])
        return [
            Tokens(vector, own[: len(one.ids)], np.array(one.offsets, dtype=np.int64))
            for one, vector, own in zip(read, vectors, tokens, strict=True)
        ]

    def _run(self, read: Sequence[Encoding], outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        longest = max(len(one.ids) for one in read)
        ids = np.full((len(read), longest), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(read):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        made = self._session.run(list(outputs), {"input_ids": ids, "attention_mask": mask})
        return [np.asarray(one, dtype=np.float32) for one in made]
