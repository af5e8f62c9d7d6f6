"""Every search engine finds what brute force finds, scores as the formula does, and shows nothing outside the scope."""

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pytest
from bot.database import Database
from bot.retrieval import catalogue
from bot.retrieval.documents import Block, BlockKind, Document, Section
from bot.retrieval.engines.base import Candidates, Engine
from bot.retrieval.engines.memory import MemoryEngine
from bot.retrieval.engines.postgres import PostgresEngine
from bot.retrieval.library import Library
from bot.retrieval.pages import Page
from bot.retrieval.rows import audiences_at
from bot.retrieval.scope import Scope
from bot.retrieval.terms import terms_of
from sqlalchemy import select

from thorough import cases
from whole_parts import WholeParts

pytestmark = pytest.mark.each_engine
NOW = datetime(2026, 11, 22, tzinfo=UTC)
AUDIENCES = ("everyone", "role:shop", "role:phone", "partner:FieldPro", "person:U0MAYA")
WORDS = [
    "modem", "router", "fee", "invoice", "refund", "credit", "outage", "installer", "warranty", "contract", "shop",
    "phone",
]  # fmt: skip
SIZE = 16


class Numbers(WholeParts):
    """Vectors that depend on nothing but the text: here it is the search that is tested, not the model."""

    identity = "numbers"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = [np.random.default_rng(abs(hash_of(text))).normal(size=SIZE) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32)


def hash_of(text: str) -> int:
    return sum((place + 1) * ord(letter) for place, letter in enumerate(text))


@dataclass(frozen=True)
class Truth:
    """One passage as brute force knows it."""

    passage: int
    document: int
    audiences: frozenset[str]
    terms: Counter[str]
    vector: np.ndarray


class World:
    """A base of small random pages in a real database, changed and reindexed at will."""

    def __init__(self, database: Database, load: Callable[..., Engine], seed: int) -> None:
        self.database = database
        self.load = load
        self.random = random.Random(seed)
        self.documents: dict[str, Document] = {}
        self.generation = 0

    def page(self, name: str) -> Document:
        text = self.random.choices
        sections = tuple(
            Section(
                (" ".join(text(WORDS, k=2)),),
                (Block(BlockKind.PARAGRAPH, (" ".join(text(WORDS, k=self.random.choice([8, 40, 200]))),)),),
            )
            for _ in range(self.random.randint(1, 3))
        )
        readers = frozenset(self.random.sample(AUDIENCES, k=self.random.randint(1, 2)))
        return Document(name, " ".join(text(WORDS, k=2)), sections, audiences=readers, keywords=tuple(text(WORDS, k=1)))

    def change(self, pages: int) -> None:
        """Add or replace pages, drop one now and then, and publish the next generation."""
        for _ in range(pages):
            name = f"p{self.random.randint(0, 30)}.md"
            self.documents[name] = self.page(name)
        if len(self.documents) > 3 and self.random.random() < 0.5:
            self.documents.pop(self.random.choice(sorted(self.documents)))
        self.publish()

    def publish(self) -> None:
        library = Library(self.database, Numbers())
        pages = [
            Page(name, str(hash(repr(document))), lambda _sandbox, document=document: (document, ()))
            for name, document in self.documents.items()
        ]
        report = library.reindex(pages, folder="", now=NOW)
        self.generation = report.generation

    def truth(self) -> list[Truth]:
        with self.database.reading() as session:
            audiences = audiences_at(session, self.generation)
            rows = session.execute(
                select(catalogue.PassageRow, catalogue.SectionRow, catalogue.DocumentRow, catalogue.VectorRow.vector)
                .join(catalogue.SectionRow, catalogue.PassageRow.section == catalogue.SectionRow.id)
                .join(catalogue.DocumentRow, catalogue.PassageRow.document == catalogue.DocumentRow.id)
                .join(catalogue.VectorRow, catalogue.PassageRow.vector == catalogue.VectorRow.key)
                .where(catalogue.alive_at(self.generation))
            )
            return [
                Truth(
                    passage.id,
                    document.id,
                    audiences[document.id],
                    terms_of(
                        title=document.title,
                        headings=section.headings,
                        keywords=self.documents[document.source].keywords,
                        text=passage.text,
                    ),
                    np.frombuffer(vector, dtype="<f2").astype(np.float64),
                )
                for passage, section, document, vector in rows
            ]


def bm25(query: Counter[str], texts: dict[int, Counter[str]]) -> tuple[dict[int, float], dict[str, float]]:
    """The formula, word by word: the score of each text, and the inverse document frequency of each word."""
    average = sum(text.total() for text in texts.values()) / len(texts)
    scores, rarity = dict.fromkeys(texts, 0.0), {}
    for word, weight in query.items():
        holding = sum(word in text for text in texts.values())
        rarity[word] = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        for key, text in texts.items():
            often = text[word]
            length = 0.25 + 0.75 * text.total() / average
            scores[key] += weight * rarity[word] * often * 2.2 / (often + 1.2 * length)
    return scores, rarity


