"""The evaluation measures what the definitions say, and a malformed file is named with its line."""

import json
import math
from pathlib import Path

import pytest
from bot.errors import EvaluationError
from bot.evaluation import Quality, evaluate_own, evaluate_set
from bot.people import Directory, Member
from bot.retrieval.embedding import Embedder

from conftest import Shelf

CORPUS = [
    {"_id": "d1", "title": "Late fees", "text": "The late fee is nine dollars and fifty cents per bill."},
    {"_id": "d2", "title": "Gift cards", "text": "Gift cards never expire and cannot be exchanged for cash."},
    {"_id": "d3", "title": "Modem returns", "text": "A modem returned within thirty days is not charged."},
    {"_id": "d4", "title": "Opening hours", "text": "The shop opens at nine on weekdays and at ten on Saturdays."},
]
QUERIES = [
    {"_id": "q1", "text": "how much is the late fee?", "metadata": {"answerable": True}},
    {"_id": "q2", "text": "do gift cards expire?", "metadata": {"answerable": True}},
    # What is excluded leaves d2 first and d4 second.
    {"_id": "q3", "text": "can gift cards be cash?", "metadata": {"exclude": ["d1", "d3"]}},
    {"_id": "q4", "text": "late fee", "metadata": {"exclude": ["d1"]}},
    # Without its history this could be about anything.
    {"_id": "q5", "text": "and after that?", "metadata": {"history": ["modem returned within thirty days"]}},
    {"_id": "q6", "text": "what do zebras eat in the savanna?", "metadata": {"answerable": False}},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t2\nq2\tgone\t1\nq2\td4\t0\nq3\td4\t1\nq4\td1\t1\nq5\td3\t1\n"


class BeirSet:
    """Three files in the BEIR layout; each may be overwritten before the set is evaluated."""

    def __init__(self, folder: Path) -> None:
        self.corpus, self.queries, self.qrels = folder / "corpus.jsonl", folder / "queries.jsonl", folder / "qrels.tsv"
        self.corpus.write_text("\n".join(map(json.dumps, CORPUS)) + "\n\n")
        self.queries.write_text("\n".join(map(json.dumps, QUERIES)))
        self.qrels.write_text(QRELS)

    def evaluate(self, encoder: Embedder) -> Quality:
        return evaluate_set(self.corpus, self.queries, self.qrels, encoder=encoder)


@pytest.fixture
def beir(tmp_path: Path) -> BeirSet:
    return BeirSet(tmp_path)


def test_a_set_is_measured_as_by_hand(beir: BeirSet, encoder: Embedder) -> None:
    found = beir.evaluate(encoder)
    # q1 and q5 find all; q2 finds one of two: 2 of 2 + 1 / log2(3); q3 is second: 1 / log2(3); q4 finds nothing.
    second = 1 / math.log2(3)
    assert found.ndcg_10 == pytest.approx((1 + 2 / (2 + second) + second + 0 + 1) / 5)
    assert (found.recall_5, found.recall_10) == (pytest.approx(0.7), pytest.approx(0.7))
    assert found.mrr_10 == pytest.approx((1 + 1 + 0.5 + 0 + 1) / 5)
    assert (found.queries, found.chunks, found.auroc) == (6, 4, 1.0)
    assert found.chunks_per_second == pytest.approx(found.chunks / found.index_seconds)
    assert 0 < found.p50_ms <= found.p95_ms


def test_without_answerable_marks_nothing_is_said_about_refusals(beir: BeirSet, encoder: Embedder) -> None:
    beir.queries.write_text(json.dumps({"_id": "q1", "text": "how much is the late fee?"}))
    assert beir.evaluate(encoder).auroc is None


def test_the_json_has_exactly_the_promised_keys() -> None:
    quality = Quality(0.1, 0.2, 0.3, 0.4, 5, 6, 7.0, 8.0, 9.0, 10.0, None)
    assert quality.as_json() == {
        "ndcg@10": 0.1,
        "recall@5": 0.2,
        "recall@10": 0.3,
        "mrr@10": 0.4,
        "queries": 5,
        "chunks": 6,
        "index_seconds": 7.0,
        "chunks_per_second": 8.0,
        "p50_ms": 9.0,
        "p95_ms": 10.0,
        "auroc": None,
    }


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("corpus", '{"_id": "d1", "text": "a"}\n{"_id": "d2", "text": "b"\n', 2),
        ("corpus", '{"_id": "d1", "text": "a"}\n\n{"_id": "d2", "title": "b"}\n', 3),
        ("corpus", '{"title": "a", "text": "b"}\n', 1),
        ("corpus", '{"_id": "d1", "text": "a"}\n["d2", "b"]\n', 2),
        ("queries", '{"_id": "q1", "text": "a"}\nnot json\n', 2),
        ("queries", '{"_id": "q1", "text": "a"}\n{"_id": "q2"}\n', 2),
        ("queries", '{"_id": "q1", "text": "a"}\n42\n', 2),
        ("queries", '{"_id": "q1", "text": "a", "metadata": ["history"]}\n', 1),
        ("qrels", "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\thigh\n", 3),
        ("qrels", "query-id\tcorpus-id\tscore\nq1\td1\n", 2),
        ("qrels", "q1 d1 1\nq2 d2 1\n", 2),
    ],
)
def test_a_malformed_file_is_named_with_its_line(
    beir: BeirSet, encoder: Embedder, name: str, text: str, line: int
) -> None:
    file: Path = getattr(beir, name)
    file.write_text(text)
    with pytest.raises(EvaluationError) as refused:
        beir.evaluate(encoder)
    assert f"{file}, line {line}: " in str(refused.value)


