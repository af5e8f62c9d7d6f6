"""Whether two sets of conditions can hold for one customer: "gold: 60 days" and "others: 30 days" do not disagree."""

from math import inf

from bot.conditions.facts import day_of, flag_of, folded, number_of
from bot.conditions.language import DATES, NUMBERS, SPANS, WORDS, AnyOf, Condition, Conditions, Op, Test

_LEAST = frozenset({Op.AT_LEAST, Op.MORE_THAN, Op.AFTER, Op.FROM})
_OPEN = frozenset({Op.MORE_THAN, Op.LESS_THAN, Op.BEFORE, Op.AFTER})


def exclude_each_other(one: Conditions, other: Conditions) -> bool:
    """Whether some fact cannot be both; a customer has one value of each. False where that cannot be told."""
    return any(_exclude(here, there) for here in one for there in other)


def _exclude(one: Condition | AnyOf, other: Condition | AnyOf) -> bool:
    if isinstance(one, AnyOf):
        return all(exclude_each_other(group, (other,)) for group in one.groups)
    if isinstance(other, AnyOf):
        return _exclude(other, one)
    return one.fact == other.fact and any(_clash(here, there) for here in one.tests for there in other.tests)


def _clash(one: Test, other: Test) -> bool:
    if one.op in WORDS and other.op in WORDS:
        here, there = _words(one), _words(other)
        if one.op is other.op:
            return one.op is Op.IS and not here & there
        named, refused = (here, there) if one.op is Op.IS else (there, here)
        return named <= refused
    first, second = _range(one), _range(other)
    return first is not None and second is not None and first[0] == second[0] and _apart(first[1:], second[1:])


def _words(test: Test) -> frozenset[object]:
    return frozenset(_plain(value) for value in test.values)


def _plain(value: str) -> object:
    flag, number = flag_of(value), number_of(value)
    return flag if flag is not None else number if number is not None else folded(value)


# What is counted, from where to where, and whether the ends are left out.
_Range = tuple[str, float, float, bool]


def _range(test: Test) -> _Range | None:
    if test.op in SPANS:
        return _span(test.op, int(test.values[0]))
    if test.op in DATES:
        day = day_of(test.values[0])
        return _half("day", test.op, day.toordinal()) if day else None
    number = number_of(test.values[0]) if len(test.values) == 1 and test.op is not Op.NOT else None
    if number is None:
        return None
    return _half("number", test.op, number) if test.op in NUMBERS else ("number", number, number, False)


def _span(op: Op, days: int) -> _Range:
    match op:
        case Op.WITHIN:
            return "days ago", 0, days, False
        case Op.NEXT:
            return "days ago", -days, 0, False
        case _:
            return "days ago", days, inf, True


def _half(what: str, op: Op, limit: float) -> _Range:
    low, high = (limit, inf) if op in _LEAST else (-inf, limit)
    return what, low, high, op in _OPEN


def _apart(one: tuple[float, float, bool], other: tuple[float, float, bool]) -> bool:
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return low > high or (low == high and (one[2] or other[2]))
