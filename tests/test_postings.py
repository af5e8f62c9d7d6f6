"""The inverted index finds what counting finds."""

import random
from collections import Counter

import numpy as np
import pytest
from bot.retrieval.engines.postings import Postings


def stored(counts: dict[int, int]) -> bytes:
    """As `terms.packed` does, with numbers of our own choice."""
    keys = np.array(list(counts), dtype="<u8")
    return keys.tobytes() + np.array(list(counts.values()), dtype=np.uint8).tobytes()


def assert_finds(texts: list[dict[int, int]]) -> None:
    postings = Postings([stored(text) for text in texts])
    assert postings.lengths.tolist() == [Counter(text).total() for text in texts]
    for key in {key for text in texts for key in text} | {0, 1, 2**64 - 1}:
        rows, counts = postings.of(key)
        assert list(zip(rows.tolist(), counts.tolist(), strict=True)) == [
            (row, text[key]) for row, text in enumerate(texts) if key in text
        ]


@pytest.mark.parametrize("seed", range(20))
def test_every_row_that_holds_a_word_is_found_with_its_count(seed: int) -> None:
    dice = random.Random(seed)
    known = [dice.getrandbits(64) for _ in range(50)]
    assert_finds([{key: dice.randint(1, 255) for key in dice.sample(known, k=dice.randint(0, 30))} for _ in range(200)])


def test_words_whose_numbers_begin_alike_are_kept_apart() -> None:
    dice = random.Random(7)
    known = [(5 << 32) | number for number in range(40)]
    assert_finds([dict.fromkeys(dice.sample(known, k=10), 1) for _ in range(50)])


@pytest.mark.parametrize("texts", [[], [{}], [{}, {3: 2}, {}]])
def test_texts_without_words_hold_nothing(texts: list[dict[int, int]]) -> None:
    assert_finds(texts)
