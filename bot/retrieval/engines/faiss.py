"""Exact search in memory, by FAISS. The one module that loads it."""

import faiss
import numpy as np
from numpy.typing import NDArray

# A scan reads all vectors, so it takes as long as they are large: 100,000 in 8 bits take 1.6 ms, in 32 bits 5.8.
_LEVELS = 127
_ZERO = 128  # FAISS's code of 0
# As many times what is asked for is compared exactly; it was enough for 450 of 450 real questions.
_DEPTH = 4
# Each question has a thread of its own; a second one for it waits busily, 18 ms a question. It is said anew each time
# since it counts for the thread that says it.
_THREADS = 1
# Rows that are made smaller at once, so that no second copy of all is in memory.
_BLOCK = 4096


class FaissIndex:
    """An inner-product index over unit vectors, with the permission filter inside the search.

    Flat and not HNSW: filtered to 1 % visible, HNSW found .31 of the true neighbors, flat all of them and faster than
    unfiltered. Built once and never changed, since FAISS promises thread safety for reading only.

    `vectors` are those that were given, row by row: whoever gives them leaves them alone.
    """

    def __init__(self, vectors: NDArray[np.float16]) -> None:
        self.vectors = vectors
        largest = max(float(-vectors.min()), float(vectors.max())) if len(vectors) else 0.0
        self._scale = np.float32(_LEVELS / max(largest, 1e-9))
        self._index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
        )
        codes = np.empty(vectors.shape, dtype=np.uint8)
        # How far the scanned vectors are from the true ones at most, and how long they are at most.
        self._off = self._longest = 0.0
        for start in range(0, len(vectors), _BLOCK):
            block = vectors[start : start + _BLOCK].astype(np.float32)
            rounded = np.rint(block * self._scale)
            codes[start : start + _BLOCK] = rounded + _ZERO
            rounded /= self._scale
            self._longest = max(self._longest, _longest(rounded))
            self._off = max(self._off, _longest(block - rounded))
        if len(codes):
            self._index.add_sa_codes(codes)

    def search(
        self, question: NDArray[np.float32], *, k: int, visible: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The up to `k` visible rows of highest cosine, best first, with their cosines; of equal ones the first rows.

        Exact: it returns what brute force over the visible rows returns, and never a row outside them.
        """
        faiss.omp_set_num_threads(_THREADS)
        # The bitmap is a bit a row, lowest bit first; `packed` must outlive the search that points into it.
        packed = np.packbits(visible, bitorder="little")
        selector = faiss.IDSelectorBitmap(packed)  # type: ignore[call-arg, arg-type]  # SWIG's stub, not its wrapper
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # as above
        rough, scale, error = self._rough(question)
        depth = _DEPTH * k
        while True:
            found, rows = self._index.search(rough, min(depth, max(1, len(visible))), params=parameters)
            rows = rows[0][rows[0] >= 0]  # FAISS fills up with -1 where fewer are visible
            cosines = self.cosines(rows, question)
            order = np.lexsort((rows, -cosines))[:k]
            # No row that was not found is nearer than this.
            if len(rows) < depth or found[0, -1] / scale + error < cosines[order[-1]]:
                return rows[order], cosines[order]
            depth *= _DEPTH

    def cosines(self, rows: NDArray[np.int64], question: NDArray[np.float32]) -> NDArray[np.float32]:
        """The inner product of some rows with a question; equal rows have equal ones."""
        # Not a product of matrices: that adds up in another order for the last rows than for the others.
        products: NDArray[np.float32] = np.einsum("ij,j->i", self.vectors[rows].astype(np.float32), question)
        return products

    def _rough(self, question: NDArray[np.float32]) -> tuple[NDArray[np.float32], float, float]:
        """The question in whole numbers, what divides their products, and how far from the truth these are at most.

        By Cauchy and Schwarz: |xq - x'q'| <= |x - x'| |q| + |x'| |q - q'|, and what rounding adds in 32 bits.
        """
        scale = _LEVELS / max(float(np.abs(question).max()), 1e-9)
        rough = np.rint(question.astype(np.float64) * scale)
        length, off = (float(np.linalg.norm(each)) for each in (question, question - rough / scale))
        error = self._off * length + self._longest * off
        rounding = len(question) * float(np.finfo(np.float32).eps) * length * (self._longest + self._off)
        return rough.astype(np.float32).reshape(1, -1), scale * float(self._scale), error + rounding


def _longest(vectors: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.einsum("ij,ij->i", vectors, vectors).max()))
