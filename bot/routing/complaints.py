"""Whether somebody complains: by what it is like, and by words that stand in complaints more than elsewhere."""

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.routing.sentences import WENT_FINE, WENT_WRONG

# All chosen on the development half of tests/data/routes.csv.
NEAREST = 5
WRONG, FINE = 0.06, 0.1
BAR = -0.07
_MOST_WRONG, _MOST_FINE = 3, 2
_WRONG = re.compile(
    r"\b(?:not|cannot|cant|never|no one|nobody|none|nothing|still|again|wrong|refus\w*|twice|two times|wait\w*|why|"
    r"instead|although|lost|without|unable|fail\w*|broken|dead|charged?|insist\w*|ridiculous|worst|promised|every time|"
    r"supposed|yet|hung up|crash\w*|third|fourth|fifth|late|overcharg\w*|complain\w*|angry|upset)\b|n['’]t\b|!!|\?\?",
    re.IGNORECASE,
)
_FINE = re.compile(
    r"\b(?:thanks?|thank you|wants? to (?:know|keep)|asked|asks|wondering|please send|done|as asked|all fine|happy|"
    r"confirmed|good|nice|great)\b",
    re.IGNORECASE,
)

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


class Complaints:
    def __init__(self, encode: Encode) -> None:
        self._wrong, self._fine = encode(WENT_WRONG), encode(WENT_FINE)

    def score(self, text: str, vectors: NDArray[np.float32]) -> float:
        """Above `BAR` it is a complaint. `vectors` are those of the parts of the text: the worst part counts."""
        meant = float((_nearest(vectors @ self._wrong.T) - _nearest(vectors @ self._fine.T)).max())
        wrong = min(len(_WRONG.findall(text)), _MOST_WRONG)
        fine = min(len(_FINE.findall(text)), _MOST_FINE)
        return meant + WRONG * wrong - FINE * fine


def _nearest(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the nearest few, a row for each part."""
    return np.asarray(np.sort(likeness, axis=1)[:, -NEAREST:].mean(axis=1))
