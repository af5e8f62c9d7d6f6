"""Two passages disagree if they make claims about the same subject that cannot both hold."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from bot.retrieval.disagreement import Disagreement, Kind, Statement, doubts, judge
from bot.retrieval.disagreement.numerals import value_of
from bot.retrieval.disagreement.quantities import Bound, quantities
from bot.retrieval.disagreement.stances import said
from bot.retrieval.embedding import Embedder

DATA = Path(__file__).parent / "data"
# The second file was written later, before the rules were changed again.
PLANTED = ("disagreements.yaml", "disagreements_2.yaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [("1,000", 1000), ("3.50", 3.5), ("twenty-five", 25), ("twelve", 12), ("two hundred", 200), ("half a", 0.5)],
)
def test_numbers_are_read_as_people_write_them(written: str, value: float) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It costs $1,000.", "It costs 1000 dollars."),
        ("It waits a fortnight.", "It waits 14 days."),
        ("An answer comes within 24 hours.", "An answer comes within a day."),
        ("It takes 50 percent off.", "It takes half the price off."),
        ("It is free of charge.", "There is no fee."),
        ("It closes at noon.", "It closes at 12:00."),
        ("It runs for six months.", "It runs for half a year."),
        ("The report is due every 3 months.", "The report is due quarterly."),
        ("It waits a quarter of an hour.", "It waits 15 minutes."),
        ("It lasts a year and a half.", "It lasts 18 months."),
        ("There are ten vacation days.", "There are 10 days."),
        ("It is due on 30 June.", "It is due on June 30."),
        ("It closes after the third try.", "It closes after 3 tries."),
        ("The fee is waived.", "It is for nothing."),
    ],
)
def test_one_amount_written_in_two_ways_is_one_amount(one: str, other: str) -> None:
    (mine,), (theirs,) = quantities(one), quantities(other)
    assert mine.dimension is theirs.dimension
    assert mine.value == pytest.approx(theirs.value, rel=0.021)
    assert mine.per == pytest.approx(theirs.per, rel=0.021)


def test_a_change_of_a_period_is_not_that_period() -> None:
    changes = ("An extension moves the due date by up to 14 days.", "The bill is due 14 days more.")
    rule = Statement("Late fees", "A bill is due 21 days after the bill date.")
    assert all(quantities(change)[0].of == "change" for change in changes)
    assert doubts(rule, Statement("Payment arrangements", changes[0])) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Fill in form GR-30.", "Call ext. 4200.", "Version 5 came out in May.", "See page 12.", "Do steps 1 to 5.",
        "Sales since 2023 are listed.", "Use code 31.", 'Say "I can offer you $90".',
        "Example: a phone listed at $200.",
        "Parental controls 4.2 are out.",
    ],
)  # fmt: skip
def test_numbers_that_name_things_are_no_amounts(sentence: str) -> None:
    assert quantities(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "bound"),
    [
        ("up to 10 days", Bound.AT_MOST), ("within 10 days", Bound.AT_MOST), ("10 days at the latest", Bound.AT_MOST),
        ("at least 10 days", Bound.AT_LEAST), ("more than 10 days", Bound.EDGE), ("about 10 days", Bound.USUAL),
        ("for 10 days", Bound.EXACT), ("not above 10 days", Bound.AT_MOST),
    ],
)  # fmt: skip
def test_a_number_is_held_exactly_or_as_a_bound(sentence: str, bound: Bound) -> None:
    (found,) = quantities(sentence)
    assert found.bound is bound


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("Clearance items can be put on layaway.", "yes"), ("It cannot be returned.", "no"),
        ("Putting them on layaway is not possible.", "no"), ("It is taken back, whether opened or not.", "yes"),
        ("Do not book the job.", "no"), ("No more than 3 may be sold.", "yes"), ("A signature is required.", "yes"),
        ("No signature is needed.", "no"),
    ],
)  # fmt: skip
def test_a_clause_says_yes_or_no(clause: str, expected: str) -> None:
    found = said(clause)
    assert found is not None
    assert found.stance == expected


def kinds(
    one: str, other: str, *, headings: tuple[str, str] = ("Phones > Rules", "Counter notes > Phones")
) -> set[Kind]:
    return {doubt.kind for doubt in doubts(Statement(headings[0], one), Statement(headings[1], other))}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("A phone can be returned within 30 days.", "A phone can be returned within 14 days.", Kind.PERIOD),
        ("The phone is repaired for $29.", "The phone is repaired for $49.", Kind.NUMBER),
        ("The phone is repaired for $29.", "The phone is repaired free of charge.", Kind.NUMBER),
        ("Phones are packed by noon.", "Phones are packed by 3 p.m.", Kind.PERIOD),
        ("A phone can be bought on layaway.", "A phone cannot be bought on layaway.", Kind.YES_NO),
        ("A deposit is required for the phone.", "No deposit is required for the phone.", Kind.YES_NO),
        ("Only a supervisor may unlock a phone.", "Any agent can unlock a phone.", Kind.WHO),
        ("A phone is unlocked in a shop only.", "A phone can be unlocked in the app.", Kind.YES_NO),
        ("A phone is repaired in 2 to 4 days.", "A phone is repaired in 7 to 10 days.", Kind.PERIOD),
        ("A phone can be returned at any time.", "A phone can be returned within 14 days.", Kind.NUMBER),
        ("The fee for a phone is 5 percent.", "The fee for a phone is $9.", Kind.NUMBER),
        ("The case is included with a phone.", "The case of a phone is charged separately.", Kind.YES_NO),
        ("No phone is swapped without the consent of a lead.", "No consent is needed to swap a phone.", Kind.YES_NO),
        ("The phones are shown from 9 a.m. to 8 p.m.", "The phones are put away by 7 p.m.", Kind.PERIOD),
        ("Two phones fit into a box.", "We put one phone into a box.", Kind.NUMBER),
    ],
)
def test_what_cannot_both_hold_is_doubted(one: str, other: str, kind: Kind) -> None:
    assert kind in kinds(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A prepaid phone costs $10.", "A contract phone costs $20."),
        ("On weekdays phones are repaired until 6 p.m.", "On Sundays phones are repaired until 3 p.m."),
        ("In the first 30 days a phone is swapped.", "After 30 days a phone is not swapped."),
        ("A phone sold before July 2025 has 12 months.", "A phone sold since July 2025 has 24 months."),
        ("At least 20 percent of the phone is paid.", "At most 60 percent of the phone is paid."),
        ("A phone is repaired within 5 days.", "A phone is usually repaired in 2 days."),
        ("A phone must not be sold before it is released.", "A phone may be sold once it is released."),
        ("The phone costs $1,000.", "The phone costs 1000 dollars."),
        ("An agent may take 5 percent off a phone.", "A supervisor may take 12 percent off a phone."),
        ("Take the phone to page 3.", "Take the phone to page 5."),
        ("A phone is repaired in 2 to 5 days.", "A phone is repaired within 4 days."),
        ("A phone of tier 1 is repaired in 2 days.", "A phone of tier 3 is repaired in 9 days."),
        ("With a receipt a phone is taken back for 30 days.", "Without a receipt a phone is taken back for 7 days."),
        ("Repairs in the network cost $20.", "Repairs outside the network cost $60."),
        ("Phones are never lent, except demo phones.", "Demo phones may be lent."),
    ],
)
def test_what_holds_side_by_side_is_not_doubted(one: str, other: str) -> None:
    assert kinds(one, other) == set()


def test_two_devices_may_have_two_rules() -> None:
    headings = ("Rented devices > Exchange", "What we rent > Exchange")
    one, other = "A rented modem is swapped after 4 years.", "A rented router is swapped after 6 years."
    assert kinds(one, other, headings=headings) == set()


def test_pages_of_one_pattern_about_two_places_do_not_disagree() -> None:
    headings = ("Chicago > Opening hours", "Boston > Opening hours")
    assert (
        kinds("The phones are staffed until 6 p.m.", "The phones are staffed until 5 p.m.", headings=headings) == set()
    )


def stated(side: dict[str, str]) -> Statement:
    return Statement(f"{side['title']} > {side['section']}", side["text"])


@pytest.fixture(scope="module")
def judged(encoder: Embedder) -> Mapping[str, Sequence[tuple[dict[str, Any], Disagreement | None]]]:
    """Every planted pair of each group with what is found in it."""
    planted = {
        name: pairs
        for file in PLANTED
        for name, pairs in yaml.safe_load((DATA / file).read_text(encoding="utf-8")).items()
    }
    sides = [stated(pair[side]).everything for pairs in planted.values() for pair in pairs for side in ("a", "b")]
    together = dict(zip(sides, encoder.encode(sides), strict=True))  # which takes half as long as one by one
    meaning = lru_cache(maxsize=None)(lambda text: together[text] if text in together else encoder.encode([text])[0])

    def found(pair: dict[str, Any]) -> Disagreement | None:
        one, other = stated(pair["a"]), stated(pair["b"])
        nearness = float(meaning(one.everything) @ meaning(other.everything))
        return judge(doubts(one, other), passages=nearness, meaning=meaning)

    return {name: [(pair, found(pair)) for pair in pairs] for name, pairs in planted.items()}


# The goal for `held_out` is .8 and .8; docs/decisions.md says what was reached. Nobody read its pairs for this, nor
# those of `unread`.
@pytest.mark.parametrize(
    ("group", "precision", "recall"),
    [
        ("development", 0.96, 0.90),
        ("read", 0.95, 0.95),
        ("read_later", 0.81, 0.68),
        ("unread", 0.80, 0.69),
        ("held_out", 0.67, 0.70),
    ],
)
def test_planted_conflicts_are_told_from_their_look_alikes(
    judged: Mapping[str, Sequence[tuple[dict[str, Any], Disagreement | None]]],
    group: str,
    precision: float,
    recall: float,
) -> None:
    right = sum(pair["conflict"] for pair, found in judged[group] if found)
    assert right / sum(found is not None for _, found in judged[group]) >= precision
    assert right / sum(pair["conflict"] for pair, _ in judged[group]) >= recall


def test_a_disagreement_says_on_what_in_a_few_words(
    judged: Mapping[str, Sequence[tuple[dict[str, Any], Disagreement | None]]],
) -> None:
    found = [one for _, one in judged["development"] if one]
    assert all(one.here and one.there and len(one.here.split()) <= 6 for one in found)
    assert ("six months", "twelve months") in {(one.here, one.there) for one in found}
