"""What is told of answers is right, never of fewer than five, and never so that two looks at it tell of fewer."""

import itertools
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from bot.database import Database
from bot.friction.suppression import FEWEST
from bot.pulses.questions import Question, monday_of, month_of, quarter_of
from bot.pulses.sums import PulseSum, sums
from bot.pulses.tables import AnswerRow, WeekRow
from sqlalchemy import delete

LATER = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
MONTHS = {"2026-10": date(2026, 10, 5), "2026-11": date(2026, 11, 2), "2026-12": date(2026, 12, 7)}
_MARKS = itertools.count()


def keep(
    database: Database,
    scores: list[int],
    *,
    monday: date,
    question: str = "ease",
    tool: str = "pos",
    role: str = "",
    place: str = "",
) -> None:
    with database.writing.begin() as session:
        session.add_all(
            AnswerRow(
                mark=f"{next(_MARKS):064}",
                question=question,
                tool=tool,
                score=score,
                role=role,
                place=place,
                monday=monday,
            )
            for score in scores
        )


def told(database: Database, now: datetime = LATER) -> dict[tuple[str, str, str, str], PulseSum]:
    with database.reading() as session:
        found = sums(session, now=now)
    return {(one.question, one.period, one.role, one.place): one for one in found}


@pytest.mark.each_engine
def test_the_numbers_are_those_counted_by_hand(database: Database) -> None:
    keep(database, [1, 4, 5, 6, 7], monday=MONTHS["2026-10"])
    keep(database, [7, 7, 7, 7, 7, 2], monday=MONTHS["2026-11"])
    keep(database, [10, 9, 9, 8, 7, 6, 0, 10], monday=MONTHS["2026-11"], question="enps", tool="")
    found = told(database)
    october, quarter = found["ease", "2026-10", "", ""], found["ease", "2026-Q4", "", ""]
    assert (october.answers, october.mean, october.easy, october.enps) == (5, 23 / 5, 3 / 5, None)
    assert (quarter.answers, quarter.mean, quarter.easy) == (11, 60 / 11, 8 / 11)
    enps = found["enps", "2026-Q4", "", ""]
    assert (enps.answers, enps.enps, enps.mean, enps.easy) == (8, 100 * (4 - 2) / 8, 59 / 8, None)


def test_of_four_people_there_is_not_enough_data(database: Database) -> None:
    keep(database, [5, 5, 5, 5], monday=MONTHS["2026-10"])
    for one in told(database).values():
        assert (one.answers, one.mean, one.easy, one.enps) == (None, None, None, None)


def test_a_month_is_told_when_the_last_of_its_weeks_is_over(database: Database) -> None:
    keep(database, [5] * 6, monday=MONTHS["2026-10"])
    assert told(database, datetime(2026, 11, 14, 12, tzinfo=UTC)) == {}
    assert ("ease", "2026-10", "", "") in told(database, datetime(2026, 11, 15, 12, tzinfo=UTC))
    with database.writing.begin() as session:
        session.add(WeekRow(monday=date(2026, 10, 26), secret="s"))
    assert told(database) == {}, "its answers may change still"


def test_a_quarter_whose_months_would_tell_of_three_people_is_hidden(database: Database) -> None:
    for month, count in (("2026-10", 6), ("2026-11", 7), ("2026-12", 3)):
        keep(database, [4] * count, monday=MONTHS[month], role="shop", place="harbour")
    found = told(database)
    assert found["ease", "2026-10", "", ""].answers == 6
    assert found["ease", "2026-12", "", ""].answers is None
    assert found["ease", "2026-Q4", "", ""].answers is None
    assert not any(role or place for _, _, role, place in found)


def test_a_role_of_which_the_rest_would_tell_is_hidden(database: Database) -> None:
    keep(database, [1, 2, 3, 4, 5, 6], monday=MONTHS["2026-10"], role="shop")
    keep(database, [7, 7, 7, 7, 7], monday=MONTHS["2026-10"], role="phone")
    keep(database, [1, 1], monday=MONTHS["2026-10"], role="chat")
    found = told(database)
    shown = {role: one.answers for (_, period, role, _), one in found.items() if role}
    assert found["ease", "2026-Q4", "", ""].answers == 13
    assert shown["chat"] is None
    assert sum(count is None for count in shown.values()) >= 2


def test_whoever_looks_every_day_learns_nothing_of_fewer_than_five(database: Database) -> None:
    """They write down every number they ever see, and subtract whatever they can from whatever they like."""
    draw = random.Random(20261123)
    for number in range(8):
        tool = f"tool{number}"
        for monday in (date(2026, 9, 28) + timedelta(weeks=week) for week in range(26)):
            keep(database, [draw.randint(1, 7) for _ in range(draw.choice([0, 0, 1, 2, 5]))], monday=monday, tool=tool)
    truth = defaultdict[tuple[str, str], int](int)
    with database.reading() as session:
        for tool, monday in session.query(AnswerRow.tool, AnswerRow.monday):
            truth[tool, month_of(monday)] += 1
    seen = defaultdict[str, dict[str, int]](dict)
    for day in range(0, 240, 10):
        with database.reading() as session:
            for one in sums(session, now=datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=day)):
                if one.answers is not None:
                    assert seen[one.tool].setdefault(one.period, one.answers) == one.answers, "what is told stays"
    assert any("Q" in period for each in seen.values() for period in each)
    for tool, each in seen.items():
        for period in (period for period in each if "Q" in period):
            months = {
                month for of, month in truth if of == tool and quarter_of(date.fromisoformat(f"{month}-01")) == period
            }
            hidden = [truth[tool, month] for month in months if month not in each]
            assert each[period] == sum(truth[tool, month] for month in months)
            assert not hidden or (len(hidden) > 1 and sum(hidden) >= FEWEST)


def test_an_answer_that_comes_late_in_its_week_is_in_no_sum_that_was_told_before(database: Database) -> None:
    monday = monday_of(date(2026, 11, 30))
    with database.writing.begin() as session:
        session.add(WeekRow(monday=monday, secret="s"))
    keep(database, [4] * 5, monday=monday)
    assert told(database, datetime(2026, 12, 14, tzinfo=UTC)) == {}
    with database.writing.begin() as session:
        session.execute(delete(WeekRow))
    assert told(database, datetime(2026, 12, 16, tzinfo=UTC))[Question.EASE, "2026-11", "", ""].answers == 5
