"""The database keeps time in UTC, loses no update, and lets readers go on while somebody writes."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from bot.database import Database, UtcDateTime, open_database
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

pytestmark = pytest.mark.each_engine


@pytest.fixture
def counter(empty_url: str) -> Iterator[Database]:
    """A database with one number in it."""
    opened = open_database(empty_url)
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
    assert kept.process_bind_param(noon_in_tokyo, postgresql.dialect()) == noon_in_tokyo
    assert kept.process_result_value(noon_in_tokyo, postgresql.dialect()) == datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    assert kept.process_bind_param(None, sqlite.dialect()) is None
    assert kept.process_result_value(None, sqlite.dialect()) is None


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="a time without a zone was about to be stored; pass an aware UTC time"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 21, 12, 0), sqlite.dialect())  # noqa: DTZ001 - the fault


def test_no_update_is_lost_between_threads(counter: Database) -> None:
    def count(_thread: int) -> None:
        for _ in range(100):
            with counter.writing.begin() as session:
                seen = session.execute(text("SELECT number FROM count")).scalar_one()
                session.execute(text("UPDATE count SET number = :next"), {"next": seen + 1})

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(count, range(6)))
    assert number(counter) == 600


def test_a_writer_sees_what_the_writer_before_it_wrote_however_long_it_waited(counter: Database) -> None:
    def count() -> None:
        with counter.writing.begin() as session:
            seen = session.execute(text("SELECT number FROM count")).scalar_one()
            session.execute(text("UPDATE count SET number = :next"), {"next": seen + 1})

    with ThreadPoolExecutor(1) as other:
        with counter.writing.begin() as session:
            assert session.execute(text("SELECT number FROM count")).scalar_one() == 0
            waiting = other.submit(count)
            time.sleep(0.2)  # long enough for the other to have begun
            assert not waiting.done()
            session.execute(text("UPDATE count SET number = 10"))
        waiting.result()
    assert number(counter) == 11


def test_a_letter_that_postgresql_cannot_hold_is_left_out_there(counter: Database) -> None:
    with counter.writing.begin() as session:
        said = session.execute(text("SELECT CAST(:said AS VARCHAR)"), {"said": "a\0b"}).scalar_one()
    assert said == ("ab" if counter.on_server else "a\0b")


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
        if not counter.on_server:
            assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL: survives a power cut
            assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), counter.writing.begin() as session:
        session.execute(text("INSERT INTO child VALUES (1)"))
