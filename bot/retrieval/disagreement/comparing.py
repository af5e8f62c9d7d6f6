"""Two statements -> the clauses that cannot both hold if they are about the same thing. Rules over words only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.retrieval.disagreement import contrasts
from bot.retrieval.disagreement.claims import Clause, Statement
from bot.retrieval.disagreement.quantities import Bound, Dimension, Quantity, quantities
from bot.retrieval.disagreement.stances import Matter, Stance
from bot.retrieval.words import content_words, stem, stems


class Kind(StrEnum):
    NUMBER = "number"
    PERIOD = "period"
    YES_NO = "yes or no"
    WHO = "who"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two clauses that disagree if they are about the same thing; `here` and `there` say on what, for people.

    `loose`: two counts whose nouns differ, such as phones and devices.
    """

    kind: Kind
    first: Clause
    second: Clause
    here: str
    there: str
    loose: bool = False

    @property
    def shared(self) -> int:
        """How many content words both clauses use."""
        return len(self.first.stems & self.second.stems)


# Two months are sixty days and a year is 360: calendars differ by less than this.
_SAME_PERIOD = 0.021
# A clause that lists more numbers of one kind is a price list, and which belongs to which is not said.
_MOST_NUMBERS = 3
# Two versions of one rule are of one size; 4 hours and 45 days are two rules.
_FARTHEST = 20.0
# "$15" and "if more than $20 is due": one is paid, the other is a condition.
_THRESHOLD_AND_PRICE = ({Bound.EDGE, Bound.EXACT}, {Bound.EDGE, Bound.AT_LEAST})
_PERIODS = frozenset({Dimension.PERIOD, Dimension.TIME, Dimension.AGE, Dimension.DATE})
_CONDITION_OF_NO = re.compile(r"\b(?:before|until|till|unless|without|except|other than|apart from|only)\b", re.IGNORECASE)
_CONDITION_OF_YES = re.compile(
    r"\b(?:once|after|when|as soon as|if|with|provided|unless|only|except|for|but)\b", re.IGNORECASE
)
_ONLY = re.compile(
    r"\bonly (?:an? |the )?(?P<actor>[\w -]+?) (?:may|can|is allowed|are allowed|decides?|approves?|signs?)\b|"
    r"\b(?:approved|signed|decided|authorized|released|granted|done|made) (?:only )?by\b|\b(?:approves?|decides?|authorizes?|signs off)\b|"
    r"\b(?:may|can|must) only be \w+ by\b|\b(?:alone|exclusively)\b",
    re.IGNORECASE,
)
_ANYBODY = re.compile(r"\b(?:any|every|each|all|no signature|may|can|anyone|anybody|everybody)\b", re.IGNORECASE)


_SIGN_WORDS = frozenset("needed required necessary take takes ask asks require requires without gets get give gives offer".split())


def doubts(one: Statement, other: Statement) -> list[Doubt]:
    """Every pair of clauses that the rules cannot reconcile, in reading order."""
    found = []
    open_here, open_there = _open(one, other), _open(other, one)
    for first in one.clauses:
        for second in other.clauses:
            if not (first.stems | stems(one.heading)) & (second.stems | stems(other.heading)):
                continue
            for doubt in (
                *_numbers(first, second, open_here, open_there),
                *_yes_and_no(first, second),
                *_who(first, second),
            ):
                if doubt.kind is Kind.WHO or not _about_other_things(first, second, one, other):
                    found.append(doubt)
    return found


def _about_other_things(first: Clause, second: Clause, one: Statement, other: Statement) -> bool:
    return bool(
        contrasts.special(one.heading, other.everything)
        or contrasts.special(other.heading, one.everything)
        or contrasts.apart(
            first.surroundings, one.heading, one.everything, other=(second.surroundings, other.heading, other.everything)
        )
    ) or _complement_each_other(f"{one.heading}. {first.surroundings}", f"{other.heading}. {second.surroundings}")


def _complement_each_other(one: str, other: str) -> bool:
    """Whether one begins where the other ends: within 30 days, after 30 days."""
    return any(
        contrasts.complementary(one[: mine.start], one[mine.end :], other[: theirs.start], other[theirs.end :])
        for mine in quantities(one)
        for theirs in quantities(other)
        if _same(mine, theirs)
    )


