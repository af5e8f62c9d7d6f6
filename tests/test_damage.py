"""Stored bytes that changed by themselves are noticed and made anew, and nothing is found by them."""

import random
from collections.abc import Callable
from datetime import date

import pytest
from bot import doctor
from bot.database import Database
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.rows import rows_of
from sqlalchemy import text

from conftest import Shelf
from offices import settings_for

EVERYONE = frozenset({"public", "everyone"})
QUESTIONS = ("When is the late fee due?", "Who lends a kayak?", "What does the installer bring?", "bowl")
PAGES = {
    "fees.md": "---\ntitle: Late fees\n---\n## Amount\n\nThe fee is due on Friday.\n\n## Waivers\n\nAsk a supervisor.",
    "kayaks.md": "---\ntitle: Kayaks\nkeywords: canoe, bowl\n---\nThe harbor shop lends a kayak to everybody.",
    "visits.md": "---\ntitle: Visits\n---\nThe installer brings the modem and a cable of two meters.",
}
LOST = "DELETE FROM knowledge_vectors WHERE key = (SELECT vector FROM knowledge_passages WHERE id = :id)"
VECTOR = (
    "UPDATE knowledge_vectors SET vector = :bytes WHERE key = (SELECT vector FROM knowledge_passages WHERE id = :id)"
)
TERMS = "UPDATE knowledge_passages SET terms = :bytes WHERE id = :id"


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    for name, content in PAGES.items():
        shelf.write(name, content)
    shelf.reindex()
    return shelf


def found(library: Library) -> list[tuple[str, str, float, float]]:
    """All that is found, with the numbers it is ranked by."""
    return [
        (asked, source, round(hit.cosine, 5), round(hit.lexical, 5))
        for asked in QUESTIONS
        for source, hit in library.search(Question(asked), audiences=EVERYONE)
    ]


def stored(database: Database, column: str, passage: int) -> bytes:
    joined = "knowledge_passages p JOIN knowledge_vectors v ON p.vector = v.key"
    with database.reading() as session:
        return session.execute(text(f"SELECT {column} FROM {joined} WHERE p.id = :id"), {"id": passage}).scalar_one()  # noqa: S608 - ours


def blocks(database: Database) -> list[bytes]:
    with database.reading() as session:
        return list(session.scalars(text("SELECT vectors FROM knowledge_block_vectors")))


def change(database: Database, statement: str, **values: object) -> None:
    with database.writing.begin() as session:
        assert session.execute(text(statement), values).rowcount == 1


def damage_vector(how: Callable[[bytes], bytes]) -> Callable[[Database], None]:
    return lambda database: change(database, VECTOR, id=1, bytes=how(stored(database, "v.vector", 1)))


def damage_terms(how: Callable[[bytes], bytes]) -> Callable[[Database], None]:
    return lambda database: change(database, TERMS, id=1, bytes=how(stored(database, "p.terms", 1)))


