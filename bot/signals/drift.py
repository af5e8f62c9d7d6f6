"""Which cells rise slowly: too little each week for a spike, and too long for chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.signals.baseline import baseline
from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing
from bot.signals.spikes import Cell
from bot.signals.tails import Counts, Floats

# The rise that it looks for, and weeks that it adds up; what is usual is the mean of the weeks before them.
LOOKED_FOR = 2.0
ADDED_UP, USUAL = 12, 52
# An alarm is a sum above this. Chosen by simulation for one false alarm a year over 200 quiet cells, seasons included
# (tests/benchmarks/signals.py, seeds of tuning).
THRESHOLD = 12.0
# "None" is said of a cell only where so many thresholds are expected of twice as much in all weeks added up.
_SURE = 1.5


class Verdict(StrEnum):
    SLOW_RISE = "slow rise"
    OVERALL = "part of an overall rise"
    NONE = "none"
    FEW_DATA = "not enough data"


@dataclass(frozen=True, slots=True)
class Drift:
    """`usual` and `lately` are means a week; `evidence` is the sum, and `share_evidence` that beside all others."""

    cell: Cell
    verdict: Verdict
    usual: float = 0.0
    lately: float = 0.0
    evidence: float = 0.0
    share_evidence: float = 0.0
    goes_on: bool = False

    def signal(self, period: Period) -> Signal:
        label = "; everything rose, so this blames nothing of its own" if self.verdict is Verdict.OVERALL else ""
        said = f": {self.lately:.1f} a week lately, {self.usual:.1f} in the year before"
        return Signal(
            kind=Kind.SLOW_RISE,
            verdict=self.verdict.value,
            where=(self.cell.id,),
            parts=sentence(thing(self.cell.id), said + label),
            evidence=(Evidence("report", self.cell.rows),),
            numbers=(
                Number("usual", self.usual, USUAL, "weeks"),
                Number("lately", self.lately, ADDED_UP, "weeks"),
                Number("evidence", self.evidence, ADDED_UP, "weeks"),
                Number("evidence beside all others", self.share_evidence, ADDED_UP, "weeks"),
            ),
            period=period,
        )


def drifts(cells: Sequence[Cell]) -> tuple[Drift, ...]:
    """One for each cell, in their order; "not enough data" under 64 weeks, or under 8 a week.

    CUSUM of the log-likelihood ratio of a negative binomial with twice the usual mean over one with the usual mean:
    S = max(0, S + log f(x; 2m) - log f(x; m)), over 12 weeks, m the mean of the 52 before. For a Poisson that is the
    rule of experience.md (b), k = (m1 - m0) / ln(m1 / m0). Source: E. S. Page, Continuous inspection schemes,
    Biometrika 41 (1954) 100-115; M. Höhle and M. Paul, Count data regression charts, CSDA 52 (2008) 4357-4368.
    """
    if not cells:
        return ()
    counts = np.array([cell.weeks for cell in cells], dtype=np.int64)
    if counts.shape[1] < ADDED_UP + USUAL:
        return tuple(Drift(cell, Verdict.FEW_DATA) for cell in cells)
    found = added_up(counts)
    earlier = added_up(counts[:, :-1]) if counts.shape[1] > ADDED_UP + USUAL else None
    lately = counts[:, -ADDED_UP:].mean(axis=1)
    return tuple(
        Drift(
            cell=cell,
            verdict=(verdict := _verdict(found, row)),
            usual=float(found.usual[row]),
            lately=float(lately[row]),
            evidence=float(found.evidence[row]),
            share_evidence=float(found.share_evidence[row]),
            goes_on=earlier is not None and _verdict(earlier, row) is verdict,
        )
        for row, cell in enumerate(cells)
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """For each cell: the usual mean, the sums by count and beside all others, and what a rise would add up to."""

    usual: Floats
    evidence: Floats
    share_evidence: Floats
    of_a_rise: Floats


def added_up(counts: Counts) -> Sums:
    """Of (cells, weeks), at the last week."""
    reference, lately = counts[:, -ADDED_UP - USUAL : -ADDED_UP], counts[:, -ADDED_UP:]
    mean = (reference.sum(axis=1) + 0.5) / USUAL
    dispersion = baseline(counts[:, :-ADDED_UP]).dispersion + 1 / (USUAL * mean)  # the mean itself is not certain
    others = lately.sum(axis=0) - lately
    others_usual = (reference.sum() - reference.sum(axis=1)) / USUAL
    rise = np.divide(others, others_usual[:, None], out=np.ones(lately.shape), where=others_usual[:, None] > 0)
    expected = np.repeat(mean[:, None], ADDED_UP, axis=1)
    raised = np.repeat(LOOKED_FOR * mean[:, None], ADDED_UP, axis=1)
    return Sums(
        usual=mean,
        evidence=_highest(_ratios(lately, expected, dispersion)),
        share_evidence=_highest(_ratios(lately, expected * rise, dispersion)),
        of_a_rise=_ratios(raised, expected, dispersion).sum(axis=1),
    )


def _ratios(counts: Counts | Floats, expected: Floats, dispersion: Floats) -> Floats:
    """log f(x; 2m) - log f(x; m) of each week: of the negative binomial only what has the mean in it is left."""
    r = 1 / np.maximum(dispersion, 1e-6)[:, None]
    mean = np.maximum(expected, 1e-6)
    raised = LOOKED_FOR * mean
    return counts * np.log(LOOKED_FOR * (mean + r) / (raised + r)) - r * np.log((raised + r) / (mean + r))


def _highest(ratios: Floats) -> Floats:
    total = np.zeros(len(ratios))
    for week in range(ratios.shape[1]):
        total = np.maximum(0.0, total + ratios[:, week])
    return total


def _verdict(found: Sums, row: int) -> Verdict:
    if found.evidence[row] > THRESHOLD:
        return Verdict.SLOW_RISE if found.share_evidence[row] > THRESHOLD else Verdict.OVERALL
    return Verdict.NONE if found.of_a_rise[row] >= _SURE * THRESHOLD else Verdict.FEW_DATA
