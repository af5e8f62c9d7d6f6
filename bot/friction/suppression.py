"""What may be said of groups of people: those of fewer than five are hidden, and so is what would give them away.

Protected is every number of a hidden group (how many people, how many minutes) against whoever has one publication,
reads all its groups and totals, adds and subtracts them, and knows that a group that is listed has somebody in it:

- a group of fewer than `FEWEST` people is hidden, with all its numbers;
- where a total is shown, its hidden parts are at least two, and together at least `FEWEST` people: the smallest other
  part is hidden too (in a table rather one that serves two totals), or where no part is left, the total;
- whatever hidden number still follows from all sums together, over nested and overlapping groupings, has one more group
  beside it hidden, until none does.

Not protected is: what somebody knows of their own or from another publication, also one of the same reports on another
day or with another filter, so publish whole weeks, and groupings of the same reports in one call; about how large a
hidden number is, also by why this group was hidden and not another; a sum of hidden groups that follows from several
totals and from no single one; that nobody is in a group, which is not listed; what all members of a large group have
in common; and who it was, if their words say so.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

FEWEST = 5

# Each field by which it is grouped with its value, in the order of the fields' names; () for everybody.
Key = tuple[tuple[str, str], ...]

# What is less is an error of rounding: the numbers that are compared with it come from ones and minus ones.
_NOTHING = 1e-7


@dataclass(frozen=True, slots=True)
class Fact:
    """What one person is counted with: by fields such as role or place, and what is added up, none of it negative.

    `person` tells people apart. Where one may stand behind several, groups seem larger than they are: give all the
    anonymous ones the same.
    """

    person: str
    where: Mapping[str, str]
    amounts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of a group, None if it is hidden."""

    people: int | None
    amounts: tuple[float, ...] | None

    @property
    def hidden(self) -> bool:
        return self.people is None


