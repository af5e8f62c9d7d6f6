"""Many texts -> vectors by OpenVINO, for a reindex. The one module that loads it in the bot.

It multiplies in 16 bits (bfloat16) where the processor can: 2.4 times as many passages as with ONNX Runtime in the same
time. Questions are not its task, since a single one takes as long and it holds 100 MB more.
"""

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.embedding.batches import Batches

# OpenVINO tells its makers of every import. Where this module cannot be imported it does without, and stays silent.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None is how Python says so
import openvino  # noqa: E402 - only after that

# Of the folder that `export` writes.
NAME = "bulk"
# For each new shape it prepares itself anew, in time and memory.
STEP = 16


def opened(folder: Path) -> Batches:
    """The model of an exported folder, which holds `NAME`."""
    core = openvino.Core()
    able = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    cores = os.cpu_count() or 1
    model = core.compile_model(
        core.read_model(folder / NAME / "model.xml"),
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": "bf16" if able else "f32",
            "INFERENCE_NUM_THREADS": cores,
            "NUM_STREAMS": cores,  # a core a batch, as in `graph`
            "ENABLE_CPU_PINNING": False,  # questions are answered meanwhile
        },
    )
    own = threading.local()

    def run(ids: NDArray[np.int64], mask: NDArray[np.int64], outputs: Sequence[str]) -> Sequence[NDArray[np.float32]]:
        if not hasattr(own, "request"):
            own.request = model.create_infer_request()
        made = own.request.infer({"input_ids": ids, "attention_mask": mask})
        return [np.array(made[name], dtype=np.float32) for name in outputs]  # the request's own are written over

    # Alone, before there are threads: what OpenVINO sets up once, two at a time would set up waiting for each other for
    # good, one with Python's lock in hand and the other with OpenVINO's.
    nothing = np.zeros((1, STEP), dtype=np.int64)
    run(nothing, np.ones_like(nothing), [port.get_any_name() for port in model.outputs])
    return Batches(folder / "tokenizer.json", run, step=STEP)


def save(graph: Path, folder: Path) -> None:
    """Make what `opened` reads from a graph of ONNX."""
    openvino.save_model(openvino.Core().read_model(graph), folder / NAME / "model.xml", compress_to_fp16=True)
