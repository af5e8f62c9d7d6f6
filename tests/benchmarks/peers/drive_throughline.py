"""Throughline: `Library` over SQLite, words and meaning together; each chunk is a page of one paragraph."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import measuring


class Throughline:
    def __init__(self, folder: Path) -> None:
        from bot import migrations  # noqa: PLC0415 - importing is part of what is measured
        from bot.database import open_database  # noqa: PLC0415
        from bot.retrieval import documents  # noqa: PLC0415
        from bot.retrieval.embedding import Embedder  # noqa: PLC0415
        from bot.retrieval.library import Library  # noqa: PLC0415

        self._speech = documents
        self._embedder = Embedder(cache=folder.parent / "models")
        database = open_database(f"sqlite:///{folder / 'throughline.db'}")
        migrations.upgrade(database.engine)
        self._library = Library(database, self._embedder)

    def warm_up(self, text: str) -> None:
        self._embedder.encode([text])

    def index(self, keys: Sequence[str], texts: Sequence[str]) -> None:
        from bot.retrieval.pages import Page  # noqa: PLC0415

        pages = [
            Page(source=key, digest=key, read=partial(self._read, key, text))
            for key, text in zip(keys, texts, strict=True)
        ]
        self._library.reindex(pages, folder="bench", now=datetime.now(UTC))

    def open(self) -> None:
        pass  # with the first question

    def first(self, question: str) -> None:
        """A whole answer, not only the search."""
        self._library.answer(
            self._speech.Question(question), audiences=frozenset({"everyone"}), today=datetime.now(UTC).date()
        )

    def search(self, question: str) -> list[str]:
        hits = self._library.search(self._speech.Question(question), audiences=frozenset({"everyone"}))
        return [source for source, _ in hits[: measuring.TOP]]

    def _read(self, key: str, text: str, _sandbox: object) -> tuple[object, tuple[str, ...]]:
        speech = self._speech
        block = speech.Block(speech.BlockKind.PARAGRAPH, (text,))
        return speech.Document(source=key, title="", sections=(speech.Section((), (block,)),)), ()


if __name__ == "__main__":
    measuring.main(Throughline, "throughline", "onnxruntime", "faiss-cpu")
