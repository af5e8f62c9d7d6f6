"""Whether another page contradicts what an answer would quote."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.retrieval.conflicts import Clash
from bot.retrieval.documents import Contradiction
from bot.retrieval.passages import FoundPassage


@dataclass(frozen=True, slots=True)
class Place:
    """A block where it stands: a passage that touches it, and its place in the passage's section."""

    found: FoundPassage
    block: int

    @property
    def key(self) -> tuple[int, int]:
        return self.found.section, self.block


@dataclass(frozen=True, slots=True)
class Opposed:
    """Two blocks to show together, the one that was to be quoted first, and what is said of them."""

    places: tuple[Place, Place]
    contradiction: Contradiction


def opposed(
    quoted: Sequence[Place],
    clashes: Sequence[Clash],
    passages: Mapping[int, FoundPassage],
    *,
    answering: Collection[tuple[int, int]],
) -> Opposed | None:
    """The first quoted block that another page contradicts, with that page's block; None where all is at peace.

    A conflict that is not certain needs a question that both sides answer: `answering` are the keys of the blocks that
    answer it. A side that is not among `passages` is as good as unknown.
    """
    for place in quoted:
        for clash in clashes:
            for own, other, says in _both_ways(clash, passages):
                if own.key == place.key and (clash.certain or other.key in answering):
                    here, there = says
                    return Opposed((place, other), Contradiction(number=clash.number, at=0, here=here, there=there))
    return None


def _both_ways(clash: Clash, passages: Mapping[int, FoundPassage]) -> Iterator[tuple[Place, Place, tuple[str, str]]]:
    first, second = clash.passages
    if first in passages and second in passages:
        one, other = Place(passages[first], clash.blocks[0]), Place(passages[second], clash.blocks[1])
        yield one, other, clash.says
        yield other, one, (clash.says[1], clash.says[0])
