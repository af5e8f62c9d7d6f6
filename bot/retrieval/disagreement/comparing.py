"""Two statements -> the clauses that cannot both hold if they are about the same thing. Rules over words only."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.retrieval.disagreement import cases, contrasts, exceptions, limits, rings
from bot.retrieval.disagreement.claims import Clause, Statement
from bot.retrieval.disagreement.grammar import Dimension
from bot.retrieval.disagreement.quantities import Bound, Quantity, quantities
from bot.retrieval.disagreement.stances import Matter, Stance
from bot.words import content_words


class Kind(StrEnum):
    NUMBER = "number"
    PERIOD = "period"
    YES_NO = "yes or no"
    WHO = "who"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two clauses that disagree if they are about the same thing; `here` and `there` say on what, for people.

    `loose`: they may well be about two things that the words do not tell apart, such as phones and devices.
    """

    kind: Kind
    first: Clause
    second: Clause
    here: str
    there: str
    loose: bool = False
    # Enough to show it to somebody who asks, never enough to report it: a threshold beside a number, a mere "not".
    faint: bool = False

    @property
    def shared(self) -> int:
        """How many content words both clauses use."""
        return len(self.first.stems & self.second.stems)


# Two months are sixty days and a year is 360: calendars differ by less than this.
_SAME_PERIOD = 0.021
# A clause that lists more numbers of one kind is a price list, and which belongs to which is not said.
_MOST_NUMBERS = 3
# Two versions of one rule are of one size; an hour and 45 days are two rules.
_FARTHEST = 31.0
# A clause without a yes is denied by one that shares so many words with it.
_TOLD_BY = 2
_PERIODS = frozenset({Dimension.PERIOD, Dimension.TIME, Dimension.AGE, Dimension.DATE})
_SIGNS = "needed required necessary take takes ask asks require requires without gets get give gives offer"
_SIGN_WORDS = frozenset(_SIGNS.split())


def doubts(one: Statement, other: Statement) -> list[Doubt]:
    """Every pair of clauses that the rules cannot reconcile, in reading order."""
    found: list[Doubt] = []
    if contrasts.special(one.heading, one.everything, other=(other.heading, other.everything)):
        return []
    about, about_other = rings.meant(one.heading), rings.meant(other.heading)
    for first in one.clauses:
        for second in other.clauses:
            if first.plain and second.plain:
                continue
            if not (first.rings | about) & (second.rings | about_other):
                continue
            found.extend(_only(first, second))
            said = [
                *_numbers(first, second, one, other),
                *_limits(first, second, one, other),
                *_yes_and_no(first, second),
            ]
            if said and not _about_other_things(first, second, one, other):
                found.extend(said)
    return found


