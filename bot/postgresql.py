"""PostgreSQL in place of SQLite: its connections, the writers' turn, and locks that all replicas see."""

import hashlib
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.string import StrBinaryDumper, StrDumper
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseUnavailable, StorageFault

# Four workers, four couriers and one keeper of leases stay connected; a burst of arriving events borrows more.
POOL_SIZE = 10
MOST_CONNECTIONS = 30
CONNECT_SECONDS = 10
# No statement of ours takes a tenth of this; a migration is exempt.
STATEMENT_TIMEOUT_MS = 60_000
# A process that was stopped in the middle of a transaction must not keep the writers' turn for good.
IDLE_IN_TRANSACTION_MS = 60_000
# Another process may be making an index on a large table.
MIGRATION_TIMEOUT_MS = 600_000

_REACH = "Start the server, or correct this address."
# By the class or the whole of PostgreSQL's error code (its manual, appendix A).
_REMEDIES = {
    "28": "Correct the user or the password in this address.",
    "3D000": "Make it with `createdb`, or correct its name in this address.",
    "42501": "Give the user in this address the right to make tables: GRANT USAGE, CREATE ON SCHEMA public.",
    "53300": "Raise max_connections of the server, or stop what else uses it.",
    "55P03": "Another Throughline is upgrading the tables or writing at length. Try again when it is done.",
}
# What a command that is under way may meet, by the start of the code, and what to do then.
_AGAIN = "then try again; nothing was lost."
_LOST = f"The database server ended the connection. Start it if it is down, {_AGAIN}"
_MIDWAY = {
    "08": _LOST,
    "25006": "The database server takes no changes: it is a standby or read-only. Name another in DATABASE_URL.",
    "53100": f"The disk of the database server is full. Free some space there, {_AGAIN}",
    "53": f"The database server has no memory or connections left. Give it more, {_AGAIN}",
    "55P03": f"Another Throughline is writing at length. Wait until it is done, {_AGAIN}",
    "57014": f"The database server did not answer in time. Look what keeps it busy, {_AGAIN}",
    "57": _LOST,
    "58": f"The database server cannot use its disk. Look into its log, {_AGAIN}",
    "XX": "The database server found its files damaged. Look into its log, and restore a backup.",
}


def open_engine(url: str, *, busy_timeout_ms: int) -> Engine:
    """An engine whose transactions behave as they do on SQLite: writers take turns, readers see one state.

    A statement is never prepared: a prepared one breaks behind pgbouncer and when another replica changes a table.
    """
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=MOST_CONNECTIONS - POOL_SIZE,
        pool_timeout=busy_timeout_ms / 1000,
        pool_pre_ping=True,  # after a restart of the server the next borrower gets a new connection, not an error
        use_native_hstore=False,
        hide_parameters=True,  # a fault goes into the log, and what people write does not
        connect_args={
            "application_name": application_name(),
            "connect_timeout": CONNECT_SECONDS,
            "prepare_threshold": None,
            # A server that vanished without a word is noticed within a minute, not after TCP's two hours.
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
        },
    )
    event.listen(engine, "connect", lambda connection, _record: _prepare(connection, busy_timeout_ms))
    event.listen(engine, "begin", _begin)
    return engine


def application_name() -> str:
    """What `pg_stat_activity` shows of this process; PostgreSQL keeps 63 bytes."""
    return f"throughline {os.getpid()} {platform.node()}"[:63]


def _prepare(connection: Any, busy_timeout_ms: int) -> None:  # noqa: ANN401 - psycopg's connection, typed by SQLAlchemy as any
    for dumper in (_Text, _BinaryText):
        connection.adapters.register_dumper(str, dumper)
    connection.autocommit = True
    # By SET, not as start-up options: pgbouncer refuses those.
    connection.execute(
        f"SET timezone = 'UTC'; SET lock_timeout = {busy_timeout_ms}; SET statement_timeout = {STATEMENT_TIMEOUT_MS};"
        f"SET idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MS};"
        # A search takes milliseconds, and its plan looks dear enough to be compiled, which takes hundreds.
        "SET jit = off;"
        # The server too must notice that a replica vanished: it frees the locks that the replica held.
        "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
    )
    connection.autocommit = False


