"""No reindex takes away what the golden questions find, unless somebody says so."""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot.app import House
from bot.errors import EvaluationError, RolledBack
from bot.people import ORDINARY_EMPLOYEE
from bot.retrieval.confidence import DEFAULT_BAR
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder

from lending import HEAD, THINGS, Folder, question
from offices import house_in

TODAY = datetime.now(UTC).date()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "pages")


@pytest.fixture
def open_house(tmp_path: Path, encoder: Embedder) -> Iterator[Callable[..., House]]:
    """Everything below Slack on one data folder; takes settings."""
    opened: list[House] = []

    def open_one(**variables: str) -> House:
        opened.append(house_in(tmp_path / "var", encoder, **variables))
        return opened[-1]

    yield open_one
    for house in opened:
        house.database.close()


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    return open_house()


def finds(house: House, thing: str) -> bool:
    found = house.library.search(Question(question(thing)), audiences=ORDINARY_EMPLOYEE.audiences)
    return f"{thing}.md" in {source for source, _ in found}


def bar_of(house: House) -> float:
    status = house.library.status()
    assert status is not None
    return status.bar


def test_a_reindex_that_loses_golden_questions_keeps_the_old_state_and_names_them(house: House, folder: Folder) -> None:
    first = house.reindex(folder.root)
    assert first.trial is not None
    assert (first.trial.asked, first.trial.found, first.trial.fell, first.trial.passed) == (10, 10, (), True)
    folder.drop("kayak", "stove")
    folder.add("raft")
    second = house.reindex(folder.root)
    assert second.trial is not None
    assert (second.trial.asked, second.trial.found, second.trial.passed) == (10, 8, False)
    assert second.trial.fell == (question("kayak"), question("stove"))
    assert (second.generation, second.documents) == (1, 10)
    assert finds(house, "kayak")
    assert not finds(house, "raft")
    accepted = house.reindex(folder.root, margin=1.0)
    assert accepted.trial is not None
    assert (accepted.trial.fell, accepted.trial.passed, accepted.documents) == (second.trial.fell, True, 9)
    assert not finds(house, "kayak")
    assert finds(house, "raft")
    assert house.reindex(folder.root).trial is None  # what was accepted is what is live


def test_the_margin_is_the_share_that_may_be_lost(open_house: Callable[..., House], folder: Folder) -> None:
    house = open_house(GOLDEN_MARGIN="0.1")
    house.reindex(folder.root)
    folder.drop("kayak", "stove")
    refused = house.reindex(folder.root).trial
    assert refused is not None
    assert not refused.passed
    folder.add("stove")
    passed = house.reindex(folder.root).trial
    assert passed is not None
    assert (passed.passed, passed.fell) == (True, (question("kayak"),))


def test_questions_gained_offset_questions_lost(house: House, folder: Folder) -> None:
    folder.drop("rope", "tent")
    house.reindex(folder.root)
    folder.drop("kayak")
    folder.add("rope")
    trial = house.reindex(folder.root).trial
    assert trial is not None
    assert (trial.found, trial.fell, trial.passed) == (8, (question("kayak"),), True)
    folder.drop("stove", "saddle")
    folder.add("tent")
    trial = house.reindex(folder.root).trial
    assert trial is not None
    assert (trial.found, trial.passed) == (7, False)


def test_each_golden_question_is_asked_as_the_person_it_names(house: House, folder: Folder) -> None:
    (folder.root / "kayak.md").write_text(
        "---\ntitle: The kayak\naudience: role:supervisor\n---\nThe deposit for a kayak is nine dollars.\n"
    )
    row = (question("kayak"), "kayak.md", "nine dollars", "answerable")
    folder.ask_for([], (*row, ""), (*row, "niamh o'brien"))
    trial = house.reindex(folder.root).trial
    assert trial is not None
    assert (trial.asked, trial.found) == (2, 1)


