"""For encoders that stand in for the model."""

from collections.abc import Sequence

import numpy as np
from bot.retrieval.documents import Searched


class WholeParts:
    """A block means what its passage means."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        raise NotImplementedError

    def encode_parts(self, texts: Sequence[Searched]) -> tuple[np.ndarray, list[np.ndarray]]:
        vectors = self.encode([one.text for one in texts])
        return vectors, [np.tile(vector, (len(one.parts), 1)) for one, vector in zip(texts, vectors, strict=True)]
