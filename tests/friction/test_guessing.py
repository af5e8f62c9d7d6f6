"""What is guessed of a report from its words, by the shipped map and the real model."""

from collections.abc import Callable
from functools import cache
from time import perf_counter

import pytest
from bot.friction.guessing import Correction, Field, Guesser, Learned
from bot.friction.guessing.cues import told
from bot.friction.guessing.effects import effects
from bot.friction.guessing.minutes import minutes_lost
from bot.friction.guessing.often import often
from bot.friction.kinds import CustomerEffect, Frequency, Kind
from bot.friction.slots import slots_in
from bot.retrieval.embedding import Embedder
from bot.touchpoints import TouchpointMap, load_map

from friction.guess_figures import Measured, made_up, the_sixty
from offices import PROJECT

MAP = PROJECT / "knowledge" / "touchpoints.yaml"


@pytest.fixture(scope="module")
def the_map() -> TouchpointMap:
    return load_map(MAP)


@pytest.fixture(scope="module")
def guesser(the_map: TouchpointMap, encoder: Embedder) -> Guesser:
    return Guesser(the_map, encoder.encode)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("takes 15 min each time", 15),
        ("half an hour gone", 30),
        ("about a quarter of an hour with a queue behind", 15),
        ("an hour and a half on the phone with the help desk", 90),
        ("waited 1h 20 min", 80),
        ("lost 30 seconds", 0.5),
        ("a couple of minutes per caller", 2),
        ("forty-five minutes wasted", 45),
        ("10-15 minutes to find it", 12.5),
        ("takes 20 min instead of 5", 15),
        ("it throws me out every 10 minutes", None),
        ("the help desk says wait 24 hours", None),
        ("we promised the 2 hour window", None),
        ("billing had replied an hour before", None),
        ("had to ask a second time", None),
        ("two systems, nine screens", None),
    ],
)
def test_minutes_are_read_as_people_say_them(said: str, minutes: float | None) -> None:
    found = minutes_lost(said)
    assert (found.minutes if found else None) == minutes


def test_of_two_lengths_of_time_the_lost_one_counts() -> None:
    found = minutes_lost("the window is 30 minutes and I lost 10 minutes of it looking")
    assert found
    assert found.minutes == 10


@pytest.mark.parametrize(
    ("said", "frequency", "per_week"),
    [
        ("ten times a day", Frequency.HOURLY, 50),
        ("twice a day", Frequency.DAILY, 10),
        ("every Monday", Frequency.WEEKLY, 1),
        ("3x a week", Frequency.WEEKLY, 3),
        ("all day long", Frequency.HOURLY, 40),
        ("with each customer", Frequency.PER_CUSTOMER, None),
        ("6 minutes a call", Frequency.PER_CUSTOMER, None),
        ("every single return", Frequency.PER_CUSTOMER, None),
        ("half an hour a day", Frequency.DAILY, 5),
        ("on the 1st of every month", Frequency.MONTHLY, 0.25),
        ("only once so far", Frequency.ONCE, None),
        ("for the third time today", Frequency.DAILY, 15),
        ("every other day", Frequency.WEEKLY, 2.5),
    ],
)
def test_how_often_is_read_as_people_say_it(said: str, frequency: Frequency, per_week: float | None) -> None:
    found = often(said)
    assert found
    assert (found.frequency, found.per_week) == (frequency, per_week)


@pytest.mark.parametrize("said", ["the reset takes a day", "on the day that I work late", "supposed to be daily at 4"])
def test_a_day_alone_is_no_frequency(said: str) -> None:
    assert often(said) is None


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        ("two people walked out", CustomerEffect.LEFT),
        ("she was charged twice", CustomerEffect.CHARGED_WRONG),
        ("he had to tell it all again", CustomerEffect.REPEATED_INFO),
        ("I told her the wrong date", CustomerEffect.WRONG_INFO),
        ("queue to the door", CustomerEffect.WAITED),
        ("it smelled of gas", CustomerEffect.SAFETY),
    ],
)
def test_what_it_did_to_the_customer_is_read_from_the_words(said: str, effect: CustomerEffect) -> None:
    assert effects(said)[0] is effect


def test_the_worst_that_is_told_comes_first_and_the_rest_after_it() -> None:
    assert effects("on hold for ages, then the customer was charged twice and hung up") == (
        CustomerEffect.CHARGED_WRONG,
        CustomerEffect.LEFT,
        CustomerEffect.WAITED,
    )


def test_a_double_entry_is_guessed_whole(guesser: Guesser) -> None:
    found = guesser.guess(
        "entered the serials in Orion and then again in CareDesk, 12 min, the customer stood there. every return!",
        role="shop",
        place="Harbour Street shop",
    )
    assert found.kind
    assert found.kind.value is Kind.DUPLICATE_ENTRY
    assert len(found.kind.others) == 3
    assert found.tools
    assert found.tools.value == ("orion", "caredesk")
    assert found.touchpoint
    assert found.touchpoint.value == "ex.store.equipment_return"
    assert found.minutes
    assert found.minutes.value == 12
    assert found.frequency
    assert found.frequency.value is Frequency.PER_CUSTOMER
    assert found.effect
    assert found.effect.value is CustomerEffect.WAITED


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("care desk hangs", "caredesk"),
        ("cardesk hangs", "caredesk"),
        ("LINECHEKC is down", "linecheck"),
        ("the tills are dead", "pos"),
        ("till 3 is dead", "pos"),
        ("FieldPro's guy was late", "fieldpro"),
        ("old billing and its green screen", "orion"),
    ],
)
def test_tools_are_known_by_what_people_call_them_mistyped_or_not(guesser: Guesser, said: str, tool: str) -> None:
    found = guesser.guess(said).tools
    assert found
    assert found.value == (tool,)


