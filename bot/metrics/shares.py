"""What makes up most of the whole."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """`share` of all, and `cumulative` with all larger ones; 0 to 1."""

    id: str
    value: float
    share: float
    cumulative: float


def pareto(values: Iterable[tuple[str, float]]) -> tuple[Share, ...]:
    """The largest first; what is nothing is left out (V. Pareto; J. M. Juran, Quality Control Handbook, 1951)."""
    rows = sorted(((id_, value) for id_, value in values if value > 0), key=lambda row: (-row[1], row[0]))
    whole = sum(value for _, value in rows)
    found, so_far = [], 0.0
    for id_, value in rows:
        so_far += value
        found.append(Share(id_, value, value / whole, so_far / whole))
    return tuple(found)
