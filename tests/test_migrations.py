"""The tables that migrations make are the tables that the code expects."""

import bot.app  # noqa: F401 - with it comes every model
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from bot import migrations
from bot.database import Base, Database
from bot.retrieval import lexical
from sqlalchemy import text


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """FTS5's tables are no models: one virtual table, and the ones it keeps its index in."""
    return kind != "table" or not (name or "").startswith(lexical.TABLE)


def schema(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.execute(text("SELECT name, sql FROM sqlite_master ORDER BY name")).all()
        return [(name, sql) for name, sql in rows]


def test_the_newest_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, Base.metadata) == []


def test_the_words_are_searched_in_a_virtual_table(database: Database) -> None:
    made = dict(schema(database))[lexical.TABLE]
    assert made.startswith(f"CREATE VIRTUAL TABLE {lexical.TABLE} USING fts5(title, keywords, headings, body,")
    assert "porter unicode61 remove_diacritics 2" in made


def test_upgrading_twice_does_nothing(database: Database) -> None:
    with database.writing.begin() as session:
        session.execute(text(f"INSERT INTO {lexical.TABLE} (rowid, title) VALUES (1, 'kept')"))  # noqa: S608 - a constant
    before = schema(database)
    migrations.upgrade(database.engine)
    assert schema(database) == before
    with database.reading() as session:
        assert session.execute(text(f"SELECT title FROM {lexical.TABLE}")).scalars().all() == ["kept"]  # noqa: S608
