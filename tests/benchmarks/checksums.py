"""What it costs to verify 100,000 stored rows while they are loaded.

python tests/benchmarks/checksums.py
"""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from bot import migrations
from bot.database import open_database
from bot.retrieval import catalogue
from bot.retrieval.documents import Block, BlockKind, Document, Searched, Section
from bot.retrieval.library import Library
from bot.retrieval.pages import Page
from bot.retrieval.rows import rows_of

PAGES, SECTIONS = 10_000, 10
WORDS = [f"word{number}" for number in range(5000)]


class Random:
    """Vectors of the usual size."""

    identity = "random"

    def __init__(self) -> None:
        self._dice = np.random.default_rng(1)

    def encode(self, texts: list[str]) -> np.ndarray:
        return self._dice.normal(size=(len(texts), 384)).astype(np.float32)

    def encode_parts(self, texts: list[Searched]) -> tuple[np.ndarray, list[np.ndarray]]:
        return self.encode([one.text for one in texts]), [np.empty((0, 384), dtype=np.float32)] * len(texts)


def main() -> None:
    dice = np.random.default_rng(2)

    def document(number: int) -> Document:
        sections = tuple(
            Section((f"Part {part}",), (Block(BlockKind.PARAGRAPH, (" ".join(dice.choice(WORDS, size=60)),)),))
            for part in range(SECTIONS)
        )
        return Document(f"{number}.md", f"Page {number}", sections)

    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'index.db'}")
        migrations.upgrade(database.engine)
        pages = [
            Page(f"{number}.md", str(number), lambda _sandbox, number=number: (document(number), ()))
            for number in range(PAGES)
        ]
        Library(database, Random()).reindex(pages, folder="", now=datetime.now(UTC))  # type: ignore[arg-type]
        reading, comparing = [], []
        for _ in range(3):
            start = time.process_time()
            with database.reading() as session:
                rows = rows_of(session, 1)
            middle = time.process_time()
            for words, vector in zip(rows.terms, rows.vectors, strict=True):
                catalogue.checksum_of("0" * 64, words)
                catalogue.checksum_of("0" * 64, vector.data)
            reading.append(middle - start)
            comparing.append(time.process_time() - middle)
        print(f"{len(rows.passages)} passages read: {min(reading):.2f} s, {min(comparing):.2f} of it their sums")  # noqa: T201 - its purpose
        database.close()


if __name__ == "__main__":
    main()
