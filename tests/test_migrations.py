"""The tables that migrations make are the tables that the code expects."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import bot.app  # noqa: F401 - with it comes every model
import numpy as np
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from bot import inbox, migrations, outbox
from bot.database import Base, Database, UtcDateTime, open_database
from bot.errors import DatabaseUnavailable
from bot.leases import Claim
from bot.outbox import OutboxRow
from bot.retrieval.catalogue import VectorRow, checksum_of, is_sound
from bot.retrieval.engines import server_tables
from sqlalchemy import JSON, bindparam, select, text

NOW = datetime(2026, 11, 21, 10, 11, tzinfo=UTC)


def schema(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.execute(text("SELECT name, sql FROM sqlite_master ORDER BY name")).all()
        return [(name, sql) for name, sql in rows]


@pytest.mark.each_engine
def test_the_newest_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        tables = [Base.metadata, server_tables.metadata] if database.on_server else Base.metadata
        assert compare_metadata(context, tables) == []


def test_upgrading_twice_does_nothing(database: Database) -> None:
    with database.writing.begin() as session:
        session.execute(text("INSERT INTO knowledge_vectors (key, vector, checksum) VALUES ('kept', '', 0)"))
    before = schema(database)
    migrations.upgrade(database.engine)
    assert schema(database) == before
    with database.reading() as session:
        assert session.execute(text("SELECT key FROM knowledge_vectors")).scalars().all() == ["kept"]


@pytest.mark.each_engine
def test_processes_that_upgrade_at_the_same_time_do_not_disturb_each_other(empty_url: str) -> None:
    def upgrade(_process: int) -> None:
        database = open_database(empty_url)  # an engine of its own, as a process has
        migrations.upgrade(database.engine)
        database.close()

    with ThreadPoolExecutor(4) as processes:
        list(processes.map(upgrade, range(4)))
    database = open_database(empty_url)
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
        assert session.execute(text("SELECT count(*) FROM inbox")).scalar_one() == 0
    database.close()


@pytest.mark.each_engine
def test_tables_of_a_newer_version_are_left_alone_and_the_next_step_is_named(database: Database) -> None:
    with database.writing.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailable, match=r"tables of another version.*Install the newest version"):
        migrations.upgrade(database.engine)


@pytest.mark.each_engine
def test_what_a_bot_without_leases_had_taken_is_free_after_the_upgrade(empty_url: str) -> None:
    database = open_database(empty_url)
    with database.engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO inbox (key, kind, conversation, value, state, attempts, received_at, fault) "
                "VALUES ('a', 'question', 'C', '{}', 'taken', 1, :now, '')"
            ).bindparams(bindparam("now", NOW, UtcDateTime))
        )
    migrations.upgrade(database.engine)
    with database.writing.begin() as session:
        taken = inbox.take(session, Claim("here", now=NOW))
    database.close()
    assert taken == inbox.Accepted(1, "question", "C", {}, 2, NOW)


@pytest.mark.each_engine
def test_vectors_of_32_bits_become_16_and_what_is_damaged_stays_known_as_damaged(empty_url: str) -> None:
    database = open_database(empty_url)
    written = np.random.default_rng(1).normal(size=(2500, 8)).astype("<f4")
    with database.engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        rows = [
            {"key": f"{row:04}", "vector": vector.tobytes(), "sum": checksum_of(f"{row:04}", vector.tobytes())}
            for row, vector in enumerate(written)
        ]
        rows[7]["vector"] = rows[8]["vector"]
        connection.execute(
            text("INSERT INTO knowledge_vectors (key, vector, checksum) VALUES (:key, :vector, :sum)"), rows
        )
    migrations.upgrade(database.engine)
    with database.reading() as session:
        found = session.scalars(select(VectorRow).order_by(VectorRow.key)).all()
    database.close()
    sound = [is_sound(row.key, row.vector, row.checksum) for row in found]
    assert [row for row, whole in enumerate(sound) if not whole] == [7]
    halves = np.stack(
        [np.frombuffer(row.vector, dtype="<f2") for row, whole in zip(found, sound, strict=True) if whole]
    )
    np.testing.assert_array_equal(halves, np.delete(written, 7, axis=0).astype("<f2"))


@pytest.mark.each_engine
def test_what_was_written_before_there_were_checksums_is_taken_to_be_sound(empty_url: str) -> None:
    database = open_database(empty_url)
    with database.engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for number in range(2500):
            connection.execute(
                text("INSERT INTO knowledge_vectors (key, vector) VALUES (:key, :vector)"),
                {"key": f"{number}", "vector": bytes([number % 256]) * 8},
            )
    migrations.upgrade(database.engine)
    with database.reading() as session:
        rows = session.scalars(select(VectorRow)).all()
    database.close()
    assert len(rows) == 2500
    assert all(row.checksum == checksum_of(row.key, row.vector) for row in rows)


@pytest.mark.each_engine
def test_what_was_owed_before_messages_had_tokens_is_delivered_as_it_was_tried(empty_url: str) -> None:
    database = open_database(empty_url)
    with database.engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        rows = [
            ("fresh", {"channel": "C1", "only": None, "response_url": None}, "waiting", 0, None),
            ("tried", {"channel": "C2", "only": "U1", "response_url": None}, "waiting", 2, None),
            ("in hand", {"channel": "C3", "only": None, "response_url": None}, "waiting", 0, "here"),
            ("dead", {"channel": "C4", "only": "U1", "response_url": "https://x"}, "dead", 1, None),
            ("sent", {"channel": "C5", "only": None, "response_url": None}, "sent", 0, None),
        ]
        for key, to, state, attempts, replica in rows:
            connection.execute(
                text(
                    "INSERT INTO outbox (key, kind, destination, conversation, value, state, attempts, next_at, "
                    "created_at, ts, fault, replica) VALUES (:key, 'words', :to, :key, '{}', :state, :attempts, :now, "
                    ":now, '', '', :replica)"
                ).bindparams(bindparam("now", NOW, UtcDateTime), bindparam("to", type_=JSON)),
                {"key": key, "to": {"thread": None, **to}, "state": state, "attempts": attempts, "replica": replica},
            )
    migrations.upgrade(database.engine)
    with database.writing.begin() as session:
        found = {row.key: row for row in session.scalars(select(OutboxRow))}
        assert [owed.doubtful for owed in outbox.due(session, Claim("here", now=NOW))] == [False, True, True]
    database.close()
    assert {key: row.lane for key, row in found.items()} == {
        "fresh": "C1",
        "tried": "chat.postEphemeral",
        "in hand": "C3",
        "dead": "response_url",
        "sent": "",
    }
    assert len(found["fresh"].token) == 32
    # What was posted before carries its number.
    assert (found["tried"].token, found["in hand"].token) == (str(found["tried"].id), str(found["in hand"].id))
    assert found["dead"].died_at is not None
