"""Contact chains: one subject found over channels and time, in histories that were labeled before there was code."""

import itertools
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from bot.customers.contacts.chains import chains, partition
from bot.customers.questions.pieces import parts_of
from bot.customers.timeline import Interaction
from bot.retrieval.embedding import Embedder
from numpy.typing import NDArray

from contact_histories import NOW, History, Pairs, histories, joined

Meaning = Callable[[Iterable[Interaction]], NDArray[np.float32]]


@pytest.fixture(scope="module")
def meaning(encoder: Embedder) -> Meaning:
    kept: dict[str, NDArray[np.float32]] = {}

    def of(interactions: Iterable[Interaction]) -> NDArray[np.float32]:
        texts = [parts_of(one)[0] for one in interactions]
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        kept.update(zip(new, encoder.encode(new), strict=True) if new else ())
        return np.stack([kept[text] for text in texts])

    return of


def _named(name: str) -> History:
    return next(one for one in histories() if one.name == name)


def _compared(some: Iterable[History], meaning: Meaning | None) -> Pairs:
    found = (one.compared(partition(one.interactions, meaning(one.interactions) if meaning else None)) for one in some)
    return sum(found, Pairs())


def _held_out() -> list[History]:
    return [one for one in histories() if one.held_out]


def test_pairs_of_contacts_are_rightly_together_or_apart(meaning):
    """Of the thirty by which nothing was chosen as well."""
    assert _compared(histories(), meaning).f1 >= 0.9
    assert _compared(_held_out(), meaning).f1 >= 0.87


def test_in_a_long_history_chance_does_not_join_what_is_apart(meaning):
    """Three customers as one: with weights of short histories alone half of the pairs were wrong."""
    held_out = _held_out()
    joined_ = [joined(held_out[place : place + 3]) for place in range(0, len(held_out), 3)]
    assert _compared(joined_, meaning).f1 >= 0.8


def test_of_who_came_four_times_it_is_said_as_well_what_belongs_together(meaning):
    assert _compared((few for one in _held_out() for few in one.cut(4)), meaning).f1 >= 0.82


def test_without_a_model_words_have_to_do():
    assert _compared(histories(), None).f1 >= 0.8


@pytest.mark.parametrize("with_meaning", [True, False])
def test_three_calls_about_one_thing_are_one_chain_though_a_customer_has_no_others(meaning, with_meaning):
    told = (
        "Third call about the move. Says he is fed up and will cancel his contract if nobody comes.",
        "Calling again about moving the line. Nobody knows who books the installer.",
        "Wants his line moved to the new flat on Quarry Lane. Sent on to installation, then to billing.",
    )
    calls = [
        replace(_named("three boxes").interactions[-1], id=number, text=text, outcome="sent on", at=NOW - ago)
        for number, (text, ago) in enumerate(zip(told, map(_hours, (5, 49, 90)), strict=True))
    ]
    (chain,) = chains(calls, meaning(calls) if with_meaning else None, now=NOW)
    assert chain.ids == (0, 1, 2)


def test_a_hundred_contacts_that_say_the_same_end_on_one_chain(meaning):
    one = _named("three boxes").interactions[0]
    same = [replace(one, id=number, at=one.at - timedelta(days=number)) for number in range(100)]
    assert len(partition(same, meaning(same))) == 1


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)


def test_a_chain_says_how_often_and_where_the_customer_came(meaning):
    boxes = _named("three boxes").interactions
    newest, *_ = chains(boxes, meaning(boxes), now=NOW)
    assert (newest.contacts, newest.channels, newest.transfers, newest.days) == (3, ("phone", "email", "store"), 2, 1)
    assert newest.open
    assert newest.told.startswith("3rd contact, 3rd channel, transferred twice: Walked in with return receipt")


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ((("chat", ""), ("phone", ""), ("store", "")), "3rd contact, 3rd channel: "),
        (
            (("phone", ""), ("chat", "laptop"), ("phone", "")),
            "3rd contact, 2nd channel, channel changed twice: ",
        ),
        ((("chat", "laptop"), ("chat", "tablet")), "2nd contact, on laptop and tablet: "),
    ],
)
def test_a_chain_counts_how_often_the_customer_changed_the_channel_and_the_device(where, told):
    box = replace(_named("three boxes").interactions[0], subject="still billed for 3 boxes", transfers=0)
    contacts = [
        replace(box, id=place, channel=channel, device=device, direction="in", at=NOW - _hours(10 - place))
        for place, (channel, device) in enumerate(where)
    ]
    (chain,) = chains(contacts[::-1], None, now=NOW)
    assert chain.changes == sum(one != other for (one, _), (other, _) in itertools.pairwise(where))
    assert chain.devices == tuple(device for _, device in where if device)
    assert chain.told.startswith(told)


