"""Who looked at which customer: rows are only ever added, and whoever changes one past the program is found out."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import audit
from bot.audit import Expected, Fault, Head, Purpose, View
from bot.audit.chain import SAID, digest
from bot.audit.rows import AuditRow
from bot.database import Database
from bot.outbox import OutboxRow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

pytestmark = pytest.mark.each_engine

NOW = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
DANA, OMAR = "d" * 32, "0" * 31 + "1"
OTHERS = "at, workspace, person, channel, customer, purpose, fields, reference, dropped, hash"
CARD = View("U0SAM", DANA, Purpose.CARD, ("name", "promises"), channel="C0HARBOUR", reference="exchange:7")


def look(database: Database, *views: View, now: datetime = NOW) -> None:
    for view in views:
        with database.writing.begin() as session:
            audit.record(session, view, now=now)


def verdict(database: Database, expected: Expected | None = None) -> audit.Verdict:
    with database.reading() as session:
        return audit.verify(session, expected=expected)


def head(database: Database) -> Head:
    with database.reading() as session:
        found = audit.head(session)
    assert found is not None
    return found


@contextmanager
def past_the_guard(database: Database) -> Iterator[Session]:
    """As somebody who has the database in their hands: the triggers are switched off meanwhile."""
    with database.writing.begin() as session:
        if database.on_server:
            session.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
            yield session
            session.execute(text("ALTER TABLE audit ENABLE TRIGGER ALL"))
        else:
            guards = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in guards:
                session.execute(text(f"DROP TRIGGER {name}"))
            yield session
            for _, made in guards:
                session.execute(text(made))


def test_a_look_is_kept_with_who_whom_when_why_what_and_where(database: Database) -> None:
    with database.of("T0ONE").writing.begin() as session:
        assert audit.record(session, CARD, now=NOW) == 1
    with database.reading() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.number, row.at, row.workspace, row.person, row.channel) == (1, NOW, "T0ONE", "U0SAM", "C0HARBOUR")
    assert (row.customer, row.purpose, row.fields) == (DANA, "card", ["name", "promises"])
    assert (row.reference, row.dropped) == ("exchange:7", None)


def test_the_hash_is_the_one_that_is_documented(database: Database) -> None:
    """Written out once, so that an auditor can check it with other tools than ours."""
    look(database, CARD, replace(CARD, fields=("straße",), reference=""))
    with database.reading() as session:
        one, two = session.scalars(select(AuditRow.hash).order_by(AuditRow.number))
    # printf '%s' '{"at":"2026-11-22T10:00:00.123456+00:00","before":"000...","channel":"C0HARBOUR",...}' | sha256sum
    assert one == sha256_of(
        '{"at":"2026-11-22T10:00:00.123456+00:00","before":"'
        + "0" * 64
        + '","channel":"C0HARBOUR","customer":"'
        + DANA
        + '","dropped":null,"fields":["name","promises"],"number":1,"person":"U0SAM","purpose":"card",'
        '"reference":"exchange:7","workspace":""}'
    )
    assert two == sha256_of(
        '{"at":"2026-11-22T10:00:00.123456+00:00","before":"'
        + one
        + '","channel":"C0HARBOUR","customer":"'
        + DANA
        + '","dropped":null,"fields":["stra\\u00dfe"],"number":2,"person":"U0SAM","purpose":"card",'
        '"reference":"","workspace":""}'
    )


def sha256_of(words: str) -> str:
    return hashlib.sha256(words.encode("ascii")).hexdigest()


@pytest.mark.parametrize("whom", ["Dana Ruiz", "dana@example.org", "", "D" * 32, DANA + "\n"])
def test_nothing_but_an_alias_stands_for_a_customer(whom: str, database: Database) -> None:
    with pytest.raises(ValueError, match="only the alias of a customer"):
        View("U0SAM", whom, Purpose.CARD)


def test_a_look_that_is_not_shown_after_all_leaves_no_row(database: Database) -> None:
    look(database, CARD)
    with pytest.raises(ConnectionError), database.writing.begin() as session:  # noqa: PT012 - both are what is tested
        audit.record(session, CARD, now=NOW)
        raise ConnectionError("the message could not be written down")
    look(database, CARD)
    assert (verdict(database).rows, verdict(database).fault) == (2, None)


@pytest.mark.parametrize(
    "way",
    [
        "UPDATE audit SET person = 'U0OTHER' WHERE number = 2",
        "UPDATE audit SET hash = hash",
        "DELETE FROM audit WHERE number = 3",
        "DELETE FROM audit",
        f"INSERT INTO audit SELECT 2, {OTHERS} FROM audit WHERE number = 1",  # noqa: S608 - a constant
        f"INSERT INTO audit SELECT 9, {OTHERS} FROM audit WHERE number = 1",  # noqa: S608 - a constant
    ],
)
def test_the_database_refuses_to_change_delete_or_push_in_a_row(way: str, database: Database) -> None:
    look(database, CARD, CARD, CARD)
    with pytest.raises(IntegrityError, match="only ever added"), database.writing.begin() as session:
        session.execute(text(way))
    assert (verdict(database).rows, verdict(database).fault) == (3, None)


@pytest.mark.parametrize("way", [update(AuditRow).values(person="U0OTHER"), delete(AuditRow)])
def test_so_it_does_whatever_is_asked_by_the_orm(way: object, database: Database) -> None:
    look(database, CARD)
    with pytest.raises(IntegrityError, match="only ever added"), database.writing.begin() as session:
        session.execute(way)  # type: ignore[call-overload]
    with pytest.raises(IntegrityError, match="only ever added"), database.writing.begin() as session:
        session.scalars(select(AuditRow)).one().person = "U0OTHER"
    with pytest.raises(IntegrityError, match="only ever added"), database.writing.begin() as session:
        session.delete(session.scalars(select(AuditRow)).one())


def test_each_engine_closes_its_own_back_door(database: Database) -> None:
    """TRUNCATE asks no row, and INSERT OR REPLACE deletes without a trigger of deletions."""
    look(database, CARD, CARD)
    way = "TRUNCATE audit" if database.on_server else "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number=1"
    with pytest.raises(IntegrityError, match="only ever added"), database.writing.begin() as session:
        session.execute(text(way))


def test_a_row_that_was_changed_is_found_by_its_number(database: Database) -> None:
    look(database, *[CARD] * 5)
    with past_the_guard(database) as session:
        session.execute(update(AuditRow).where(AuditRow.number == 3).values(fields=["name"]))
    assert verdict(database).fault == Fault(3, "is not what was written, or does not stand where it was written.")
    assert verdict(database).head == Head(2, verdict(database).head.hash)  # type: ignore[union-attr]


def test_a_row_that_is_gone_is_found_by_its_number(database: Database) -> None:
    look(database, *[CARD] * 5)
    for number in (4, 1):
        with past_the_guard(database) as session:
            session.execute(delete(AuditRow).where(AuditRow.number == number))
        assert verdict(database).fault == Fault(number, "is missing.")


def test_a_row_that_is_pushed_in_before_the_first_is_found(database: Database) -> None:
    look(database, CARD)
    with past_the_guard(database) as session:
        session.execute(text(f"INSERT INTO audit SELECT 0, {OTHERS} FROM audit WHERE number = 1"))  # noqa: S608 - as above
    assert verdict(database).fault == Fault(0, "was never written: they count from 1.")


def test_rows_that_are_cut_off_at_the_end_are_noticed_by_whoever_kept_the_head(database: Database) -> None:
    look(database, *[CARD] * 5)
    kept = head(database)
    assert verdict(database, Expected(kept.hash, kept.number)).fault is None
    look(database, CARD)
    assert verdict(database, Expected(kept.hash, kept.number)).fault is None  # it need not be the last one any more
    with past_the_guard(database) as session:
        session.execute(delete(AuditRow).where(AuditRow.number > 3))
    assert verdict(database).fault is None
    assert verdict(database, Expected(kept.hash, 5)).fault == Fault(4, "is missing: you kept the hash of row 5.")
    fault = verdict(database, Expected(kept.hash)).fault
    assert fault is not None
    assert (fault.number, "no row has the hash you kept" in fault.what) == (4, True)


def test_a_chain_that_was_written_anew_is_noticed_by_whoever_kept_the_head(database: Database) -> None:
    look(database, *[CARD] * 3)
    kept = head(database)
    with past_the_guard(database) as session:
        session.execute(delete(AuditRow))
    look(database, *[replace(CARD, person="U0OTHER")] * 4)
    assert verdict(database).fault is None
    fault = verdict(database, Expected(kept.hash, kept.number)).fault
    assert fault is not None
    assert (fault.number, "another hash than the one you kept" in fault.what) == (3, True)


def test_an_audit_in_which_nothing_stands_is_whole_unless_something_was_kept(database: Database) -> None:
    assert verdict(database) == audit.Verdict(0, 0, None)
    assert verdict(database, Expected("a" * 64, 2)).fault == Fault(1, "is missing: you kept the hash of row 2.")


def test_what_cannot_even_be_read_is_found_by_its_number(database: Database) -> None:
    """SQLite stores anything in any column; on a server the types refuse it."""
    if database.on_server:
        with pytest.raises(DBAPIError), past_the_guard(database) as session:
            session.execute(text("UPDATE audit SET at = 'no day'"))
        return
    look(database, *[CARD] * 4)
    for number, change in (
        (4, "at = 'yesterday'"),
        (3, "fields = '[broken'"),
        (2, "person = x'ff'"),
        (1, "person = CAST(x'ff' AS TEXT)"),
    ):
        with past_the_guard(database) as session:
            session.execute(text(f"UPDATE audit SET {change} WHERE number = {number}"))  # noqa: S608 - made up above
        fault = verdict(database).fault
        assert fault is not None
        assert fault.number == number


ROWS = 8
# What a column may be changed to; no row of the test has it.
OTHERWISE = {
    "at": datetime(2026, 11, 22, 10, 0, 0, 123457, tzinfo=UTC),
    "workspace": "T0TWO",
    "person": "U0OTHER",
    "channel": "",
    "customer": OMAR,
    "purpose": "export",
    "fields": ["name"],
    "reference": "exchange:8",
    "dropped": 0,
    "hash": "f" * 64,
}


def sealed(row: AuditRow, before: str) -> str:
    return digest([getattr(row, name) for name in SAID], before)


def moved(session: Session, number: int, to: int) -> None:
    session.execute(update(AuditRow).where(AuditRow.number == number).values(number=to))


def tampered(session: Session, how: str, at: int, other: int, column: str) -> int:
    """Do it as somebody would who has the database in their hands; returns the number of the first bad row."""
    rows = {row.number: row for row in session.scalars(select(AuditRow))}
    session.expunge_all()
    this = AuditRow.number == at
    match how:
        case "change":
            session.execute(update(AuditRow).where(this).values({column: OTHERWISE[column]}))
            return at
        case "change and seal anew":
            row, column = rows[at], "person" if column == "hash" else column
            setattr(row, column, OTHERWISE[column])
            row.hash = sealed(row, rows[at - 1].hash if at > 1 else "0" * 64)
            session.execute(update(AuditRow).where(this).values({column: OTHERWISE[column], "hash": row.hash}))
            return at + 1
        case "delete":
            session.execute(delete(AuditRow).where(this))
            return at
        case "delete and close up":
            session.execute(delete(AuditRow).where(this))
            for number in range(at + 1, ROWS + 1):
                moved(session, number, number - 1)
            return at
        case "swap":
            for number, to in ((at, 99), (other, at), (99, other)):
                moved(session, number, to)
            return min(at, other)
        case _:
            for number in range(ROWS, at - 1, -1):
                moved(session, number, number + 1)
            row = AuditRow(**{name: getattr(rows[other], name) for name in SAID} | {"number": at})
            row.hash = sealed(row, rows[at - 1].hash if at > 1 else "0" * 64)
            session.add(row)
            session.flush()
            return at if rows[other].number == at else at + 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    how=st.sampled_from(["change", "change and seal anew", "delete", "delete and close up", "swap", "insert"]),
    places=st.lists(st.integers(1, ROWS), min_size=2, max_size=2, unique=True),
    column=st.sampled_from(sorted(OTHERWISE)),
)
def test_whatever_is_done_to_a_row_is_found(how: str, places: list[int], column: str, database: Database) -> None:
    if not verdict(database).rows:
        look(database, *[replace(CARD, reference=f"exchange:{number}") for number in range(100, 100 + ROWS)])
    kept = head(database)
    with suppress(ConnectionAbortedError), past_the_guard(database) as session:
        bad = tampered(session, how, places[0], places[1], column)
        alone = audit.verify(session)
        expecting = audit.verify(session, expected=Expected(kept.hash, kept.number))
        raise ConnectionAbortedError  # and the next example finds it as it was
    assert expecting.fault is not None
    if bad <= ROWS and not (how.startswith("delete") and bad == ROWS):  # at the very end only who kept the head knows
        assert alone.fault is not None
        assert alone.fault.number == bad
    assert verdict(database).fault is None


def test_threads_that_look_at_the_same_time_make_one_chain(database: Database) -> None:
    def look_often(thread: int) -> None:
        for _ in range(25):
            look(database, replace(CARD, person=f"U{thread}"))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(look_often, range(4)))
    assert (verdict(database).rows, verdict(database).fault) == (100, None)


def test_processes_that_look_at_the_same_time_make_one_chain(database: Database, database_url: str) -> None:
    together = [looking(database_url, name, 60) for name in ("U1", "U2")]
    assert [process.wait(timeout=60) for process in together] == [0, 0]
    assert (verdict(database).rows, verdict(database).fault) == (120, None)


def test_a_process_that_is_killed_leaves_no_message_without_its_row(database: Database, database_url: str) -> None:
    for life in range(4):
        process = looking(database_url, f"U{life}", 100_000)
        time.sleep(0.13 * (life + 1))
        process.kill()
        process.wait(timeout=10)
    with database.reading() as session:
        owed = session.scalars(select(OutboxRow.key).order_by(OutboxRow.id)).all()
        written = session.scalars(select(AuditRow.reference).order_by(AuditRow.number)).all()
    assert len(owed) > 4
    assert owed == written
    assert verdict(database).fault is None


def looking(url: str, name: str, most: int) -> "subprocess.Popen[str]":
    """A process that has begun to look."""
    arguments = [sys.executable, str(Path(__file__).parent / "looking.py"), url, name, str(most)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "begun\n"
    return process
