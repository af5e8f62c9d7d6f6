"""Runs the app's own retrieval on BEIR-format data in a throw-away index, and on the knowledge's own questions."""

import csv
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from bot import migrations
from bot.audiences import EVERYONE
from bot.database import open_database
from bot.errors import EvaluationError
from bot.people import ORDINARY_EMPLOYEE, Directory
from bot.retrieval import readers, scoring
from bot.retrieval.documents import Question
from bot.retrieval.library import Library
from bot.retrieval.reindexing import Encode, Page, Step

KEPT = 0.95
TOP = 3
ANSWERABLE = "answerable"


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its gold. `exclude` are documents to drop from its ranking; `answerable` None where not said."""

    id: str
    question: Question
    relevant: dict[str, float] = field(default_factory=dict)
    exclude: frozenset[str] = frozenset()
    answerable: bool | None = None


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
    """How the knowledge does on its own questions. Shares are 0 to 1; refusals are at the bar that keeps `KEPT`."""

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
    pages = [_page(entry, corpus) for entry in _json_lines(corpus)]
    asked = _queries(queries, _qrels(qrels))
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
    library: Library, file: Path, *, directory: Directory, progress: Callable[[Step], None] = lambda _step: None
) -> OwnQuality:
    """Ask the questions of `questions.csv` as the people they are asked by."""
    rows = _own_rows(file)
    confidences: dict[str, list[float]] = {}
    first = top = right = answered = 0
    missed: list[tuple[str, str]] = []
    times: list[float] = []
    today = datetime.now(UTC).date()
    for place, row in enumerate(rows):
        progress(Step("asking", place, len(rows)))
        person = directory.find(row["as"]) if row.get("as") else ORDINARY_EMPLOYEE
        question = Question(row["question"])
        start = time.perf_counter()
        answer = library.answer(question, audiences=person.audiences, today=today)
        times.append((time.perf_counter() - start) * 1000)
        confidences.setdefault(row["kind"], []).append(answer.confidence)
        if row["kind"] != ANSWERABLE:
            continue
        pages = _pages(source for source, _ in library.search(question, audiences=person.audiences))
        first += row["page"] in pages[:1]
        top += row["page"] in pages[:TOP]
        answered += answer.answered
        right += any(_holds(quote.block.text, row["words"]) for quote in answer.quotes)
        if row["page"] not in pages[:TOP]:
            missed.append((row["question"], row["page"]))
    progress(Step("asking", len(rows), len(rows)))
    known = confidences.pop(ANSWERABLE, [])
    if not known:
        raise EvaluationError(f"{file} holds no answerable question; add rows of that kind.")
    bar = scoring.bar_that_keeps(KEPT, known)
    return OwnQuality(
        answerable=len(known),
        right_page_first=first / len(known),
        right_page_top_3=top / len(known),
        right_words=right / len(known),
        answered=answered / len(known),
        bar=bar,
        refused={kind: _mean(score < bar for score in scores) for kind, scores in confidences.items()},
        auroc={kind: scoring.auroc(known, scores) or 0.0 for kind, scores in confidences.items()},
        p50_ms=scoring.percentile(times, 0.5),
        p95_ms=scoring.percentile(times, 0.95),
        missed=tuple(missed),
    )


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


def _page(entry: dict[str, Any], file: Path) -> Page:
    try:
        source, title, body = str(entry["_id"]), str(entry.get("title") or ""), str(entry["text"])
    except KeyError as fault:
        raise EvaluationError(f"{file}: a document lacks {fault}; each line holds _id, title and text.") from fault
    return Page(source=source, digest=source, read=lambda: (readers.read_text(body, source=source, title=title), ()))


def _queries(file: Path, relevant: dict[str, dict[str, float]]) -> list[Query]:
    found: list[Query] = []
    for entry in _json_lines(file):
        meta = entry.get("metadata") or {}
        try:
            key, text = str(entry["_id"]), str(entry["text"])
        except KeyError as fault:
            raise EvaluationError(f"{file}: a query lacks {fault}; each line holds _id and text.") from fault
        found.append(
            Query(
                id=key,
                question=Question(text, history=tuple(map(str, meta.get("history") or ()))),
                relevant=relevant.get(key, {}),
                exclude=frozenset(map(str, meta.get("exclude") or ())),
                answerable=meta.get("answerable"),
            )
        )
    if not found:
        raise EvaluationError(f"{file} holds no query.")
    return found


def _qrels(file: Path) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    with _opened(file) as stream:
        for line, row in enumerate(csv.DictReader(stream, delimiter="\t"), start=2):
            try:
                score = float(row["score"])
                if score > 0:
                    found.setdefault(row["query-id"], {})[row["corpus-id"]] = score
            except (KeyError, TypeError, ValueError) as fault:
                raise EvaluationError(
                    f"{file}, line {line}: expected query-id, corpus-id and a score, apart by tabs."
                ) from fault
    return found


def _own_rows(file: Path) -> list[dict[str, str]]:
    with _opened(file) as stream:
        reader = csv.DictReader(stream)
        missing = {"question", "page", "words", "kind"} - set(reader.fieldnames or ())
        if missing:
            raise EvaluationError(f"{file} lacks the column {', '.join(sorted(missing))}.")
        return list(reader)


def _json_lines(file: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    with _opened(file) as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                try:
                    entries.append(json.loads(line))
                except json.JSONDecodeError as fault:
                    raise EvaluationError(
                        f"{file}, line {number}: {fault.msg}; each line is one JSON object."
                    ) from fault
    return entries


def _opened(file: Path) -> TextIO:
    try:
        return file.open(encoding="utf-8", newline="")
    except OSError as fault:
        raise EvaluationError(f"{file} cannot be opened ({fault.strerror}). Check the path.") from fault
