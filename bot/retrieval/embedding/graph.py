"""Text -> vectors by ONNX Runtime, from a folder that `export` wrote. The one module that loads it in the bot."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from bot.retrieval import heap
from bot.retrieval.embedding.batches import Batches


def opened(folder: Path) -> Batches:
    """The exported model, for questions: one at a time, at once, in little memory."""
    heap.share_one()
    options = onnxruntime.SessionOptions()
    # One core a text: texts are spread over the cores instead, which wastes nothing on waiting for each other.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The arena keeps what the largest batch ever needed; without it a question took as long.
    options.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])

    def run(ids: NDArray[np.int64], mask: NDArray[np.int64], outputs: Sequence[str]) -> Sequence[NDArray[np.float32]]:
        made: Sequence[NDArray[np.float32]] = session.run(list(outputs), {"input_ids": ids, "attention_mask": mask})
        return made

    return Batches(folder / "tokenizer.json", run)
