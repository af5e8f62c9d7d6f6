"""One database for everything: the engine, the sessions, and how rows keep time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeEngine

from bot import postgresql, workspaces
from bot.workspaces import InWorkspace

# Writers wait for each other this long before the database gives up.
BUSY_TIMEOUT_MS = 15_000


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out: SQLite itself forgets the zone. A naive time is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was about to be stored; pass an aware UTC time")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def insert(session: Session, table: type[Base]) -> sqlite_dialect.Insert | postgresql_dialect.Insert:
    """An INSERT that can say what to do on a conflict; SQLAlchemy has one for each engine and none for both.

    The row is of the session's workspace, where its table has one.
    """
    on_server = session.get_bind().dialect.name == "postgresql"
    statement = postgresql_dialect.insert(table) if on_server else sqlite_dialect.insert(table)
    return statement.values(workspace=workspaces.of_session(session)) if issubclass(table, InWorkspace) else statement


def open_engine(url: str) -> Engine:
    """An engine whose transactions behave.

    SQLAlchemy's default on SQLite lost 498 of 600 concurrent read-modify-writes without an error: it begins a
    transaction only at the first write. So every transaction that may write begins IMMEDIATE here, and on PostgreSQL
    takes the writers' turn first.
    """
    if make_url(url).get_backend_name() == "postgresql":
        return postgresql.open_engine(url, busy_timeout_ms=BUSY_TIMEOUT_MS)
    engine = create_engine(
        url,
        hide_parameters=True,  # a fault goes into the log, and what people write does not
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the DBAPI's own objects
    connection.isolation_level = None  # the driver must not begin on its own; `_begin` does
    for pragma in (
        "journal_mode=WAL",  # readers go on while one writes
        "synchronous=FULL",  # an acknowledged event survives a power cut
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event signature
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@dataclass(frozen=True, slots=True)
class Database:
    """Two ways in: `reading` never waits for a writer, `writing` takes its turn before the first statement.

    Both see the rows of every workspace, unless it is the database `of` one.
    """

    engine: Engine
    reading: sessionmaker[Session]
    writing: sessionmaker[Session]

    @property
    def on_server(self) -> bool:
        """Whether other processes, on other machines too, may share this database."""
        return self.engine.dialect.name == "postgresql"

    def of(self, workspace: str) -> "Database":
        """The same database for one workspace of Slack's: it sees and writes no rows of the others."""
        return Database(
            self.engine,
            workspaces.sessions(self.reading.kw["bind"], workspace=workspace),
            workspaces.sessions(self.engine, workspace=workspace),
        )

    @property
    def of_all(self) -> "Database":
        """The same database for all workspaces at once."""
        reading = workspaces.sessions(self.reading.kw["bind"])
        return Database(self.engine, reading, workspaces.sessions(self.engine))

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at this address; connects with the first use."""
    engine = open_engine(url)
    reading = engine.execution_options(read_only=True)
    if engine.dialect.name == "postgresql":
        # A search names its generation and then asks more than once: all its questions go to one state.
        reading = reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(
        engine=engine,
        reading=workspaces.sessions(reading),
        writing=workspaces.sessions(engine),
    )
