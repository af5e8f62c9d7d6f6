"""How good a ranking is. Pure functions over plain lists; the definitions are those of BEIR and trec_eval."""

import math
from collections.abc import Collection, Mapping, Sequence


def ndcg(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Normalized discounted cumulative gain over the first `k`, with linear gains as trec_eval has them."""
    gained = sum(relevant.get(item, 0.0) / math.log2(place + 2) for place, item in enumerate(ranked[:k]))
    ideal = sum(gain / math.log2(place + 2) for place, gain in enumerate(sorted(relevant.values(), reverse=True)[:k]))
    return gained / ideal if ideal else 0.0


def recall(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    return len(set(ranked[:k]) & set(relevant)) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    return next((1 / place for place, item in enumerate(ranked[:k], start=1) if item in relevant), 0.0)


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """The chance that a random positive scores above a random negative, ties counting half (Mann-Whitney U).

    None where either side is empty.
    """
    if not positives or not negatives:
        return None
    ordered = sorted([(score, True) for score in positives] + [(score, False) for score in negatives])
    ranks = 0.0
    start = 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        ranks += sum(positive for _, positive in ordered[start:end]) * (start + 1 + end) / 2
        start = end
    return (ranks - len(positives) * (len(positives) + 1) / 2) / (len(positives) * len(negatives))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, between neighbors in proportion."""
    if not values:
        return 0.0
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def bar_that_keeps(share: float, answerable: Sequence[float]) -> float:
    """The highest bar that at least `share` of these confidences still clear."""
    ordered = sorted(answerable, reverse=True)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