def test_the_subject_is_quoted_from_a_contact_that_says_what_it_is_about(meaning):
    boxes = [one for one in _named("three boxes").interactions if one.subject == "still billed for 3 boxes"]
    asking = replace(boxes[0], id=9, at=boxes[0].at + timedelta(hours=1), subject="", text="any news?")
    (chain,) = chains([asking, *boxes], None, now=NOW)
    assert chain.ids == (9, boxes[0].id)
    assert chain.subject == "still billed for 3 boxes"


def test_every_contact_is_in_one_chain_and_the_newest_chain_comes_first(meaning):
    for history in histories():
        found = chains(history.interactions, meaning(history.interactions), now=NOW)
        assert sorted(number for chain in found for number in chain.ids) == sorted(history.chain_of)
        assert [chain.last for chain in found] == sorted((chain.last for chain in found), reverse=True)


@pytest.mark.parametrize(
    ("outcome", "days", "open_"),
    [
        ("not solved", 2, True),
        ("unanswered", 40, True),
        ("unanswered", 100, False),  # nobody has asked for a quarter of a year
        ("solved", 1, False),
        ("refunded", 1, False),
        ("", 3, True),
        ("", 30, False),
        ("transferred to billing", 5, True),
        ("sent to customer", 30, False),
    ],
)
def test_whether_a_matter_is_open_stands_in_how_its_last_contact_ended(outcome, days, open_):
    one = replace(_named("three boxes").interactions[0], outcome=outcome, at=NOW - timedelta(days=days))
    (chain,) = chains([one], None, now=NOW)
    assert chain.open is open_


def test_a_solved_matter_that_comes_back_is_open_again():
    gone, back = (
        replace(_named("three boxes").interactions[0], id=number, text=text, outcome=outcome, at=NOW - ago)
        for number, text, outcome, ago in (
            (1, "modem drops the connection every evening", "solved", timedelta(days=4)),
            (2, "modem drops the connection again", "ticket", timedelta(days=1)),
        )
    )
    (chain,) = chains([back, gone], None, now=NOW)
    assert chain.ids == (2, 1)
    assert chain.open


def test_whoever_has_no_contacts_has_no_chains():
    assert chains([], None, now=NOW) == []
    assert chains([], np.empty((0, 0), dtype=np.float32), now=NOW) == []


def test_a_contact_that_moved_and_is_then_far_from_all_others_stays_where_it_is():
    """What it would gain by moving on was infinite then, as what keeps it: their sum was no number."""
    said = (
        (
            130,
            "solved",
            "in",
            (
                "Asked about the outage of the fetahal technician. Moves to babaper next month and wants to take"
                " the light along."
            ),
        ),
        (
            217,
            "solved",
            "out",
            (
                "Third contact about the same transfer, transferred from halbata. Order W6240219 still shows "
                "address pending. No name was found under that transfer. Says the password costs 27 dollars at "
                "another company. Asked about the password of the denriden login."
            ),
        ),
        (
            357,
            "callback booked",
            "in",
            ("Explained how the wifi works with the dennulo. Left a message about the wifi and the rinulo outage."),
        ),
        (
            418,
            "open",
            "in",
            (
                "Nobody has called about the transfer yet. Order W1771296 still shows owner pending. The mailbox"
                " was fine before the denpermar update. Customer says the login shows verification vinbamar "
                "again since 21 Oct. Third contact about the same login, transferred from josolden."
            ),
        ),
    )
    pattern = replace(histories()[0].interactions[0], subject="", device="", transfers=None, refs={})
    far = [
        replace(pattern, id=number, at=NOW - timedelta(days=days), text=text, outcome=outcome, direction=direction)
        for number, (days, outcome, direction, text) in enumerate(said)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sorted(place for places in partition(far) for place in places) == [0, 1, 2, 3]
