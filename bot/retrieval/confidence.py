"""How likely it is that what was found answers the question.

A logistic regression over four numbers, fitted on the answerable and unanswerable questions of three bases;
`docs/decisions.md` has the procedure, and how the coefficients of any two bases do on the third.
"""

import math
from dataclasses import dataclass

# Where a base has no questions of its own to set the bar by: of three bases it kept .65, .92 and 1.0 of the answerable
# questions and refused .98, .94 and .96 of the everyday ones.
DEFAULT_BAR = 0.35

_COSINE = 4.43
_AFFINITY = 5.49
_BM25 = 0.68
_SHARE = 1.24
_INTERCEPT = -6.21


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search gives away about itself.

    `cosine` is that of the best passage; `affinity` the mean cosine of the question with all passages the asker may
    see, high for any question of the trade; `bm25` the best lexical score, and `share` what part it is of the sum of
    the rarities of the question's words: little where the rare ones are on no page.
    """

    cosine: float
    affinity: float
    bm25: float
    share: float


def confidence(evidence: Evidence) -> float:
    """0 to 1."""
    log_odds = (
        _INTERCEPT
        + _COSINE * evidence.cosine
        + _AFFINITY * evidence.affinity
        + _BM25 * math.log1p(max(0.0, evidence.bm25))
        + _SHARE * evidence.share
    )
    return 1 / (1 + math.exp(-log_odds))
