"""How likely it is that what was found answers the question."""

import math
from dataclasses import dataclass

# The answer is given from here on. Set where 95 % of the starter's answerable questions are answered.
DEFAULT_BAR = 0.45


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search gives away about itself: cosines of the best passage and of the best block with the question, and
    the share of the question's words, weighted by rarity, that the best block and its headings hold."""

    cosine: float
    block_cosine: float
    coverage: float


def confidence(evidence: Evidence) -> float:
    """0 to 1."""
    log_odds = -3.0 + 4.0 * evidence.cosine + 4.0 * evidence.block_cosine + 1.0 * evidence.coverage
    return 1 / (1 + math.exp(-log_odds))
