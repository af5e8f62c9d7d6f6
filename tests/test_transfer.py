"""Everything moves from one database to another, in both directions, or nothing does."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bot import app, exchanges, inbox, migrations, outbox
from bot.database import Base, Database, UtcDateTime, open_database
from bot.errors import SettingsError, TransferRefused
from bot.exchanges import Exchange, Gap
from bot.installations import Installations
from bot.leases import Claim
from bot.outbox import Destination
from bot.retrieval.catalogue import DocumentRow, VectorRow
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.reindexing import Step
from bot.transfer import BATCH, transfer
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import JSON, Column, func, insert, select, text, update
from sqlalchemy.orm import Session

from conftest import Shelf
from engines import Server
from offices import settings_for
from programs import throughline

NOW = datetime(2026, 11, 21, 10, 11, tzinfo=UTC)
PAGE = "---\naudience: everyone\n---\n# Fees — Gebühren\n\nA late fee is 5 €, after ten days.\n"


@pytest.fixture
def server_database(postgresql: Server, migrated: str) -> Iterator[Database]:
    with postgresql.fresh(migrated) as url, closing(open_database(url)) as opened:
        yield opened


@pytest.fixture
def back(tmp_path: Path) -> Iterator[Database]:
    """Another, empty SQLite database."""
    with closing(open_database(f"sqlite:///{tmp_path / 'back.db'}")) as opened:
        migrations.upgrade(opened.engine)
        yield opened


@pytest.fixture
def used(database: Database, shelf: Shelf) -> Database:
    """An SQLite database with rows in every table, more in one than fit into a batch."""
    shelf.write("fees.md", PAGE)
    shelf.reindex()
    with database.writing.begin() as session:
        for number in range(BATCH + 5):
            inbox.accept(session, key=f"k{number}", kind="question", conversation="C:1", value={"text": "«é»"}, now=NOW)
        taken = inbox.take(session, Claim("here", now=NOW))
        assert taken is not None
        outbox.owe(session, key="a", kind="words", to=Destination("C", only="U"), value={"text": None}, now=NOW)
        outbox.try_again(session, 1, at=NOW + timedelta(seconds=1.5), fault="x")
        asked = Exchange("U", "C", "1", "how much?", "", False, 0.1, ({"title": "Fees"},), 12.25)
        number = exchanges.record(session, asked, gap=Gap("Billing", frozenset({"public"}), ()), now=NOW)
        exchanges.give_feedback(session, exchange=number, person="U", helpful=True, now=NOW)
        for table in Base.metadata.sorted_tables:
            if session.execute(select(table).limit(1)).first() is None:
                session.execute(insert(table).values({column.name: made_up(session, column) for column in table.c}))
    return database


def made_up(session: Session, column: Column[Any]) -> object:
    """A value that a column can hold; where it refers to a row, one that is there."""
    if column.foreign_keys:
        return session.scalar(select(next(iter(column.foreign_keys)).column).limit(1))
    if isinstance(column.type, UtcDateTime):
        return NOW
    if isinstance(column.type, JSON):
        return ["«é»"]
    without_zone = NOW.replace(tzinfo=None)  # as slack_sdk's tables have them
    values = {int: 7, str: "é", date: NOW.date(), datetime: without_zone, float: 0.5, bool: True, bytes: b"1"}
    return values[column.type.python_type]


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with database.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


def nothing(_step: Step) -> None:
    """No progress shown."""


def test_all_rows_go_to_postgresql_and_come_back_as_they_were(
    used: Database, server_database: Database, back: Database
) -> None:
    before = everything(used)
    assert all(before.values())  # no table without a row
    there = transfer(used, server_database, progress=nothing)
    assert everything(server_database) == before
    again = transfer(server_database, back, progress=nothing)
    assert everything(back) == before == everything(used)
    assert there.rows == again.rows == {table: len(rows) for table, rows in before.items()}


def test_the_tokens_of_workspaces_go_along_encrypted_and_open_with_the_same_key(
    database: Database, server_database: Database, back: Database
) -> None:
    token, key = "xoxb-local-of-the-second-floor", Fernet.generate_key().decode()
    said = Installation(app_id="A1", team_id="T01", team_name="Shop", user_id="U1", bot_token=token)
    Installations(database, client_id="1.2", keys=[key]).store.save(said)
    transfer(database, server_database, progress=nothing)
    transfer(server_database, back, progress=nothing)
    for there in (server_database, back):
        assert token not in str(everything(there))
        [found] = Installations(there, client_id="1.2", keys=[key]).all()
        assert (found.workspace, found.token) == ("T01", token)
        [other] = Installations(there, client_id="1.2", keys=[Fernet.generate_key().decode()]).all()
        with pytest.raises(SettingsError, match="TOKEN_KEY does not open"):
            _ = other.token


def test_numbers_go_on_after_the_highest_that_came(used: Database, server_database: Database) -> None:
    transfer(used, server_database, progress=nothing)
    with server_database.writing.begin() as session:
        assert inbox.accept(session, key="new", kind="question", conversation="C", value={}, now=NOW)
        assert session.scalar(select(func.max(inbox.InboxRow.id))) == BATCH + 6
        asked = Exchange("U", "C", "1", "and now?", "", False, 0.1, (), 1.0)
        assert exchanges.record(session, asked, gap=None, now=NOW) == 2


def test_after_a_transfer_the_index_is_whole(used: Database, back: Database, shelf: Shelf) -> None:
    transfer(used, back, progress=nothing)
    with back.reading() as session:
        assert session.scalar(select(func.count()).select_from(VectorRow)) == 1
    shelf.library._database = back
    report = shelf.reindex()
    assert (report.changed, report.unchanged, report.embedded) == ((), 1, 0)
    found = shelf.library.search(Question("fee"), audiences=frozenset({"everyone"}))
    assert [(source, hit.lexical > 0) for source, hit in found] == [("fees.md", True)]


def test_after_a_transfer_postgresql_finds_what_was_found_before(
    used: Database, server_database: Database, shelf: Shelf, encoder: Embedder
) -> None:
    everyone = frozenset({"everyone"})
    for number in range(20):
        shelf.write(f"{number}.md", f"---\ntitle: Rule {number}\n---\nDistrict {number} signs form F{number}.\n")
    shelf.reindex()
    transfer(used, server_database, progress=nothing)
    moved = Library(server_database, encoder)
    for question in map(Question, ("who signs form F7?", "late fee", "district 12")):
        before, after = (library.search(question, audiences=everyone) for library in (shelf.library, moved))
        assert [source for source, _ in after] == [source for source, _ in before]
        assert [hit.score for _, hit in after] == pytest.approx([hit.score for _, hit in before], abs=1e-5)


@pytest.mark.parametrize("questions", [None, "question,page\nHow much is the fee?,fees.md\n"])
def test_a_target_that_answers_otherwise_is_refused_and_nothing_is_kept(
    used: Database, server_database: Database, shelf: Shelf, questions: str | None
) -> None:
    if questions:
        shelf.write("questions.csv", questions)
    shelf.write("hours.md", "---\ntitle: Opening hours\n---\nThe shop opens at nine.\n")
    shelf.reindex()
    with server_database.writing.begin() as session:
        session.execute(
            text(
                "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.words = ''; RETURN NEW; END$$"
            )
        )
        session.execute(
            text("CREATE TRIGGER forget BEFORE INSERT ON knowledge_words FOR EACH ROW EXECUTE FUNCTION forget()")
        )
    asked = "How much is the fee" if questions else "Fees"
    with pytest.raises(TransferRefused, match=f"questions find other pages in the target, the first of them: '{asked}"):
        transfer(used, server_database, progress=nothing)
    assert not any(everything(server_database).values())


def test_progress_is_told_by_table_and_in_batches(used: Database, back: Database) -> None:
    steps: list[Step] = []
    transfer(used, back, progress=steps.append)
    assert [step.done for step in steps if step.phase == "inbox"] == [0, BATCH, BATCH + 5]
    assert {step.phase for step in steps} == set(Base.metadata.tables)


def test_a_target_that_holds_anything_is_refused_and_left_as_it_was(used: Database, server_database: Database) -> None:
    with server_database.writing.begin() as session:
        session.add(VectorRow(key="k", vector=b"1", checksum=0))
    with pytest.raises(TransferRefused, match=r"knowledge_vectors of the target holds rows already\. .*`createdb`"):
        transfer(used, server_database, progress=nothing)
    found = everything(server_database)
    assert sum(len(rows) for rows in found.values()) == 1


def test_the_database_in_use_is_no_target(used: Database) -> None:
    with pytest.raises(TransferRefused, match="is the database in use already"):
        transfer(used, used, progress=nothing)


def test_a_row_that_does_not_fit_is_named_and_nothing_is_kept(used: Database, server_database: Database) -> None:
    with used.writing.begin() as session:
        session.execute(update(DocumentRow).values(language="much too long"))
    with pytest.raises(TransferRefused, match=r"A row of knowledge_documents does not fit the target.*too long"):
        transfer(used, server_database, progress=nothing)
    assert not any(everything(server_database).values())


def test_what_arrives_incomplete_is_refused_and_nothing_is_kept(used: Database, server_database: Database) -> None:
    with server_database.writing.begin() as session:
        session.execute(text("CREATE RULE lose AS ON INSERT TO feedback DO INSTEAD NOTHING"))
    with pytest.raises(TransferRefused, match="Of 1 rows of feedback only 0 arrived, so nothing was kept"):
        transfer(used, server_database, progress=nothing)
    assert not any(everything(server_database).values())


def test_nobody_is_moved_away_from_while_at_work(server_database: Database, back: Database, postgresql: Server) -> None:
    address = postgresql.url(str(server_database.engine.url.database)).replace("+psycopg", "")
    with (
        psycopg.connect(address, application_name="throughline 7 shop"),
        pytest.raises(TransferRefused, match=r"Other Throughlines are connected to .*: throughline 7 shop\. Stop them"),
    ):
        transfer(server_database, back, progress=nothing)


def test_the_command_copies_and_says_what_to_do_next(tmp_path: Path, postgresql: Server) -> None:
    with closing(app.open_store(settings_for(tmp_path / "var"))) as old, old.writing.begin() as session:
        inbox.accept(session, key="a", kind="question", conversation="C", value={}, now=NOW)
    with postgresql.fresh() as url:
        done = throughline("migrate", "--to", url.replace("postgres:@", "postgres:hunter2@"), folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "inbox: 1" in done.stdout
        assert "Now set DATABASE_URL to it, run `throughline reindex`, start the bot." in done.stdout
        assert "hunter2" not in done.stdout


def test_the_command_does_not_run_beside_a_bot(tmp_path: Path) -> None:
    with app.only_one(settings_for(tmp_path / "var")):
        beside = throughline("migrate", "--to", f"sqlite:///{tmp_path / 'new.db'}", folder=tmp_path)
    assert beside.returncode == 1
    assert "already runs on" in beside.stderr
