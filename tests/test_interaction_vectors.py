"""What contacts mean is made once, kept with them, made anew when they are corrected, and gone when they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from bot.customers.questions.pieces import MOST_PARTS, PART_WORDS, parts_of, sentences
from bot.customers.questions.vectors import InteractionVectorRow, meanings_of, vectors_of
from bot.customers.tables import InteractionRow
from bot.customers.timeline import Interaction, interactions_of
from bot.database import Database
from bot.retrieval.embedding import Embedder
from numpy.typing import NDArray
from sqlalchemy import delete, func, select

from feeds import SERVING, Feeds, call

CALLER = "512-555-0147"
NOTES = ("Still billed for three boxes", "Modem has no light after the update", "Wants to move the line")


@dataclass
class Reader:
    """The real model, which counts what it read and may be interrupted by `meanwhile`."""

    model: Embedder
    identity: str = "tests"
    read: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def encode_many(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += texts
        self.meanwhile()
        return self.model.encode_many(texts)


@pytest.fixture
def feeds(tmp_path: Path, database: Database) -> Feeds:
    return Feeds(database, tmp_path)


@pytest.fixture
def reader(encoder: Embedder) -> Reader:
    return Reader(encoder)


def _calls(*notes: str) -> list[dict[str, str]]:
    return [call(f"c{number}", caller=CALLER, notes=text) for number, text in enumerate(notes)]


def _contacts(database: Database) -> list[Interaction]:
    with database.reading() as session:
        customers = session.scalars(select(InteractionRow.customer).distinct()).all()
        return [one for each in customers for one in interactions_of(session, each, audiences=SERVING)]


def _meaning(database: Database, reader: Reader) -> NDArray[np.float32]:
    return vectors_of(database, _contacts(database), embedder=reader, audiences=SERVING)


def _kept(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(InteractionVectorRow)) or 0


@pytest.mark.each_engine
def test_they_are_made_when_they_are_first_asked_for_and_then_kept(feeds, reader):
    feeds.calls(_calls(*NOTES))
    assert _kept(feeds.database) == 0
    first = _meaning(feeds.database, reader)
    assert sorted(reader.read) == sorted(NOTES)
    again = _meaning(feeds.database, reader)
    assert len(reader.read) == _kept(feeds.database) == 3
    assert np.allclose(first, again, atol=1e-3)
    assert np.allclose(np.linalg.norm(again, axis=1), 1, atol=1e-6)
    wanted = reader.model.encode([one.text for one in _contacts(feeds.database)])
    assert np.allclose(again, wanted, atol=1e-3)


@pytest.mark.each_engine
def test_a_corrected_contact_is_read_anew_and_a_deleted_one_takes_its_vectors_along(feeds, reader):
    feeds.calls(_calls(*NOTES))
    _meaning(feeds.database, reader)
    reader.read.clear()
    feeds.calls(_calls("Billed for two boxes", *NOTES[1:]))
    _meaning(feeds.database, reader)
    assert reader.read == ["Billed for two boxes"]
    assert _kept(feeds.database) == 3
    feeds.calls(_calls("Billed for two boxes", NOTES[1]), most_deleted=1.0)
    assert _kept(feeds.database) == 2


def test_a_contact_that_is_erased_while_the_model_reads_leaves_nothing(feeds, reader):
    feeds.calls(_calls(*NOTES))

    def erase() -> None:
        with feeds.database.writing.begin() as session:
            session.execute(delete(InteractionRow).where(InteractionRow.text == NOTES[0]))

    reader.meanwhile = erase
    assert len(_meaning(feeds.database, reader)) == 3
    assert _kept(feeds.database) == 2


def test_another_model_reads_for_itself(feeds, reader):
    feeds.calls(_calls(*NOTES))
    _meaning(feeds.database, reader)
    other = Reader(reader.model, identity="another")
    _meaning(feeds.database, other)
    assert len(other.read) == 3
    assert _kept(feeds.database) == 3


def test_the_end_of_a_long_letter_counts_too(feeds, reader):
    letter = "The weather was bad that day. " * 60 + "I sent the modem back."
    feeds.calls(_calls(letter))
    (one,) = _contacts(feeds.database)
    pieces = parts_of(one)
    assert 1 < len(pieces) <= MOST_PARTS
    assert all(len(piece.split()) <= PART_WORDS for piece in pieces)
    (parts,) = meanings_of(feeds.database, [one], embedder=reader, audiences=SERVING).parts
    question = reader.model.encode(["did she send the modem back?"])[0]
    assert parts.shape == (len(pieces), len(question))
    assert int((parts @ question).argmax()) == len(pieces) - 1


def test_sentences_stay_as_they_were_written():
    text = "Called at 8 a.m. again, e.g. twice. Modem: no light!\nMr. X. Smith; tech comes"
    assert all(one in text for one in sentences(text))
    assert sentences(text)[0] == "Called at 8 a.m. again, e.g. twice."


def test_no_contacts_have_no_vectors(database, reader):
    assert len(vectors_of(database, [], embedder=reader, audiences=SERVING)) == 0
    assert reader.read == []
