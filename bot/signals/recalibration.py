"""What triagers' yes and no change: how often a match is right, and how a listed issue scores. Few swing nothing."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# What is known before anybody said anything: how often a match of that likeness is right, measured on one half of the
# intents of Banking77, four sentences each as symptoms of ten touchpoints (docs/signals.md has the other half).
EDGES = (0.0, 0.1, 0.2, 0.3, 0.4)
PRIOR = (0.01, 0.20, 0.48, 0.75, 0.85, 0.97)
# That counts as much as so many verdicts in each band.
PRIOR_WEIGHT = 10
# A match is one from the band on in which at least every second is right.
RIGHT = 0.5
# What the evidence says of an issue counts as much as so many verdicts about that issue.
ISSUE_WEIGHT = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """Somebody who triages said whether a complaint of that likeness is about the touchpoint."""

    likeness: float
    right: bool


@dataclass(frozen=True, slots=True)
class Precision:
    """How often a match is right, for each band of likeness between EDGES; `said` counts the verdicts behind it."""

    bands: tuple[float, ...]
    said: int

    @property
    def threshold(self) -> float | None:
        """The likeness from which on a complaint matches; None where no band is right often enough."""
        good = [edge for edge, share in zip(EDGES, self.bands[1:], strict=True) if share >= RIGHT]
        return good[0] if good else None

    def of(self, likeness: float) -> float:
        return self.bands[bisect_right(EDGES, likeness)]


def precision(verdicts: Iterable[Verdict] = ()) -> Precision:
    """(yes + 10 prior) / (verdicts + 10) in each band, then never less in a higher band (pool adjacent violators).

    A beta-binomial posterior mean: with n verdicts in a band it is at most n / (n + 10) away from what was measured,
    before bands are made to rise. Source: R. E. Barlow and others, Statistical Inference under Order
    Restrictions (1972).
    """
    yes, said = [0] * len(PRIOR), [0] * len(PRIOR)
    for verdict in verdicts:
        band = bisect_right(EDGES, verdict.likeness)
        said[band] += 1
        yes[band] += verdict.right
    shares = [shrunk(prior, y, n - y, weight=PRIOR_WEIGHT) for prior, y, n in zip(PRIOR, yes, said, strict=True)]
    return Precision(_rising(shares, [n + PRIOR_WEIGHT for n in said]), sum(said))


def shrunk(prior: float, yes: int, no: int, *, weight: float) -> float:
    """(prior x weight + yes) / (weight + yes + no): each verdict moves it toward 1 or 0, the first ones a little."""
    return (prior * weight + yes) / (weight + yes + no)


def recalibrated(score: float, *, confirmed: int, denied: int) -> float:
    """The score of an issue after verdicts about it: the evidence counts as much as four of them.

    One verdict moves it by at most a fifth, and n by at most n / (n + 4).
    """
    return shrunk(score, confirmed, denied, weight=ISSUE_WEIGHT)


def _rising(shares: Sequence[float], weights: Sequence[float]) -> tuple[float, ...]:
    pooled: list[tuple[float, float, int]] = []
    for share, weight in zip(shares, weights, strict=True):
        pooled.append((share, weight, 1))
        while len(pooled) > 1 and pooled[-2][0] > pooled[-1][0]:
            (low, w1, n1), (high, w2, n2) = pooled[-2:]
            pooled[-2:] = [((low * w1 + high * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    return tuple(share for share, _, count in pooled for _ in range(count))
