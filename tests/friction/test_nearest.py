"""The known tickets that a new report is most like, and the themes that they make up."""

import json
from time import perf_counter

import numpy as np
import pytest
from bot.friction.clustering import Proposal, Ticket, proposals
from bot.friction.guessing import Guesser, Guesses
from bot.friction.kinds import Kind
from bot.friction.likeness import Described, Space
from bot.friction.nearest import BAR, KnownTickets
from bot.friction.slots import Slot, Slots, slots_in
from bot.retrieval.embedding import Embedder
from bot.touchpoints import TouchpointMap, load_map

from offices import PROJECT

PLACES = {"Harbour Street": "harbour-street", "Mill Road": "mill-road"}


@pytest.fixture(scope="module")
def the_map() -> TouchpointMap:
    return load_map(PROJECT / "knowledge" / "touchpoints.yaml")


@pytest.fixture(scope="module")
def guesser(the_map: TouchpointMap, encoder: Embedder) -> Guesser:
    return Guesser(the_map, encoder.encode)


@pytest.fixture(scope="module")
def space(the_map: TouchpointMap) -> Space:
    return Space(the_map, tuple(PLACES.values()))


def described(guesser: Guesser, encoder: Embedder, text: str, place: str = "") -> Described:
    vector = encoder.encode([text])[0]
    return Described.of(vector, guesser.guess(text, vector=vector), place=place, slots=slots_in(text, PLACES))


@pytest.mark.parametrize(
    ("text", "slot", "named"),
    [
        ("till 2 is dead", Slot.DEVICE, {"register 2"}),
        ("Register #02 is dead", Slot.DEVICE, {"register 2"}),
        ("card terminal 7781 declines all", Slot.DEVICE, {"terminal 7781"}),
        ("tablet 05 does not charge", Slot.DEVICE, {"tablet 5"}),
        ("reset it for account 40718833", Slot.ACCOUNT, {"40718833"}),
        ("the balance of 40718833 is off", Slot.ACCOUNT, {"40718833"}),
        ("order TW-55120 is stuck", Slot.ORDER, {"TW-55120"}),
        ("store 114 has no light", Slot.SHOP, {"114"}),
        ("no network at mill road", Slot.SHOP, {"mill-road"}),
    ],
)
def test_what_identifies_one_thing_is_found_in_one_spelling(text: str, slot: Slot, named: set[str]) -> None:
    assert slots_in(text, PLACES).found == {slot: frozenset(named)}


@pytest.mark.parametrize("text", ["till 5 minutes ago", "register 3 times", "desk 10 hours a day", "it was 2024"])
def test_numbers_of_other_things_identify_nothing(text: str) -> None:
    assert slots_in(text).found == {}


def test_a_till_and_a_tablet_are_two_things_but_no_contradiction() -> None:
    assert slots_in("till 2").conflict(slots_in("tablet 5")) is None
    assert slots_in("till 2").conflict(slots_in("register 3")) == (Slot.DEVICE, "register 3")
    assert slots_in("till 2").conflict(slots_in("tills 1 and till 2")) is None
    assert Slots().conflict(slots_in("till 2")) is None


def test_the_same_pain_is_nearest_whatever_its_words(space: Space, guesser: Guesser, encoder: Embedder) -> None:
    known = {
        "FR-1": "CareDesk search spins for a minute with every caller",
        "FR-2": "the label printer jams after every tenth parcel",
        "FR-3": "have to type the serial into Orion and into CareDesk again",
        "FR-4": "Spanish customers get English letters",
    }
    tickets = KnownTickets(space, {key: described(guesser, encoder, text) for key, text in known.items()})
    near = tickets.nearest(described(guesser, encoder, "every returned box is entered twice, old billing and the CRM"))
    assert near[0].key == "FR-3"
    assert near[0].score >= BAR
    assert "same tool" in near[0].why
    assert tickets.nearest(described(guesser, encoder, "the toilets are closed again")) == ()


def test_another_device_counts_against_and_is_named(space: Space, guesser: Guesser, encoder: Embedder) -> None:
    known = {
        "FR-1": described(guesser, encoder, "register 1 froze in the middle of a sale"),
        "FR-2": described(guesser, encoder, "register 2 froze in the middle of a sale"),
    }
    near = KnownTickets(space, known).nearest(described(guesser, encoder, "till 2 froze in the middle of a sale"))
    assert [one.key for one in near] == ["FR-2", "FR-1"]
    assert "other device 1" in near[1].why
    assert near[0].score > near[1].score + 0.1


