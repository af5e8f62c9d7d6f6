"""Questions that ask for the same come together, as average linkage has it; measured on questions of known intents."""

import csv
from pathlib import Path

import numpy as np
import pytest
from bot.retrieval import grouping
from bot.retrieval.embedding import Embedder

from offices import PROJECT

BANKING = PROJECT.parent / "shared" / "data" / "banking77_test.csv"


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def by_hand(vectors: np.ndarray, alike: float) -> set[frozenset[int]]:
    """Average linkage as its definition has it: join the two likest groups until none are alike enough."""
    found = [[row] for row in range(len(vectors))]
    cosines = vectors.astype(np.float64) @ vectors.astype(np.float64).T
    while len(found) > 1:
        belongs = np.array([[row in one for row in range(len(vectors))] for one in found], dtype=np.float64)
        sizes = belongs.sum(axis=1)
        means = belongs @ cosines @ belongs.T / np.outer(sizes, sizes)
        means[np.triu_indices(len(found))] = -np.inf
        place, at = (int(one) for one in np.unravel_index(np.argmax(means), means.shape))
        if means[place, at] < alike:
            break
        found[at] += found.pop(place)
    return {frozenset(rows) for rows in found}


@pytest.mark.parametrize("seed", range(20))
def test_groups_are_those_of_average_linkage(seed: int) -> None:
    random = np.random.default_rng(seed)
    middles = random.normal(size=(6, 16))
    vectors = unit(middles[random.integers(0, 6, size=40)] + random.normal(size=(40, 16)) * random.uniform(0.2, 1.2))
    for alike in (0.2, 0.5, 0.8):
        found = grouping.groups(vectors, alike=alike)
        assert {frozenset(rows) for rows in found} == by_hand(vectors, alike)
        assert [len(rows) for rows in found] == sorted((len(rows) for rows in found), reverse=True)


def test_the_same_words_are_one_group_and_nothing_is_none() -> None:
    same = unit(np.ones((5, 8)))
    assert grouping.groups(same) == [[0, 1, 2, 3, 4]]
    assert grouping.groups(same[:1]) == [[0]]
    assert grouping.groups(np.empty((0, 8), dtype=np.float32)) == []


def test_the_most_central_question_is_the_one_nearest_to_the_others() -> None:
    vectors = unit(np.array([[1.0, 0.0], [1.0, 0.5], [1.0, 1.0], [0.0, -1.0]]))
    assert grouping.most_central(vectors, [0, 1, 2]) == 1
    assert grouping.most_central(vectors, [3]) == 3


@pytest.mark.skipif(not BANKING.exists(), reason="needs the Banking77 questions beside the project")
def test_on_intents_the_bar_was_not_chosen_on_groups_are_mostly_of_one_intent(encoder: Embedder) -> None:
    texts, intents = held_out(BANKING)
    found = grouping.groups(encoder.encode(texts))
    together = sum(len(rows) * (len(rows) - 1) // 2 for rows in found)
    right = sum(int(count) * (int(count) - 1) // 2 for rows in found for count in counts(intents[rows]))
    same = sum(int(count) * (int(count) - 1) // 2 for count in counts(intents))
    precision, recall = right / together, right / same
    print(f"pairs: precision {precision:.3f}, recall {recall:.3f}, {len(found)} groups")  # noqa: T201
    assert precision >= 0.7
    assert recall >= 0.5


def held_out(file: Path) -> tuple[list[str], np.ndarray]:
    """Every second intent by name; the bar was chosen on the others."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    kept = set(sorted({row["category"] for row in rows})[1::2])
    return [row["text"] for row in rows if row["category"] in kept], np.array(
        [row["category"] for row in rows if row["category"] in kept]
    )


def counts(labels: np.ndarray) -> np.ndarray:
    return np.unique(labels, return_counts=True)[1]