@pytest.mark.parametrize("name", ["corpus", "queries", "qrels"])
def test_a_file_that_is_no_utf_8_is_named(beir: BeirSet, encoder: Embedder, name: str) -> None:
    file: Path = getattr(beir, name)
    file.write_bytes(file.read_bytes().replace(b"d1", b"d\xff"))
    file.write_bytes(file.read_bytes().replace(b"q1", b"q\xff"))
    with pytest.raises(EvaluationError, match=file.name):
        beir.evaluate(encoder)


@pytest.mark.parametrize("name", ["corpus", "queries", "qrels"])
def test_a_missing_file_is_named(beir: BeirSet, encoder: Embedder, name: str) -> None:
    file: Path = getattr(beir, name)
    file.unlink()
    with pytest.raises(EvaluationError, match=rf"{file.name} cannot be opened \(No such file or directory\)"):
        beir.evaluate(encoder)


def test_a_set_without_queries_is_refused(beir: BeirSet, encoder: Embedder) -> None:
    beir.queries.write_text("\n")
    with pytest.raises(EvaluationError, match=r"queries\.jsonl holds no query"):
        beir.evaluate(encoder)


MAYA = Member("Maya Okafor", "maya@tidewater.example", frozenset({"shop"}), "")
QUESTIONS = """\
question,page,words,kind,as
how much is the late fee?,fees.md,fee is $9.50,answerable,
do gift cards expire?,cards.md,NEVER  expire,answerable,
who may open the safe of the shop?,safe.md,shift lead,answerable,maya
when does the store open?,fees.md,at five,answerable,
is there a late fee in Canada?,fees.md,,near_miss,
what do zebras eat in the savanna?,,,unanswered,
"""


@pytest.fixture
def shop(shelf: Shelf) -> Shelf:
    shelf.write("fees.md", "---\ntitle: Late fees\n---\nThe late fee is $9.50 per bill.\n")
    shelf.write("cards.md", "---\ntitle: Gift cards\n---\nGift cards never expire.\n")
    shelf.write(
        "safe.md", "---\ntitle: The safe\naudience: role:shop\n---\nOnly the shift lead opens the safe of the shop.\n"
    )
    shelf.write("hours.md", "---\ntitle: Opening hours\n---\nThe store opens at nine on weekdays.\n")
    shelf.write("doors.md", "---\ntitle: Doors\n---\nThe store does open its doors to dogs.\n")
    shelf.write("garden.md", "---\ntitle: Garden\n---\nThe store has an open garden when it does not rain.\n")
    shelf.reindex()
    return shelf


def test_the_knowledge_is_measured_on_its_own_questions_as_the_people_who_ask(shop: Shelf) -> None:
    shop.write("questions.csv", QUESTIONS)
    own = evaluate_own(shop.library, shop.folder, directory=Directory(roles={"shop": ""}, roster=(MAYA,)))
    # The fourth row names a page that does not say it; three others do better.
    assert own.answerable == 4
    assert (own.right_page_first, own.right_page_top_3) == (0.75, 0.75)
    assert own.missed == (("when does the store open?", "fees.md"),)
    assert own.right_words == 0.75
    assert own.auroc["unanswered"] == 1.0
    assert own.refused.keys() == own.auroc.keys() == {"near_miss", "unanswered"}


def test_questions_without_an_answerable_row_or_a_column_are_refused(shop: Shelf) -> None:
    shop.write("questions.csv", "question,page,words,kind\nwho?,,,unanswered\n")
    with pytest.raises(EvaluationError, match=r"questions\.csv holds no answerable question; add rows of that kind"):
        evaluate_own(shop.library, shop.folder, directory=Directory())
    shop.write("questions.csv", "question,page\nwho?,a.md\n")
    with pytest.raises(EvaluationError, match=r"questions\.csv lacks the column kind, words"):
        evaluate_own(shop.library, shop.folder, directory=Directory())
