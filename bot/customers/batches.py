"""Many at a time: as many as one statement takes, or one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, any_, bindparam
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")

# SQLite takes 32,766 values in one statement.
IN_A_STATEMENT = 10_000


def batched(values: Iterable[T], size: int = IN_A_STATEMENT) -> Iterator[list[T]]:
    """As `itertools.batched` of Python 3.12."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def one_of(session: Session, column: InstrumentedAttribute[Any], values: Sequence[object]) -> ColumnElement[bool]:
    """Whether a column is one of thousands of values. On PostgreSQL they go as one list: each by itself, they are
    written out and read for longer than they are looked for."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(bindparam(None, values, type_=ARRAY(column.type)))
    return column.in_(values)
