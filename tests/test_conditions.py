"""A condition is met, not met or not known; it is read from YAML as people write it, and tells itself in words."""

from datetime import date

import pytest
import yaml
from bot.conditions import (
    Conditions,
    Facts,
    Standing,
    as_stored,
    exclude_each_other,
    from_stored,
    judged,
    known,
    read,
    standing_of,
    unjudged,
)

TODAY = date(2026, 11, 22)
MET, NOT_MET, NOT_KNOWN = Standing.MET, Standing.NOT_MET, Standing.NOT_KNOWN


class Wrong(Exception):
    pass


def conditions(text: str) -> Conditions:
    node = yaml.compose(text)
    assert node is not None
    return read(node, fault=lambda line, what: Wrong(f"line {line + 1}: {what}"))


def standing(text: str, **values: object) -> Standing:
    return standing_of(conditions(text), {name: known(value) for name, value in values.items()}, today=TODAY)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("x: gold", "Gold ", MET),
        ("x: gold", "silver", NOT_MET),
        ("x: [gold, platinum]", "platinum", MET),
        ("x: {not: US}", "CA", MET),
        ("x: {not: [US, CA]}", "CA", NOT_MET),
        ("x: NO", "SE", NOT_MET),  # Norway, not a flag
        ("x: NO", "no", MET),
        ("x: 3", 3.0, MET),
        ("x: yes", True, MET),
        ("x: yes", "no", NOT_MET),
        ("x: no", False, MET),
        ("x: gold", True, NOT_KNOWN),
        ("x: gold", "", NOT_KNOWN),
        ("x: {at least: 12}", 12, MET),
        ("x: {at least: 12}", "11.5", NOT_MET),
        ("x: {at_most: 12}", 12, MET),
        ("x: {more than: 12}", 12, NOT_MET),
        ("x: {less-than: 12}", "a dozen", NOT_KNOWN),
        ("x: {at least: 2, at most: 4}", 3, MET),
        ("x: {before: 2026-01-01}", "2025-12-31", MET),
        ("x: {before: 2026-01-01}", "2026-01-01", NOT_MET),
        ("x: {from: 2026-01-01}", "2026-01-01T10:00:00+00:00", MET),
        ("x: {until: 2026-01-01}", "soon", NOT_KNOWN),
        ("x: {within days: 30}", "2026-10-23", MET),
        ("x: {within days: 30}", "2026-10-22", NOT_MET),
        ("x: {within days: 30}", "2026-11-23", NOT_MET),  # it has not happened yet
        ("x: {more than days ago: 30}", "2026-10-22", MET),
        ("x: {in the next days: 7}", "2026-11-29", MET),
        ("x: tv", ["internet", "tv"], MET),
        ("x: tv", [], NOT_MET),
        ("x: {not: tv}", ["internet", "tv"], NOT_MET),
        ("x: {before: 2026-11-01, within days: 30}", ["2020-01-01", "2026-11-20"], NOT_MET),  # no one of them is both
        ("x: {before: 2026-11-01, within days: 30}", ["2020-01-01", "2026-10-30"], MET),
    ],
)
def test_a_condition_is_met_or_not_by_one_value(text: str, value: object, expected: Standing) -> None:
    assert standing(text, x=value) is expected


def test_what_is_not_known_never_counts_as_met() -> None:
    assert standing("segment: gold") is NOT_KNOWN
    assert standing("segment: {not: gold}") is NOT_KNOWN
    assert standing("{segment: gold, country: US}", segment="gold") is NOT_KNOWN
    assert standing("{segment: gold, country: US}", segment="silver") is NOT_MET


def test_one_group_of_any_is_enough() -> None:
    text = "any: [{segment: gold}, {tenure_months: {at least: 60}, country: US}]"
    assert standing(text, segment="gold") is MET
    assert standing(text, segment="silver", tenure_months=70) is NOT_KNOWN
    assert standing(text, segment="silver", tenure_months=10) is NOT_MET
    assert standing(text, segment="silver", tenure_months=70, country="US") is MET


def test_where_systems_disagree_only_what_all_of_them_agree_on_is_known() -> None:
    boxes: Facts = {"boxes": known(1, 3)}
    assert standing_of(conditions("boxes: {at least: 1}"), boxes, today=TODAY) is MET
    assert standing_of(conditions("boxes: {at least: 4}"), boxes, today=TODAY) is NOT_MET
    assert standing_of(conditions("boxes: {at least: 2}"), boxes, today=TODAY) is NOT_KNOWN


