"""What is quoted of a block that nobody would read to its end: whole sentences, items or rows around the best one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.retrieval.documents import Block, BlockKind
from bot.retrieval.sentences import sentences
from bot.retrieval.words import stems

# Blocks up to this are quoted whole: a list is understood by all of its items. A phone shows some 120 words at once.
WHOLE_WORDS = 200
EXCERPT_WORDS = 120
CUT = "…"


def excerpt(block: Block, rarity: Mapping[str, float]) -> Block:
    """The block, or of a longer one the part around what shares most rare words with the question; "…" where it is cut.

    `rarity` holds the inverse document frequency of the stems of the question.
    """
    if len(block.text.split()) <= WHOLE_WORDS:
        return block
    if block.kind is BlockKind.PARAGRAPH:
        parts = [part for line in block.lines for part in sentences(line)]
        return replace(block, lines=(" ".join(_around(parts, rarity)),))
    numbered = block.kind is BlockKind.STEPS
    lines = [f"{place}. {line}" for place, line in enumerate(block.lines, start=1)] if numbered else list(block.lines)
    # Steps that do not begin with the first carry their numbers themselves.
    return replace(block, kind=BlockKind.BULLETS if numbered else block.kind, lines=tuple(_around(lines, rarity)))


def _around(parts: Sequence[str], rarity: Mapping[str, float]) -> list[str]:
    shared = [sum(rarity[word] for word in stems(part) & rarity.keys()) for part in parts]
    first = last = shared.index(max(shared))
    sizes = [len(part.split()) for part in parts]
    while True:
        room = EXCERPT_WORDS - sum(sizes[first : last + 1])
        if last + 1 < len(parts) and sizes[last + 1] <= room:
            last += 1
        elif first and sizes[first - 1] <= room:
            first -= 1
        else:
            break
    return [*([CUT] if first else []), *parts[first : last + 1], *([CUT] if last + 1 < len(parts) else [])]