def assert_true(found: Candidates, truth: list[Truth], query: Counter[str], vector: np.ndarray, k: int) -> None:
    """The engine's candidates are brute force's over the passages of the scope, with the formula's numbers."""
    assert len(found.passages) == len(set(found.passages.tolist()))
    if not truth:
        assert len(found.passages) == 0
        return
    cosines = {one.passage: float(one.vector @ vector) for one in truth}
    scores, rarity = bm25(query, {one.passage: one.terms for one in truth})
    pages: dict[int, Counter[str]] = {}
    sums: dict[int, np.ndarray] = {}
    for one in truth:
        pages.setdefault(one.document, Counter()).update(one.terms)
        sums[one.document] = sums.get(one.document, 0) + one.vector
    page_scores, _ = bm25(query, pages)
    rows = found.passages.tolist()
    document_of = {one.passage: one.document for one in truth}
    assert set(rows) <= set(cosines)
    assert found.documents.tolist() == [document_of[row] for row in rows]
    near = {*rows}
    kth_cosine = sorted(cosines.values())[-min(k, len(cosines))]
    kth_score = max(sorted(scores.values())[-min(k, len(scores))], 1e-9)
    assert {key for key, cosine in cosines.items() if cosine > kth_cosine + 1e-5} <= near
    assert {key for key, score in scores.items() if score > kth_score + 1e-4} <= near
    np.testing.assert_allclose(found.cosines, [cosines[row] for row in rows], atol=1e-5)
    np.testing.assert_allclose(found.scores, [scores[row] for row in rows], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.page_scores, [page_scores[document_of[row]] for row in rows], rtol=1e-4, atol=1e-4)
    expected = [sums[document_of[row]] @ vector / np.linalg.norm(sums[document_of[row]]) for row in rows]
    np.testing.assert_allclose(found.page_cosines, expected, atol=1e-4)
    assert found.rarity == pytest.approx(rarity, rel=1e-5)
    assert found.affinity == pytest.approx(np.mean(list(cosines.values())), abs=1e-5)


@pytest.fixture
def load(engine_name: str) -> Callable[..., Engine]:
    return PostgresEngine.load if engine_name == "postgresql" else MemoryEngine.load


@pytest.mark.parametrize("seed", range(cases(6, thoroughly=12)))
def test_an_engine_finds_what_brute_force_finds_after_every_reindex(
    database: Database, load: Callable[..., Engine], seed: int
) -> None:
    world = World(database, load, seed)
    world.change(12)
    with database.reading() as session:
        engine = load(session, world.generation)
    for _ in range(5):
        world.change(world.random.randint(1, 6))
        truth = world.truth()
        with database.reading() as session:
            engine = engine.moved_to(session, world.generation)
            for _ in range(6):
                audiences = frozenset(world.random.sample(AUDIENCES, k=world.random.randint(0, 3)))
                hidden = frozenset(one.document for one in truth if world.random.random() < 0.15)
                scope = Scope(audiences, generation=world.generation, hidden=hidden)
                query = Counter(dict.fromkeys(world.random.sample([*WORDS, "unheard"], k=3), 1))
                vector = Numbers().encode([str(world.random.random())])[0]
                k = world.random.choice([1, 3, 10, 100])
                shown = [one for one in truth if one.audiences & audiences and one.document not in hidden]
                found = engine.candidates(session, query, vector, scope=scope, k=k)
                assert_true(found, shown, query, vector.astype(np.float64), k)


def test_an_engine_that_moved_gives_the_numbers_of_one_that_was_loaded(
    database: Database, load: Callable[..., Engine]
) -> None:
    """Two processes, one of them started later, answer alike."""
    world = World(database, load, 1)
    world.change(15)
    vector = Numbers().encode(["a question"])[0]
    with database.reading() as session:
        moved = load(session, world.generation)
    for _ in range(12):  # more than the segments an engine collects
        world.change(3)
        with database.reading() as session:
            moved = moved.moved_to(session, world.generation)
            scope = Scope(frozenset(AUDIENCES), generation=world.generation)
            query = Counter({"modem": 1, "fee": 2})
            here, there = (
                by_passage(engine.candidates(session, query, vector, scope=scope, k=5))
                for engine in (moved, load(session, world.generation))
            )
        assert here == {key: pytest.approx(numbers, abs=1e-5) for key, numbers in there.items()}


def by_passage(found: Candidates) -> dict[int, tuple[float, ...]]:
    numbers = (found.cosines, found.scores, found.page_cosines, found.page_scores)
    return {key: tuple(float(each[row]) for each in numbers) for row, key in enumerate(found.passages.tolist())}


def test_what_the_asker_may_not_see_changes_no_number(database: Database, load: Callable[..., Engine]) -> None:
    """Not even how rare a word is: else the score of a visible page would tell of the hidden ones."""
    world = World(database, load, 3)
    world.change(10)
    shop = frozenset({"role:shop"})
    query, vector = Counter({"modem": 1, "fee": 1}), Numbers().encode(["a question"])[0]

    def seen() -> Candidates:
        with database.reading() as session:
            engine = load(session, world.generation)
            return engine.candidates(session, query, vector, scope=Scope(shop, generation=world.generation), k=50)

    before = seen()
    for number in range(10):
        hidden = replace(world.page(f"secret{number}.md"), audiences=frozenset({"role:phone"}))
        world.documents[hidden.source] = hidden
    world.publish()
    after = seen()
    assert by_passage(after) == by_passage(before)
    assert (after.rarity, after.affinity) == (before.rarity, before.affinity)


def test_a_scope_with_no_page_finds_nothing(database: Database, load: Callable[..., Engine]) -> None:
    world = World(database, load, 7)
    world.change(5)
    with database.reading() as session:
        engine = load(session, world.generation)
        for names in (frozenset[str](), frozenset({"role:shop' OR 1=1 --", "%", "role:*"})):
            scope = Scope(names, generation=world.generation)
            assert len(engine.candidates(session, Counter({"fee": 1}), np.ones(SIZE), scope=scope, k=5).passages) == 0