def test_each_condition_tells_itself_and_how_it_stands() -> None:
    text = """
segment: [gold, platinum]
tenure_months: {at least: 12}
boxes: 1
disputed: {is: yes, ask: "is the account under dispute?"}
fragile: no
purchased: {within days: 30}
any: [{country: US}, {plan: {not: mini}}]
"""
    facts: Facts = {
        "segment": known("gold"),
        "tenure_months": known(3),
        "boxes": known(1, 3, source="orion"),
        "plan": known("mini"),
    }
    assert [one.told for one in judged(conditions(text), facts, today=TODAY)] == [
        "segment is gold or platinum: met",
        "tenure at least 12 months: not met (it is 3)",
        "check: boxes is 1? (orion says 1, orion says 3)",
        "check: is the account under dispute?",
        "check: fragile, yes or no?",
        "check: purchased within the last 30 days?",
        "check: country is US?",
    ]
    assert [one.told for one in unjudged(conditions(text))][-2:] == [
        "purchased within the last 30 days",
        "country is US, or plan is not mini",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("segment:\n  is: gold\n  ist: x", "line 3: `ist` is no way to compare; did you mean `is`?"),
        ("a: 1\na: 2", "line 2: a stands there twice; keep one"),
        ("a: 1\nTenure Months: 3", "line 2: 'Tenure Months' names no fact"),
        ("a:\n  at least: many", "line 2: many is no number"),
        ("a:\n  before: soon", "line 2: soon is no date; write it as YYYY-MM-DD"),
        ("a:\n  within days: -3", "line 2: -3 is no number of days"),
        ("a:\n  at least: [1, 2]", "line 2: at least takes one value"),
        ("a:", "line 1: there is no value to compare with"),
        ("a: {ask: is it so}", "line 1: a says nothing that it has to be"),
        ("any: {a: 1}", "line 1: `any` is a list"),
        ("- a: 1", "line 1: expected `name: value` lines"),
        ("&x any: [*x]", "line 1"),
        ("{}", "line 1: conditions are `name: value` lines"),
        ("any: [{any: [{any: [{any: [{any: [{a: 1}]}]}]}]}]", "too often"),
    ],
)
def test_a_fault_is_named_with_its_line_and_what_to_do(text: str, said: str) -> None:
    with pytest.raises((Wrong, yaml.YAMLError)) as refused:
        conditions(text)
    if isinstance(refused.value, Wrong):
        assert said in str(refused.value)


def test_conditions_come_back_from_a_table_as_they_went_in() -> None:
    some = conditions("{a: [1, two], b: {at least: 3, ask: how many}, any: [{c: yes}, {d: {not: x}}]}")
    assert from_stored(as_stored(some)) == some
    for hostile in ({}, [1], [{"fact": "a"}], [{"fact": "a", "tests": [["at least", ["x"]]], "ask": ""}], None):
        with pytest.raises((ValueError, TypeError, KeyError)):
            from_stored(hostile)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("segment: gold", "segment: {not: gold}", True),
        ("segment: gold", "segment: {not: [gold, silver]}", True),
        ("segment: [gold, silver]", "segment: {not: gold}", False),
        ("segment: gold", "segment: [silver, bronze]", True),
        ("segment: gold", "segment: [silver, GOLD]", False),
        ("segment: gold", "country: US", False),
        ("fragile: yes", "fragile: no", True),
        ("tenure: {at least: 12}", "tenure: {less than: 12}", True),
        ("tenure: {at least: 12}", "tenure: {at most: 12}", False),
        ("tenure: 3", "tenure: {more than: 3}", True),
        ("since: {before: 2026-01-01}", "since: {from: 2026-01-01}", True),
        ("since: {until: 2026-01-01}", "since: {from: 2026-01-01}", False),
        ("bought: {within days: 30}", "bought: {more than days ago: 30}", True),
        ("bought: {within days: 31}", "bought: {more than days ago: 30}", False),
        ("{segment: gold, country: US}", "{segment: silver, country: US}", True),
        ("any: [{segment: gold}, {segment: silver}]", "segment: bronze", True),
        ("any: [{segment: gold}, {country: US}]", "segment: bronze", False),
    ],
)
def test_conditions_that_no_customer_can_meet_together_are_known(one: str, other: str, *, expected: bool) -> None:
    assert exclude_each_other(conditions(one), conditions(other)) is expected
    assert exclude_each_other(conditions(other), conditions(one)) is expected
