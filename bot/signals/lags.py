"""Whether friction and complaints go up together, now or up to four weeks later: only from half a year on."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing
from bot.signals.tails import Floats

LEAST_WEEKS = 26
MOST_LAG = 4
SHUFFLES = 999
_AT_ONCE = 111
# Below this chance would do as much: it goes together.
TOGETHER = 0.05


@dataclass(frozen=True, slots=True)
class Correlation:
    """Rank correlation of what is left of two series, the second `lag` weeks after the first.

    `p` says how likely chance does as much: of the greatest over all lags, so nothing was chosen afterward.
    """

    lag: int
    rho: float
    p: float
    weeks: int

    @property
    def together(self) -> bool:
        return self.p < TOGETHER

    def signal(self, friction: str, complaints: str, period: Period) -> Signal:
        later = "in the same week" if not self.lag else f"{self.lag} week{'s' if self.lag > 1 else ''} later"
        verdict = "appears together" if self.together else "does not appear together"
        return Signal(
            kind=Kind.CORRELATION,
            verdict=verdict,
            where=(friction, complaints),
            parts=sentence(thing(friction), f" {verdict} with ", thing(complaints), f" {later}"),
            evidence=(Evidence("series", (friction, complaints)),),
            numbers=(
                Number("rank correlation", self.rho, self.weeks, "weeks"),
                Number("p", self.p, self.weeks, "weeks"),
                Number("lag in weeks", self.lag, self.weeks, "weeks"),
            ),
            period=period,
        )


def correlation(friction: Sequence[float], complaints: Sequence[float], *, seed: int = 1) -> Correlation | None:
    """Of two weekly series, the oldest week first; None under 26 weeks, and where one of them never changes.

    Both are prewhitened by an autoregression of order 1 of their own; the statistic is the greatest rank correlation
    over lags 0 to 4, complaints after friction, and p is of permutations of what is left, with a seed, so that the same
    rows give the same number; no more of them are looked at once p cannot come below `TOGETHER`. Only what rises
    together counts: for satisfaction give its negative.
    Source: experience.md, finding 8; G. E. P. Box, G. M. Jenkins, Time Series Analysis (1976), 11.2; J. Besag,
    P. Clifford, Sequential Monte Carlo p-values, Biometrika 78 (1991) 301-304.
    Raises ValueError for series of different length.
    """
    if len(friction) != len(complaints):
        raise ValueError(f"{len(friction)} weeks of one and {len(complaints)} of the other: give both the same weeks.")
    if len(friction) < LEAST_WEEKS:
        return None
    first, second = _left(friction), _left(complaints)
    if not first.any() or not second.any():
        return None
    first, second = _ranks(first), _ranks(second)
    observed = _correlated(first[None, :], second)
    lag = int(np.argmax(observed[0]))
    rho = float(observed[0, lag])
    dice = np.random.default_rng(seed)
    same, shuffled, reached = np.repeat(first[None, :], _AT_ONCE, axis=0), 0, 0
    while shuffled < SHUFFLES and reached < ceil(TOGETHER * (1 + SHUFFLES)):
        by_chance = _correlated(dice.permuted(same, axis=1), second).max(axis=1)
        shuffled += _AT_ONCE
        reached += int((by_chance > rho - 1e-9).sum())
    return Correlation(lag, rho, (1 + reached) / (1 + shuffled), len(friction))


def _left(series: Sequence[float]) -> Floats:
    """Of a series, what its own last week does not tell; all 0 of one that never changes."""
    given = np.asarray(series, dtype=np.float64)
    given -= given.mean()
    power = float(given[:-1] @ given[:-1])
    if power < 1e-12 * max(1.0, float(np.abs(series).max()) ** 2):
        return np.zeros(len(given) - 1)
    return np.asarray(given[1:] - float(given[1:] @ given[:-1]) / power * given[:-1], dtype=np.float64)


def _correlated(many: Floats, second: Floats) -> Floats:
    """(rows of `many`, lags): the correlation of the ranks of each with those of `second`, so many weeks later."""
    found = np.zeros((len(many), MOST_LAG + 1))
    for lag in range(MOST_LAG + 1):
        one, other = many[:, : many.shape[1] - lag], second[lag:]
        one, other = one - one.mean(axis=1, keepdims=True), other - other.mean()
        found[:, lag] = one @ other / np.sqrt(np.maximum((one**2).sum(axis=1) * (other @ other), 1e-12))
    return found


def _ranks(values: Floats) -> Floats:
    """Of equal ones the middle of theirs."""
    _, which, many = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(many) - (many - 1) / 2)[which], dtype=np.float64)
