"""The vector of a block is the model's, wherever it comes from."""

from collections.abc import Sequence

import numpy as np
import pytest
from bot.retrieval import block_vectors
from bot.retrieval.block_vectors import BlockVectors
from bot.retrieval.documents import Block, BlockKind
from bot.retrieval.embedding import Embedder
from bot.retrieval.passages import FoundPassage

WHOLE = Block(BlockKind.PARAGRAPH, ("The late fee is $9.50 per bill.",))
STEPS = Block(BlockKind.STEPS, ("Open Orion.", "Waive the fee."), lead="To waive it:")


def passage(key: int, *blocks: Block) -> FoundPassage:
    """A passage that is exactly these blocks."""
    return FoundPassage(
        passage=key, document=1, section=key, source="a.md", title="Late fees", owner="", headings=("Rules",),
        blocks=blocks, text=" ".join(" ".join(block.text.split()) for block in blocks), first=0, last=len(blocks) - 1,
        effective=None, verified=None, review_by=None,
    )  # fmt: skip


class Asked:
    """The real model, and every text it was asked for."""

    def __init__(self, encoder: Embedder) -> None:
        self._encoder = encoder
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.texts.extend(texts)
        return self._encoder.encode(texts)


@pytest.mark.parametrize("remembered", [20_000, 1])
def test_every_row_is_what_the_model_makes_of_the_block_under_its_headings(
    encoder: Embedder, monkeypatch: pytest.MonkeyPatch, remembered: int
) -> None:
    monkeypatch.setattr(block_vectors, "REMEMBERED", remembered)
    vectors = BlockVectors(encoder.encode)
    one, two = passage(1, WHOLE), passage(2, WHOLE, STEPS)
    indexed = dict(
        zip((1, 2), encoder.encode([f"Late fees > Rules\n{found.text}" for found in (one, two)]), strict=True)
    )
    texts = {id(block): f"Late fees > Rules\n{block.text}" for block in (WHOLE, STEPS)}
    for asked in ([(one, 0)], [(two, 1), (one, 0)], [(two, 0), (two, 1), (two, 0)], [(two, 1)]):
        truth = encoder.encode([texts[id(found.blocks[place])] for found, place in asked])
        np.testing.assert_allclose(vectors.of(asked, indexed), truth, atol=1e-5)


def test_a_block_that_is_a_whole_passage_and_one_asked_before_need_no_model(encoder: Embedder) -> None:
    model = Asked(encoder)
    vectors = BlockVectors(model.encode)
    one, two = passage(1, WHOLE), passage(2, WHOLE, STEPS)
    indexed = dict(zip((1, 2), encoder.encode([one.text, two.text]), strict=True))
    vectors.of([(one, 0)], indexed)
    assert model.texts == []
    for _ in range(2):
        vectors.of([(two, 1), (two, 1)], indexed)
    assert model.texts == ["Late fees > Rules\nTo waive it:\n1. Open Orion.\n2. Waive the fee."]
