"""A command whose PostgreSQL server goes away in the middle says so and what to do; nothing is half done."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from bot.database import Database, open_database
from bot.handlers.border import guarded
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from commands import Command
from engines import Server

LATE = "---\ntitle: Late fees\n---\nThe late fee is $9.50 per bill.\n"
CARDS = "---\ntitle: Gift cards\n---\nGift cards never expire and are sold in every shop.\n"
WAITING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'throughline %' AND wait_event_type = 'Lock'
"""


@pytest.fixture
def engine_name() -> str:
    return "postgresql"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "late.md").write_text(LATE, encoding="utf-8")
    return tmp_path


@contextmanager
def lost_at(lock: str, url: str) -> Iterator[None]:
    """The first connection that waits for what this statement locks is ended by the server, as in a shutdown."""
    plain = open_database(url).engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as holder, psycopg.connect(plain, autocommit=True) as watch:
        holder.execute(lock.encode())
        over = threading.Event()

        def end() -> None:
            while not over.wait(0.05):
                for (pid,) in watch.execute(WAITING.encode()).fetchall():
                    watch.execute("SELECT pg_terminate_backend(%s)", (pid,))
                    return

        watcher = threading.Thread(target=end)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


@pytest.mark.parametrize(
    "lock",
    [
        "LOCK TABLE knowledge_documents IN ACCESS EXCLUSIVE MODE",
        "LOCK TABLE knowledge_words IN EXCLUSIVE MODE",  # which is filled by COPY, past SQLAlchemy
    ],
)
def test_a_reindex_that_loses_the_server_says_so_and_the_state_before_goes_on(
    command: Command, folder: Path, database_url: str, lock: str
) -> None:
    assert command("reindex", DATABASE_URL=database_url).code == 0
    (folder / "knowledge" / "cards.md").write_text(CARDS, encoding="utf-8")
    with lost_at(lock, database_url):
        ended = command("reindex", DATABASE_URL=database_url)
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert "throughline: The database server ended the connection" in ended.err
    assert "then try again" in ended.err
    assert command("ask", "how much is the late fee?", DATABASE_URL=database_url).code == 0
    assert command("reindex", DATABASE_URL=database_url).code == 0
    assert "never expire" in command("ask", "do gift cards expire?", DATABASE_URL=database_url).out


def test_a_fault_that_only_a_programmer_can_mend_keeps_its_traceback(
    command: Command, database_url: str, postgresql: object
) -> None:
    assert command("reindex", DATABASE_URL=database_url).code == 0
    database = open_database(database_url)
    with database.writing.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE knowledge_notices RENAME TO something_else")
    database.close()
    with pytest.raises(Exception, match="knowledge_notices"):
        command("knowledge", "notices", DATABASE_URL=database_url)


def test_while_the_server_is_away_a_worker_says_so_in_a_line_and_goes_on_afterwards(
    database: Database, postgresql: Server, caplog: pytest.LogCaptureFixture
) -> None:
    def step() -> float | None:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        return None

    attempt = guarded(step, wait=0.0)
    assert attempt() is None
    postgresql.stop()
    assert attempt() == 0.0
    postgresql.start()
    (said,) = caplog.records
    assert said.getMessage().startswith("a worker could not go on; it tries again in 0.0 s: The database server")
    assert said.exc_info is None
    assert attempt() is None


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_a_fault_never_repeats_what_somebody_wrote(database: Database) -> None:
    with database.writing() as session, pytest.raises(DBAPIError) as met:
        session.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": "my PIN is 4711"})
    assert "4711" not in str(met.value)
