"""Evaluation sets in the BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv -> pages and queries.

A query's `metadata` may hold `exclude` (document ids), `history` (earlier user turns, oldest first) and `answerable`.
"""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from bot.errors import EvaluationError
from bot.retrieval import readers
from bot.retrieval.documents import Document, Question
from bot.retrieval.pages import Page
from bot.retrieval.readers.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its gold. `exclude` are documents to drop from its ranking; `answerable` None where not said."""

    id: str
    question: Question
    relevant: dict[str, float] = field(default_factory=dict)
    exclude: frozenset[str] = frozenset()
    answerable: bool | None = None


def read_corpus(file: Path) -> list[Page]:
    """The documents as pages of a reindex. Raises `EvaluationError` with the file and the line."""
    pages: dict[str, Page] = {}
    for line, entry in _entries(file, "_id", "text"):
        source, title, body = str(entry["_id"]), str(entry.get("title") or ""), str(entry["text"])
        if source in pages:
            raise EvaluationError(f"{file}, line {line}: a second document has the _id {source}; ids are unique.")
        pages[source] = Page(source=source, digest=source, read=_reading(source, title, body))
    return list(pages.values())


def read_queries(file: Path, qrels: Path) -> list[Query]:
    """The queries with what is relevant to each. Raises `EvaluationError` with the file and the line."""
    relevant = _relevant(qrels)
    found: list[Query] = []
    for line, entry in _entries(file, "_id", "text"):
        meta = entry.get("metadata") or {}
        if not isinstance(meta, dict):
            raise EvaluationError(f"{file}, line {line}: metadata is not an object.")
        key = str(entry["_id"])
        found.append(
            Query(
                id=key,
                question=Question(str(entry["text"]), history=tuple(map(str, meta.get("history") or ()))),
                relevant=relevant.get(key, {}),
                exclude=frozenset(map(str, meta.get("exclude") or ())),
                answerable=meta.get("answerable"),
            )
        )
    if not found:
        raise EvaluationError(f"{file} holds no query.")
    return found


@contextmanager
def opened(file: Path) -> Iterator[TextIO]:
    """The text of a file; what cannot be opened or is not UTF-8 is an `EvaluationError`."""
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            yield stream
    except OSError as fault:
        raise EvaluationError(f"{file} cannot be opened ({fault.strerror}). Check the path.") from fault
    except UnicodeDecodeError as fault:
        raise EvaluationError(f"{file} is not UTF-8 text. Save it as UTF-8.") from fault


def _reading(source: str, title: str, body: str) -> Callable[[Sandbox], tuple[Document, tuple[str, ...]]]:
    return lambda _sandbox: (readers.read_text(body, source=source, title=title), ())


def _relevant(file: Path) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    with opened(file) as stream:
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


def _entries(file: Path, *needed: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON-lines file with their line numbers."""
    with opened(file) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
            except json.JSONDecodeError as fault:
                raise EvaluationError(f"{file}, line {number}: {fault.msg}; each line is one JSON object.") from fault
            if not isinstance(entry, dict):
                raise EvaluationError(f"{file}, line {number}: each line is one JSON object.")
            missing = [name for name in needed if name not in entry]
            if missing:
                raise EvaluationError(f"{file}, line {number}: lacks {', '.join(map(repr, missing))}.")
            yield number, entry
