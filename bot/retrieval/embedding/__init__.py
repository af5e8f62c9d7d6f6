"""Text -> unit vectors. Served by ONNX Runtime where the model exports, else by sentence-transformers."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.errors import ExportFailed
from bot.retrieval.documents import Searched
from bot.retrieval.embedding import model as models
from bot.retrieval.embedding import pooling
from bot.retrieval.embedding.model import SHIPPED_MODEL
from bot.retrieval.embedding.pooling import Tokens
from bot.retrieval.embedding.store import exported, has_bulk

__all__ = ["SHIPPED_MODEL", "Embedder"]

log = logging.getLogger(__name__)


# As exactly as two engines agree: a mean over tokens that comes this near is how the model pools.
POOLED = 0.9999
# To get the engine for many texts ready takes as long as so many texts.
MANY = 32
_SAMPLE = "The late fee is waived once in twelve months."


_Made = TypeVar("_Made")


class _Engine(Protocol):
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def read(self, texts: Sequence[str], use: Callable[[int, Tokens], _Made]) -> list[_Made]: ...


class Embedder:
    """One embedding model, loaded at the first text and then kept. Safe to use from several threads.

    `cache` is where the exported graph is kept; without one the model runs in sentence-transformers.
    """

    def __init__(self, model: str = SHIPPED_MODEL, *, cache: Path | None = None) -> None:
        self.model = model
        self._cache = cache
        self._folder = models.folder_of(model)
        self._lock = Lock()
        self._engine: _Engine | None = None
        self._identity = ""
        self._mean: bool | None = None
        self._export: Path | None = None
        self._bulk: _Engine | None = None

    @property
    def identity(self) -> str:
        """Names the weights: vectors of two models are never compared."""
        if not self._identity:
            self._identity = models.identity_of(self.model, self._folder)
        return self._identity

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given."""
        self._bulk = None  # it holds 100 MB, and a reindex is over where questions are asked
        return self._started().encode(texts)

    def encode_many(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `encode`; many of them by the engine that is quicker once it is ready."""
        engine = self._started()
        return (self._for_many(engine) if len(texts) >= MANY else engine).encode(texts)

    def encode_parts(self, texts: Sequence[Searched]) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """The unit vector of each text, one a row, and for each text those of its parts, one a row.

        A part means what it means under the headings. Where the model pools by the mean, it is the mean over the tokens
        of both, which takes no second run; with other models the part is read once more by itself.
        """
        engine = self._started()
        if len(texts) >= MANY:
            engine = self._for_many(engine)
        searched = [one.text for one in texts]
        if self._pools_by_mean(engine):
            pooled = engine.read(
                searched, lambda place, tokens: (tokens.text, pooling.of_parts(tokens, texts[place].parts))
            )
            return np.stack([vector for vector, _ in pooled]), [own for _, own in pooled]
        whole = engine.encode(searched)
        return whole, [self._alone(engine, one, vector) for one, vector in zip(texts, whole, strict=True)]

    def _pools_by_mean(self, engine: _Engine) -> bool:
        if self._mean is None:
            (self._mean,) = engine.read([_SAMPLE], lambda _, tokens: pooling.is_mean(tokens, agreement=POOLED))
        return self._mean

    @staticmethod
    def _alone(engine: _Engine, whole: Searched, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        rows = np.tile(vector, (len(whole.parts), 1))
        filled = [row for row, (start, end) in enumerate(whole.parts) if end > start]
        if len(filled) > 1:
            headings = whole.text[: min(whole.parts[row][0] for row in filled)]
            rows[filled] = engine.encode([headings + whole.text[slice(*whole.parts[row])] for row in filled])
        return rows

    def _for_many(self, otherwise: _Engine) -> _Engine:
        with self._lock:
            if self._bulk is None and self._export is not None and has_bulk(self._export):
                from bot.retrieval.embedding import bulk  # noqa: PLC0415 - a bot that only answers never loads it

                self._bulk = bulk.opened(self._export)
            return self._bulk or otherwise

    def _started(self) -> _Engine:
        with self._lock:
            if self._engine is None:
                self._engine = self._loaded()
            return self._engine

    def _loaded(self) -> _Engine:
        if self._folder is not None and self._cache is not None:
            # Imported here, as below: a command that embeds nothing should not wait for an engine.
            from bot.retrieval.embedding import graph  # noqa: PLC0415

            try:
                self._export = exported(self._folder, self._cache / self.identity)
                return graph.opened(self._export)
            except ExportFailed as fault:
                log.warning("The model %s runs in sentence-transformers, which is slower: %s", self.model, fault)
        from bot.retrieval.embedding.reference import Reference  # noqa: PLC0415

        return Reference(self.model, self._folder)
