"""The real model, which reads each text once in a run: tests ask the same questions of the same map again and again."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import numpy as np
from bot.retrieval.documents import Searched
from bot.retrieval.embedding import Embedder
from numpy.typing import NDArray

_Key = TypeVar("_Key", bound=Hashable)
_Made = TypeVar("_Made")

Vector = NDArray[np.float32]


class Remembering(Embedder):
    """What it gave for a text it gives again. Processes that tests start read for themselves."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # as the model takes them
        self._vectors: dict[str, Vector] = {}
        self._parted: dict[Searched, tuple[Vector, Vector]] = {}

    def encode(self, texts: Sequence[str]) -> Vector:
        return self._stacked(texts, super().encode)

    def encode_many(self, texts: Sequence[str]) -> Vector:
        return self._stacked(texts, super().encode_many)

    def encode_parts(self, texts: Sequence[Searched]) -> tuple[Vector, list[Vector]]:
        read = super().encode_parts
        found = _known(texts, self._parted, lambda new: list(zip(*read(new), strict=True)))
        return np.stack([whole for whole, _ in found]), [parts.copy() for _, parts in found]

    def _stacked(self, texts: Sequence[str], read: Callable[[Sequence[str]], Vector]) -> Vector:
        if not texts:
            return read(texts)
        return np.stack(_known(texts, self._vectors, lambda new: list(read(new))))


def _known(
    keys: Sequence[_Key], known: dict[_Key, _Made], read: Callable[[Sequence[_Key]], Sequence[_Made]]
) -> list[_Made]:
    new = [key for key in dict.fromkeys(keys) if key not in known]
    if new:
        known.update(zip(new, read(new), strict=True))
    return [known[key] for key in keys]
