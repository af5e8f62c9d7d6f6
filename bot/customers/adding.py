"""New rows, as fast as each engine takes them."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import JSON, Column, Dialect, Table, inspect, text
from sqlalchemy.orm import Session

from bot import postgresql
from bot.customers.tables import CustomerRow, RecordRow
from bot.database import Base

_JSON = json.JSONEncoder(ensure_ascii=False)
# Turns a value into what the driver takes; None where nothing is to be done.
_Process = Callable[[Any], Any] | None


def add(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Every row has the same columns. The rows are not read back.

    They go past SQLAlchemy, which takes as long to look at each value as the engine to store it.
    """
    into = _table(table)
    if not rows:
        return
    columns = [into.c[name] for name in rows[0]]
    names = [column.name for column in columns]
    connection = session.connection()
    on_server = connection.dialect.name == "postgresql"
    processes = [_copied(column) if on_server else _bound(column, connection.dialect) for column in columns]
    steps = list(zip(names, processes, strict=True))
    values = (tuple([process(row[name]) if process else row[name] for name, process in steps]) for row in rows)
    if on_server:
        postgresql.copy_in(connection, into.name, names, values)
        return
    quoted = ", ".join(f'"{name}"' for name in names)
    places = ", ".join("?" for _ in names)
    connection.exec_driver_sql(f'INSERT INTO "{into.name}" ({quoted}) VALUES ({places})', list(values))  # noqa: S608 - names of ours


def numbers(session: Session, table: type[CustomerRow | RecordRow], count: int) -> list[int]:
    """Ids for rows that are added next in this transaction, ascending: so nobody has to look which they got."""
    if session.get_bind().dialect.name == "postgresql":
        asked = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
        return sorted(session.scalars(asked, {"table": table.__tablename__, "count": count}))
    # Writers take turns. Not the largest that is there: whoever had it may have been erased, and is nobody else's.
    last = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    newest: int = session.scalar(last, {"table": table.__tablename__}) or 0
    return list(range(newest + 1, newest + 1 + count))


def _table(table: type[Base]) -> Table:
    into = inspect(table).local_table
    if not isinstance(into, Table):  # no class of ours is mapped to anything else
        raise TypeError(f"{table.__name__} has no table of its own")
    return into


def _bound(column: Column[Any], dialect: Dialect) -> _Process:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _copied(column: Column[Any]) -> _Process:
    """As COPY takes it: nobody stands between it and the driver to turn it into what the column holds."""
    return _JSON.encode if isinstance(column.type, JSON) else None
