"""In Slack: what is true now stands on top, what is old says so, what is wrong is gone with the next question."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from bot import exchanges, wording
from bot.curation import OPERATOR
from bot.retrieval.catalogue import Generation
from sqlalchemy import delete, text

from offices import Office

FEE = "How much is the late fee?"
UNANSWERABLE = "Who won the chess world championship in 1972?"


@pytest.fixture(scope="module")
def small(office_with: Callable[[dict[str, str]], Office]) -> Office:
    """An office with a page past its review, one that will be replaced, and one about a tool."""
    return office_with(
        {
            "fees.md": "---\ntitle: Late fees\nverified: 2020-01-01\nreview_by: 2020-06-30\n---\nThe fee is $9.50.\n",
            "cards.md": "---\ntitle: Gift cards\n---\nGift cards never expire.\n",
            "new.md": "---\ntitle: Gift cards from 2199\neffective: 2199-01-01\nsupersedes: cards.md\n---\nThey do.\n",
            "orion.md": "---\ntitle: Orion guide\n---\nType the serial of a returned modem into Orion at the desk.\n",
        }
    )


def gaps(office: Office) -> int:
    with office.house.database.reading() as session:
        return exchanges.gaps(session)


def test_a_page_past_its_review_says_so_under_its_answer(small: Office) -> None:
    said = small.ask("U0MAYA", "C0HARBOUR", f"@Throughline {FEE}").words
    assert "The fee is $9.50." in said
    assert "past its review date, check with the owner" in said


def test_a_page_that_will_be_replaced_says_when_and_by_what(small: Office) -> None:
    said = small.ask("U0MAYA", "C0HARBOUR", "@Throughline Do gift cards expire?").words
    assert "Gift cards never expire." in said
    assert f"replaced on {wording.day(date(2199, 1, 1))} by Gift cards from 2199" in said


def test_a_notice_stands_on_top_of_an_answer_and_of_a_refusal_until_it_is_ended(small: Office) -> None:
    now = datetime.now(UTC)
    until = now + timedelta(hours=1)
    curator = small.house.curator
    notice = curator.post_notice(
        "Orion is down, use <!channel> paper", until=until, said="15:00 EST", meant_for=(), by=OPERATOR, now=now
    )
    told = "Notice until 15:00 EST: Orion is down, use <!channel> paper"
    answer = small.ask("U0MAYA", "C0HARBOUR", "@Throughline Where do I type the serial of a modem?")
    assert answer.words.splitlines()[0] == told
    assert "into Orion at the desk" in answer.words
    refusal = small.ask("U0MAYA", "C0HARBOUR", "@Throughline is orion down at the chess championship?")
    assert refusal.words.splitlines()[:2] == [told, wording.NOTHING]
    assert told not in small.ask("U0MAYA", "C0HARBOUR", f"@Throughline {FEE}").words
    curator.end_notice(notice.number, by=OPERATOR, now=datetime.now(UTC))
    later = small.ask("U0MAYA", "C0HARBOUR", "@Throughline Where do I type the serial of a modem?")
    assert "Notice" not in later.words


def test_a_withdrawn_page_is_gone_with_the_next_question(small: Office) -> None:
    now = datetime.now(UTC)
    small.house.curator.withdraw("Late fees", by=OPERATOR, reason="wrong", now=now)
    assert "$9.50" not in small.ask("U0MAYA", "C0HARBOUR", f"@Throughline {FEE}").words
    small.house.curator.restore("Late fees", by=OPERATOR, now=now)
    assert "$9.50" in small.ask("U0MAYA", "C0HARBOUR", f"@Throughline {FEE}").words


def test_an_outage_is_never_a_gap(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = f"@Throughline {UNANSWERABLE}"

    def no_model(_question: object) -> None:
        raise RuntimeError("the model is gone")

    with monkeypatch.context() as broken:
        broken.setattr(office.house.library, "_vector_of", no_model)
        assert office.ask("U0MAYA", "C0HARBOUR", asked).words == wording.FAULT
    with office.house.database.writing.begin() as session:
        session.execute(text("ALTER TABLE knowledge_passages RENAME TO knowledge_passages_gone"))
    assert office.ask("U0MAYA", "C0HARBOUR", asked).words == wording.FAULT
    with office.house.database.writing.begin() as session:
        session.execute(text("ALTER TABLE knowledge_passages_gone RENAME TO knowledge_passages"))
    with office.house.database.writing.begin() as session:
        kept = session.execute(text("SELECT * FROM knowledge_generations")).mappings().all()
        session.execute(delete(Generation))
    assert "Nothing is indexed yet" in office.ask("U0MAYA", "C0HARBOUR", asked).words
    assert gaps(office) == 0
    with office.house.database.writing.begin() as session:
        for row in kept:
            names = ", ".join(row)
            session.execute(text(f"INSERT INTO knowledge_generations ({names}) VALUES (:{', :'.join(row)})"), row)  # noqa: S608
    assert wording.NOTHING in office.ask("U0MAYA", "C0HARBOUR", asked).words
    assert gaps(office) == 1
