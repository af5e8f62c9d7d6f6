"""What PostgreSQL searches: words, meanings, sums of pages. Filled by a reindex; SQLite is searched in memory."""

import sqlalchemy as sa
from alembic import op
from bot.errors import DatabaseUnavailable
from pgvector.sqlalchemy import VECTOR
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import ProgrammingError

revision = "0006"
down_revision = "0005"

# Older ones leave out rows that a search with a permission filter must find.
LEAST_VERSION = (0, 8)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _pgvector()
    op.create_table(
        "knowledge_words",
        _key("passage", "knowledge_words", "knowledge_passages"),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("words", TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("passage", name="pk_knowledge_words"),
    )
    op.create_index(
        "ix_knowledge_words_words",
        "knowledge_words",
        ["words"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_table(
        "knowledge_meanings",
        _key("passage", "knowledge_meanings", "knowledge_passages"),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("meaning", VECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("passage", name="pk_knowledge_meanings"),
    )
    op.create_index("ix_knowledge_meanings_document", "knowledge_meanings", ["document"])
    op.create_table(
        "knowledge_page_sums",
        _key("document", "knowledge_page_sums", "knowledge_documents"),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("meaning", VECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("document", name="pk_knowledge_page_sums"),
    )
    for table in ("knowledge_meanings", "knowledge_page_sums"):
        # Nothing is to be known of the spread of vectors, and ANALYZE would read them all.
        op.execute(f"ALTER TABLE {table} ALTER COLUMN meaning SET STATISTICS 0")
        # In the row itself as long as it fits into one of PostgreSQL's pages of 8 kB: a scan reads every one.
        op.execute(f"ALTER TABLE {table} SET (toast_tuple_target = 8160)")


def _key(column: str, table: str, other: str) -> sa.Column[int]:
    name = f"fk_{table}_{column}_{other}"
    key = sa.ForeignKey(f"{other}.id", name=name, ondelete="CASCADE")
    return sa.Column(column, sa.Integer(), key, autoincrement=False, nullable=False)


def _pgvector() -> None:
    bind = op.get_bind()
    here = sa.text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    if bind.scalar(here) is None:
        if bind.scalar(sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")) is None:
            raise DatabaseUnavailable(
                "The database server has no pgvector, which searches by meaning. Install pgvector 0.8 or newer on the "
                "server (on Debian: postgresql-NN-pgvector), then start Throughline again."
            )
        try:
            with bind.begin_nested():
                bind.execute(sa.text("CREATE EXTENSION IF NOT EXISTS vector"))
        except ProgrammingError as fault:
            raise DatabaseUnavailable(
                "The user in DATABASE_URL may not switch on pgvector in this database "
                f"({' '.join(str(fault.orig).split())}). Let a superuser run `CREATE EXTENSION vector` in it, then "
                "start Throughline again."
            ) from fault
    version = str(bind.scalar(here))
    if tuple(int(part) for part in version.split(".")[:2]) < LEAST_VERSION:
        raise DatabaseUnavailable(
            f"This database has pgvector {version}; Throughline needs 0.8 or newer. Install it on the server, let a "
            "superuser run `ALTER EXTENSION vector UPDATE` in this database, then start Throughline again."
        )
