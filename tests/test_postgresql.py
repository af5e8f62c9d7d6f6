"""A PostgreSQL server that is down, refuses us, is restarted or is shared: people hear what to do, work goes on."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from bot import app, inbox, outbox
from bot import postgresql as locks
from bot.database import Database, open_database
from bot.errors import AlreadyRunning, DatabaseUnavailable
from bot.handlers.border import Border, guarded
from bot.inbox import Accepted
from bot.jobs import InboxWork, LeaseKeeping, OutboxWork, Pool
from bot.leases import Hands
from bot.outbox import Destination, Owed
from bot.retrieval.embedding import Embedder
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engines import Server
from offices import house_in, open_office, settings_for, until

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def engine_name() -> str:
    return "postgresql"


def refusal(folder: Path, url: str) -> str:
    with pytest.raises(DatabaseUnavailable) as refused:
        app.open_store(settings_for(folder / "var", DATABASE_URL=url))
    assert "secret" not in str(refused.value)
    return str(refused.value)


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path) -> None:
    said = refusal(tmp_path, "postgresql://tl:secret@127.0.0.1:9/tl?connect_timeout=2")
    assert said.startswith("The database postgresql+psycopg://tl:***@127.0.0.1:9/tl?connect_timeout=2 cannot be used (")
    assert "refused" in said
    assert said.endswith("Start the server, or correct this address.")


def test_a_database_that_is_not_there_is_named_with_the_next_step(tmp_path: Path, postgresql: Server) -> None:
    said = refusal(tmp_path, postgresql.url("nowhere"))
    assert 'database "nowhere" does not exist' in said


def test_a_user_who_may_not_make_tables_hears_which_right_is_missing(tmp_path: Path, postgresql: Server) -> None:
    postgresql.sql("DROP ROLE IF EXISTS clerk")
    postgresql.sql("CREATE ROLE clerk LOGIN")
    with postgresql.fresh() as url:
        said = refusal(tmp_path, url.replace("postgres:@", "clerk:secret@"))
    assert said.endswith("GRANT USAGE, CREATE ON SCHEMA public.")


def test_who_only_reads_cannot_write(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError, match="read-only transaction"):
        session.execute(text("DELETE FROM inbox"))


def test_times_come_back_in_utc_whatever_the_zone_of_the_server(database: Database, postgresql: Server) -> None:
    postgresql.sql(f"ALTER DATABASE {database.engine.url.database} SET timezone = 'Asia/Tokyo'")
    with database.writing.begin() as session:
        inbox.accept(session, key="a", kind="k", conversation="C", value={}, now=NOON)
        assert session.execute(text("SELECT received_at FROM inbox")).scalar_one().isoformat() == NOON.isoformat()


def test_a_lock_is_held_among_processes_and_ends_with_its_block(database_url: str) -> None:
    here, there = open_database(database_url), open_database(database_url)
    with locks.alone(here.engine, "reindex") as first, locks.alone(there.engine, "reindex") as second:
        assert (first, second) == (True, False)
        with locks.alone(there.engine, "another") as other:
            assert other
    with locks.alone(there.engine, "reindex") as again:
        assert again
    here.close()
    there.close()


def test_a_lock_does_not_stand_in_the_way_of_writers(database: Database) -> None:
    with locks.alone(database.engine, "reindex") as first, database.writing.begin() as session:
        assert first
        assert inbox.accept(session, key="a", kind="k", conversation="C", value={}, now=datetime.now(UTC))


def test_a_reindex_that_another_replica_is_at_is_refused_as_on_one_machine(database_url: str, tmp_path: Path) -> None:
    house = app.build(settings_for(tmp_path / "var", DATABASE_URL=database_url))
    other = open_database(database_url)
    with locks.alone(other.engine, "reindex"), pytest.raises(AlreadyRunning, match=r"A reindex is under way. Wait"):
        house.reindex(house.settings.knowledge)
    other.close()
    house.database.close()


@pytest.fixture
def at_work(database: Database) -> Iterator[tuple[Database, list[str], threading.Event]]:
    """A bot's workers, couriers and keeper; what was delivered, and an event without which no work ends."""
    delivered: list[str] = []
    may_end = threading.Event()
    may_end.set()

    def answer(event: Accepted) -> None:
        may_end.wait(30)
        with database.writing.begin() as session:
            to = Destination(event.conversation)
            outbox.owe(session, key=f"a:{event.id}", kind="words", to=to, value=event.value, now=datetime.now(UTC))
            inbox.finish(session, event)

    def deliver(owed: Owed) -> None:
        with database.writing.begin() as session:
            outbox.sent(session, owed.id, ts="1.1")
        delivered.append(owed.value["text"])

    events, messages = Hands("here"), Hands("here")
    border = Border(database, {"question": answer}, wake=lambda: None)
    steps = (
        ("keeper", LeaseKeeping(database, events=events, messages=messages), 1),
        ("courier", OutboxWork(database, deliver, messages), 4),
        ("worker", InboxWork(database, border, events), 4),
    )
    pools = [Pool(name, guarded(step, wait=0.1), size=size) for name, step, size in steps]
    for pool in pools:
        pool.start()
    yield database, delivered, may_end
    may_end.set()
    for pool in reversed(pools):
        pool.stop()


