"""Which cells had far more than usual last week, by count and by share: an overall rise blames nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bot.signals.baseline import FEWEST, Baseline, baseline
from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing
from bot.signals.tails import Counts, Floats, fisher, negative_binomial, rejected

# Of the cells that are named, this share may be chance. Chosen for at most four false alarms a year over 200
# quiet cells at the scatter of real complaints (tests/benchmarks/signals.py, seeds of tuning).
RATE = 0.02
LEAST_REPORTS = 5
LEAST_PEOPLE = 3
# A week between the usual weeks and the last one, so that the second week of a rise is not compared with the first.
GUARD = 1
# "None" is said of a cell only where so great a rise would have been noticed that often.
NOTICED, OFTEN = 5.0, 0.8
# One week and two weeks are looked at: twice the chances for chance.
_LOOKS = 2


class Verdict(StrEnum):
    THEME_SPIKE = "theme spike"
    OVERALL = "part of an overall rise"
    NONE = "none"
    FEW_DATA = "not enough data"


@dataclass(frozen=True, slots=True)
class Cell:
    """Reports or complaints of a theme, a touchpoint or a tool: a count for each week, the oldest first.

    `people` are the different persons of each week; `rows` the ids behind the last two weeks.
    """

    id: str
    weeks: tuple[int, ...]
    people: tuple[int, ...]
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spike:
    """`count` is that of the last `over` weeks, `usual` what so many weeks had before, `rise` that of all others.

    `p` is of the count and `share_p` of the share; both are 1.0 where nothing was tested. `goes_on`: the verdict was
    the same in the week before, and was told then.
    """

    cell: Cell
    verdict: Verdict
    count: int = 0
    usual: float = 0.0
    over: int = 1
    rise: float = 1.0
    p: float = 1.0
    share_p: float = 1.0
    compared: int = 0
    goes_on: bool = False

    def signal(self, period: Period) -> Signal:
        many = "week" if self.over == 1 else f"{self.over} weeks"
        said = f": {self.count} in the last {many}, usually {self.usual:.1f}"
        label = "; everything rose, so this blames nothing of its own" if self.verdict is Verdict.OVERALL else ""
        return Signal(
            kind=Kind.SPIKE,
            verdict=self.verdict.value,
            where=(self.cell.id,),
            parts=sentence(thing(self.cell.id), said + label),
            evidence=(Evidence("report", self.cell.rows),),
            numbers=(
                Number("count", self.count, self.count, "reports"),
                Number("usual", self.usual, self.compared, "weeks"),
                Number("rise of all others", self.rise, self.compared, "weeks"),
                Number("p of the count", self.p, self.compared, "weeks"),
                Number("p of the share", self.share_p, self.compared, "weeks"),
            ),
            period=period,
        )


def spikes(cells: Sequence[Cell]) -> tuple[Spike, ...]:
    """One for each cell, in their order; all cells have the same weeks, and each report is in one of them.

    Count: P(X >= count) of a negative binomial with mean and variance of the 8 to 12 weeks before, the error of that
    mean added, over the last week and over the last two, the smaller times two; Benjamini-Hochberg over the cells, at
    least 5 reports of at least 3 people. Share, of what stands out by count: the greater of Fisher's p and of that of
    the same negative binomial if the cell had risen as all others did; Benjamini-Hochberg again. Both: a theme spike.
    Source: experience.md, findings 5 to 7 and the spike rule of (b); the guard week as in EARS C2 (L. Hutwagner and
    others, J. Urban Health 80 (2003) i89-i96). Raises ValueError where cells differ in their weeks.
    """
    if not cells:
        return ()
    if len({len(cell.weeks) for cell in cells} | {len(cell.people) for cell in cells}) > 1:
        raise ValueError("Cells are compared week by week: give all of them the same weeks, with 0 where nothing was.")
    counts = np.array([cell.weeks for cell in cells], dtype=np.int64)
    people = np.array([cell.people for cell in cells], dtype=np.int64)
    if counts.shape[1] < FEWEST + GUARD + 1:
        return tuple(Spike(cell, Verdict.FEW_DATA) for cell in cells)
    found = looked_at(counts, people)
    longer = counts.shape[1] > FEWEST + GUARD + 1
    before = looked_at(counts[:, :-1], people[:, :-1]) if longer else None
    return tuple(_spike(row, cell, found, before) for row, cell in enumerate(cells))


@dataclass(frozen=True, slots=True)
class Looked:
    """The last week of (cells, weeks), for each cell; `by_count` and `by_share` say what stands out."""

    usual: Baseline
    over: Counts
    count: Counts
    rise: Floats
    p: Floats
    share_p: Floats
    by_count: NDArray[np.bool_]
    by_share: NDArray[np.bool_]
    noticed: Floats


def looked_at(counts: Counts, people: Counts) -> Looked:
    """The tests of the last week, for all cells at once."""
    usual = baseline(counts[:, : -1 - GUARD])
    one, two = counts[:, -1], counts[:, -1 - GUARD :].sum(axis=1)
    p_one = negative_binomial(one, usual.mean, _predicted(usual.variance, 1, compared=usual.weeks))
    p_two = negative_binomial(two, 2 * usual.mean, _predicted(usual.variance, 2, compared=usual.weeks))
    over = np.where(p_two < p_one, 2, 1)
    p = np.minimum(1.0, _LOOKS * np.minimum(p_one, p_two))
    count = np.where(over == 1, one, two)
    enough = (count >= LEAST_REPORTS) & (people[:, -1 - GUARD :].max(axis=1) >= LEAST_PEOPLE)
    by_count = rejected(p, rate=RATE) & enough
    rise, share_p = _shares(counts, usual, over, count, by_count)
    by_share = np.zeros_like(by_count)
    by_share[by_count] = rejected(share_p[by_count], rate=RATE)
    return Looked(usual, over, count, rise, p, share_p, by_count, by_share, _power(usual))


def _predicted(variance: Floats, weeks: int, *, compared: int) -> Floats:
    """The variance of the sum of so many weeks to come, with the error of a mean of `compared` weeks."""
    return weeks * variance + weeks**2 * variance / compared


def _shares(
    counts: Counts, usual: Baseline, over: Counts, count: Counts, which: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """How all others rose, and how unlikely the count is beside that; 1.0 for cells that nobody asks about."""
    rise, p = np.ones(len(counts)), np.ones(len(counts))
    before = counts[:, -1 - GUARD - usual.weeks : -1 - GUARD].sum(axis=1)
    for row in np.flatnonzero(which):
        weeks = int(over[row])
        others = int(counts[:, -weeks:].sum() - count[row])
        others_before = int(before.sum() - before[row])
        expected = others_before * weeks / usual.weeks
        if not expected:
            continue  # it is all there is: its rise is the overall rise
        rise[row] = others / expected
        mean = usual.mean[row : row + 1] * rise[row]
        spread = usual.variance[row] / usual.mean[row] ** 2 - 1 / usual.mean[row]
        one = mean + max(0.0, float(spread)) * mean**2
        variance = _predicted(one, weeks, compared=usual.weeks)
        scaled = negative_binomial(count[row : row + 1], weeks * mean, variance)
        p[row] = max(fisher(int(count[row]), others, int(before[row]), others_before), float(scaled[0]))
    return rise, p


def _power(usual: Baseline) -> Floats:
    """How likely one week at NOTICED times the usual stands out, if it is the only cell that does."""
    threshold = RATE / (_LOOKS * len(usual.mean))
    variance = _predicted(usual.variance, 1, compared=usual.weeks)
    low, high = np.zeros(len(usual.mean)), np.ceil(20 * (usual.mean + 5 * np.sqrt(variance) + 5))
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        over = negative_binomial(middle, usual.mean, variance) > threshold
        low, high = np.where(over, middle, low), np.where(over, high, middle)
    needed = np.maximum(np.ceil(high), LEAST_REPORTS)
    raised = NOTICED * usual.mean
    return negative_binomial(needed, raised, raised + usual.dispersion * raised**2)


def _spike(row: int, cell: Cell, found: Looked, before: Looked | None) -> Spike:
    verdict = _verdict(found, row)
    over = int(found.over[row])
    return Spike(
        cell=cell,
        verdict=verdict,
        count=int(found.count[row]),
        usual=float(found.usual.mean[row]) * over,
        over=over,
        rise=float(found.rise[row]),
        p=float(found.p[row]),
        share_p=float(found.share_p[row]),
        compared=found.usual.weeks,
        goes_on=before is not None and bool(found.by_count[row]) and _verdict(before, row) is verdict,
    )


def _verdict(found: Looked, row: int) -> Verdict:
    if found.by_count[row]:
        return Verdict.THEME_SPIKE if found.by_share[row] else Verdict.OVERALL
    return Verdict.NONE if found.noticed[row] >= OFTEN else Verdict.FEW_DATA
