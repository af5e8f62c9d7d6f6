"""The starter knowledge is sound, and its questions are hard enough to say something."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from bot.people import ORDINARY_EMPLOYEE, load_directory, load_owners
from bot.retrieval.documents import Document
from bot.retrieval.pages import pages_in
from bot.retrieval.readers import read
from bot.words import stems

PROJECT = Path(__file__).parent.parent
KNOWLEDGE = PROJECT / "knowledge"
SOURCES = [page.source for page in pages_in(KNOWLEDGE)]
HEADING = re.compile(r"^#+ +(.*?) *$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def page(source: str) -> Document:
    document, remarks = read(KNOWLEDGE / source, source=source)
    assert remarks == ()
    return document


@pytest.fixture(scope="module")
def pages() -> dict[str, Document]:
    return {source: page(source) for source in SOURCES}


@pytest.fixture(scope="module")
def questions() -> list[dict[str, str]]:
    with (KNOWLEDGE / "questions.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def answerable(questions: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in questions if row["kind"] == "answerable"]


def flat(text: str) -> str:
    return " ".join(text.lower().split())


def headings_over(document: Document, words: str) -> list[str]:
    """The title and headings over each block that holds these words."""
    return [
        " ".join((document.title, *section.headings))
        for section in document.sections
        for block in section.blocks
        if flat(words) in flat(block.text)
    ]


@pytest.mark.parametrize("source", SOURCES)
def test_a_page_has_a_title_of_its_own_an_owner_and_dates(source: str, pages: dict[str, Document]) -> None:
    document = pages[source]
    assert [other.source for other in pages.values() if other.title == document.title] == [source]
    assert document.owner in load_owners(PROJECT / "config/owners.yaml").teams
    assert document.effective is not None
    assert document.verified is not None
    assert document.review_by is not None
    assert document.effective <= document.review_by
    assert document.verified <= document.review_by


def leads_nowhere(source: str, target: str) -> bool:
    """Whether a link of a page names a file that is not there, or a heading that its page does not have."""
    path, _, anchor = target.partition("#")
    file = (KNOWLEDGE / source).parent / path if path else KNOWLEDGE / source
    if not file.is_file():
        return True
    anchors = {
        re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-") for name in HEADING.findall(file.read_text("utf-8"))
    }
    return bool(anchor) and anchor not in anchors


@pytest.mark.parametrize("source", SOURCES)
def test_the_links_of_a_page_lead_somewhere(source: str) -> None:
    targets = LINK.findall((KNOWLEDGE / source).read_text("utf-8"))
    inside = [target for target in targets if not target.startswith(("http://", "https://", "mailto:"))]
    assert [target for target in inside if leads_nowhere(source, target)] == []


def test_there_are_pages_enough_and_some_are_long(pages: dict[str, Document]) -> None:
    lengths = [
        sum(len(block.text.split()) for section in document.sections for block in section.blocks)
        for document in pages.values()
    ]
    assert len(lengths) >= 35
    assert sum(length > 800 for length in lengths) >= 10


def test_the_words_of_every_answer_stand_on_its_page_in_one_block(
    questions: list[dict[str, str]], pages: dict[str, Document]
) -> None:
    missing = [row for row in answerable(questions) if not headings_over(pages[row["page"]], row["words"])]
    assert missing == []


def test_whoever_asks_may_read_the_page_that_answers(
    questions: list[dict[str, str]], pages: dict[str, Document]
) -> None:
    directory = load_directory(PROJECT / "config/people.yaml")
    for row in answerable(questions):
        person = directory.find(row["as"]) if row["as"] else ORDINARY_EMPLOYEE
        assert pages[row["page"]].audiences & person.audiences, row


def test_rows_without_an_answer_name_no_words(questions: list[dict[str, str]]) -> None:
    for row in questions:
        expected = {"answerable": (True, True), "near_miss": (True, False), "unanswered": (False, False)}[row["kind"]]
        assert (bool(row["page"]), bool(row["words"])) == expected, row
        assert not row["page"] or row["page"] in SOURCES


def test_no_question_is_asked_twice(questions: list[dict[str, str]]) -> None:
    assert [text for text, count in Counter(flat(row["question"]) for row in questions).items() if count > 1] == []


def test_there_are_questions_enough_of_every_kind(questions: list[dict[str, str]]) -> None:
    kinds = Counter(row["kind"] for row in questions)
    without = kinds["near_miss"] + kinds["unanswered"]
    assert len(questions) >= 80
    assert without >= len(questions) / 5
    assert kinds["near_miss"] >= without / 2


def test_a_third_of_the_questions_share_no_word_with_the_headings_over_their_answer(
    questions: list[dict[str, str]], pages: dict[str, Document]
) -> None:
    asked = answerable(questions)
    apart = [
        row
        for row in asked
        if not any(
            stems(row["question"]) & stems(heading) for heading in headings_over(pages[row["page"]], row["words"])
        )
    ]
    assert len(apart) >= len(asked) / 3
