"""What single blocks mean, for choosing among the blocks of the passages that were found."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.passages import FoundPassage

# 1.5 kB each.
REMEMBERED = 20_000


class BlockVectors:
    """Vectors of blocks under their headings, made when first asked for and then remembered.

    Half of all passages are exactly one block, whose vector the index has already.
    """

    def __init__(self, encode: Callable[[Sequence[str]], NDArray[np.float32]]) -> None:
        self._encode = encode
        self._known: dict[str, NDArray[np.float32]] = {}

    def of(
        self, blocks: Sequence[tuple[FoundPassage, int]], passages: Mapping[int, NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """One row for each block (a passage and the place of the block in its section), in the order given.

        `passages` holds the vectors of the passages by id.
        """
        known = self._known if len(self._known) < REMEMBERED else {}
        texts = [_text(found, place) for found, place in blocks]
        fresh = {
            text: passages[found.passage]
            for text, (found, place) in zip(texts, blocks, strict=True)
            if text not in known and _is_whole(found, place)
        }
        missing = [text for text in dict.fromkeys(texts) if text not in known and text not in fresh]
        if missing:
            fresh |= dict(zip(missing, self._encode(missing), strict=True))
        self._known = known = known | fresh if fresh else known  # replaced, not changed: other threads read it
        return np.stack([known[text] for text in texts])


def _text(found: FoundPassage, place: int) -> str:
    return f"{' > '.join((found.title, *found.headings))}\n{found.blocks[place].text}"


def _is_whole(found: FoundPassage, place: int) -> bool:
    return found.first == found.last == place and " ".join(found.blocks[place].text.split()) == found.text
