"""A knowledge base of any size, made of real text: pages whose sentences come from one real page each.

    python tests/benchmarks/world.py PASSAGES [REAL]    builds var/bench/world-PASSAGES.db

The first REAL passages (10,000) have real embeddings, the others those of a passage from the same real page, moved at
random to a cosine of .8 and made unit length again. `Library.reindex` writes everything, through the real tables.
Words come from some 430 real pages only, so at 100,000 passages each is in more of them than it would be in real life:
the search by words is dearer here than there.
"""

# ruff: noqa: T201 - a program prints

import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import real_text
from bot import migrations
from bot.database import Database, open_database
from bot.errors import Unreadable
from bot.retrieval import chunking, readers
from bot.retrieval.documents import Block, BlockKind, Document, Searched, Section
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.pages import Page
from numpy.typing import NDArray

CACHE = real_text.PROJECT / "var" / "bench"
MODELS = CACHE / "stores" / "models"
REAL_VECTORS = 10_000
MOVED = 0.75  # as long as this a random step takes a unit vector to a cosine of .8
FEWEST_SENTENCES = 12
# Who sees how many of 100 pages.
SHARES = {"all": 100, "tenth": 10, "hundredth": 1}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_SEED = 18


@dataclass(frozen=True)
class Topic:
    """A real page, taken apart."""

    title: str
    headings: tuple[str, ...]
    sentences: tuple[str, ...]


def topics() -> list[Topic]:
    found = []
    for entry in real_text.documents():
        try:
            page = readers.read_text(entry["text"], source=f"{entry['_id']}.md", title=entry["title"])
        except Unreadable:
            continue
        lines = [line for section in page.sections for block in section.blocks for line in block.lines]
        sentences = [one for line in lines for one in _SENTENCE.split(line) if 5 <= len(one.split()) <= 40]
        headings = [section.headings[-1] for section in page.sections if section.headings]
        if len(sentences) >= FEWEST_SENTENCES:
            found.append(Topic(page.title, tuple(headings) or ("Overview",), tuple(sentences)))
    return found


def documents(passages: int) -> Iterator[tuple[Document, int]]:
    """Pages, each with the number of its topic, until they hold so many passages; more of them begin the same."""
    known, chance = topics(), random.Random(_SEED)
    sizes = [len(topic.sentences) for topic in known]
    made = number = 0
    while made < passages:
        at = chance.choices(range(len(known)), sizes)[0]
        document = _document(number, known[at], chance)
        made += len(chunking.split(document))
        yield document, at
        number += 1


def pages(passages: int) -> list[Page]:
    return [
        Page(source=document.source, digest="1", read=partial(_given, document)) for document, _ in documents(passages)
    ]


def database_of(passages: int) -> Path:
    return CACHE / f"world-{passages}.db"


def opened(file: Path) -> Database:
    database = open_database(f"sqlite:///{file}")
    migrations.upgrade(database.engine)
    return database


class WorldVectors:
    """Stands in for the embedder while a world is written: nothing has to be embedded 100,000 times."""

    def __init__(self, pairs: Sequence[tuple[Document, int]], embedder: Embedder, *, real: int) -> None:
        self.identity = embedder.identity
        self._topics = {document.title: topic for document, topic in pairs}
        self._chance = np.random.default_rng(_SEED)
        texts = _searched(pairs[:real])[:real]
        self._known = dict(zip(texts, _real_vectors(embedder, texts), strict=True))
        self._alike: dict[int, list[NDArray[np.float32]]] = {}
        for text, vector in self._known.items():
            self._alike.setdefault(self._topic_of(text), []).append(vector)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._known[text] if text in self._known else self._moved(text) for text in texts])

    def encode_parts(self, texts: Sequence[Searched]) -> tuple[np.ndarray, list[np.ndarray]]:
        """A block means what its passage means."""
        vectors = self.encode([one.text for one in texts])
        return vectors, [np.tile(vector, (len(one.parts), 1)) for one, vector in zip(texts, vectors, strict=True)]

    def _moved(self, text: str) -> NDArray[np.float32]:
        near = self._alike.get(self._topic_of(text)) or list(self._known.values())[:1]
        base = near[self._chance.integers(len(near))]
        step = self._chance.standard_normal(len(base))
        moved = base + MOVED * step / np.linalg.norm(step)
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)

    def _topic_of(self, text: str) -> int:
        return self._topics.get(text.partition("\n")[0].partition(" > ")[0], -1)  # clauses have no title


def build(passages: int, *, real: int = REAL_VECTORS) -> None:
    file = database_of(passages)
    draft = file.with_suffix(".unfinished")
    for old in CACHE.glob(f"{draft.name}*"):
        old.unlink()
    pairs = list(documents(passages))
    database = opened(draft)
    library = Library(database, WorldVectors(pairs, Embedder(cache=MODELS), real=real))
    report = library.reindex(
        [Page(source=document.source, digest="1", read=partial(_given, document)) for document, _ in pairs],
        folder="world",
        now=datetime.now(UTC),
    )
    database.close()
    draft.rename(file)
    print(f"{report.documents:,} pages, {report.passages:,} passages in {file}", file=sys.stderr)


def _document(number: int, topic: Topic, chance: random.Random) -> Document:
    sections = tuple(
        Section((chance.choice(topic.headings),), tuple(_block(topic, chance) for _ in range(chance.randint(2, 4))))
        for _ in range(4)
    )
    audiences = frozenset(name for name, share in SHARES.items() if number % (100 // share) == 0)
    return Document(f"branch-{number}.md", f"{topic.title} in branch {number}", sections, audiences=audiences)


def _block(topic: Topic, chance: random.Random) -> Block:
    sentences = tuple(chance.choice(topic.sentences) for _ in range(chance.randint(2, 4)))
    if chance.random() < 0.25:
        return Block(BlockKind.BULLETS, sentences)
    return Block(BlockKind.PARAGRAPH, (" ".join(sentences),))


def _given(document: Document, _sandbox: object) -> tuple[Document, tuple[str, ...]]:
    return document, ()


def _searched(pairs: Sequence[tuple[Document, int]]) -> list[str]:
    return [chunking.searched(document, passage).text for document, _ in pairs for passage in chunking.split(document)]


def _real_vectors(embedder: Embedder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Embedded once and kept: some minutes."""
    file = CACHE / f"vectors-{len(texts)}.npy"
    if not file.is_file():
        print(f"Embedding {len(texts):,} passages, some minutes ...", file=sys.stderr)
        parts = [embedder.encode(texts[start : start + 256]) for start in range(0, len(texts), 256)]
        np.save(file, np.concatenate(parts))
    return np.load(file)


if __name__ == "__main__":
    build(int(sys.argv[1]), real=int(sys.argv[2]) if len(sys.argv) > 2 else REAL_VECTORS)
