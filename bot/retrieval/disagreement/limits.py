"""Clauses that know no limit, and numbers of two kinds for one thing: any sum here and from $5 there."""

import re

from bot.retrieval.disagreement.grammar import Dimension
from bot.retrieval.disagreement.quantities import Bound, Quantity

_UNLIMITED = re.compile(
    r"\bunlimited\b|\b(?:no|without(?: an?| any)?) (?:\w+ )?(?:limits?|minimum|maximum|cap|deadline)\b|"
    r"\bany (?:number|amount|sum|size|age|quantity) ?|\bas (?:many|much|often|long) (?:\w+ )?as (?:they|you|he|she|"
    r"the \w+) "
    r"(?:likes?|wants?|needs?|wish|wishes)\b|\bindefinitely\b|\bforever\b|\bfor life\b|\bnever (?:expires?|lapses?|"
    r"runs? out)\b|"
    r"\b(?:do|does) not (?:expire|lapse|run out)\b|\bat any time\b|\bwhenever (?:they|you) (?:like|want)\b|"
    r"\baround the clock\b|\bday and night\b|\b24/7\b|\b24 hours a day\b",
    re.IGNORECASE,
)
_LIMITING = frozenset({Bound.AT_MOST, Bound.AT_LEAST, Bound.EDGE})
_LIMITED_BY_ITSELF = re.compile(
    r"\b(?:expires?|lapses?|start at|limit|minimum|maximum|no longer|only)\b", re.IGNORECASE
)
_SHARE_OR_SUM = frozenset({Dimension.MONEY, Dimension.SHARE})
# What may be named as either.
_CHARGE = re.compile(
    r"\b(fee|bonus|discount|deposit|tip|deductible|commission|penalty|surcharge|premium|interest|reward|rebate|share|"
    r"contribution|allowance|charge)s?\b",
    re.IGNORECASE,
)


def unlimited(clause: str) -> str:
    """The words that say that there is no limit, "" where none do."""
    found = _UNLIMITED.search(clause)
    return found[0].strip() if found else ""


def limit(clause: str, quantities: tuple[Quantity, ...]) -> str:
    """The number that limits something in a clause, "" where none does."""
    if not quantities or unlimited(clause):
        return ""
    limiting = _LIMITED_BY_ITSELF.search(clause)
    return next((one.text for one in quantities if one.bound in _LIMITING or limiting), "")


def share_and_sum(
    one: tuple[str, tuple[Quantity, ...]], other: tuple[str, tuple[Quantity, ...]]
) -> tuple[str, str] | None:
    """The numbers of two texts that name one charge, one as a share and the other as a sum."""
    (text, mine), (other_text, theirs) = one, other
    if not mine or not theirs:
        return None
    shared = {number.dimension for number in mine} & {number.dimension for number in theirs}
    if shared & _SHARE_OR_SUM:
        return None
    if not _charges(text) & _charges(other_text):
        return None
    for here in mine:
        for there in theirs:
            if {here.dimension, there.dimension} == _SHARE_OR_SUM:
                return here.text, there.text
    return None


def _charges(text: str) -> set[str]:
    return {match[1].lower() for match in _CHARGE.finditer(text)}