def _about_other_things(first: Clause, second: Clause, one: Statement, other: Statement) -> bool:
    here, there = (
        f"{side.heading.partition(' > ')[2]} {clause.text}" for side, clause in ((one, first), (other, second))
    )
    if cases.differ(f"{one.heading}. {first.meant}", f"{other.heading}. {second.meant}"):
        return True
    if exceptions.granted(first.surroundings, to=there) or exceptions.granted(second.surroundings, to=here):
        return True
    return bool(
        contrasts.apart(
            first.surroundings,
            one.heading,
            one.everything,
            other=(second.surroundings, other.heading, other.everything),
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


def _answered(quantity: Quantity, clause: Clause, other: Statement, *, rival: Clause) -> bool:
    """Whether the other statement says the same number in a clause that is as close to this one as the rival is."""
    return any(
        _same(quantity, known) and len(clause.stems & one.stems) >= len(clause.stems & rival.stems)
        for one in other.clauses
        for known in one.quantities
    )


def _same(one: Quantity, other: Quantity) -> bool:
    if one.dimension is not other.dimension or (one.per and other.per and one.per != other.per):
        return False
    slack = _SAME_PERIOD if one.dimension is Dimension.PERIOD else 1e-9
    return abs(one.value - other.value) <= slack * max(one.value, other.value)


def _numbers(first: Clause, second: Clause, one: Statement, other: Statement) -> Iterator[Doubt]:
    for dimension in {quantity.dimension for quantity in first.quantities}:
        mine = [quantity for quantity in first.quantities if quantity.dimension is dimension]
        theirs = [quantity for quantity in second.quantities if quantity.dimension is dimension]
        if len(mine) > _MOST_NUMBERS or len(theirs) > _MOST_NUMBERS:
            continue
        if dimension is Dimension.TIME and len(mine) != len(theirs):
            mine, theirs = _ends(mine, theirs), _ends(theirs, mine)
        kind = Kind.PERIOD if dimension in _PERIODS else Kind.NUMBER
        for here in mine:
            for there in theirs:
                if (
                    _exclude_each_other(here, there)
                    and not _answered(here, first, other, rival=second)
                    and not _answered(there, second, one, rival=first)
                ):
                    loose, faint = _roles_differ(here, there), _is_threshold_beside_amount(here, there)
                    yield Doubt(kind, first, second, here.text, there.text, loose=loose, faint=faint)


def _ends(times: list[Quantity], others: list[Quantity]) -> list[Quantity]:
    """Of "2 p.m. to 8 p.m." the end that the one other time speaks of; none where that is not said."""
    match len(times), len(others):
        case 1, 2:
            return times if times[0].bound in {Bound.AT_MOST, Bound.AT_LEAST} else []
        case 2, 1:
            return times[-1:] if others[0].bound is Bound.AT_MOST else times[:1]
        case _:
            return []


def _limits(first: Clause, second: Clause, one: Statement, other: Statement) -> Iterator[Doubt]:
    """No limit here and a limit there; a share here and a sum there."""
    here, there = first.unlimited, second.limit
    if not (here and there):
        here, there = first.limit, second.unlimited
    if here and there and first.rings & second.rings:
        yield Doubt(Kind.NUMBER, first, second, here, there, loose=True)
    found = limits.share_and_sum(
        (f"{one.heading}. {first.text}", first.quantities), (f"{other.heading}. {second.text}", second.quantities)
    )
    if found:
        yield Doubt(Kind.NUMBER, first, second, *found, loose=True)


def _ranges_overlap(one: Quantity, other: Quantity) -> bool:
    """Whether a range such as "2 to 5 days" leaves room for the other number, or for a bound on it."""
    if one.upper <= one.value and other.upper <= other.value:
        return False
    low, high = sorted((one, other), key=lambda quantity: quantity.value)
    return (
        high.bound is Bound.AT_MOST
        or low.bound in {Bound.AT_LEAST, Bound.EDGE}
        or max(low.upper, low.value) >= high.value
    )


def _exclude_each_other(one: Quantity, other: Quantity) -> bool:
    if _same(one, other) or Bound.USUAL in {one.bound, other.bound} or _ranges_overlap(one, other):
        return False
    if (one.vague or other.vague) and not (one.counted & other.counted and one.vague is not other.vague):
        return False
    if one.of != other.of and one.dimension is not Dimension.COUNT:
        return False
    if one.per and other.per and one.value / one.per == other.value / other.per:
        return False
    low, high = sorted((one, other), key=lambda quantity: quantity.value)
    if low.value and high.value / low.value > _FARTHEST:
        return False
    return not (low.bound is Bound.AT_LEAST and high.bound is Bound.AT_MOST)


def _roles_differ(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may well be of two kinds: phones and devices, a rate and a sum, a threshold and a price."""
    return (
        one.of != other.of
        or bool(one.per) != bool(other.per)
        or (one.dimension is Dimension.MONEY and _is_threshold_beside_amount(one, other))
    )


def _is_threshold_beside_amount(one: Quantity, other: Quantity) -> bool:
    return {one.bound, other.bound} == {Bound.EDGE, Bound.EXACT}


def _yes_and_no(first: Clause, second: Clause) -> list[Doubt]:
    mine, theirs = first.said, second.said
    stances = {said.stance for said in (mine, theirs) if said}
    if Stance.NO not in stances or (mine and theirs and mine.stance is theirs.stance):
        return []
    if mine and theirs and mine.matter is not theirs.matter:
        return []
    no, yes = (first, second) if mine and mine.stance is Stance.NO else (second, first)
    if no.conditional_no and yes.conditional_yes:
        return []
    if not (mine and theirs) and not _denies(no, yes):
        return []
    matter = (no.said or mine or theirs).matter  # type: ignore[union-attr]
    words = ("needed", "not needed") if matter is Matter.REQUIREMENT else ("yes", "no")
    here, there = words if no is second else words[::-1]
    loose = not (mine and theirs) or not first.rings & second.rings
    faint = any(said.faint for said in (mine, theirs) if said)
    return [Doubt(Kind.YES_NO, first, second, here, there, loose=loose, faint=faint)]


def _denies(no: Clause, yes: Clause) -> bool:
    """Whether the very thing that one clause says is what the other denies: "is kept", "is not kept"."""
    sign = no.said.sign if no.said else ""
    behind = content_words(no.text[no.text.find(sign.strip()) + len(sign.strip()) :])[:1]
    inside = [word for word in content_words(sign) if word not in _SIGN_WORDS]
    if no.said and no.said.matter is Matter.REQUIREMENT:
        return bool(rings.meant(" ".join(inside)) & yes.rings)
    named = rings.meant(" ".join((*behind, *inside))) & yes.rings
    return bool(named) or len(no.rings & yes.rings) >= _TOLD_BY


def _only(first: Clause, second: Clause) -> Iterator[Doubt]:
    """Only a supervisor here and any agent there; in shops only here and in the app there."""
    for one, other in ((first, second), (second, first)):
        if one.sole and (other.open or other.sole):
            mine, theirs = contrasts.actors(one.text), contrasts.doer(other.text)
            if mine and theirs is not None and theirs not in mine:
                yield Doubt(Kind.WHO, first, second, _decider(first), _decider(second))
                return
        if one.only and not other.denies and contrasts.elsewhere(one.text, other.text):
            yield Doubt(
                Kind.YES_NO, first, second, *(("only this", "another") if one is first else ("another", "only this"))
            )
            return


def _decider(clause: Clause) -> str:
    return contrasts.named_actor(clause.text)
