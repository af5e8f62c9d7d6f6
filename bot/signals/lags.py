"""Whether friction and complaints go up together, now or up to four weeks later: only from half a year on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, listed, sentence, thing
from bot.signals.tails import Floats

LEAST_WEEKS = 26
MOST_LAG = 4
# So often chance is drawn; and so often where it hardly ever does as much, for who asks about many at once names only
# what it does in one of thousands.
SHUFFLES, MORE_SHUFFLES = 999, 9_999
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

    def signal(self, friction: str, complaints: Sequence[str], period: Period) -> Signal:
        """`complaints` are those of these touchpoints together."""
        later = "in the same week" if not self.lag else f"{self.lag} week{'s' if self.lag > 1 else ''} later"
        verdict = "appears together" if self.together else "does not appear together"
        return Signal(
            kind=Kind.CORRELATION,
            verdict=verdict,
            where=(friction, *complaints),
            parts=sentence(thing(friction), f" {verdict} with ", *listed(complaints), f" {later}"),
            evidence=(Evidence("series", (friction, *complaints)),),
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
    rows give the same number. Only what rises together counts: for satisfaction give its negative.
    Source: experience.md, finding 8; G. E. P. Box, G. M. Jenkins, Time Series Analysis (1976), 11.2.
    Raises ValueError for series of different length.
    """
    return Lagged(friction, seed=seed).correlation(complaints)


class Lagged:
    """A series of friction, shuffled once for all series of complaints that it is compared with."""

    def __init__(self, friction: Sequence[float], *, seed: int = 1) -> None:
        self._weeks, self._seed = len(friction), seed
        left = _left(friction) if len(friction) >= LEAST_WEEKS else np.zeros(0)
        self._ranks = _ranks(left) if left.any() else None

    def correlation(self, complaints: Sequence[float]) -> Correlation | None:
        """See `correlation`."""
        if self._weeks != len(complaints):
            raise ValueError(
                f"{self._weeks} weeks of one and {len(complaints)} of the other: give both the same weeks."
            )
        if self._ranks is None:
            return None
        left = _left(complaints)
        if not left.any():
            return None
        second = _ranks(left)
        observed = _correlated(_windows(self._ranks[None, :]), second)[0]
        lag = int(np.argmax(observed))
        rho = float(observed[lag])
        p = _chance(rho, self._often, second)
        if p < TOGETHER:
            p = _chance(rho, self._shuffled(MORE_SHUFFLES), second)
        return Correlation(lag, rho, p, self._weeks)

    @cached_property
    def _often(self) -> "list[_Window]":
        return self._shuffled(SHUFFLES)

    def _shuffled(self, many: int) -> "list[_Window]":
        assert self._ranks is not None  # noqa: S101 - asked first
        return _windows(self._ranks[_orders(len(self._ranks), many, self._seed)])


def _chance(rho: float, shuffled: "list[_Window]", second: Floats) -> float:
    """How often chance does as much."""
    by_chance = _correlated(shuffled, second).max(axis=1)
    return (1 + int((by_chance > rho - 1e-9).sum())) / (1 + len(by_chance))


@lru_cache(maxsize=8)
def _orders(weeks: int, shuffles: int, seed: int) -> NDArray[np.intp]:
    """(shuffles, weeks): the same orders for every series of this length."""
    rows = np.repeat(np.arange(weeks, dtype=np.float64)[None, :], shuffles, axis=0)
    return np.random.default_rng(seed).permuted(rows, axis=1).astype(np.intp)


class _Window(NamedTuple):
    """Rows without their mean over the weeks that a lag leaves, and the sum of their squares."""

    rows: Floats
    squares: Floats


def _windows(many: Floats) -> list[_Window]:
    """For each lag."""
    found = []
    for lag in range(MOST_LAG + 1):
        one = many[:, : many.shape[1] - lag]
        one = one - one.mean(axis=1, keepdims=True)
        found.append(_Window(one, (one**2).sum(axis=1)))
    return found


def _left(series: Sequence[float]) -> Floats:
    """Of a series, what its own last week does not tell; all 0 of one that never changes."""
    given = np.asarray(series, dtype=np.float64)
    given -= given.mean()
    power = float(given[:-1] @ given[:-1])
    if power < 1e-12 * max(1.0, float(np.abs(series).max()) ** 2):
        return np.zeros(len(given) - 1)
    return np.asarray(given[1:] - float(given[1:] @ given[:-1]) / power * given[:-1], dtype=np.float64)


def _correlated(windows: Sequence[_Window], second: Floats) -> Floats:
    """(rows, lags): the correlation of the ranks of each with those of `second`, so many weeks later."""
    found = np.zeros((len(windows[0].rows), len(windows)))
    for lag, (one, squares) in enumerate(windows):
        other = second[lag:] - second[lag:].mean()
        found[:, lag] = one @ other / np.sqrt(np.maximum(squares * (other @ other), 1e-12))
    return found


def _ranks(values: Floats) -> Floats:
    """Of equal ones the middle of theirs."""
    _, which, many = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(many) - (many - 1) / 2)[which], dtype=np.float64)
