"""The golden questions: what the knowledge has to answer, asked of every new state of it before it goes live.

`questions.csv` in the knowledge folder: question, page, words, kind (answerable, near_miss, ...), as (who asks).
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot import beir
from bot.errors import EvaluationError, UnknownPerson
from bot.people import ORDINARY_EMPLOYEE, Directory, Person
from bot.retrieval import scoring
from bot.retrieval.confidence import DEFAULT_BAR
from bot.retrieval.documents import Question
from bot.retrieval.library import Examine, Finder, Found
from bot.retrieval.reindexing import Step, Trial

FILE = "questions.csv"
ANSWERABLE = "answerable"
# The bar that still answers this share of the answerable questions.
KEPT = 0.95
# A page counts as found among so many.
TOP = 3
# With fewer questions the least clear 5 % of them are one or two, and say nothing about others.
ENOUGH_FOR_A_BAR = 40
# What the csv module takes by itself.
LONGEST_CELL = 131_072


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with the page that answers it and the words that an answer has to hold ("" where nothing does)."""

    text: str
    page: str
    words: str
    kind: str
    person: Person

    @property
    def answerable(self) -> bool:
        return self.kind == ANSWERABLE


def read(file: Path, directory: Directory) -> tuple[GoldenQuestion, ...]:
    """The golden questions; none where there is no file. Raises `EvaluationError` with what to mend."""
    if not file.is_file():
        return ()
    found: list[GoldenQuestion] = []
    for line, row in rows_of(file, "question", "page", "words", "kind"):
        if not row["question"].strip():
            raise EvaluationError(f"{file}, line {line}: the column question is empty. Write one, or delete the line.")
        if row["kind"] == ANSWERABLE and not row["page"].strip():
            raise EvaluationError(
                f"{file}, line {line}: an answerable question has to name its page. Write the page's path inside the "
                "knowledge folder, or another kind."
            )
        found.append(
            GoldenQuestion(
                text=row["question"],
                page=row["page"],
                words=row["words"],
                kind=row["kind"],
                person=asker(row, directory, place=f"{file}, line {line}"),
            )
        )
    return tuple(found)


def asker(row: Mapping[str, str], directory: Directory, *, place: str) -> Person:
    """Who asks: the person of the column `as`, an ordinary employee where it is empty or not there."""
    if not row.get("as"):
        return ORDINARY_EMPLOYEE
    try:
        return directory.find(row["as"])
    except UnknownPerson as fault:
        raise EvaluationError(f"{place}: {fault}") from fault


def rows_of(file: Path, *columns: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file that must have these columns, each with the number of its last line.

    Raises `EvaluationError` with the place.
    """
    with beir.opened(file) as stream:
        csv.field_size_limit(LONGEST_CELL)  # of the whole process, and an import of customers allows more
        reader = csv.DictReader(stream)
        try:
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise EvaluationError(f"{file} lacks the column {', '.join(sorted(missing))}.")
            return [(reader.line_num, _whole(row, columns, place=f"{file}, line {reader.line_num}")) for row in reader]
        except csv.Error as fault:
            raise EvaluationError(
                f"{file}, line {reader.line_num}: {fault}. Look for a quotation mark that is not closed."
            ) from fault


def _whole(row: dict[str | Any, Any], columns: Iterable[str], *, place: str) -> dict[str, str]:
    if None in row:
        raise EvaluationError(
            f'{place} has more values than columns. Put a text with commas between "quotation marks".'
        )
    if short := [name for name in columns if row[name] is None]:
        raise EvaluationError(f"{place} ends before the column {short[0]}. Write a comma for each empty value.")
    return {name: value or "" for name, value in row.items()}


def digest_of(questions: Sequence[GoldenQuestion]) -> str:
    """Stands for all of them, in every process: where it changes, the bar has to be set anew."""
    told = [(one.text, one.page, one.words, one.kind, sorted(one.person.audiences)) for one in questions]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def examiner(
    questions: Sequence[GoldenQuestion],
    *,
    margin: float,
    today: date,
    progress: Callable[[Step], None] = lambda _step: None,
) -> Examine:
    """An examination that a candidate fails where it finds fewer pages than the live generation, by more than `margin`.

    `margin` is a share of the answerable questions, 0 to 1.
    """
    asked = [question for question in questions if question.answerable]

    def examine(candidate: Finder, live: Finder | None) -> Trial:
        certain: list[float] = []
        fell: list[str] = []
        found = gained = 0
        for place, question in enumerate(asked):
            progress(Step("examining", place, len(asked)))
            answer = _ask(candidate, question, today)
            good = question.page in answer.pages[:TOP]
            before = question.page in _ask(live, question, today).pages[:TOP] if live else good
            certain.append(answer.confidence)
            found += good
            gained += good and not before
            if before and not good:
                fell.append(question.text)
        progress(Step("examining", len(asked), len(asked)))
        return Trial(
            bar=scoring.bar_that_keeps(KEPT, certain) if len(certain) >= ENOUGH_FOR_A_BAR else DEFAULT_BAR,
            asked=len(asked),
            found=found,
            fell=tuple(fell),
            passed=len(fell) - gained <= margin * len(asked),
        )

    return examine


def _ask(finder: Finder, question: GoldenQuestion, today: date) -> Found:
    return finder(Question(question.text), question.person.audiences, today)
