"""The tables that migrations make are the tables that the code expects."""

import bot.app  # noqa: F401 - with it comes every model
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from bot import migrations
from bot.database import Base, Database
from sqlalchemy import text


def schema(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.execute(text("SELECT name, sql FROM sqlite_master ORDER BY name")).all()
        return [(name, sql) for name, sql in rows]


def test_the_newest_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_does_nothing(database: Database) -> None:
    with database.writing.begin() as session:
        session.execute(text("INSERT INTO knowledge_vectors (key, vector) VALUES ('kept', '')"))
    before = schema(database)
    migrations.upgrade(database.engine)
    assert schema(database) == before
    with database.reading() as session:
        assert session.execute(text("SELECT key FROM knowledge_vectors")).scalars().all() == ["kept"]
