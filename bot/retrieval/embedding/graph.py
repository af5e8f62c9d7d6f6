"""Text -> vectors by ONNX Runtime, from a folder that `export` wrote. The one module that loads it in the bot."""

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

# Between 8 and 32 the time a text is the same; more only pads more and holds more memory.
BATCH = 16


class Graph:
    """One exported model. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
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
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        if len(tokens) == 1:
            return self._run(tokens)
        # A batch is padded to its longest text, and padding costs as much as words.
        order = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
        size = min(BATCH, math.ceil(len(order) / self._cores))
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        vectors = np.concatenate(list(self._pool.map(lambda batch: self._run([tokens[at] for at in batch]), batches)))
        restored = np.empty_like(vectors)
        restored[order] = vectors
        return restored

    def _run(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        longest = max(len(ids) for ids in tokens)
        ids = np.full((len(tokens), longest), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, found in enumerate(tokens):
            ids[row, : len(found)] = found
            mask[row, : len(found)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, dtype=np.float32)
