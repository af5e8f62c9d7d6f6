"""What one question may be answered from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, about which generation and which day, and the documents that do not count for them on that day.

    `hidden` are ids of documents that are not yet effective, superseded by a page these audiences may see, withdrawn,
    or in a folder that is not asked. Every search carries the scope as a condition, so a mask made for one scope never
    serves another. `day` is None where dates do not matter, as in a measurement.
    """

    audiences: frozenset[str]
    generation: int
    day: date | None = None
    hidden: frozenset[int] = frozenset()