def accept(database: Database, words: str) -> None:
    with database.writing.begin() as session:
        inbox.accept(
            session, key=words, kind="question", conversation="C", value={"text": words}, now=datetime.now(UTC)
        )


def test_after_a_restart_of_the_server_work_goes_on_and_nothing_is_lost_or_doubled(
    at_work: tuple[Database, list[str], threading.Event], postgresql: Server
) -> None:
    database, delivered, may_end = at_work
    accept(database, "before")
    until(lambda: delivered == ["before"])
    may_end.clear()
    accept(database, "under way")
    until(lambda: _state(database, "under way") == "taken")
    accept(database, "behind it")
    postgresql.stop()
    may_end.set()  # its work ends while there is no server to write that down
    with pytest.raises(DBAPIError):
        accept(database, "nobody took it, so Slack will deliver it again")
    postgresql.start()
    accept(database, "after")
    until(lambda: delivered == ["before", "under way", "behind it", "after"])


def _state(database: Database, key: str) -> str:
    with database.reading() as session:
        return str(session.execute(text("SELECT state FROM inbox WHERE key = :key"), {"key": key}).scalar_one())


def test_who_else_is_connected_is_told_by_name(database_url: str, postgresql: Server) -> None:
    database = open_database(database_url)
    assert locks.others(database.engine) == []
    plain = database_url.replace("+psycopg", "")
    with psycopg.connect(plain, application_name="throughline 1 elsewhere"), psycopg.connect(plain):
        assert locks.others(database.engine) == ["throughline 1 elsewhere"]
    assert locks.application_name().startswith("throughline ")
    database.close()


def test_the_bot_hears_and_answers_with_its_data_on_a_server(
    database_url: str, tmp_path: Path, encoder: Embedder
) -> None:
    house = house_in(tmp_path / "var", encoder, DATABASE_URL=database_url)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "fees.md").write_text("---\ntitle: Late fees\n---\nThe late fee is $9.50 per bill.\n", encoding="utf-8")
    house.reindex(pages)
    office = open_office(house)
    try:
        assert "The late fee is $9.50 per bill." in office.slash("U0MAYA", "C0HARBOUR", "how much is a late fee?").words
        office.settle()
    finally:
        office.close()
        office.house.database.close()


STARTS_A_SERVER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from engines import Server
print(Server().address, flush=True)
time.sleep(600)
"""


def test_a_test_run_that_is_interrupted_or_killed_leaves_no_server_behind() -> None:
    runs = {how: _run_with_a_server() for how in (signal.SIGINT, signal.SIGKILL)}
    for how, run in runs.items():
        with run:
            assert run.stdout is not None
            address = run.stdout.readline().strip()
            psycopg.connect(address).close()
            os.killpg(run.pid, how)  # a terminal's Ctrl-C goes to the whole group
        folder = Path(parse_qs(urlsplit(address).query)["host"][0])
        until(lambda folder=folder: not folder.exists())  # type: ignore[misc]
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address)


def _run_with_a_server() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STARTS_A_SERVER, str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