DAMAGE = {
    "a truncated vector": damage_vector(lambda old: old[:-3]),
    "half a vector": damage_vector(lambda old: old[: len(old) // 2]),
    "an empty vector": damage_vector(lambda _old: b""),
    "a vector of zeros": damage_vector(lambda old: bytes(len(old))),
    "a bit of a vector": damage_vector(lambda old: old[:100] + bytes([old[100] ^ 64]) + old[101:]),
    "a foreign vector": lambda database: change(database, VECTOR, id=1, bytes=stored(database, "v.vector", 3)),
    "a lost vector": lambda database: change(database, LOST, id=1),
    "truncated words": damage_terms(lambda old: old[:-4]),
    "no words": damage_terms(lambda _old: b""),
    "a bit of a word": damage_terms(lambda old: bytes([old[0] ^ 1]) + old[1:]),
    "a bit of a count": damage_terms(lambda old: old[:-1] + bytes([old[-1] ^ 128])),
    "foreign words": lambda database: change(database, TERMS, id=1, bytes=stored(database, "p.terms", 4)),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damaged_rows_are_made_anew_from_the_text_and_stored_again(
    filled: Shelf, database: Database, encoder: Embedder, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    before = found(filled.library)
    DAMAGE[what](database)
    assert found(Library(database, encoder)) == before
    [said] = [record.getMessage() for record in caplog.records]
    assert said.startswith("Damaged passages of the index: 1 made anew. Check the disk and the memory of this machine")
    caplog.clear()
    assert found(Library(database, encoder)) == before
    assert caplog.records == []


def test_damaged_vectors_of_blocks_are_dropped_and_made_anew_by_the_next_reindex(
    shelf: Shelf, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer is given all the same."""
    shelf.write("fees.md", "---\ntitle: Late fees\n---\nThe fee is due on Friday.\n\nA supervisor may waive it once.")
    shelf.reindex()
    sound = blocks(database)
    with database.writing.begin() as session:
        session.execute(text("UPDATE knowledge_block_vectors SET vectors = :bytes"), {"bytes": sound[0][1:] + b"x"})
    asked = Question("Who may waive the late fee?")
    for said in (["Damaged blocks of the index: those of 1 passages dropped."], []):
        caplog.clear()
        answer = shelf.library.answer(asked, audiences=EVERYONE, today=date(2026, 11, 22))
        assert [quote.citation.source for quote in answer.quotes][:1] == ["fees.md"]
        assert [record.getMessage().partition(" Check")[0] for record in caplog.records] == said
    assert blocks(database) == []
    shelf.reindex()
    assert blocks(database) == sound


def test_every_flipped_bit_is_noticed(filled: Shelf, database: Database) -> None:
    dice = random.Random(20261122)
    noticed = 0
    for _ in range(300):
        column, statement = dice.choice([("v.vector", VECTOR), ("p.terms", TERMS)])
        passage = dice.randint(1, 4)
        sound = stored(database, column, passage)
        place = dice.randrange(len(sound))
        flipped = bytes([*sound[:place], sound[place] ^ (1 << dice.randrange(8)), *sound[place + 1 :]])
        change(database, statement, id=passage, bytes=flipped)
        with database.reading() as session:
            noticed += rows_of(session, 1).damaged == (passage,)
        change(database, statement, id=passage, bytes=sound)
    assert noticed == 300


def test_passages_are_left_out_where_every_vector_is_lost(filled: Shelf, database: Database) -> None:
    with database.writing.begin() as session:
        session.execute(text("DELETE FROM knowledge_vectors"))
    with database.reading() as session:
        rows = rows_of(session, 1)
    assert (len(rows.passages), len(rows.vectors), rows.terms, rows.damaged) == (0, 0, [], (1, 2, 3, 4))


def test_passages_of_one_text_have_one_vector(filled: Shelf, database: Database, encoder: Embedder) -> None:
    filled.write("fees-copy.md", PAGES["fees.md"])
    filled.reindex()
    with database.reading() as session:
        rows = rows_of(session, 2)
        stored_once = session.scalar(text("SELECT count(*) FROM knowledge_vectors"))
    assert len(rows.passages) > stored_once
    for passage, vector in zip(rows.passages.tolist(), rows.vectors, strict=True):
        assert vector.tobytes() == stored(database, "v.vector", passage)


def test_words_that_stand_in_no_text_come_back_with_the_next_reindex(
    filled: Shelf, database: Database, encoder: Embedder
) -> None:
    before = found(filled.library)
    change(database, TERMS, id=3, bytes=b"")  # of the page with keywords, which are stored nowhere else
    mended = Library(database, encoder)
    assert {source for _, source, *_ in found(mended)} == set(PAGES)
    report = Shelf(filled.folder, mended).reindex()
    assert (report.changed, report.unchanged) == (("kayaks.md",), 2)
    assert sorted(found(mended)) == sorted(found(Library(database, encoder))) == sorted(before)


def test_what_cannot_be_stored_again_is_left_out_and_the_rest_answers(
    filled: Shelf, database: Database, encoder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    before = found(filled.library)
    DAMAGE["a truncated vector"](database)
    with database.writing.begin() as session:
        refuse = "BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"
        session.execute(text(f"CREATE TRIGGER full BEFORE UPDATE ON knowledge_vectors {refuse}"))
    library = Library(database, encoder)
    left = found(library)
    assert {source for _, source, *_ in left} == set(PAGES)  # its page has another passage
    assert len(left) == len(before) - len(QUESTIONS)
    [said] = [record.getMessage() for record in caplog.records]
    assert said.startswith("Damaged passages of the index: 1 left out, since they cannot be stored again (")
    assert "the disk is full" in said


def test_a_text_that_is_not_what_was_embedded_is_left_out_until_the_next_reindex(
    filled: Shelf, database: Database, encoder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    before = found(filled.library)
    change(database, "UPDATE knowledge_passages SET text = 'Th\x01 late fee.', terms = '' WHERE id = 1")
    library = Library(database, encoder)
    assert len(found(library)) == len(before) - len(QUESTIONS)
    assert ["left out" in record.getMessage() for record in caplog.records] == [True]
    assert Shelf(filled.folder, library).reindex().changed == ("fees.md",)
    assert sorted(found(library)) == sorted(before)


def test_a_reindex_does_not_take_over_a_damaged_vector(filled: Shelf, database: Database, encoder: Embedder) -> None:
    before = found(filled.library)
    DAMAGE["a bit of a vector"](database)
    filled.write("fees.md", PAGES["fees.md"].replace("supervisor", "leader"))
    Shelf(filled.folder, Library(database, encoder)).reindex()
    filled.write("fees.md", PAGES["fees.md"])
    Shelf(filled.folder, Library(database, encoder)).reindex()
    assert sorted(found(Library(database, encoder))) == sorted(before)


def test_the_doctor_counts_damaged_passages(
    filled: Shelf, database: Database, tmp_path: object, encoder: Embedder
) -> None:
    configured = settings_for(filled.folder, KNOWLEDGE=str(filled.folder))
    [sound] = list(doctor._contents(configured, database))
    assert (sound.state, "4 passages" in sound.what) == ("ok", True)
    DAMAGE["a bit of a vector"](database)
    _, finding = list(doctor._contents(configured, database))
    assert (finding.state, finding.what) == ("warning", "Damaged passages of the index: 1 of 4")
    assert "run `throughline reindex`" in finding.remedy
    Library(database, encoder).warm_up()
    assert [one.state for one in doctor._contents(configured, database)] == ["ok"]
