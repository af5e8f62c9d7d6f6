"""What is searched of a text in words: the stems of its content words, and how often each occurs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.documents import Question
from bot.words import content_words, stem

# Title and headings say what a passage is about: they count three times as much as its text. Of 1, 2, 3 and 4 times
# chosen over five sets (docs/decisions.md).
HEADING_COUNT = 3
# A stem is known by a number, so that the index of 100,000 passages is arrays and not six million Python strings.
_KEY_BYTES = 8
_HIGHEST_COUNT = 255
# A pasted e-mail is searched with all its words, a pasted book not: with 64 words, long scenarios lost .14 nDCG@10.
MAX_TERMS = 500
EARLIER_TURNS = 2


def terms_of(*, title: str, headings: Iterable[str], keywords: Iterable[str], text: str) -> Counter[str]:
    """Stem -> how often it counts in a passage."""
    found = Counter(_stems(text))
    found.update(_stems(" ".join(keywords)))
    for word in _stems(" ".join((title, *headings))):
        found[word] += HEADING_COUNT
    return found


def question_terms(question: Question) -> Counter[str]:
    """Stem -> how often it counts: the words of the last turn twice where there are earlier ones, those once."""
    last = _stems(question.text)
    earlier = [word for turn in question.history[-EARLIER_TURNS:] for word in _stems(turn)]
    return Counter((last * 2 + earlier if earlier else last)[:MAX_TERMS])


@lru_cache(maxsize=200_000)
def key_of(word: str) -> int:
    """The number of a stem; among a million stems two share one with a chance of one in thirty million."""
    return int.from_bytes(blake2b(word.encode(), digest_size=_KEY_BYTES).digest(), "little")


def packed(terms: Mapping[str, int]) -> bytes:
    """Terms as they are stored: the numbers of all stems, then the counts of all, a byte each."""
    keys = np.array([key_of(word) for word in terms], dtype="<u8")
    counts = np.array([min(count, _HIGHEST_COUNT) for count in terms.values()], dtype=np.uint8)
    return keys.tobytes() + counts.tobytes()


def unpacked(stored: bytes) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """The numbers of the stems and their counts."""
    size = len(stored) // (_KEY_BYTES + 1)
    return np.frombuffer(stored, dtype="<u8", count=size), np.frombuffer(
        stored, dtype=np.uint8, offset=size * _KEY_BYTES
    )


def joined(stored: Sequence[bytes]) -> tuple[NDArray[np.uint64], NDArray[np.uint8], NDArray[np.int64]]:
    """The numbers of the stems of many texts in a row, their counts, and how many each text has."""
    sizes = np.fromiter(map(len, stored), dtype=np.int64, count=len(stored)) // (_KEY_BYTES + 1)
    cuts = (sizes * _KEY_BYTES).tolist()
    keys = b"".join([entry[:cut] for entry, cut in zip(stored, cuts, strict=True)])
    counts = b"".join([entry[cut:] for entry, cut in zip(stored, cuts, strict=True)])
    return np.frombuffer(keys, dtype="<u8"), np.frombuffer(counts, dtype=np.uint8), sizes


def _stems(text: str) -> list[str]:
    return [stem(word) for word in content_words(text)]