class _Text(StrDumper):
    """PostgreSQL's text holds every letter but NUL, which says nothing in a question or on a page."""

    def dump(self, obj: str) -> Any:  # noqa: ANN401 - psycopg's own type of a buffer
        return super().dump(obj.replace("\0", ""))


class _BinaryText(StrBinaryDumper):
    def dump(self, obj: str) -> Any:  # noqa: ANN401 - as above
        return super().dump(obj.replace("\0", ""))


def _key(name: str) -> int:
    """The number of an advisory lock. Such locks belong to one database, so two databases do not disturb each other."""
    return int.from_bytes(hashlib.sha256(f"throughline:{name}".encode()).digest()[:8], signed=True)


_TURN = f"SELECT pg_advisory_xact_lock({_key('turn')})"


def _begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event signature
    options = connection.get_execution_options()
    if options.get("read_only", False):
        return
    if options.get("migrating", False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {MIGRATION_TIMEOUT_MS}; SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql(_TURN)


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[bool]:
    """Whether no other process holds this lock; held until the end of the block, or until the process is gone."""
    reading = engine.execution_options(isolation_level="AUTOCOMMIT", read_only=True)
    with reading.connect() as connection:
        got = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(name)}).scalar_one())
        try:
            yield got
        finally:
            if got:
                _release(connection, name)


def _release(connection: Any, name: str) -> None:  # noqa: ANN401 - as above
    try:
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key(name)})
    except DBAPIError:
        connection.invalidate()  # the server is gone, and the lock with it


# What the text of COPY writes otherwise; it knows no NUL.
_IN_A_COPY = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": None})
_ROWS_AT_ONCE = 500


def copy_in(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[str | float | datetime | None]]
) -> None:
    """Add rows by COPY, inside the connection's transaction: with INSERTs an import took more than twice as long.

    Written out here: the driver looks up for each value how its type is written, which took as long as the rest.
    """
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    driver: Any = connection.connection.driver_connection
    lines = ("\t".join(map(_in_a_copy, row)) for row in rows)
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        while some := list(islice(lines, _ROWS_AT_ONCE)):
            copy.write("\n".join([*some, ""]))


def _in_a_copy(value: str | float | datetime | None) -> str:
    if isinstance(value, str):
        return str.translate(value, _IN_A_COPY)
    return "\\N" if value is None else str(value)


def others(engine: Engine) -> list[str]:
    """The other Throughlines that are connected to this database, as `pg_stat_activity` names them."""
    with engine.execution_options(read_only=True).connect() as connection:
        rows = connection.execute(
            text(
                "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database() "
                "AND application_name LIKE 'throughline %' AND application_name <> :own ORDER BY 1"
            ),
            {"own": application_name()},
        )
        return list(rows.scalars())


def unavailable(shown: str, fault: DBAPIError) -> DatabaseUnavailable:
    """What to tell a person who started Throughline; `shown` is the address without its password."""
    code = getattr(fault.orig, "sqlstate", None) or ""
    remedy = _REMEDIES.get(code) or _REMEDIES.get(code[:2]) or _REACH
    reason = " ".join(str(fault.orig).split())
    return DatabaseUnavailable(f"The database {shown} cannot be used ({reason}). {remedy}")


def explained(fault: Exception) -> StorageFault | None:
    """What to tell a person whose work met this midway; None where only a programmer can mend it, and of SQLite.

    A COPY goes past SQLAlchemy, so its faults are psycopg's own.
    """
    cause = getattr(fault, "orig", fault)
    if not isinstance(cause, psycopg.Error):
        return None
    remedy = next((remedy for start, remedy in _MIDWAY.items() if (cause.sqlstate or "").startswith(start)), None)
    if remedy is None and cause.sqlstate is None and isinstance(cause, psycopg.OperationalError):
        remedy = _LOST  # the connection itself broke: the server could say no code
    return StorageFault(f"{remedy} (PostgreSQL: {' '.join(str(cause).split())})") if remedy else None
