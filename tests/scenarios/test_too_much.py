"""A hundred questions at once from one person: the first are answered, and one polite word says when to ask again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bot import inbox, wording
from bot.retrieval.embedding import Embedder
from sqlalchemy import func, select

import offices
from offices import Office

QUESTION = "Can I waive a late fee without a supervisor?"
LET_IN, ASKED = 4, 100


@pytest.fixture
def strict_office(tmp_path: Path, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    data = offices.furnish(tmp_path / "var", starter_data)
    house = offices.house_in(data, encoder, QUESTIONS_PER_PERSON=str(LET_IN))
    office = offices.open_office(house)
    yield office
    office.close()
    house.database.close()


def test_a_hundred_questions_of_one_person_are_not_answered_and_not_ignored(strict_office: Office) -> None:
    for _ in range(ASKED):
        strict_office.workspace.say("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    strict_office.settle_after(ASKED)
    seen = strict_office.replies("U0MAYA", "C0HARBOUR")
    told = [one for one in seen if one.words.startswith("That was a lot at once")]
    answers = [one for one in seen if "waive" in one.words and not one.ephemeral]
    assert len(answers) == LET_IN
    assert 1 <= len(told) <= 2  # two where the minute of the clock ends meanwhile
    assert all(strict_office.who_sees("C0HARBOUR", one) == {"U0MAYA"} for one in told)
    assert not any(one in strict_office.replies("U0SAM", "C0HARBOUR") for one in told)
    with strict_office.house.database.reading() as session:
        counts = dict(session.execute(select(inbox.InboxRow.state, func.count()).group_by(inbox.InboxRow.state)).all())
    assert counts["refused"] == ASKED - LET_IN
    other = strict_office.ask("U0SAM", "C0HARBOUR", f"@Throughline {QUESTION}")
    assert wording.too_many(1, crowd=True)[:12] not in other.words
