"""Runs the app's own retrieval on BEIR-format data in a throw-away index, and on the knowledge's own questions."""

import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bot import beir, golden, migrations
from bot.audiences import EVERYONE
from bot.beir import Query
from bot.database import open_database
from bot.errors import EvaluationError
from bot.golden import GoldenQuestion
from bot.number_questions import Judged
from bot.people import Directory
from bot.retrieval import scoring
from bot.retrieval.documents import Answer, Question
from bot.retrieval.library import Library
from bot.retrieval.reindexing import Encode, Step

CONVERSATIONS = "conversations.csv"


@dataclass(frozen=True, slots=True)
class Quality:
    """What `evaluate` prints of a BEIR set. Times of questions in ms; `auroc` None unless `answerable` was given."""

    ndcg_10: float
    recall_5: float
    recall_10: float
    mrr_10: float
    queries: int
    chunks: int
    index_seconds: float
    chunks_per_second: float
    p50_ms: float
    p95_ms: float
    auroc: float | None

    def as_json(self) -> dict[str, float | int | None]:
        values = {
            "ndcg@10": self.ndcg_10,
            "recall@5": self.recall_5,
            "recall@10": self.recall_10,
            "mrr@10": self.mrr_10,
        }
        rest = ("queries", "chunks", "index_seconds", "chunks_per_second", "p50_ms", "p95_ms", "auroc")
        return {**values, **{name: getattr(self, name) for name in rest}}


@dataclass(frozen=True, slots=True)
class OwnQuality:
    """How the knowledge does on its own questions. Shares are 0 to 1; refusals are at the bar that keeps
    `golden.KEPT` of the answerable ones. `conversations` holds the share of last turns that find their page,
    `numbers` what became of the questions for numbers, by `number_questions.Judged`."""

    answerable: int
    right_page_first: float
    right_page_top_3: float
    right_words: float
    answered: float
    bar: float
    refused: dict[str, float]
    auroc: dict[str, float]
    p50_ms: float
    p95_ms: float
    median_words: float
    conversations: dict[str, float]
    numbers: dict[str, float]
    missed: tuple[tuple[str, str], ...]


def evaluate_set(
    corpus: Path,
    queries: Path,
    qrels: Path,
    *,
    encoder: Encode,
    progress: Callable[[Step], None] = lambda _step: None,
) -> Quality:
    """Index a corpus in a temporary folder and ask its queries. Raises `EvaluationError` for a malformed file."""
    pages = beir.read_corpus(corpus)
    asked = beir.read_queries(queries, qrels)
    encoder.encode(["warm up"])  # loading the model is not indexing
    with tempfile.TemporaryDirectory(prefix="throughline-evaluate-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'index.db'}")
        migrations.upgrade(database.engine)
        library = Library(database, encoder)
        start = time.perf_counter()
        report = library.reindex(pages, folder=str(corpus), now=datetime.now(UTC), progress=progress)
        index_seconds = time.perf_counter() - start
        rankings, times = _ask_all(library, asked, progress)
        confidences = _confidences(library, [query for query in asked if query.answerable is not None])
        database.close()
    judged = [(query, ranked) for query, ranked in zip(asked, rankings, strict=True) if query.relevant]
    return Quality(
        ndcg_10=_mean(scoring.ndcg(ranked, query.relevant, 10) for query, ranked in judged),
        recall_5=_mean(scoring.recall(ranked, query.relevant, 5) for query, ranked in judged),
        recall_10=_mean(scoring.recall(ranked, query.relevant, 10) for query, ranked in judged),
        mrr_10=_mean(scoring.reciprocal_rank(ranked, query.relevant, 10) for query, ranked in judged),
        queries=len(asked),
        chunks=report.passages,
        index_seconds=index_seconds,
        chunks_per_second=report.passages / index_seconds,
        p50_ms=scoring.percentile(times, 0.5),
        p95_ms=scoring.percentile(times, 0.95),
        auroc=scoring.auroc(confidences[True], confidences[False]),
    )