@pytest.mark.parametrize("answerable", [39, 40, 60])
def test_forty_golden_questions_set_the_bar_that_keeps_95_percent_of_them(
    house: House, folder: Folder, answerable: int
) -> None:
    asked = [(f"{question(thing)} {number} days", f"{thing}.md", "", "answerable", "")
             for number in range(6) for thing in THINGS][:answerable]  # fmt: skip
    folder.ask_for([], *asked, *[(f"Who won race {number}?", "", "", "near_miss", "") for number in range(20)])
    report = house.reindex(folder.root)
    assert report.trial is not None
    assert report.trial.asked == answerable
    assert bar_of(house) == report.trial.bar
    if answerable < 40:
        assert bar_of(house) == DEFAULT_BAR
        return
    audiences = ORDINARY_EMPLOYEE.audiences
    sure = [house.library.answer(Question(row[0]), audiences=audiences, today=TODAY).confidence for row in asked]
    kept = [one for one in sure if one >= bar_of(house)]
    assert len(kept) == math.ceil(0.95 * answerable)
    assert min(kept) == pytest.approx(bar_of(house))


def test_changed_questions_alone_set_the_bar_anew(house: House, folder: Folder) -> None:
    house.reindex(folder.root)
    assert bar_of(house) == DEFAULT_BAR
    folder.ask_for([], *[(f"{question(thing)} {number} days", f"{thing}.md", "", "answerable", "")
                         for number in range(4) for thing in THINGS])  # fmt: skip
    second = house.reindex(folder.root)
    assert (second.generation, second.unchanged, second.embedded) == (2, 10, 0)
    assert bar_of(house) != DEFAULT_BAR
    assert house.reindex(folder.root).trial is None
    (folder.root / "questions.csv").unlink()
    assert house.reindex(folder.root).generation == 3
    assert bar_of(house) == DEFAULT_BAR


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("question,words,kind\nHow much?,nine,answerable\n", "questions.csv lacks the column page."),
        ("", "questions.csv lacks the column kind, page, question, words."),
        (f"{HEAD}\nHow much?,kayak.md,nine,answerable,\nHow, much?,kayak.md,nine,answerable,\n",
         'questions.csv, line 3 has more values than columns. Put a text with commas between "quotation marks".'),
        (f"{HEAD}\nHow much?,kayak.md\n", "questions.csv, line 2 ends before the column words."),
        (f"{HEAD}\n ,kayak.md,nine,answerable,\n", "questions.csv, line 2: the column question is empty."),
        (f"{HEAD}\nHow much?,,nine,answerable,\n", "questions.csv, line 2: an answerable question has to name its"),
        (f'{HEAD}\n"How much\nis it?",kayak.md,nine,answerable,\nHow much?,kayak.md,nine,answerable,Nobody\n',
         "questions.csv, line 4: Nobody is called 'Nobody' in config/people.yaml."),
        ("question,page,words,kind\nGebühr?,a.md,,\n".encode("latin-1"), "questions.csv is not UTF-8 text."),
        (f'{HEAD}\n"How much?,kayak.md,nine,answerable,\n{"x" * 140_000}\n',
         "Look for a quotation mark that is not closed"),
    ],
)  # fmt: skip
def test_malformed_golden_questions_are_refused_with_the_place_and_the_old_state_answers_on(
    house: House, folder: Folder, text: str | bytes, said: str
) -> None:
    house.reindex(folder.root)
    folder.drop("kayak")
    folder.write_questions(text)
    with pytest.raises(EvaluationError) as refused:
        house.reindex(folder.root)
    assert said in str(refused.value)
    assert str(folder.root) in str(refused.value)
    assert finds(house, "kayak")


def test_what_was_rolled_back_is_not_published_again_until_somebody_accepts_it(house: House, folder: Folder) -> None:
    house.reindex(folder.root)
    folder.add("raft")
    house.reindex(folder.root)
    house.library.roll_back()
    with pytest.raises(RolledBack, match=r"very pages of .* UTC that were rolled back.*reindex --accept"):
        house.reindex(folder.root)
    assert not finds(house, "raft")
    assert house.reindex(folder.root, margin=1.0).generation == 3
    assert finds(house, "raft")
    assert house.reindex(folder.root).trial is None  # accepted once, they are as good as any