def test_the_account_of_somebody_else_is_not_named(space: Space, guesser: Guesser, encoder: Embedder) -> None:
    known = {"FR-1": described(guesser, encoder, "balance of account 40718833 differs between Orion and CareDesk")}
    report = described(guesser, encoder, "balance of account 40990011 differs between Orion and CareDesk")
    (near,) = KnownTickets(space, known).nearest(report)
    assert "other account" in near.why
    assert "40718833" not in " ".join(near.why)


def test_the_same_place_breaks_a_tie(space: Space, guesser: Guesser, encoder: Embedder) -> None:
    text = "the shop network is down"
    known = {place: described(guesser, encoder, text, place) for place in PLACES.values()}
    for place in PLACES.values():
        near = KnownTickets(space, known).nearest(described(guesser, encoder, text, place))
        assert near[0].key == place
        assert "same place" in near[0].why


def test_what_people_chose_counts_for_what_was_guessed(space: Space, encoder: Embedder) -> None:
    vector = encoder.encode(["it does not work"])[0]
    chosen = {
        tool: Described.of(vector, Guesses(), kind=Kind.OUTAGE, tools=(tool,)) for tool in ("pos", "orion", "linecheck")
    }
    near = KnownTickets(space, chosen).nearest(chosen["orion"])
    assert near[0].key == "orion"
    assert near[0].score == pytest.approx(max(one.score for one in near))
    assert near[0].score > near[1].score + 0.1


def test_a_choice_against_the_guess_counts_beside_it(space: Space, guesser: Guesser, encoder: Embedder) -> None:
    text = "labels come out crooked"
    vector = encoder.encode([text])[0]
    guessed = Guesses.remembered(guesser.guess(text, vector=vector).likeliest())
    left = Described.of(vector, guessed)
    changed = Described.of(
        vector, guessed, kind=Kind.TRAINING_GAP, tools=("orion",), touchpoint="ex.billing.adjustment"
    )
    near = KnownTickets(space, {"left": left, "changed": changed}).nearest(
        Described.of(vector, guessed, kind=Kind.TRAINING_GAP, tools=("orion",))
    )
    assert [one.key for one in near] == ["changed", "left"]


def test_what_is_stored_of_guesses_finds_what_all_of_them_find(
    space: Space, guesser: Guesser, encoder: Embedder
) -> None:
    vectors = encoder.encode(list(SAID.values()))
    guesses = [guesser.guess(text, vector=vector) for text, vector in zip(SAID.values(), vectors, strict=True)]
    stored = {
        key: Described.of(vector, Guesses.remembered(json.loads(json.dumps(guess.likeliest()))))
        for key, vector, guess in zip(SAID, vectors, guesses, strict=True)
    }
    near = KnownTickets(space, stored).nearest(Described.of(vectors[0], guesses[0]))
    assert near[0].key == "FR-1"
    assert near[0].score > 0.9


def test_no_tickets_and_one_ticket_are_no_trouble(space: Space, guesser: Guesser, encoder: Embedder) -> None:
    report = described(guesser, encoder, "the register is dead")
    assert KnownTickets(space, {}).nearest(report) == ()
    (only,) = KnownTickets(space, {"FR-1": report}).nearest(report)
    assert only.score == pytest.approx(1.0, abs=0.1)


def test_tickets_that_did_not_change_are_where_they_were(space: Space, guesser: Guesser, encoder: Embedder) -> None:
    first = described(guesser, encoder, "the register is dead")
    second = described(guesser, encoder, "the printer is out of ink")
    before = KnownTickets(space, {"FR-1": first})
    after = KnownTickets(space, {"FR-1": first, "FR-2": second}, before=before)
    assert after.nearest(second) == KnownTickets(space, {"FR-1": first, "FR-2": second}).nearest(second)


