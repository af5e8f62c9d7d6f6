"""Many at a time: as many as one statement takes, or one transaction."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

# SQLite takes 32,766 values in one statement.
IN_A_STATEMENT = 10_000


def batched(values: Iterable[T], size: int = IN_A_STATEMENT) -> Iterator[list[T]]:
    """As `itertools.batched` of Python 3.12."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
