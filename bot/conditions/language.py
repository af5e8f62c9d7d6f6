"""What a condition is, and whether it is met."""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from bot.conditions.facts import Facts, day_of, flag_of, folded, number_of


class Standing(StrEnum):
    MET = "met"
    NOT_MET = "not met"
    NOT_KNOWN = "not known"


class Op(StrEnum):
    """What is asked of a fact, in the words in which people write it."""

    IS = "is"
    NOT = "not"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    MORE_THAN = "more than"
    LESS_THAN = "less than"
    BEFORE = "before"
    AFTER = "after"
    FROM = "from"
    UNTIL = "until"
    WITHIN = "within days"
    LONGER_AGO = "more than days ago"
    NEXT = "in the next days"


_COMPARED: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.AT_LEAST: operator.ge,
    Op.AT_MOST: operator.le,
    Op.MORE_THAN: operator.gt,
    Op.LESS_THAN: operator.lt,
    Op.BEFORE: operator.lt,
    Op.AFTER: operator.gt,
    Op.FROM: operator.ge,
    Op.UNTIL: operator.le,
}
NUMBERS = frozenset({Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN})
DATES = frozenset({Op.BEFORE, Op.AFTER, Op.FROM, Op.UNTIL})
# How many days lie between then and today.
SPANS = frozenset({Op.WITHIN, Op.LONGER_AGO, Op.NEXT})
WORDS = frozenset({Op.IS, Op.NOT})


@dataclass(frozen=True, slots=True)
class Test:
    """`values` are as they were written: several for `is` and `not`, which mean any of them, else one.

    Raises `ValueError` for what cannot be compared with.
    """

    op: Op
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.values or (self.op not in WORDS and len(self.values) > 1):
            raise ValueError(f"{self.op} takes one value")
        if self.op in NUMBERS and number_of(self.values[0]) is None:
            raise ValueError(f"{self.values[0]} is no number")
        if self.op in DATES and day_of(self.values[0]) is None:
            raise ValueError(f"{self.values[0]} is no date; write it as YYYY-MM-DD")
        if self.op in SPANS and not self.values[0].isdecimal():
            raise ValueError(f"{self.values[0]} is no number of days")


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact that passes all tests. `ask` is what to find out where it is not known, "" for a question made of it."""

    fact: str
    tests: tuple[Test, ...]
    ask: str = ""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Several groups of conditions, of which one is enough."""

    groups: tuple["Conditions", ...]


# All of them have to be met; none at all is always met.
Conditions: TypeAlias = tuple[Condition | AnyOf, ...]


def all_of(standings: Iterable[Standing]) -> Standing:
    found = set(standings)
    if Standing.NOT_MET in found:
        return Standing.NOT_MET
    return Standing.NOT_KNOWN if Standing.NOT_KNOWN in found else Standing.MET


def any_of(standings: Iterable[Standing]) -> Standing:
    found = set(standings)
    if Standing.MET in found:
        return Standing.MET
    return Standing.NOT_KNOWN if Standing.NOT_KNOWN in found else Standing.NOT_MET


def standing_of(conditions: Conditions, facts: Facts, *, today: date) -> Standing:
    """Whether all of them are met."""
    return all_of(standing(one, facts, today=today) for one in conditions)


def standing(condition: Condition | AnyOf, facts: Facts, *, today: date) -> Standing:
    """Where systems disagree, it is met or not met only if it is so by what each of them says."""
    if isinstance(condition, AnyOf):
        return any_of(standing_of(group, facts, today=today) for group in condition.groups)
    fact = facts.get(condition.fact)
    found = {_of_value(condition, one.value, today) for one in fact.said} if fact else set()
    return found.pop() if len(found) == 1 else Standing.NOT_KNOWN


def facts_in(conditions: Conditions) -> Iterator[str]:
    """The names of the facts that they ask for."""
    for one in conditions:
        if isinstance(one, Condition):
            yield one.fact
        else:
            for group in one.groups:
                yield from facts_in(group)


def _of_value(condition: Condition, value: object, today: date) -> Standing:
    """Of a list one entry has to pass; what it must not be, none of its entries may be."""
    entries = value if isinstance(value, list) else [value]
    refused = [test for test in condition.tests if test.op is Op.NOT]
    wanted = [test for test in condition.tests if test.op is not Op.NOT]
    without = all_of(_passes(test, entry, today) for test in refused for entry in entries)
    if not wanted:
        return without
    return all_of((without, any_of(all_of(_passes(test, entry, today) for test in wanted) for entry in entries)))


def _passes(test: Test, value: object, today: date) -> Standing:
    passed = _compared(test, value, today)
    return Standing.NOT_KNOWN if passed is None else Standing.MET if passed else Standing.NOT_MET


def _compared(test: Test, value: object, today: date) -> bool | None:
    """None where the value is none that could be compared."""
    if value is None or value == "":
        return None
    if test.op in WORDS:
        same = _same_as_any(test.values, value)
        return same if same is None or test.op is Op.IS else not same
    if test.op in NUMBERS:
        number, limit = number_of(value), number_of(test.values[0])
        return None if number is None else _COMPARED[test.op](number, limit)
    day = day_of(value)
    return None if day is None else _in_time(test, day, today)


def _in_time(test: Test, day: date, today: date) -> bool:
    if test.op in DATES:
        return _COMPARED[test.op](day, day_of(test.values[0]))
    ago, days = (today - day).days, int(test.values[0])
    match test.op:
        case Op.WITHIN:
            return 0 <= ago <= days
        case Op.NEXT:
            return 0 <= -ago <= days
        case _:
            return ago > days


def _same_as_any(wanted: tuple[str, ...], value: object) -> bool | None:
    found = [_same(each, value) for each in wanted]
    return True if True in found else None if None in found else False


def _same(wanted: str, value: object) -> bool | None:
    """None where a yes or no is compared with something else."""
    if isinstance(value, bool):
        flag = flag_of(wanted)
        return None if flag is None else flag is value
    here, there = flag_of(wanted), flag_of(value)
    if here is not None and there is not None:
        return here is there
    one, other = number_of(wanted), number_of(value)
    return one == other if one is not None and other is not None else folded(wanted) == folded(value)