@pytest.mark.parametrize("said", ["open from 8 till 5", "it was printed twice", "keying it in", "stuck in a loop"])
def test_words_that_are_near_a_name_but_mean_themselves_name_no_tool(guesser: Guesser, said: str) -> None:
    found = guesser.guess(said).tools
    assert found is None or found.confidence < 0.5


@pytest.mark.parametrize("said", ["", "hm", "it is 14 degrees in here, we work in coats"])
def test_what_the_words_do_not_tell_is_not_guessed(guesser: Guesser, said: str) -> None:
    found = guesser.guess(said)
    assert found.minutes is None
    assert found.frequency is None
    assert found.effect is None
    assert found.tools is None


def test_an_empty_map_guesses_kinds_and_no_places(encoder: Embedder) -> None:
    found = Guesser(TouchpointMap.empty(), encoder.encode).guess("password expired again, 20 min")
    assert found.kind
    assert found.kind.value is Kind.LOGIN
    assert found.tools is None
    assert found.touchpoint is None


def test_a_correction_decides_the_next_report_that_reads_like_it(guesser: Guesser, encoder: Embedder) -> None:
    new = "zebra at the back desk out of ribbon again"
    learned = Learned.of(
        [
            Correction("zebra out of ribbon at the back desk", Field.TOOLS, "printer"),
            Correction("zebra out of ribbon at the back desk", Field.TOUCHPOINT, "ex.billing.return_label"),
            Correction("zebra out of ribbon at the back desk", Field.MINUTES, "10"),
        ],
        encoder.encode,
    )
    found = guesser.guess(new, learned=learned)
    assert found.tools
    assert found.tools.value == ("printer",)
    assert found.touchpoint
    assert found.touchpoint.value == "ex.billing.return_label"
    assert found.minutes
    assert found.minutes.value == 10


def test_of_two_corrections_of_one_report_the_last_counts(encoder: Embedder) -> None:
    rows = [Correction("a", Field.KIND, "slow"), Correction("a", Field.KIND, "outage")]
    assert Learned.of(rows, encoder.encode).chosen[Field.KIND] == ("outage",)


# A little below what was reached, so that a change for the worse shows; docs/friction.md has what was.
LEAST = {
    "development": {"kind": 0.90, "three kinds": 0.95, "tool": 0.87, "touchpoint": 0.75, "near": 0.95},
    "held out": {"kind": 0.88, "three kinds": 0.95, "tool": 0.85, "touchpoint": 0.54, "near": 0.95},
    "the sixty": {"kind": 0.80, "three kinds": 0.95, "tool": 0.85, "touchpoint": 0.80, "near": 0.95},
}
LEAST_THEMES = {"development": (0.65, 0.72), "held out": (0.75, 0.84), "the sixty": (0.75, 0.85)}


@pytest.fixture(scope="module")
def measure(guesser: Guesser, encoder: Embedder, the_map: TouchpointMap) -> Callable[[str], Measured]:
    @cache
    def measured(name: str) -> Measured:
        reports = the_sixty() if name == "the sixty" else made_up(name)
        if not reports:
            pytest.skip("There is no ../shared/data/friction_reports_60.json beside the project.")
        return Measured(reports, guesser, encoder.encode, the_map)

    return measured


@pytest.mark.parametrize("name", LEAST)
def test_guesses_are_as_good_as_they_were(measure: Callable[[str], Measured], name: str) -> None:
    found = measure(name)
    kind, three = found.kinds()
    reached = {
        "kind": kind,
        "three kinds": three,
        "tool": found.tools(),
        "touchpoint": found.touchpoints(),
        "near": found.nearest()[0],
    }
    assert {what: value for what, value in reached.items() if round(value, 3) < LEAST[name][what]} == {}


@pytest.mark.parametrize("name", LEAST_THEMES)
def test_themes_are_as_good_as_they_were(measure: Callable[[str], Measured], name: str) -> None:
    words, whole = measure(name).themes()
    assert words >= LEAST_THEMES[name][0]
    assert whole >= LEAST_THEMES[name][1]


@pytest.mark.parametrize(("split", "gain"), [("development", 0.025), ("held out", 0.05)])
def test_twenty_corrections_make_guesses_about_other_reports_better(
    measure: Callable[[str], Measured], split: str, gain: float
) -> None:
    before, after = measure(split).learning(turns=2)
    assert after >= before + gain


def test_what_is_said_of_time_is_seldom_misread(measure: Callable[[str], Measured]) -> None:
    found = measure("held out")
    for field in ("minutes", "frequency"):
        right, told = found.spoken(field)
        assert right >= 0.95
        assert told >= 0.9


def test_the_reports_name_only_what_the_map_has(the_map: TouchpointMap) -> None:
    rows = [*made_up("development"), *made_up("held out")]
    assert {tool for one in rows for tool in one.tools} <= {*the_map.tools, *the_map.partners}
    assert {id_ for one in rows for id_ in one.touchpoints} <= set(the_map.ex)
    assert not {one.theme for one in made_up("development")} & {one.theme for one in made_up("held out")}


@pytest.mark.parametrize("word", ["copy ", "enter ", "every ", "customer ", "9 to ", "a ", "team "])
def test_a_long_text_takes_no_longer_than_its_length(word: str) -> None:
    text = (word * 8000)[:40_000]
    begin = perf_counter()
    for read in (told, minutes_lost, often, effects, slots_in):
        read(text)
    assert perf_counter() - begin < 5
