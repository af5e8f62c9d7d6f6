"""New rows, as fast as each engine takes them."""

import json
from collections.abc import Sequence
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Column, Table, inspect
from sqlalchemy.orm import Session

from bot import postgresql
from bot.customers.batches import batched
from bot.database import Base


def add(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Every row has the same columns. The rows are not read back."""
    into = inspect(table).local_table
    if not isinstance(into, Table):  # no class of ours is mapped to anything else
        raise TypeError(f"{table.__name__} has no table of its own")
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        columns = [into.c[name] for name in rows[0]]
        values = ([_copied(row[column.name], column) for column in columns] for row in rows)
        postgresql.copy_in(session.connection(), into.name, [column.name for column in columns], values)
        return
    for some in batched(rows):
        session.execute(into.insert(), some)


def _copied(value: object, column: Column[Any]) -> object:
    """As COPY takes it: nobody stands between it and the driver to turn it into what the column holds."""
    if isinstance(column.type, JSON):
        return json.dumps(value, ensure_ascii=False)
    return value.value if isinstance(value, Enum) else value
