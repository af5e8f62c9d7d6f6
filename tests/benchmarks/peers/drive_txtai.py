"""txtai, keys and vectors in its FAISS index on disk."""

from collections.abc import Sequence
from pathlib import Path

import measuring


class Txtai:
    def __init__(self, folder: Path) -> None:
        from txtai import Embeddings  # noqa: PLC0415 - importing is part of what is measured

        self._folder = str(folder / "index")
        self._embeddings = Embeddings(path=measuring.model_folder(), method="sentence-transformers", gpu=False)

    def warm_up(self, text: str) -> None:
        self._embeddings.transform(text)

    def index(self, keys: Sequence[str], texts: Sequence[str]) -> None:
        self._embeddings.index((key, text, None) for key, text in zip(keys, texts, strict=True))
        self._embeddings.save(self._folder)

    def open(self) -> None:
        self._embeddings.load(self._folder)

    def first(self, question: str) -> None:
        self.search(question)

    def search(self, question: str) -> list[str]:
        return [key for key, _ in self._embeddings.search(question, measuring.TOP)]


if __name__ == "__main__":
    measuring.main(Txtai, "txtai", "sentence-transformers", "torch", "faiss-cpu")
