"""The few that cost most, and the worst cell of all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The few that make up this share of all.
MOST = 0.8


@dataclass(frozen=True, slots=True)
class Bar:
    """`share` of all, and `together` with all that are greater; `few`: one of those that make up four fifths."""

    id: str
    value: float
    share: float
    together: float
    few: bool


@dataclass(frozen=True, slots=True)
class Cell:
    id: str
    complaints: int
    hours: float


@dataclass(frozen=True, slots=True)
class Worst:
    """A cell with its shares of all complaints and of all hours."""

    cell: Cell
    complaints: float
    hours: float


def pareto(values: Iterable[tuple[str, float]]) -> list[Bar]:
    """The greatest first; what costs nothing is left out. Source: J. M. Juran, Quality Control Handbook (1951)."""
    ordered = sorted(((id_, value) for id_, value in values if value > 0), key=lambda one: (-one[1], one[0]))
    total = sum(value for _, value in ordered)
    bars: list[Bar] = []
    before = 0.0
    for id_, value in ordered:
        bars.append(Bar(id_, value, value / total, (before + value) / total, few=before < MOST * total))
        before += value
    return bars


def worst(cells: Sequence[Cell]) -> Worst | None:
    """The cell with the greatest share of all complaints + share of all hours; None where there is neither.

    Shares are added, not ranks: who has most of one thing and nothing of the other can be the worst. Of equals the
    first id. Source: issue 7, "the worst cell".
    """
    complaints, hours = sum(cell.complaints for cell in cells), sum(cell.hours for cell in cells)
    found = [
        Worst(cell, cell.complaints / complaints if complaints else 0.0, cell.hours / hours if hours else 0.0)
        for cell in cells
    ]
    if not complaints and not hours:
        return None
    return min(found, key=lambda one: (-(one.complaints + one.hours), one.cell.id))
