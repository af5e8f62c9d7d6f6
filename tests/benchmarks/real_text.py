"""The same real chunks and questions for everybody, from `../shared/data`, which is not part of this repository."""

import csv
import json
import sys
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent.parent
DATA = PROJECT.parent / "shared" / "data"
CORPORA = ("handbook_18f", "banking_opening")
QUESTIONS = ("handbook_18f", "banking_opening")
# About 124 tokens of these texts, as passages of handbooks have.
CHUNK_WORDS, OVERLAP_WORDS = 95, 30


def documents() -> list[dict[str, Any]]:
    """The pages: `_id`, `title`, `text` (Markdown)."""
    return [entry for corpus in CORPORA for entry in _lines(DATA / corpus / "corpus.jsonl")]


def chunks(count: int) -> list[dict[str, str]]:
    """The first `count` windows of words, a page of each corpus in turn; stops the program where there are fewer."""
    corpora = [list(_lines(DATA / corpus / "corpus.jsonl")) for corpus in CORPORA]
    in_turn = [page for page in chain.from_iterable(zip_longest(*corpora)) if page]
    found = [window for page in in_turn for window in _windows(page)]
    if len(found) < count:
        sys.exit(f"The texts make {len(found)} chunks, not {count}; ask for fewer with --chunks.")
    return found[:count]


def questions(count: int) -> list[dict[str, str]]:
    """The first `count` different questions, of each set in turn; half of them have at most 12 tokens."""
    sets = [[entry["text"] for entry in _lines(DATA / name / "queries.jsonl")] for name in QUESTIONS]
    sets.append(more_questions())
    texts = [text for text in chain.from_iterable(zip_longest(*sets)) if text]
    return [{"text": text} for text in list(dict.fromkeys(texts))[:count]]


def more_questions() -> list[str]:
    """Some 3,000 short questions of a bank's customers."""
    with _opened(DATA / "banking77_test.csv") as stream:
        return list(dict.fromkeys(row["text"] for row in csv.DictReader(stream)))


def _windows(page: dict[str, Any]) -> Iterator[dict[str, str]]:
    words = page["text"].split()
    for start in range(0, max(1, len(words) - OVERLAP_WORDS), CHUNK_WORDS - OVERLAP_WORDS):
        yield {"key": f"{page['_id']}#{start}", "text": " ".join(words[start : start + CHUNK_WORDS])}


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with _opened(file) as stream:
        yield from map(json.loads, stream)


def _opened(file: Path):
    if not file.is_file():
        sys.exit(f"{file} is not there: this benchmark reads real texts that are not part of the repository.")
    return file.open(encoding="utf-8", newline="")
