"""What people say of an answer lowers its section for that question: by how much, for how long, never out of sight."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from bot.database import Database
from bot.retrieval import catalogue, judgments, standing
from bot.retrieval.catalogue import PassageRow
from bot.retrieval.documents import Answer, Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.judgments import A_DOUBT, SAME_QUESTION, Place
from bot.retrieval.library import Library
from bot.retrieval.passages import passages_of
from bot.retrieval.scope import Scope
from numpy.typing import NDArray
from sqlalchemy import select

from conftest import Shelf

pytestmark = pytest.mark.each_engine
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EVERYONE = frozenset({"public", "everyone"})
FEE = "How much is the late fee?"
HOME = Place("home.md", "Late fee", "The late fee is $9.50 per bill.")
BUSINESS = Place("business.md", "Late fee", "The late fee for a business account is $25 per bill.")


def fill(shelf: Shelf) -> Library:
    shelf.write("home.md", "---\ntitle: Bills\n---\n## Late fee\n\nThe late fee is $9.50 per bill.\n")
    shelf.write(
        "business.md",
        "---\ntitle: Business bills\n---\n## Late fee\n\nThe late fee for a business account is $25 per bill.\n",
    )
    shelf.write("hours.md", "---\ntitle: Opening hours\n---\nThe shop opens at nine on weekdays.\n")
    shelf.reindex()
    return shelf.library


def answer(library: Library, question: str = FEE, *, audiences: frozenset[str] = EVERYONE) -> Answer:
    return library.answer(Question(question), audiences=audiences, today=NOW.date())


def first(library: Library, question: str = FEE) -> str:
    return answer(library, question).quotes[0].citation.source


def judge(
    database: Database,
    library: Library,
    voice: str,
    *,
    place: Place = HOME,
    question: str = FEE,
    doubt: float = 1.0,
    now: datetime = NOW,
    key: str = "",
) -> bool:
    with database.writing.begin() as session:
        return judgments.judge(
            session,
            key or f"{voice}:{question}:{place.source}",
            place=place,
            question=library.meaning(Question(question)),
            voice=voice,
            doubt=doubt,
            now=now,
        )


def amounts(database: Database, question: NDArray[np.float32]) -> dict[str, float]:
    """The source of a page with one section -> what is taken off it."""
    with database.reading() as session:
        live = catalogue.live_generation(session)
        assert live is not None
        scope = Scope(EVERYONE, generation=live.number)
        passages = passages_of(session, session.scalars(select(PassageRow.id)).all(), scope=scope).values()
        found = judgments.lowered(session, passages, question=question)
    sources = {passage.section: passage.source for passage in passages}
    return {sources[section]: amount for section, amount in found.items()}


def at_cosine(likeness: float) -> NDArray[np.float32]:
    """A unit vector of this cosine to the first axis."""
    vector = np.zeros(384, dtype=np.float32)
    vector[:2] = likeness, np.sqrt(1 - likeness**2)
    return vector


def test_what_is_taken_off_is_what_counting_voices_by_hand_gives(shelf: Shelf, database: Database) -> None:
    fill(shelf)
    asked = at_cosine(1.0)
    said = [  # voice, page, likeness of its question, doubt, minutes
        ("a", HOME, 1.0, 1.0, 0),
        ("a", HOME, 0.95, 0.5, 1),  # its last word on much the same question
        ("b", HOME, 0.9, 1.0, 2),
        ("c", HOME, 0.79, 1.0, 3),  # another question
        ("d", HOME, 1.0, -1.0, 4),
        ("e", HOME, 0.81, 1.0, 5),
        ("a", BUSINESS, 1.0, 1.0, 6),
        ("b", BUSINESS, 1.0, -1.0, 7),
    ]
    with database.writing.begin() as session:
        for number, (voice, place, likeness, doubt, minutes) in enumerate(said):
            assert judgments.judge(
                session,
                f"{number}",
                place=place,
                question=at_cosine(likeness),
                voice=voice,
                doubt=doubt,
                now=NOW + timedelta(minutes=minutes),
            )
    assert SAME_QUESTION == 0.8
    assert amounts(database, asked) == pytest.approx({"home.md": A_DOUBT * (0.5 + 1 - 1 + 1)})
    assert amounts(database, at_cosine(-1.0)) == {}


def test_what_counts_as_the_same_question_seldom_joins_two_that_ask_for_other_things(encoder: Embedder) -> None:
    with (Path(__file__).parent / "data" / "same_question.csv").open(encoding="utf-8", newline="") as stream:
        pairs = list(csv.DictReader(stream))
    ones, others = (encoder.encode([pair[side] for pair in pairs]) for side in ("one", "other"))
    near = (ones * others).sum(axis=1) >= SAME_QUESTION
    joined = [pair["same"] for pair, same in zip(pairs, near, strict=True) if same]
    assert (joined.count("yes"), joined.count("no")) == (11, 1)


def test_one_voice_lowers_a_little_three_much_and_a_thousand_no_more(shelf: Shelf, database: Database) -> None:
    library = fill(shelf)
    asked = library.meaning(Question(FEE))
    lowered = []
    for voice in range(5):
        judge(database, library, f"U{voice}")
        lowered.append(amounts(database, asked)["home.md"])
    assert lowered == pytest.approx([0.08, 0.16, 0.24, 0.24, 0.24])


def test_the_same_key_changes_its_judgment_and_adds_none(shelf: Shelf, database: Database) -> None:
    library = fill(shelf)
    asked = library.meaning(Question(FEE))
    for doubt in (1.0, 0.5, 0.5):
        judge(database, library, "U1", doubt=doubt)
    assert amounts(database, asked) == pytest.approx({"home.md": 0.5 * A_DOUBT})
    judge(database, library, "U1", doubt=-1.0)
    assert amounts(database, asked) == {}


def test_the_next_best_answers_the_same_question_and_others_are_answered_as_before(
    shelf: Shelf, database: Database, encoder: Embedder
) -> None:
    processes = [library := fill(shelf), Library(database, encoder)]
    before = {question: answer(library, question) for question in (FEE, "What does a late fee cost a business?")}
    assert before[FEE].quotes[0].citation.source == "home.md"
    for voice in ("U1", "U2", "U3"):
        judge(database, library, voice)
    for each in processes:
        assert first(each) == "business.md"
        assert first(each, "how much is a late fee?") == "business.md"
        assert first(each, "Is the late fee $9.50 per bill?") == "home.md"
    decisive = answer(library).quotes[0]
    assert (decisive.block.text, decisive.decisive) == (BUSINESS.words, BUSINESS.words)


def test_what_gave_way_is_named_below_the_answer_also_beside_another_section_of_its_page(
    shelf: Shelf, database: Database
) -> None:
    shelf.write(
        "home.md",
        "---\ntitle: Bills\n---\n## Late fee\n\nThe late fee is $9.50 per bill.\n\n## Late fee of a business\n\n"
        "The late fee is $25 per bill.\n",
    )
    shelf.write("hours.md", "---\ntitle: Opening hours\n---\nThe shop opens at nine on weekdays.\n")
    shelf.reindex()
    assert answer(shelf.library).quotes[0].citation.section == "Late fee"
    for voice in ("U1", "U2", "U3"):
        judge(database, shelf.library, voice)
    after = answer(shelf.library)
    assert [quote.citation.section for quote in after.quotes] == ["Late fee of a business"]
    assert (after.see_also[0].source, after.see_also[0].section) == ("home.md", "Late fee")


def test_whoever_was_helped_takes_it_back(shelf: Shelf, database: Database) -> None:
    library = fill(shelf)
    for voice in ("U1", "U2", "U3"):
        judge(database, library, voice)
    assert first(library) == "business.md"
    for voice in ("U4", "U5", "U6"):
        judge(database, library, voice, doubt=-1.0)
    assert first(library) == "home.md"


def test_what_alone_answers_goes_on_answering_however_many_object(shelf: Shelf, database: Database) -> None:
    library = fill(shelf)
    place = Place("hours.md", "", "The shop opens at nine on weekdays.")
    question = "When does the shop open on weekdays?"
    before = answer(library, question)
    for voice in range(50):
        assert judge(database, library, f"U{voice}", place=place, question=question)
    assert answer(library, question) == before


def test_what_the_asker_may_not_see_takes_nobodys_place(shelf: Shelf, database: Database) -> None:
    shelf.write("secret.md", "---\ntitle: Late fee\naudience: role:lead\n---\nThe late fee is $9.50, in truth $4.\n")
    library = fill(shelf)
    public = answer(library)
    judge(database, library, "U1", place=Place("secret.md", "", "The late fee is $9.50, in truth $4."))
    assert answer(library) == public
    for voice in ("U1", "U2", "U3"):
        judge(database, library, voice)
    assert all(quote.citation.source != "secret.md" for quote in answer(library).quotes)


def test_an_edit_settles_what_was_said_of_the_page_and_a_reindex_does_not(shelf: Shelf, database: Database) -> None:
    library = fill(shelf)
    for voice in ("U1", "U2", "U3"):
        judge(database, library, voice)
    shelf.write("other.md", "# Gift cards\n\nGift cards never expire.")
    shelf.reindex()
    assert first(library) == "business.md"
    shelf.write("home.md", "---\ntitle: Bills\n---\n## Late fee\n\nThe late fee is $9.75 per bill.\n")
    shelf.reindex()
    assert first(library) == "home.md"
    with database.reading() as session:
        assert judgments.standing(session) == frozenset()
    assert not judge(database, library, "U4")  # about words that are not there any more
    assert first(library) == "home.md"


def test_going_back_to_the_page_as_it_was_judged_brings_the_judgments_back(shelf: Shelf, database: Database) -> None:
    library = fill(shelf)
    for voice in ("U1", "U2", "U3"):
        judge(database, library, voice)
    shelf.write("home.md", "---\ntitle: Bills\n---\n## Late fee\n\nThe late fee is $9.75 per bill.\n")
    shelf.reindex()
    library.roll_back()
    assert first(library) == "business.md"


def test_a_verification_settles_what_was_said_before_it(shelf: Shelf, database: Database) -> None:
    library = fill(shelf)
    for voice in ("U1", "U2", "U3"):
        judge(database, library, voice)
    with database.writing.begin() as session:
        standing.verify(session, "home.md", day=date(2026, 11, 22), by="Maya")
    assert first(library) == "home.md"
    with database.reading() as session:
        assert judgments.standing(session) == frozenset()
    for voice in ("U1", "U2", "U3"):
        judge(database, library, voice, now=NOW + timedelta(hours=1))
    assert first(library) == "business.md"


def test_judging_one_side_of_a_conflict_does_not_hide_it(shelf: Shelf, database: Database) -> None:
    shelf.write("a.md", "# Late fees\n\n## Amount\n\nThe late fee is $9.50 per bill.")
    shelf.write("b.md", "# Bills\n\n## Late fee\n\nThe late fee is $12 per bill.")
    shelf.reindex()
    place = Place("a.md", "Amount", "The late fee is $9.50 per bill.")
    for voice in ("U1", "U2", "U3"):
        assert judge(database, shelf.library, voice, place=place)
    shown = answer(shelf.library)
    assert shown.contradiction is not None
    assert {quote.citation.source for quote in shown.quotes} == {"a.md", "b.md"}