@dataclass(frozen=True, slots=True)
class _Cell:
    people: frozenset[str]
    amounts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Sum:
    """A group and those that it is divided into by one more field, or by several."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def all(self) -> tuple[Key, ...]:
        return (*self.parts, self.total)


def published(facts: Sequence[Fact], by: Iterable[Collection[str]]) -> dict[Key, Group]:
    """Every group that somebody is in, by each of the groupings, and everybody under ().

    A grouping is the names of its fields: [["role"], ["place"], ["role", "place"]] is a table with its totals.
    """
    groupings = sorted({tuple(sorted(fields)) for fields in by} | {()}, key=lambda fields: (len(fields), fields))
    cells = _cells(facts, groupings)
    hidden = _hidden(cells, list(_sums(facts, groupings)))
    return {
        key: Group(None, None) if key in hidden else Group(len(cell.people), cell.amounts)
        for key, cell in cells.items()
    }


def _key(fact: Fact, fields: Iterable[str]) -> Key:
    return tuple((field, fact.where[field]) for field in fields)


def _cells(facts: Sequence[Fact], groupings: Iterable[tuple[str, ...]]) -> dict[Key, _Cell]:
    grouped: dict[Key, list[Fact]] = defaultdict(list)
    for fields in groupings:
        for fact in facts:
            grouped[_key(fact, fields)].append(fact)
    return {
        key: _Cell(
            frozenset(fact.person for fact in each),
            tuple(map(sum, zip(*(fact.amounts for fact in each), strict=True))),
        )
        for key, each in grouped.items()
    }


def _sums(facts: Sequence[Fact], groupings: Sequence[tuple[str, ...]]) -> Iterator[_Sum]:
    for coarse, fine in combinations(groupings, 2):
        if set(coarse) < set(fine):
            parts: dict[Key, set[Key]] = defaultdict(set)
            for fact in facts:
                parts[_key(fact, coarse)].add(_key(fact, fine))
            yield from (_Sum(total, tuple(sorted(each))) for total, each in parts.items())


def _hidden(cells: Mapping[Key, _Cell], sums: Sequence[_Sum]) -> frozenset[Key]:
    hidden = {key for key, cell in cells.items() if len(cell.people) < FEWEST}
    while hidden and (more := _told_by_one(cells, sums, hidden) or _told_by_all(cells, sums, hidden)):
        hidden |= more
    return frozenset(hidden)


def _told_by_one(cells: Mapping[Key, _Cell], sums: Iterable[_Sum], hidden: AbstractSet[Key]) -> set[Key]:
    """What to hide because a total is shown of which too little is hidden."""
    telling: list[set[Key]] = []
    for each in sums:
        parts = [cells[part].people for part in each.parts if part in hidden]
        if each.total not in hidden and parts and (len(parts) == 1 or len(frozenset().union(*parts)) < FEWEST):
            telling.append(set(each.parts) - hidden or {each.total})
    return _best(cells, telling)


def _told_by_all(cells: Mapping[Key, _Cell], sums: Sequence[_Sum], hidden: AbstractSet[Key]) -> set[Key]:
    """What to hide because a hidden number follows from all sums together."""
    touched = [each for each in sums if not hidden.isdisjoint(each.all)]
    for key in sorted(_following(cells, touched, sorted(hidden))):
        for near in ([each for each in touched if key in each.all], _reached_from(key, touched, hidden)):
            if more := _best(cells, [set(each.all) - hidden for each in near]):
                return more
    # Of whatever it hangs together with nothing is shown: one more report like those in it would change no number.
    return set()


def _best(cells: Mapping[Key, _Cell], choices: Iterable[AbstractSet[Key]]) -> set[Key]:
    """The group that is among the most of these choices, the smallest of them; nothing where nothing is to choose."""
    often = Counter(key for choice in choices for key in choice)
    return set(sorted(often, key=lambda key: (-often[key], len(cells[key].people), key))[:1])


def _reached_from(key: Key, sums: Sequence[_Sum], hidden: AbstractSet[Key]) -> list[_Sum]:
    """The sums that hang together with that of a hidden group by hidden groups."""
    reached, found = {key}, list[_Sum]()
    while near := [each for each in sums if each not in found and not reached.isdisjoint(each.all)]:
        found += near
        reached |= {one for each in near for one in each.all} & hidden
    return found


def _following(cells: Mapping[Key, _Cell], sums: Sequence[_Sum], hidden: Sequence[Key]) -> set[Key]:
    """The hidden groups of which a number follows from what is shown."""
    place = {key: number for number, key in enumerate(hidden)}
    system = np.zeros((len(sums), len(hidden)))
    for row, each in enumerate(sums):
        for key in each.all:
            if key in place:
                system[row, place[key]] = -1 if key == each.total else 1
    people = np.array([len(cells[key].people) for key in hidden])
    amounts = np.array([cells[key].amounts for key in hidden], dtype=np.float64).T
    at_least = [people <= 1, *(amount <= 0 for amount in amounts)]
    fixed = [~_could_differ(system, least) for least in at_least]
    return {key for number, key in enumerate(hidden) if any(each[number] for each in fixed)}


def _could_differ(system: NDArray[np.float64], least: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which unknowns have another value in some other solution with the same sums, none below its least.

    `system` has a row for each sum and a column for each unknown; those that are at their `least` can only rise. Of
    those only one at a time is tried, so what could differ may be called fixed, seldom, and never the other way.
    """
    free = np.zeros(len(least), dtype=bool)
    movable, stuck = system[:, ~least], system[:, least]
    left, strengths, right = np.linalg.svd(movable, full_matrices=True)
    rank = int((strengths > _NOTHING).sum())
    ways = right[rank:].T  # by which the movable ones move among themselves
    left, inverse = left[:, :rank], right[:rank].T / strengths[:rank] @ left[:, :rank].T
    rises = np.linalg.norm(stuck - left @ (left.T @ stuck), axis=0) < _NOTHING
    answers = inverse @ stuck[:, rises]  # how they make up for one that rises
    free[least] = rises
    free[~least] = (np.abs(ways).max(axis=1, initial=0) > _NOTHING) | (
        np.abs(answers).max(axis=1, initial=0) > _NOTHING
    )
    return free
