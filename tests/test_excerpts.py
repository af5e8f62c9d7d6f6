"""Of a block that is too long to read, the part around what was asked for is quoted, in whole lines and sentences."""

import pytest
from bot.retrieval.documents import Block, BlockKind
from bot.retrieval.excerpts import EXCERPT_WORDS, WHOLE_WORDS, excerpt
from bot.retrieval.words import stem

RARITY = {stem("paternity"): 4.0, stem("leave"): 1.0}
RULE = "Paternity leave is granted for ten days after the birth of the child."


def lines(count: int, *, at: int) -> tuple[str, ...]:
    """Lines of eleven words, the rule among them."""
    filler = [f"Item {number} says what holds for the case number {number}." for number in range(count)]
    return (*filler[:at], RULE, *filler[at:])


def test_what_can_be_read_is_quoted_whole() -> None:
    block = Block(BlockKind.BULLETS, lines(14, at=3), lead="There is leave of these kinds:")
    assert len(block.text.split()) <= WHOLE_WORDS
    assert excerpt(block, RARITY) == block


@pytest.mark.parametrize("kind", [BlockKind.BULLETS, BlockKind.TABLE])
@pytest.mark.parametrize("at", [0, 30, 60])
def test_of_a_long_list_whole_lines_around_the_best_one_are_quoted_under_its_lead(kind: BlockKind, at: int) -> None:
    block = Block(kind, lines(60, at=at), lead="There is leave of these kinds:")
    found = excerpt(block, RARITY)
    assert (found.kind, found.lead) == (kind, block.lead)
    shown = [line for line in found.lines if line != "…"]
    first = block.lines.index(shown[0])
    assert tuple(shown) == block.lines[first : first + len(shown)]
    assert RULE in shown
    assert EXCERPT_WORDS - 13 < len(" ".join(shown).split()) <= EXCERPT_WORDS
    assert (found.lines[0] == "…", found.lines[-1] == "…") == (first > 0, first + len(shown) < len(block.lines))


def test_steps_keep_their_numbers() -> None:
    found = excerpt(Block(BlockKind.STEPS, lines(60, at=30)), RARITY)
    assert f"31. {RULE}" in found.lines
    assert found.kind is BlockKind.BULLETS


def test_of_a_long_paragraph_whole_sentences_are_quoted() -> None:
    [text] = excerpt(Block(BlockKind.PARAGRAPH, (" ".join(lines(60, at=30)),)), RARITY).lines
    assert text.startswith(f"… {RULE} Item ")
    assert text.endswith(". …")
    assert len(text.split()) <= EXCERPT_WORDS + 2


def test_without_a_word_of_the_question_its_beginning_is_quoted() -> None:
    block = Block(BlockKind.BULLETS, lines(60, at=30))
    assert excerpt(block, {}).lines[0] == block.lines[0]
