"""Text -> unit vectors. Served by ONNX Runtime where the model exports, else by sentence-transformers."""

import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.errors import ExportFailed
from bot.retrieval.embedding import model as models
from bot.retrieval.embedding.model import SHIPPED_MODEL
from bot.retrieval.embedding.store import exported

__all__ = ["SHIPPED_MODEL", "Embedder"]

log = logging.getLogger(__name__)


class _Engine(Protocol):
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


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

    @property
    def identity(self) -> str:
        """Names the weights: vectors of two models are never compared."""
        if not self._identity:
            self._identity = models.identity_of(self.model, self._folder)
        return self._identity

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given."""
        with self._lock:
            if self._engine is None:
                self._engine = self._loaded()
            engine = self._engine
        return engine.encode(texts)

    def _loaded(self) -> _Engine:
        if self._folder is not None and self._cache is not None:
            # Imported here, as below: a command that embeds nothing should not wait for an engine.
            from bot.retrieval.embedding.graph import Graph  # noqa: PLC0415

            try:
                return Graph(exported(self._folder, self._cache / self.identity))
            except ExportFailed as fault:
                log.warning("The model %s runs in sentence-transformers, which is slower: %s", self.model, fault)
        from bot.retrieval.embedding.reference import Reference  # noqa: PLC0415

        return Reference(self.model, self._folder)
