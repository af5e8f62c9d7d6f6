"""Pairs of words that tell one group of titles from the others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from bot.words import STOP_WORDS, words

BIGRAMS = 3
# What stands in one title only tells of that one.
_OFTEN = 2


def telling(groups: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Pairs of words of each group that others have seldom: c-TF-IDF, as BERTopic weighs the words of a topic."""
    counts = [Counter(pair for title in group for pair in set(_pairs(title))) for group in groups]
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    mean = sum(total.values()) / max(1, len(counts))
    return [_best(count, total, mean) for count in counts]


def _best(count: Mapping[str, int], total: Mapping[str, int], mean: float) -> tuple[str, ...]:
    # Times the share of it that is here: with few themes the company's name would tell most of each.
    weights = {
        pair: times * np.log(1 + mean / total[pair]) * times / total[pair]
        for pair, times in count.items()
        if times >= _OFTEN
    }
    return tuple(sorted(weights, key=lambda pair: (-weights[pair], pair))[:BIGRAMS])


def _pairs(title: str) -> list[str]:
    """Neighbors in the text that are both no function words."""
    return [
        f"{first} {second}"
        for first, second in pairwise(words(title))
        if first not in STOP_WORDS and second not in STOP_WORDS
    ]
