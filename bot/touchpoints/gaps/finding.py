"""One gap of the map, and the kinds there are."""

from dataclasses import dataclass
from enum import StrEnum


class GapKind(StrEnum):
    TYPED_TWICE = "G1"
    OUT_OF_STEP = "G2"
    NOT_ALONE = "G3"
    NO_STANDARD = "G4"
    NOBODY_PASSES_ON = "G5"
    RETIRING = "G6"
    FRONT_LOADED = "G7"
    OTHER_WORDS = "G8"

    @property
    def called(self) -> str:
        return _CALLED[self]


_CALLED = {
    GapKind.TYPED_TWICE: "Typed into two systems",
    GapKind.OUT_OF_STEP: "Systems out of step",
    GapKind.NOT_ALONE: "Customers cannot do it alone",
    GapKind.NO_STANDARD: "Nothing says how it should go",
    GapKind.NOBODY_PASSES_ON: "Passed on, and nobody sees to it",
    GapKind.RETIRING: "Needs a tool that ends",
    GapKind.FRONT_LOADED: "Cared for before buying, less after",
    GapKind.OTHER_WORDS: "Sold in words that help does not know",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """`told` is a sentence for people; `line` is where the file says it, 0 where no single line does.

    `ids` are those of the map, the one that it is about first. `owner` is the team to ask, "" where there is none.
    """

    kind: GapKind
    ids: tuple[str, ...]
    told: str
    line: int
    owner: str
