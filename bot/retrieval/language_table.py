"""The part of py3langid's model that tells our languages apart (THIRD_PARTY.md), by naive Bayes over groups of bytes.

The whole model takes .4 s of computing to unpack and 78 MB; this part, in its own order, .02 s and 7 MB.
"""

import math
import unicodedata
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_suffix(".npz")
# A group is one number: how many bytes it has in the highest byte, the bytes themselves below.
LENGTH_SHIFT = 56
LONGEST = 6


class LanguageTable:
    """`groups`, ascending, are all groups of at most `LONGEST` bytes that the model knows, and all their beginnings.

    `features` is the place in `worth` for each of them, -1 where it says nothing; `worth`, a column for each language,
    what a feature says for it, and `prior` what speaks for each language beforehand.
    """

    def __init__(
        self,
        languages: tuple[str, ...],
        groups: NDArray[np.uint64],
        features: NDArray[np.int32],
        worth: NDArray[np.float16],
        prior: NDArray[np.float32],
    ) -> None:
        self._languages = languages
        self._groups = groups
        self._features = features
        self._worth = worth
        self._prior = prior

    @classmethod
    def load(cls, file: Path = FILE) -> Self:
        with np.load(file) as stored:
            return cls(
                tuple(stored["languages"].tolist()),
                stored["groups"],
                stored["features"],
                stored["worth"],
                stored["prior"],
            )

    def chances(self, text: str) -> dict[str, float]:
        """Language -> how likely the text is written in it; together 1."""
        written = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
        stored = written.encode(errors="surrogatepass")
        found, often = np.unique(self._found(stored), return_counts=True)
        scores = np.zeros(len(self._languages), dtype=np.float32)
        if len(found):
            scores = np.log1p(often.astype(np.float32)) @ self._worth[found].astype(np.float32) + self._prior
            # The model's own: so calibrated, a probability means the same for short and long texts.
            scores /= math.sqrt(len(stored))
        likely = np.exp(scores - scores.max())
        return dict(zip(self._languages, (likely / likely.sum()).tolist(), strict=True))

    def _found(self, text: bytes) -> NDArray[np.int32]:
        """The features of a text: at each byte that of the longest known group that ends there."""
        letters = np.frombuffer(text, dtype=np.uint8).astype(np.uint64)
        features = np.full(len(letters), -1, dtype=np.int32)
        ends = np.arange(len(letters))
        groups = np.zeros(len(letters), dtype=np.uint64)
        for length in range(1, LONGEST + 1):
            groups = groups << np.uint64(8) | letters[ends]
            wanted = groups | np.uint64(length << LENGTH_SHIFT)
            place = np.minimum(np.searchsorted(self._groups, wanted), len(self._groups) - 1)
            # A longer group is known only where its beginning is.
            known = self._groups[place] == wanted
            features[ends[known]] = self._features[place[known]]
            known &= ends + 1 < len(letters)
            ends, groups = ends[known] + 1, groups[known]
        return features[features >= 0]
