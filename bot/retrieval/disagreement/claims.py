"""What a passage claims, clause by clause."""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.retrieval.disagreement import limits, rings
from bot.retrieval.disagreement.quantities import Quantity, quantities
from bot.retrieval.disagreement.stances import Said, Stance, said
from bot.words import stems

# Where a thought ends: a sentence, a semicolon, or a colon with a whole clause on both sides.
_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9$])|;\s+|\n+|(?<=\w\w): (?=(?:\S+ ){3})")
_ABBREVIATED = re.compile(r"(?:\bext|\be\.g|\bi\.e|\bNo|\bapprox|\bmax|\bmin)\.$")
_POINTS_BACK = re.compile(r"(?:it|its|they|them|this|that|these|those|he|she)\b", re.IGNORECASE)
_QUESTION = re.compile(r"\?[\"')\]]*$")

_CONDITION_OF_NO = re.compile(
    r"\b(?:before|until|till|unless|without|except|other than|apart from|only)\b", re.IGNORECASE
)
_CONDITION_OF_YES = re.compile(
    r"\b(?:once|after|when|as soon as|if|with|provided|unless|only|except|for|but)\b", re.IGNORECASE
)
_ONLY = re.compile(
    r"\bonly (?:an? |the )?(?P<actor>[\w -]+?) (?:may|can|is allowed|are allowed|decides?|approves?|signs?)\b|"
    r"\b(?:approved|signed|decided|authorized|released|granted|done|made) (?:only )?by\b|"
    r"\b(?:approves?|decides?|authorizes?|signs off)\b|"
    r"\b(?:may|can|must) only be \w+ by\b|\b(?:alone|exclusively|nobody else|no one else|solely)\b|"
    r"\b(?:reserved for|up to the|responsibility of|decision (?:lies|rests) with|final say)\b",
    re.IGNORECASE,
)
_NOWHERE_ELSE = re.compile(r"\b(?:only|exclusively)\b|\b(?:is|are) (?:just )?for \w+\b", re.IGNORECASE)
_ANYBODY = re.compile(r"\b(?:any|every|each|all|no signature|may|can|anyone|anybody|everybody)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """A sentence or a part of one that states something by itself; `before` is what was said just before it."""

    text: str
    before: str = ""

    @property
    def meant(self) -> str:
        """The clause with what its first word points back to."""
        return f"{self.before} {self.text}".strip() if _POINTS_BACK.match(self.text) else self.text

    @property
    def surroundings(self) -> str:
        return f"{self.before} {self.text}".strip()

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return quantities(self.text)

    @cached_property
    def said(self) -> Said | None:
        return said(self.text)

    @cached_property
    def plain(self) -> bool:
        """Whether it has neither a number, nor a no, nor an only: two such clauses never disagree by the rules here."""
        return not (self.denies or self.only or self.sole or self.quantities or self.unlimited)

    @cached_property
    def unlimited(self) -> str:
        return limits.unlimited(self.text)

    @cached_property
    def limit(self) -> str:
        return limits.limit(self.text, self.quantities)

    @cached_property
    def denies(self) -> bool:
        return self.said is not None and self.said.stance is Stance.NO

    @cached_property
    def sole(self) -> bool:
        """Whether it names who alone may, or who decides."""
        return bool(_ONLY.search(self.text))

    @cached_property
    def open(self) -> bool:
        """Whether it lets somebody do something."""
        return bool(_ANYBODY.search(self.text))

    @cached_property
    def only(self) -> bool:
        return bool(_NOWHERE_ELSE.search(self.text))

    @cached_property
    def conditional_no(self) -> bool:
        return bool(_CONDITION_OF_NO.search(self.text))

    @cached_property
    def conditional_yes(self) -> bool:
        return bool(_CONDITION_OF_YES.search(self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems(self.meant)

    @cached_property
    def rings(self) -> frozenset[str]:
        """The same, words for one thing being one."""
        return rings.meant(self.meant)


@dataclass(frozen=True)
class Statement:
    """A piece of a page under its heading line (title and headings, parted by " > ")."""

    heading: str
    text: str

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        parts = [part for part in _parts(self.text) if not _QUESTION.search(part)]
        return tuple(Clause(part, before) for before, part in zip(["", *parts], parts, strict=False))

    @cached_property
    def everything(self) -> str:
        return f"{self.heading}\n{self.text}"


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for part in _END.split(text):
        if parts and _ABBREVIATED.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part.strip():
            parts.append(part.strip())
    return parts