def evaluate_own(
    library: Library,
    folder: Path,
    *,
    directory: Directory,
    numbers: Callable[[Sequence[str]], Judged | None] = lambda _others: None,
    progress: Callable[[Step], None] = lambda _step: None,
) -> OwnQuality:
    """Ask a knowledge folder's `questions.csv` and `conversations.csv`, each question as the person it is asked by.

    `numbers` judges how questions for numbers are told from those given to it, which ask for none. Raises
    `EvaluationError` where there is no answerable question.
    """
    questions = golden.read(folder / golden.FILE, directory)
    if not any(question.answerable for question in questions):
        raise EvaluationError(f"{folder / golden.FILE} holds no answerable question; add rows of that kind.")
    confidences: dict[str, list[float]] = {}
    judged: list[_Judged] = []
    times: list[float] = []
    today = datetime.now(UTC).date()
    for place, question in enumerate(questions):
        progress(Step("asking", place, len(questions)))
        start = time.perf_counter()
        answer = library.answer(Question(question.text), audiences=question.person.audiences, today=today)
        times.append((time.perf_counter() - start) * 1000)
        confidences.setdefault(question.kind, []).append(answer.confidence)
        if question.answerable:
            judged.append(_judged(library, question, answer, today))
    progress(Step("asking", len(questions), len(questions)))
    counted = numbers([*(question.text for question in questions), *_last_turns(folder / CONVERSATIONS)])
    known = confidences.pop(golden.ANSWERABLE)
    bar = scoring.bar_that_keeps(golden.KEPT, known)
    return OwnQuality(
        answerable=len(judged),
        right_page_first=_mean(one.place == 0 for one in judged),
        right_page_top_3=_mean(one.place < golden.TOP for one in judged),
        right_words=_mean(one.right_words for one in judged),
        answered=_mean(one.words > 0 for one in judged),
        bar=bar,
        refused={kind: _mean(score < bar for score in scores) for kind, scores in confidences.items()},
        auroc={kind: scoring.auroc(known, scores) or 0.0 for kind, scores in confidences.items()},
        p50_ms=scoring.percentile(times, 0.5),
        p95_ms=scoring.percentile(times, 0.95),
        median_words=scoring.percentile([one.words for one in judged if one.words], 0.5),
        conversations=_conversations(library, folder / CONVERSATIONS, directory=directory, today=today),
        numbers=counted.as_json() if counted else {},
        missed=tuple((one.question.text, one.question.page) for one in judged if one.place >= golden.TOP),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """One answerable question: where its page ranks, how many words were quoted, and whether the right ones."""

    question: GoldenQuestion
    place: int
    words: int
    right_words: bool


def _judged(library: Library, question: GoldenQuestion, answer: Answer, today: date) -> _Judged:
    found = library.search(Question(question.text), audiences=question.person.audiences, day=today)
    pages = _pages(source for source, _ in found)
    return _Judged(
        question=question,
        place=pages.index(question.page) if question.page in pages else len(pages) + golden.TOP,
        words=sum(len(quote.block.text.split()) for quote in answer.quotes),
        right_words=any(_holds(quote.block.text, question.words) for quote in answer.quotes),
    )


def _conversations(library: Library, file: Path, *, directory: Directory, today: date) -> dict[str, float]:
    """Kind of last turn -> the share whose page is among the first three."""
    if not file.is_file():
        return {}
    found: dict[str, list[bool]] = {}
    for line, row in golden.rows_of(file, "earlier", "question", "page", "kind"):
        person = golden.asker(row, directory, place=f"{file}, line {line}")
        question = Question(row["question"], history=tuple(row["earlier"].split(" | ")))
        hits = library.search(question, audiences=person.audiences, day=today)
        pages = _pages(source for source, _ in hits)
        found.setdefault(row["kind"], []).append(row["page"] in pages[: golden.TOP])
    return {kind: _mean(values) for kind, values in found.items()}


def _last_turns(file: Path) -> list[str]:
    return [row["question"] for _, row in golden.rows_of(file, "question")] if file.is_file() else []


def _ask_all(
    library: Library, queries: Sequence[Query], progress: Callable[[Step], None]
) -> tuple[list[list[str]], list[float]]:
    rankings: list[list[str]] = []
    times: list[float] = []
    for place, query in enumerate(queries):
        progress(Step("asking", place, len(queries)))
        start = time.perf_counter()
        found = library.search(query.question, audiences=frozenset({EVERYONE}))
        times.append((time.perf_counter() - start) * 1000)
        rankings.append([source for source in _pages(source for source, _ in found) if source not in query.exclude])
    progress(Step("asking", len(queries), len(queries)))
    return rankings, times


def _confidences(library: Library, queries: Sequence[Query]) -> dict[bool, list[float]]:
    found: dict[bool, list[float]] = {True: [], False: []}
    today = datetime.now(UTC).date()
    for query in queries:
        answer = library.answer(query.question, audiences=frozenset({EVERYONE}), today=today)
        found[bool(query.answerable)].append(answer.confidence)
    return found


def _pages(sources: Iterable[str]) -> list[str]:
    """A page ranks where its best passage does."""
    return list(dict.fromkeys(sources))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def _holds(text: str, wanted: str) -> bool:
    return " ".join(wanted.lower().split()) in " ".join(text.lower().split())
