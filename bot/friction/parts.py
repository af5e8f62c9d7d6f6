"""Numbers of rows in parts of which each fits into one query, however many there are."""

from collections.abc import Iterable, Iterator
from itertools import islice

# A database takes so many values at once: SQLite 32,766 and PostgreSQL 65,535. More at once save no time.
AT_ONCE = 500


def parts(numbers: Iterable[int], *, at_once: int = AT_ONCE) -> Iterator[list[int]]:
    ahead = iter(numbers)
    while part := list(islice(ahead, at_once)):
        yield part
