"""What every vector engine promises."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class VectorIndex(Protocol):
    """Finds the rows nearest to a question among those that may be seen."""

    def search(
        self, question: NDArray[np.float32], *, k: int, visible: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The up to `k` visible rows of highest cosine, best first, with their cosines.

        Exact: it returns what brute force over the visible rows returns, and never a row outside them.
        """
        ...

    def cosines(self, question: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosine of the question with each of these rows."""
        ...
