"""Moments put between edges by the database: a number instead of a time, which costs less to read and compare.

The slot of a moment is how many of the edges are not after it; so a moment is before an edge where its slot is no
larger than the place of the edge.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, literal_column
from sqlalchemy.orm import InstrumentedAttribute


def slot_of(moment: datetime, edges: Sequence[datetime]) -> int:
    return bisect_right(edges, moment)


def slotted(column: ColumnElement[Any] | InstrumentedAttribute[Any], edges: Sequence[datetime]) -> ColumnElement[int]:
    """The slot of a column of times; NULL where it is. Edges rise."""

    def between(low: int, high: int) -> ColumnElement[int]:
        if low == high:
            return literal_column(str(low))
        middle = (low + high) // 2
        return case((column < edges[middle], between(low, middle)), else_=between(middle + 1, high))

    return case((column.is_(None), literal_column("NULL")), else_=between(0, len(edges)))
