"""A bot says that it is ready while it can answer and what it owes goes out; else it says what is the matter."""

from datetime import UTC, datetime, timedelta

import pytest
from bot import outbox, readiness
from bot.database import Database
from bot.outbox import Destination
from sqlalchemy import text

from conftest import Shelf

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def owe(database: Database, *, since: timedelta) -> None:
    with database.writing.begin() as session:
        outbox.owe(session, key="a", kind="words", to=Destination("C1"), value={"text": "Hello"}, now=NOW - since)


@pytest.mark.each_engine
def test_a_new_bot_has_nothing_to_answer_from(database: Database) -> None:
    assert readiness.examine(database, [database], now=NOW) == {
        "database": "ok",
        "knowledge": "nothing is indexed yet",
        "couriers": "ok",
    }


def test_with_knowledge_it_is_ready(shelf: Shelf, database: Database) -> None:
    shelf.write("fees.md", "# Fees\n\nA late fee may be waived once a year.")
    shelf.reindex()
    assert set(readiness.examine(database, [database], now=NOW).values()) == {"ok"}


@pytest.mark.each_engine
def test_a_message_that_nobody_takes_is_noticed_after_a_minute(database: Database) -> None:
    owe(database, since=timedelta(seconds=59))
    assert readiness.examine(database, [database], now=NOW)["couriers"] == "ok"
    later = NOW + timedelta(seconds=2)
    assert readiness.examine(database, [database], now=later)["couriers"] == "a message waits for more than 60 s"


def test_a_message_that_slack_makes_us_wait_for_is_no_fault(database: Database) -> None:
    owe(database, since=timedelta(minutes=10))
    with database.writing.begin() as session:
        outbox.try_again(session, 1, at=NOW + timedelta(seconds=30), fault="ratelimited")
    assert readiness.examine(database, [database], now=NOW)["couriers"] == "ok"


def test_a_database_that_does_not_answer_is_said_and_nothing_of_it(database: Database) -> None:
    with database.writing.begin() as session:
        session.execute(text("DROP TABLE outbox"))
    assert readiness.examine(database, [database], now=NOW) == {"database": "cannot be reached"}


@pytest.mark.each_engine
def test_what_waits_in_a_workspace_that_nobody_attends_makes_no_bot_unready(database: Database) -> None:
    owe(database.of("T02"), since=timedelta(hours=1))
    here, left = database.of("T01"), database.of("T02")
    assert readiness.examine(database, [here], now=NOW)["couriers"] == "ok"
    assert readiness.examine(database, [here, left], now=NOW)["couriers"] == "a message waits for more than 60 s"