def test_ten_thousand_tickets_are_compared_in_milliseconds(space: Space, the_map: TouchpointMap) -> None:
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(10_001, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    tools, kinds = tuple(the_map.tools), tuple(Kind)
    made = [
        Described.of(vector, Guesses(), kind=kinds[row % len(kinds)], tools=(tools[row % len(tools)],))
        for row, vector in enumerate(vectors)
    ]
    tickets = KnownTickets(space, {f"FR-{row}": one for row, one in enumerate(made[:-1])})
    times = []
    for _ in range(20):
        begin = perf_counter()
        tickets.nearest(made[-1])
        times.append(perf_counter() - begin)
    assert sorted(times)[10] < 0.05


# Themes

SAID = {
    "FR-1": "CareDesk search takes a minute for every caller",
    "FR-2": "looking somebody up in the CRM is painfully slow",
    "FR-3": "crm search is slow again, three minutes for one account",
    "FR-4": "the label printer jams and labels come out crooked",
    "FR-5": "labels smeared by the printer, cannot be scanned",
    "FR-6": "label printer jams after ten labels",
    "FR-7": "my shift was changed and nobody told me",
}


@pytest.fixture(scope="module")
def rows(space: Space, guesser: Guesser, encoder: Embedder) -> dict[str, np.ndarray]:
    return {key: space.of(described(guesser, encoder, text), place_counts=0.0) for key, text in SAID.items()}


def tickets_of(
    rows: dict[str, np.ndarray], themes: dict[str, str], locked: frozenset[str] = frozenset()
) -> list[Ticket]:
    return [Ticket(key, SAID[key], row, themes.get(key, ""), key in locked) for key, row in rows.items()]


def test_tickets_of_one_pain_become_a_theme_and_a_lonely_one_is_in_none(rows: dict[str, np.ndarray]) -> None:
    found = proposals(tickets_of(rows, {}))
    assert {frozenset(one.members) for one in found} == {
        frozenset({"FR-1", "FR-2", "FR-3"}),
        frozenset({"FR-4", "FR-5", "FR-6"}),
    }
    assert {one.theme for one in found} == {""}


def test_a_label_is_made_of_the_tickets_own_words(rows: dict[str, np.ndarray]) -> None:
    printer = next(one for one in proposals(tickets_of(rows, {})) if "FR-4" in one.members)
    assert printer.title == SAID[printer.central]
    assert printer.bigrams[0] == "label printer"
    assert printer.label.startswith(printer.title)


def test_a_theme_keeps_its_key_from_night_to_night(rows: dict[str, np.ndarray]) -> None:
    found = proposals(tickets_of(rows, {"FR-1": "TH-1", "FR-2": "TH-1", "FR-4": "TH-2", "FR-5": "TH-2"}))
    assert {one.theme: frozenset(one.members) for one in found} == {
        "TH-1": frozenset({"FR-1", "FR-2", "FR-3"}),
        "TH-2": frozenset({"FR-4", "FR-5", "FR-6"}),
    }


def test_whoever_is_locked_into_a_theme_stays_and_the_theme_keeps_its_key(rows: dict[str, np.ndarray]) -> None:
    themes = {"FR-1": "TH-1", "FR-7": "TH-1", "FR-4": "TH-2"}
    found = proposals(tickets_of(rows, themes, frozenset(themes)))
    members = {one.theme: set(one.members) for one in found}
    assert members["TH-1"] >= {"FR-1", "FR-7", "FR-2", "FR-3"}
    assert "FR-4" in members["TH-2"]


def test_two_locked_themes_never_become_one(rows: dict[str, np.ndarray]) -> None:
    themes = {"FR-1": "TH-1", "FR-2": "TH-2"}
    found = proposals(tickets_of(rows, themes, frozenset(themes)), alike=0.1)
    holding = {
        theme: next((set(one.members) for one in found if one.theme == theme), set()) for theme in ("TH-1", "TH-2")
    }
    assert "FR-2" not in holding["TH-1"]
    assert "FR-1" not in holding["TH-2"]


def test_many_tickets_are_put_to_the_themes_of_yesterday(rows: dict[str, np.ndarray]) -> None:
    themes = {"FR-1": "TH-1", "FR-2": "TH-1", "FR-4": "TH-2", "FR-5": "TH-2"}
    found = proposals(tickets_of(rows, themes), at_once=3)
    assert {one.theme: frozenset(one.members) for one in found} == {
        "TH-1": frozenset({"FR-1", "FR-2", "FR-3"}),
        "TH-2": frozenset({"FR-4", "FR-5", "FR-6"}),
    }


def test_no_ticket_or_one_makes_no_theme(rows: dict[str, np.ndarray]) -> None:
    assert proposals([]) == ()
    assert proposals(tickets_of(rows, {})[:1]) == ()
    assert isinstance(proposals(tickets_of(rows, {}))[0], Proposal)
