"""The database keeps time in UTC, loses no update, and lets readers go on while somebody writes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from bot.database import Database, UtcDateTime, open_database
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Database]:
    """A database with one number in it."""
    opened = open_database(f"sqlite:///{tmp_path / 'count.db'}")
    with opened.writing.begin() as session:
        session.execute(text("CREATE TABLE count (number INTEGER)"))
        session.execute(text("INSERT INTO count VALUES (0)"))
    yield opened
    opened.close()


def number(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT number FROM count")).scalar_one())


def test_times_of_any_zone_are_kept_in_utc() -> None:
    kept = UtcDateTime()
    noon_in_tokyo = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    stored = kept.process_bind_param(noon_in_tokyo, sqlite.dialect())
    assert stored == datetime(2026, 11, 21, 3, 0)  # noqa: DTZ001 - as SQLite stores it
    assert kept.process_result_value(stored, sqlite.dialect()) == datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    assert kept.process_bind_param(None, sqlite.dialect()) is None
    assert kept.process_result_value(None, sqlite.dialect()) is None


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="a time without a zone was about to be stored; pass an aware UTC time"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 21, 12, 0), sqlite.dialect())  # noqa: DTZ001 - the fault


def test_no_update_is_lost_between_threads(counter: Database) -> None:
    def count(_thread: int) -> None:
        for _ in range(25):
            with counter.writing.begin() as session:
                seen = session.execute(text("SELECT number FROM count")).scalar_one()
                session.execute(text("UPDATE count SET number = :next"), {"next": seen + 1})

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(4)))
    assert number(counter) == 100


def test_a_reader_neither_waits_for_a_writer_nor_sees_what_is_unfinished(counter: Database) -> None:
    with counter.writing.begin() as session:
        session.execute(text("UPDATE count SET number = 7"))
        assert number(counter) == 0
    assert number(counter) == 7


def test_a_reader_sees_one_state_from_its_first_look_on(counter: Database) -> None:
    with counter.reading() as reader:
        assert reader.execute(text("SELECT number FROM count")).scalar_one() == 0
        with counter.writing.begin() as session:
            session.execute(text("UPDATE count SET number = 7"))
        assert reader.execute(text("SELECT number FROM count")).scalar_one() == 0
    assert number(counter) == 7


def test_what_fails_leaves_nothing_behind(counter: Database) -> None:
    def count_and_fail() -> None:
        with counter.writing.begin() as session:
            session.execute(text("UPDATE count SET number = 7"))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        count_and_fail()
    assert number(counter) == 0


def test_references_are_enforced_and_commits_reach_the_disk(counter: Database) -> None:
    with counter.writing.begin() as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE child (parent INTEGER REFERENCES parent (id))"))
        assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL: survives a power cut
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), counter.writing.begin() as session:
        session.execute(text("INSERT INTO child VALUES (1)"))
