"""Groups of fewer than five are hidden, and whoever adds and subtracts what is shown learns no hidden number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from bot.friction.suppression import FEWEST, Fact, Group, Key, published
from hypothesis import given, settings
from hypothesis import strategies as st

from thorough import cases

ROLES, PLACES = [["role"]], [["role"], ["place"], ["role", "place"]]
# Nested: a place is in one region. Overlapping: a role works in several places, with several tools.
GROUPINGS = [
    ROLES,
    PLACES,
    [["role", "place"]],
    [["region"], ["place"], ["region", "place"]],
    [["role"], ["tool"], ["role", "tool"], ["place"], ["role", "place"]],
    [["region"], ["role"], ["region", "place"], ["region", "role"], ["region", "place", "role"]],
]
REGIONS = {"p0": "north", "p1": "north", "p2": "south", "p3": "south"}


def people(where: dict[str, str], count: int, *, each: float = 1.0) -> list[Fact]:
    named = ".".join(where.values())
    return [Fact(f"{named}.{number}", where, (each,)) for number in range(count)]


def table(rows: dict[str, Sequence[int]]) -> list[Fact]:
    return [
        fact
        for role, counts in rows.items()
        for place, count in enumerate(counts)
        for fact in people({"role": role, "place": f"p{place}"}, count)
    ]


def cell(role: str = "", place: str = "") -> Key:
    """As `published` calls it."""
    return tuple((field, value) for field, value in (("place", place), ("role", role)) if value)


def hidden(groups: dict[Key, Group]) -> set[Key]:
    return {key for key, group in groups.items() if group.hidden}


def test_groups_of_five_are_shown_with_their_numbers() -> None:
    facts = people({"role": "shop"}, 5, each=2.5) + people({"role": "phone"}, 7)
    assert published(facts, ROLES) == {
        (): Group(12, (19.5,)),
        cell("shop"): Group(5, (12.5,)),
        cell("phone"): Group(7, (7.0,)),
    }


def test_a_small_group_is_hidden_and_so_is_the_next_smallest() -> None:
    facts = [*people({"role": "field"}, 4), *people({"role": "shop"}, 9), *people({"role": "phone"}, 6)]
    facts += people({"role": "chat"}, 8)
    groups = published(facts, ROLES)
    assert hidden(groups) == {cell("field"), cell("phone")}
    assert groups[()] == Group(27, (27.0,))


def test_small_groups_that_are_fewer_than_five_together_take_another_with_them() -> None:
    facts = [*people({"role": "field"}, 2), *people({"role": "owner"}, 2), *people({"role": "shop"}, 9)]
    assert hidden(published(facts, ROLES)) == {cell("field"), cell("owner"), cell("shop")}
    facts = [*people({"role": "field"}, 2), *people({"role": "owner"}, 3), *people({"role": "shop"}, 9)]
    assert hidden(published(facts, ROLES)) == {cell("field"), cell("owner")}


def test_five_groups_of_one_are_not_all_that_is_hidden() -> None:
    """That they are five together says that each is one."""
    facts = [fact for number in range(5) for fact in people({"role": f"r{number}"}, 1)]
    facts += [*people({"role": "shop"}, 9), *people({"role": "phone"}, 8)]
    assert hidden(published(facts, ROLES)) == {*(cell(f"r{number}") for number in range(5)), cell("phone")}


def test_where_there_is_nothing_to_hide_behind_the_total_is_hidden() -> None:
    assert hidden(published(people({"role": "field"}, 4), ROLES)) == {(), cell("field")}
    groups = published(table({"shop": [3, 3], "phone": [9, 9]}), [["role"], ["role", "place"]])
    assert hidden(groups) == {cell("shop", "p0"), cell("shop", "p1")}
    assert published([], ROLES) == {}


def test_in_a_table_four_corners_are_hidden() -> None:
    groups = published(table({"shop": [7, 3, 20], "phone": [9, 8, 20], "chat": [6, 12, 20]}), PLACES)
    assert hidden(groups) == {cell(role, place) for role in ("shop", "chat") for place in ("p0", "p1")}


def test_a_hidden_group_that_only_all_totals_together_give_away_is_protected_too() -> None:
    """Two blocks of four, and one between them: rows and columns hide two each, and the one follows all the same."""
    counts = {
        "r0": [4, 4, 20, 20],
        "r1": [4, 4, 3, 20],
        "r2": [20, 20, 4, 4],
        "r3": [20, 20, 4, 4],
    }
    groups = published(table(counts), PLACES)
    assert not determined(table(counts), PLACES, groups)
    naive = {
        cell(role, f"p{place}") for role, row in counts.items() for place, count in enumerate(row) if count < FEWEST
    }
    shown = {key: Group(None, None) if key in naive else group for key, group in full(table(counts), PLACES).items()}
    assert determined(table(counts), PLACES, shown) == {cell("r1", "p2")}
    assert len(hidden(groups) - naive) == 1


def test_who_reports_twice_is_one_person() -> None:
    where = {"role": "shop"}
    facts = [Fact("ann", where, (float(minutes),)) for minutes in range(9)] + people({"role": "phone"}, 9)
    groups = published(facts, ROLES)
    assert hidden(groups) == {cell("shop"), cell("phone")}
    assert groups[()] == Group(10, (45.0,))


def test_that_nobody_in_a_hidden_group_lost_a_minute_is_hidden_too() -> None:
    """If all minutes are those of the shop, the other two have none."""
    facts = [*people({"role": "field"}, 3, each=0), *people({"role": "owner"}, 4, each=0), *people({"role": "shop"}, 9)]
    assert hidden(published(facts, ROLES)) == {cell("field"), cell("owner"), cell("shop")}


# The attacks, each by a way of its own: exact elimination, and bounds by linear programming.


def full(facts: Sequence[Fact], by: Iterable[Sequence[str]]) -> dict[Key, Group]:
    """Everything, hidden or not, by the simplest loop."""
    found: dict[Key, Group] = {}
    for fields in [(), *by]:
        for fact in facts:
            key = tuple((field, fact.where[field]) for field in sorted(fields))
            those = [each for each in facts if all(each.where[field] == value for field, value in key)]
            amounts = tuple(sum(each.amounts[place] for each in those) for place in range(len(fact.amounts)))
            found[key] = Group(len({each.person for each in those}), amounts)
    return found


def equations(facts: Sequence[Fact], by: Iterable[Sequence[str]]) -> list[tuple[Key, set[Key]]]:
    """Each total with its parts."""
    found: list[tuple[Key, set[Key]]] = []
    for coarse, fine in combinations(sorted([(), *map(tuple, map(sorted, by))], key=len), 2):
        if set(coarse) < set(fine):
            parts: dict[Key, set[Key]] = defaultdict(set)
            for fact in facts:
                keys = [tuple((field, fact.where[field]) for field in fields) for fields in (coarse, fine)]
                parts[keys[0]].add(keys[1])
            found += parts.items()
    return found


def determined(facts: Sequence[Fact], by: Iterable[Sequence[str]], groups: dict[Key, Group]) -> set[Key]:
    """What follows from all sums, by elimination with fractions."""
    unknown = sorted(hidden(groups))
    rows = [
        [Fraction((key in parts) - (key == total)) for key in unknown] for total, parts in equations(facts, list(by))
    ]
    rank = 0
    for column in range(len(unknown)):
        pivot = next((row for row in range(rank, len(rows)) if rows[row][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        rows[rank] = [value / rows[rank][column] for value in rows[rank]]
        for row in range(len(rows)):
            if row != rank and rows[row][column]:
                by_how_much = rows[row][column]
                rows[row] = [mine - by_how_much * its for mine, its in zip(rows[row], rows[rank], strict=True)]
        rank += 1
    alone = [[key for key, value in zip(unknown, row, strict=True) if value] for row in rows[:rank]]
    return {keys[0] for keys in alone if len(keys) == 1}


def bounded(
    facts: Sequence[Fact],
    by: Iterable[Sequence[str]],
    groups: dict[Key, Group],
    numbers: dict[Key, float],
    least: float,
) -> set[Key]:
    """The hidden groups whose number is known to whoever knows the sums, and that none is below `least`."""
    # Here, since every process of the tests reads this file, and scipy takes half a second.
    from scipy.optimize import linprog  # noqa: PLC0415

    unknown = sorted(hidden(groups))
    sums = equations(facts, list(by))
    if not unknown or not sums:
        return set()
    system = np.array([[(key in parts) - (key == total) for key in unknown] for total, parts in sums], dtype=float)
    known = [
        (0 if total in unknown else numbers[total]) - sum(numbers[part] for part in parts if part not in unknown)
        for total, parts in sums
    ]
    found: set[Key] = set()
    for place, key in enumerate(unknown):
        ends: list[float] = []
        for sign in (1, -1):
            goal = np.zeros(len(unknown))
            goal[place] = sign
            solved = linprog(goal, A_eq=system, b_eq=known, bounds=[(least, 10**4)] * len(unknown))
            assert solved.status == 0, solved.message
            ends.append(sign * solved.fun)
        if ends[1] - ends[0] < 1e-3:
            found.add(key)
    return found


@st.composite
def reports(draw: st.DrawFn) -> list[Fact]:
    """Of people who have one role and one place, and report with several tools; some places are rare."""
    found: list[Fact] = []
    sizes = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 9, 14])
    for role in range(draw(st.integers(1, 4))):
        for place in range(draw(st.integers(1, 4))):
            for number in range(draw(sizes)):
                where = {"role": f"r{role}", "place": f"p{place}", "region": REGIONS[f"p{place}"]}
                minutes = float(draw(st.sampled_from([0, 0, 1, 5, 30])))
                found.append(
                    Fact(f"{role}.{place}.{number}", {**where, "tool": f"t{(number + role) % 3}"}, (minutes, 1.0))
                )
    return found


@settings(max_examples=cases(25, thoroughly=60), deadline=None)
@given(facts=reports(), by=st.sampled_from(GROUPINGS))
def test_adding_and_subtracting_what_is_shown_gives_no_hidden_number(facts: list[Fact], by: list[list[str]]) -> None:
    groups, truth = published(facts, by), full(facts, by)
    assert groups.keys() == truth.keys()
    assert all(group == truth[key] for key, group in groups.items() if not group.hidden)
    assert all(truth[key].people >= FEWEST for key, group in groups.items() if not group.hidden)
    assert determined(facts, by, groups) == set()
    for number, least in ((None, 1), (0, 0), (1, 0)):
        numbers = {
            key: float(group.people if number is None else group.amounts[number]) for key, group in truth.items()
        }
        assert bounded(facts, by, groups, numbers, least) == set()
    for total, parts in equations(facts, by):
        gone = [part for part in parts if groups[part].hidden]
        if gone and not groups[total].hidden:
            of_them = {
                fact.person
                for fact in facts
                for part in gone
                if all(fact.where[field] == value for field, value in part)
            }
            assert len(gone) > 1
            assert len(of_them) >= FEWEST


@settings(max_examples=cases(25, thoroughly=40), deadline=None)
@given(
    pairs=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3), st.integers(0, 2)), max_size=60),
    by=st.sampled_from(GROUPINGS[:2]),
)
def test_people_who_are_in_several_groups_are_protected_too(
    pairs: list[tuple[int, int, int]], by: list[list[str]]
) -> None:
    facts = [Fact(str(who), {"role": f"r{role}", "place": f"p{place}"}, (1.0,)) for who, role, place in pairs]
    groups, truth = published(facts, by), full(facts, by)
    assert determined(facts, by, groups) == set()
    assert all(truth[key].people >= FEWEST for key, group in groups.items() if not group.hidden)
    numbers = {key: group.amounts[0] for key, group in truth.items()}
    assert bounded(facts, by, groups, numbers, 0) == set()


@given(rows=st.lists(st.lists(st.integers(5, 9), min_size=3, max_size=3), min_size=1, max_size=4))
def test_where_every_group_is_large_enough_nothing_is_hidden(rows: list[list[int]]) -> None:
    groups = published(table({f"r{number}": row for number, row in enumerate(rows)}), PLACES)
    assert not hidden(groups)


def test_a_large_table_is_protected_within_a_moment() -> None:
    drawn = np.random.default_rng(7)
    facts = [
        Fact(str(who), {"role": f"r{int(role * 6)}", "place": f"p{int(place * 14)}"}, (float(who % 20),))
        for who, (role, place) in enumerate(drawn.random((400, 2)) ** 2)
    ]
    groups = published(facts, PLACES)
    small = sum(group.people < FEWEST for group in full(facts, PLACES).values())
    assert determined(facts, PLACES, groups) == set()
    assert small <= len(hidden(groups)) <= small * 1.1, "hardly more than must be"


@pytest.mark.parametrize("by", GROUPINGS)
def test_the_order_of_reports_and_groupings_hides_nothing_else(by: list[list[str]]) -> None:
    facts = [
        Fact(
            str(who),
            {"role": f"r{who % 3}", "place": f"p{who % 4}", "region": REGIONS[f"p{who % 4}"], "tool": f"t{who % 5}"},
        )
        for who in range(31)
    ]
    turned = published(facts[::-1], [fields[::-1] for fields in by[::-1]])
    assert turned == published(facts, by)
