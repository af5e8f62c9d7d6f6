"""What was asked and answered is remembered, with the gaps and the verdicts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from bot import exchanges
from bot.database import Database
from bot.exchanges import Exchange, ExchangeRow, FeedbackRow, Gap, GapRow
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 21, 10, 11, tzinfo=UTC)
pytestmark = pytest.mark.each_engine
GAP = Gap(owner="Billing", audiences=frozenset({"public", "everyone"}), closest=({"title": "Fees"},))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing.begin() as opened:
        yield opened


def record(
    session: Session,
    question: str,
    *,
    person: str = "U1",
    channel: str = "C1",
    thread: str = "1.0",
    now: datetime = NOW,
    gap: Gap | None = None,
) -> int:
    exchange = Exchange(
        person=person,
        channel=channel,
        thread=thread,
        question=question,
        reason="nothing answers this" if gap else "",
        private=False,
        confidence=0.5,
        citations=({"title": "Fees"},),
        milliseconds=12.5,
    )
    return exchanges.record(session, exchange, gap=gap, now=now)


def test_an_exchange_is_saved_whole(session: Session) -> None:
    row = session.get_one(ExchangeRow, record(session, "how much?"))
    assert (row.question, row.person, row.channel, row.thread, row.reason) == ("how much?", "U1", "C1", "1.0", "")
    assert (row.asked_at, row.citations, row.confidence, row.milliseconds) == (NOW, [{"title": "Fees"}], 0.5, 12.5)
    assert exchanges.gaps(session) == 0


def test_a_question_that_nothing_answers_is_a_gap_with_who_could_read_what(session: Session) -> None:
    number = record(session, "how much?", gap=GAP)
    row = session.get_one(GapRow, number)
    assert (row.owner, row.audiences, row.closest) == ("Billing", ["everyone", "public"], [{"title": "Fees"}])
    assert exchanges.gaps(session) == 1


def test_a_thread_remembers_its_last_two_questions_whoever_asked(session: Session) -> None:
    for question, person in (("one", "U1"), ("two", "U2"), ("three", "U1")):
        record(session, question, person=person)
    record(session, "elsewhere", thread="2.0")
    record(session, "other channel", channel="C2")
    found = exchanges.earlier_questions(session, channel="C1", thread="1.0", person="U3", now=NOW + timedelta(days=9))
    assert found == ("two", "three")


def test_direct_messages_remember_the_last_quarter_of_an_hour_of_one_person(session: Session) -> None:
    record(session, "old", thread="", now=NOW - timedelta(minutes=15))
    record(session, "fresh", thread="", now=NOW - timedelta(minutes=14, seconds=59))
    record(session, "theirs", thread="", person="U2")
    record(session, "in a thread", thread="1.0")
    assert exchanges.earlier_questions(session, channel="C1", thread="", person="U1", now=NOW) == ("fresh",)


def test_a_conversation_without_questions_has_no_history(session: Session) -> None:
    assert exchanges.earlier_questions(session, channel="C1", thread="1.0", person="U1", now=NOW) == ()


def test_a_thread_is_known_once_something_was_asked_in_it(session: Session) -> None:
    assert not exchanges.answers_in(session, channel="C1", thread="1.0")
    record(session, "how much?", gap=GAP)
    assert exchanges.answers_in(session, channel="C1", thread="1.0")
    assert not exchanges.answers_in(session, channel="C2", thread="1.0")
    assert not exchanges.answers_in(session, channel="C1", thread="2.0")


def test_the_last_verdict_of_each_person_counts(session: Session) -> None:
    number = record(session, "how much?")
    later = NOW + timedelta(minutes=1)
    assert exchanges.give_feedback(session, exchange=number, person="U1", helpful=True, now=NOW)
    assert exchanges.give_feedback(session, exchange=number, person="U2", helpful=True, now=NOW)
    assert exchanges.give_feedback(session, exchange=number, person="U1", helpful=False, now=later)
    rows = session.execute(select(FeedbackRow.person, FeedbackRow.helpful, FeedbackRow.at).order_by(FeedbackRow.person))
    assert rows.all() == [("U1", False, later), ("U2", True, NOW)]


def test_a_verdict_on_an_unknown_answer_is_not_saved(session: Session) -> None:
    assert not exchanges.give_feedback(session, exchange=99, person="U1", helpful=True, now=NOW)
    assert session.scalars(select(FeedbackRow)).all() == []


def test_what_hangs_on_an_exchange_goes_with_it(session: Session) -> None:
    number = record(session, "how much?", gap=GAP)
    exchanges.give_feedback(session, exchange=number, person="U1", helpful=True, now=NOW)
    session.execute(delete(ExchangeRow))
    assert session.scalars(select(GapRow)).all() == []
    assert session.scalars(select(FeedbackRow)).all() == []