def _open(one: Statement, other: Statement) -> frozenset[Quantity]:
    """The numbers of a statement that the other does not repeat, in any unit."""
    theirs = [quantity for clause in other.clauses for quantity in clause.quantities]
    return frozenset(
        quantity
        for clause in one.clauses
        for quantity in clause.quantities
        if not any(_same(quantity, known) for known in theirs)
    )


def _same(one: Quantity, other: Quantity) -> bool:
    if one.dimension is not other.dimension or (one.per and other.per and one.per != other.per):
        return False
    slack = _SAME_PERIOD if one.dimension is Dimension.PERIOD else 1e-9
    return abs(one.value - other.value) <= slack * max(one.value, other.value)


def _numbers(
    first: Clause, second: Clause, open_here: frozenset[Quantity], open_there: frozenset[Quantity]
) -> Iterator[Doubt]:
    for dimension in Dimension:
        mine = [quantity for quantity in first.quantities if quantity.dimension is dimension]
        theirs = [quantity for quantity in second.quantities if quantity.dimension is dimension]
        if not (0 < len(mine) <= _MOST_NUMBERS and 0 < len(theirs) <= _MOST_NUMBERS):
            continue
        if dimension is Dimension.TIME and len(mine) != len(theirs):
            continue
        for here in mine:
            for there in theirs:
                if here in open_here and there in open_there and _exclude_each_other(here, there):
                    kind = Kind.PERIOD if dimension in _PERIODS else Kind.NUMBER
                    yield Doubt(kind, first, second, here.text, there.text, loose=here.of != there.of)


def _exclude_each_other(one: Quantity, other: Quantity) -> bool:
    if _same(one, other) or bool(one.per) != bool(other.per) or Bound.USUAL in {one.bound, other.bound}:
        return False
    if one.of != other.of and one.dimension is not Dimension.COUNT:
        return False
    if one.per and one.value / one.per == other.value / other.per:
        return False
    low, high = sorted((one, other), key=lambda quantity: quantity.value)
    if low.value and high.value / low.value > _FARTHEST:
        return False
    if one.dimension is Dimension.MONEY and {one.bound, other.bound} in _THRESHOLD_AND_PRICE:
        return False
    return not (low.bound is Bound.AT_LEAST and high.bound is Bound.AT_MOST)


def _yes_and_no(first: Clause, second: Clause) -> Iterator[Doubt]:
    mine, theirs = first.said, second.said
    stances = {said.stance for said in (mine, theirs) if said}
    if Stance.NO not in stances or (mine and theirs and mine.stance is theirs.stance):
        return
    if mine and theirs and mine.matter is not theirs.matter:
        return
    no, yes = (first, second) if mine and mine.stance is Stance.NO else (second, first)
    if _CONDITION_OF_NO.search(no.text) and _CONDITION_OF_YES.search(yes.text):
        return
    if not (mine and theirs) and not _denies(no, yes):
        return
    matter = (no.said or mine or theirs).matter  # type: ignore[union-attr]
    words = ("needed", "not needed") if matter is Matter.REQUIREMENT else ("yes", "no")
    here, there = words if no is second else words[::-1]
    yield Doubt(Kind.YES_NO, first, second, here, there)


def _denies(no: Clause, yes: Clause) -> bool:
    """Whether the very thing that one clause says is what the other denies: "is kept", "is not kept"."""
    sign = no.said.sign if no.said else ""
    behind = content_words(no.text[no.text.find(sign.strip()) + len(sign.strip()) :])[:1]
    inside = [word for word in content_words(sign) if word not in _SIGN_WORDS]
    return any(stem(word) in yes.stems for word in (*behind, *inside))


def _who(first: Clause, second: Clause) -> Iterator[Doubt]:
    for one, other in ((first, second), (second, first)):
        if not _ONLY.search(one.text) or not (_ANYBODY.search(other.text) or _ONLY.search(other.text)):
            continue
        mine, theirs = contrasts.actors(one.text), contrasts.actors(other.text)
        if mine and theirs and not mine & theirs:
            yield Doubt(Kind.WHO, first, second, _decider(first), _decider(second))
            return


def _decider(clause: Clause) -> str:
    return contrasts.named_actor(clause.text)
