"""How likely it is that what was found answers the question.

A logistic regression over three numbers, fitted on the starter's questions (answerable against near misses, unanswered
ones and everyday questions); `docs/decisions.md` has the procedure and how it does on another base.
"""

import math
from dataclasses import dataclass

# Answered from here on: at this bar 95 % of the starter's answerable questions were answered.
DEFAULT_BAR = 0.375

_COSINE = 4.1
_AFFINITY = 12.3
_BM25 = 1.38
_INTERCEPT = -6.06


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search gives away about itself.

    `cosine` is that of the best passage; `affinity` the mean cosine of the question with all passages the asker may
    see, high for any question of the trade; `bm25` the best lexical score.
    """

    cosine: float
    affinity: float
    bm25: float


def confidence(evidence: Evidence) -> float:
    """0 to 1."""
    log_odds = (
        _INTERCEPT
        + _COSINE * evidence.cosine
        + _AFFINITY * evidence.affinity
        + _BM25 * math.log1p(max(0.0, evidence.bm25))
    )
    return 1 / (1 + math.exp(-log_odds))
