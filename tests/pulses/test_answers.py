"""One answer of one person in one week; nothing that leads from one to the other outlives that week."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from bot.database import Base, Database
from bot.friction.reporters import Reporter
from bot.friction.suppression import FEWEST
from bot.pulses import answering, asking
from bot.pulses.crowds import NOWHERE, kept
from bot.pulses.questions import Choice, Question, monday_of
from bot.pulses.tables import AnswerRow, WeekRow
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from friction.desk import SEALER

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
EASE = Choice(Question.EASE, "pos")


def person(number: int, role: str = "shop", place: str = "harbour") -> Reporter:
    return Reporter(f"U{number}", "T0", f"Person {number}", role=role, place=place)


def ask(database: Database, *people: Reporter, choice: Choice = EASE, now: datetime = NOW) -> list[int]:
    with database.writing.begin() as session:
        found = [asking.ask(session, one, choice, sealer=SEALER, now=now, zone=UTC) for one in people]
        return [one.number for one in found if one]


def answer(database: Database, number: int, score: int, *, now: datetime = NOW) -> bool:
    with database.writing.begin() as session:
        return answering.answer(session, number, score, sealer=SEALER, now=now)


def answers(database: Database) -> list[AnswerRow]:
    with database.reading() as session:
        return list(session.scalars(select(AnswerRow)))


def end_weeks(database: Database, *, now: datetime) -> None:
    with database.writing.begin() as session:
        answering.end_weeks(session, now=now)


@pytest.mark.each_engine
def test_somebody_answers_once_and_the_last_tap_counts(database: Database) -> None:
    (number,) = ask(database, person(1))
    for score in (3, 3, 6):
        assert answer(database, number, score)
    with ThreadPoolExecutor(4) as at_once:
        assert all(at_once.map(lambda score: answer(database, number, score), [6, 6, 6, 6]))
    (row,) = answers(database)
    assert (row.score, row.question, row.tool, row.monday) == (6, "ease", "pos", monday_of(NOW.date()))


@pytest.mark.parametrize(("question", "score"), [(Question.EASE, 0), (Question.DONE, 8), (Question.RECOMMEND, 11)])
def test_what_is_on_no_scale_is_refused(database: Database, question: Question, score: int) -> None:
    (number,) = ask(database, person(1), choice=Choice(question, "pos"))
    with pytest.raises(ValueError, match="is no answer"):
        answer(database, number, score)
    assert answers(database) == []


def test_after_its_week_a_question_takes_no_answer(database: Database) -> None:
    (number,) = ask(database, person(1))
    assert answer(database, number, 2, now=NOW + timedelta(days=6))
    assert not answer(database, number, 7, now=NOW + timedelta(days=7))
    assert not answer(database, 4711, 7)
    assert [row.score for row in answers(database)] == [2]


@pytest.mark.each_engine
def test_when_a_week_is_over_nobody_can_tell_whose_an_answer_is(database: Database) -> None:
    numbers = ask(database, *(person(number) for number in range(6)))
    for number, score in zip(numbers, (1, 2, 3, 4, 5, 6), strict=True):
        answer(database, number, score)
    before = {row.mark for row in answers(database)}
    end_weeks(database, now=NOW + timedelta(days=11))
    assert {row.mark for row in answers(database)} == before, "the last question of a week is open for a week"
    end_weeks(database, now=NOW + timedelta(days=15))
    after = answers(database)
    assert sorted(row.score for row in after) == [1, 2, 3, 4, 5, 6]
    assert not before & {row.mark for row in after}
    with database.reading() as session:
        assert session.scalars(select(WeekRow)).all() == []


def test_answers_have_no_number_and_no_time_by_which_they_could_be_put_in_order() -> None:
    columns = {column.name: str(column.type) for column in Base.metadata.tables["pulse_answers"].columns}
    assert set(columns) == {"mark", "question", "tool", "score", "role", "place", "monday"}
    assert columns["monday"] == "DATE"


def test_role_and_place_are_kept_only_of_five_who_were_asked_the_same(database: Database) -> None:
    at_harbour = ask(database, *(person(number) for number in range(5)))
    elsewhere = ask(database, *(person(number, "phone", "mill") for number in range(5, 12)))
    for number in (*at_harbour, *elsewhere):
        answer(database, number, 4)
    assert Counter((row.role, row.place) for row in answers(database)) == {("shop", "harbour"): 5, ("phone", "mill"): 7}
    end_weeks(database, now=NOW + timedelta(days=15))
    assert Counter((row.role, row.place) for row in answers(database)) == {("shop", "harbour"): 5, ("phone", "mill"): 7}


def test_whoever_is_alone_in_their_place_cannot_be_told_by_what_is_left_out(database: Database) -> None:
    many = ask(database, *(person(number) for number in range(6)))
    alone = ask(database, person(6, "office", "mill"))
    for number in (*many, *alone):
        answer(database, number, 4)
    end_weeks(database, now=NOW + timedelta(days=15))
    assert Counter((row.role, row.place) for row in answers(database)) == {NOWHERE: 7}


def test_what_fewer_than_five_were_asked_is_of_their_month_and_no_week(database: Database) -> None:
    for number in ask(database, person(1), person(2)):
        answer(database, number, 4)
    end_weeks(database, now=NOW + timedelta(days=15))
    assert {row.monday.isoformat() for row in answers(database)} == {"2026-11-02"}


@given(st.lists(st.tuples(st.sampled_from(["shop", "phone", "chat"]), st.sampled_from(["a", "b", "c"])), max_size=40))
def test_whatever_is_kept_could_be_of_five_or_nothing_is(asked: list[tuple[str, str]]) -> None:
    found = kept(asked)
    sizes = Counter(found)
    assert all(size >= FEWEST for size in sizes.values()) or set(sizes) == {NOWHERE}
    for one, shown in zip(asked, found, strict=True):
        assert all(part in {"", whole} for whole, part in zip(one, shown, strict=True))


def test_whole_quarters_are_forgotten(database: Database) -> None:
    with database.writing.begin() as session:
        for number in range(20):
            day = NOW.date() - timedelta(weeks=number * 13)
            session.add(
                AnswerRow(
                    mark=str(number), question="ease", tool="pos", score=1, role="", place="", monday=monday_of(day)
                )
            )
    for day in random.Random(7).sample(range(200), 5):
        with database.writing.begin() as session:
            answering.forget_old(session, now=NOW + timedelta(days=day))
        oldest = min(row.monday for row in answers(database))
        assert oldest >= (NOW + timedelta(days=day) - answering.KEPT).date() - timedelta(days=92)
