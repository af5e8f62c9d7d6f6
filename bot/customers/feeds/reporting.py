"""What an import did, or would do."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class ImportReport:
    """Counts of rows; `repeated` are rows whose id stands again further down, where the later one counts.

    `withheld` are deletions that were not carried out: a snapshot that lacks so much is more likely half a file.
    """

    source: str
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0
    repeated: int = 0
    withheld: int = 0
    merged: int = 0
    proposed: int = 0
    erased: int = 0  # rows of customers who were erased, which are not brought back
    shared: int = 0  # interactions whose number or address several customers have
    rejected_files: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rows_a_second(self) -> float:
        return self.read / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "rows_a_second": round(self.rows_a_second)}
