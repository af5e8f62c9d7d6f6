"""What this machine could do at best, and what the vector scan takes beside it: one line of JSON.

    python tests/benchmarks/floor.py COUNT [COUNT ...]    so many vectors each

One core: matrix products in GFLOP/s, reading memory in GB/s; then exact search among so many unit vectors at three
shares of permission. A scan reads a byte of each number of every visible vector: its floor is their size divided by the
bandwidth.
"""

# ruff: noqa: T201 - a program prints

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # before NumPy comes

import json
import sys
import time
from collections.abc import Callable

import numpy as np
from bot.retrieval.engines.faiss import FaissIndex

WIDTH = 384
SIDE = 2048
TIMES = 9
SHARES = (100, 10, 1)
SEARCHES = 20
CANDIDATES = 100


def main(counts: list[int]) -> None:
    found: dict[str, object] = {"gemm_gflops": _gemm(), "bandwidth_gb_s": _bandwidth()}
    found["scans"] = [_scans(count, float(str(found["bandwidth_gb_s"]))) for count in counts]
    print(json.dumps(found))


def _best(work: Callable[[], object], times: int = TIMES) -> float:
    """Seconds of the fastest of several turns: the floor is what the machine can do, not what it did."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def _gemm() -> float:
    one = np.random.default_rng(1).standard_normal((SIDE, SIDE), dtype=np.float32)
    return 2 * SIDE**3 / _best(lambda: one @ one) / 1e9


def _bandwidth() -> float:
    """The faster of two ways to read 768 MB once."""
    rows = np.ones((500_000, WIDTH), dtype=np.float32)
    vector = np.ones(WIDTH, dtype=np.float32)
    return rows.nbytes / min(_best(lambda: rows @ vector), _best(rows.max)) / 1e9


def _scans(count: int, bandwidth: float) -> dict[str, object]:
    chance = np.random.default_rng(2)
    vectors = chance.standard_normal((count, WIDTH), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = FaissIndex(vectors)
    questions = vectors[chance.integers(count, size=SEARCHES)].copy()
    del vectors
    times = {}
    for share in SHARES:
        visible = chance.random(count) < share / 100
        took = []
        for question in questions:
            start = time.process_time()
            index.search(question, k=CANDIDATES, visible=visible)
            took.append((time.process_time() - start) * 1000)
        times[str(share)] = float(np.median(took))
    return {"count": count, "floor_ms": count * WIDTH / bandwidth / 1e6, "cpu_ms": times}


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]])
