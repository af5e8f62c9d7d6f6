"""The vector engine finds what brute force finds, and never a row that may not be seen."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from bot.retrieval.engines.faiss import FaissIndex
from numpy.typing import NDArray

Vectors = NDArray[np.float16] | NDArray[np.float32]


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def stored(vectors: NDArray[np.float64]) -> NDArray[np.float16]:
    return unit(vectors).astype(np.float16)


def assert_nearest(
    index: FaissIndex, vectors: Vectors, question: Vectors, *, k: int, visible: NDArray[np.bool_]
) -> None:
    """The engine's answer is brute force's: as many rows, none outside, none twice, in the same order of cosine."""
    rows, cosines = index.search(question, k=k, visible=visible)
    truth = vectors.astype(np.float64) @ question.astype(np.float64)
    nearest = [row for row in np.argsort(-truth, kind="stable") if visible[row]][:k]
    assert len(rows) == len(set(rows.tolist())) == len(nearest)
    assert visible[rows].all()
    np.testing.assert_allclose(cosines, truth[rows], atol=1e-5)
    np.testing.assert_allclose(truth[rows], truth[nearest], atol=1e-5)  # rows that tie may change places


@pytest.mark.parametrize("seed", range(200))
def test_the_engine_finds_what_brute_force_finds(seed: int) -> None:
    random = np.random.default_rng(seed)
    count, size = int(random.integers(1, 400)), int(random.integers(4, 64))
    vectors = stored(random.normal(size=(count, size)))
    vectors[random.random(count) < 0.2] = vectors[0]  # equal passages tie
    visible = random.random(count) < random.choice([0.01, 0.1, 0.5, 0.9, 1.0])
    question = unit(random.normal(size=size))
    assert_nearest(FaissIndex(vectors), vectors, question, k=int(random.integers(1, 150)), visible=visible)


def test_nothing_visible_finds_nothing() -> None:
    vectors = stored(np.eye(5))
    rows, cosines = FaissIndex(vectors).search(vectors[0], k=3, visible=np.zeros(5, dtype=np.bool_))
    assert (len(rows), len(cosines)) == (0, 0)


def test_an_empty_index_finds_nothing() -> None:
    index = FaissIndex(np.empty((0, 4), dtype=np.float16))
    rows, _ = index.search(unit(np.ones(4)), k=3, visible=np.empty(0, dtype=np.bool_))
    assert len(rows) == 0


def test_the_vectors_are_given_as_they_were_put_in() -> None:
    vectors = stored(np.random.default_rng(1).normal(size=(50, 8)))
    index = FaissIndex(vectors)
    np.testing.assert_array_equal(index.vectors, vectors)
    assert FaissIndex(np.empty((0, 8), dtype=np.float16)).vectors.shape == (0, 8)


def test_threads_search_with_masks_of_their_own() -> None:
    vectors = stored(np.random.default_rng(1).normal(size=(3000, 32)))
    index = FaissIndex(vectors)

    def ask(seed: int) -> None:
        random = np.random.default_rng(seed)
        assert_nearest(index, vectors, vectors[seed], k=100, visible=random.random(3000) < 0.3)

    with ThreadPoolExecutor(8) as threads:
        assert len(list(threads.map(ask, range(100)))) == 100


def test_neighbors_that_eight_bits_cannot_tell_apart_are_told_apart() -> None:
    """A template filled in a thousand times: far more rows lie within the error than are compared at first."""
    random = np.random.default_rng(3)
    one = random.normal(size=48)
    vectors = stored(one + 1e-3 * random.normal(size=(3000, 48)))
    for _ in range(20):
        question = unit(one + 0.1 * random.normal(size=48))
        assert_nearest(FaissIndex(vectors), vectors, question, k=10, visible=random.random(3000) < 0.7)


def test_one_large_number_leaves_the_search_exact() -> None:
    """It sets the scale of all numbers, which leaves few levels for the small ones."""
    random = np.random.default_rng(4)
    vectors = stored(random.normal(size=(500, 256)))
    vectors[7] = 0
    vectors[7, 3] = 1
    for _ in range(20):
        question = unit(random.normal(size=256))
        assert_nearest(FaissIndex(vectors), vectors, question, k=20, visible=np.ones(500, dtype=np.bool_))


def test_of_equal_neighbors_the_first_rows_are_found() -> None:
    vectors = np.repeat(stored(np.random.default_rng(5).normal(size=(3, 40))), 50, axis=0)
    rows, _ = FaissIndex(vectors).search(vectors[60], k=20, visible=np.ones(150, dtype=np.bool_))
    assert rows.tolist() == list(range(50, 70))


def test_vectors_are_not_copied() -> None:
    vectors = stored(np.random.default_rng(6).normal(size=(20, 8)))
    assert np.shares_memory(FaissIndex(vectors).vectors, vectors)
