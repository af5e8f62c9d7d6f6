"""A question inside one customer: what their contacts say, quoted as it stands, or a plain no."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import yaml
from bot.customers.questions.asking import Found, ask
from bot.customers.questions.periods import period_in
from bot.customers.questions.pieces import parts_of
from bot.customers.questions.sources import Text
from bot.customers.timeline import Interaction
from bot.retrieval.embedding import Embedder
from numpy.typing import NDArray

from contact_histories import DATA, NOW, History, histories


@dataclass(frozen=True)
class Asked:
    history: History
    question: str
    answers: frozenset[int]


@cache
def questions() -> tuple[Asked, ...]:
    named = {one.name: one for one in histories()}
    written = yaml.safe_load((DATA / "customer_questions.yaml").read_text(encoding="utf-8"))
    return tuple(
        Asked(named[one["name"]], each["ask"], frozenset(named[one["name"]].id_at[at] for at in each["answer"]))
        for one in written
        for each in one["questions"]
    )


@pytest.fixture(scope="module")
def parts(encoder: Embedder) -> dict[int, NDArray[np.float32]]:
    """Of all contacts that somebody asks about."""
    contacts = {one.id: one for each in questions() for one in each.history.interactions}
    vectors = encoder.encode([parts_of(one)[0] for one in contacts.values()])
    return {number: vector[np.newaxis] for number, vector in zip(contacts, vectors, strict=True)}


def _asked(asked: Asked, parts: dict[int, NDArray[np.float32]] | None, encoder: Embedder | None) -> Found:
    interactions = asked.history.interactions
    return ask(
        asked.question,
        interactions,
        [parts[one.id] for one in interactions] if parts else None,
        embed=encoder.encode if encoder else None,
        now=NOW,
        zone=UTC,
    )


def _measured(some: list[Asked], parts, encoder) -> tuple[float, float, float]:
    """The shares answered by the first quote, by one of those shown, and rightly refused."""
    found = [(each, [one.interaction for one in _asked(each, parts, encoder).quotes]) for each in some]
    answerable = [(each.answers, quoted) for each, quoted in found if each.answers]
    first = sum(bool(quoted) and quoted[0] in answers for answers, quoted in answerable)
    shown = sum(not answers.isdisjoint(quoted) for answers, quoted in answerable)
    others = [quoted for each, quoted in found if not each.answers]
    return first / len(answerable), shown / len(answerable), sum(not quoted for quoted in others) / len(others)


@pytest.mark.parametrize(("held_out", "least"), [(False, (0.9, 1.0, 1.0)), (True, (0.87, 0.93, 1.0))])
def test_colleagues_questions_are_answered_by_the_right_contact_or_refused(encoder, parts, held_out, least):
    some = [one for one in questions() if one.history.held_out is held_out]
    assert all(reached >= asked for reached, asked in zip(_measured(some, parts, encoder), least, strict=True))


def test_without_a_model_words_have_to_do():
    first, shown, refused = _measured(list(questions()), None, None)
    assert (first >= 0.7, shown >= 0.8, refused >= 0.9) == (True, True, True), (first, shown, refused)


def _contact(number: int, days: float, text: str, **fields: object) -> Interaction:
    usual = histories()[0].interactions[0]
    plain = replace(usual, subject="", outcome="", agent="", team="", place="", device="", transfers=None, refs={})
    return replace(plain, id=number, at=NOW - timedelta(days=days), text=text, **fields)


LONG = (
    "Thank you for having me. The weather was bad when I wrote this. I sent the modem back on Tuesday with the label "
    "that you gave me. My neighbor can confirm it. Please also look at my invoice."
)


def test_the_deciding_sentence_is_quoted_as_it_stands_with_what_stands_around_it(encoder):
    contacts = [_contact(2, 1, LONG, channel="email"), _contact(1, 2, "Asked for the price of a landline.")]
    parts = [encoder.encode(parts_of(one)) for one in contacts]
    found = ask("has she sent the modem back?", contacts, parts, embed=encoder.encode, now=NOW, zone=UTC)
    (quoted,) = found.quotes
    assert quoted.quote == "I sent the modem back on Tuesday with the label that you gave me."
    assert quoted.quote in quoted.context
    assert quoted.context in LONG
    assert (quoted.interaction, quoted.channel, quoted.at) == (2, "email", contacts[0].at)


def test_what_was_promised_is_found_where_nobody_says_so_in_that_word(encoder):
    contacts = [
        _contact(3, 1, "Wants to know how the app works."),
        _contact(2, 3, "Bill too high. We will call her back by Friday."),
        _contact(1, 9, "Still no line. Technician will come on Monday."),
    ]
    found = ask("what did we promise her?", contacts, now=NOW, zone=UTC)
    assert [one.quote for one in found.quotes] == [
        "We will call her back by Friday.",
        "Technician will come on Monday.",
    ]


def test_a_day_is_a_day_where_the_shop_is():
    late = _contact(1, 0, "Lost his card.")
    late = replace(late, at=datetime(2026, 11, 21, 3, 30, tzinfo=UTC))  # the evening of the 20th in Chicago
    chicago = ZoneInfo("America/Chicago")
    assert ask("what happened on 20 November?", [late], now=NOW, zone=chicago).quotes
    found = ask("what happened on 20 November?", [late], now=NOW, zone=UTC)
    assert (
        found.refusal == "Among 1 contact there is none of 20 Nov 2026. Ask without that, or look through the timeline."
    )


def test_a_channel_that_is_named_is_the_only_one_that_is_searched(encoder):
    contacts = [
        _contact(2, 1, "The lamp arrived broken", channel="chat"),
        _contact(1, 2, "Lamp is broken, wants a new one", channel="phone"),
    ]
    found = ask("what did she say about the lamp on the phone?", contacts, now=NOW, zone=UTC)
    assert [one.interaction for one in found.quotes] == [1]
    assert found.narrowed == "by phone"
    refused = ask("the lamp, by e-mail?", contacts, now=NOW, zone=UTC)
    assert refused.refusal.startswith("Among 2 contacts there is none by email.")


def test_an_order_is_found_by_its_number_in_the_text_or_beside_it():
    contacts = [
        _contact(3, 1, "Asks about #w2378156 once more"),
        _contact(2, 2, "Jacket is too small", refs={"order": ["w2378156"]}),
        _contact(1, 3, "Jacket of another order, W2378157"),
    ]
    found = ask("what happened with order W2378156?", contacts, now=NOW, zone=UTC)
    assert [one.interaction for one in found.quotes] == [3, 2]
    refused = ask("what happened with order W9999999?", contacts, now=NOW, zone=UTC)
    assert refused.refusal.startswith("Among 3 contacts there is none with W9999999.")


def test_what_colleagues_wrote_is_asked_too(encoder):
    note = Text("note 7", NOW, "note", "Her son collects the router on Saturday.")
    contacts = [_contact(1, 2, "Asked for the price of a landline.")]
    parts = [encoder.encode(parts_of(one)) for one in contacts]
    for embed in (encoder.encode, None):
        found = ask("who collects the router?", contacts, parts, embed=embed, now=NOW, zone=UTC, texts=[note])
        assert [(one.interaction, one.text, one.quote) for one in found.quotes] == [(None, "note 7", note.text)]


def test_a_question_without_a_subject_shows_the_newest_contacts():
    contacts = [_contact(number, 9 - number, f"Matter {number}") for number in (3, 2, 1)]
    found = ask("what happened?", contacts, now=NOW, zone=UTC)
    assert [one.interaction for one in found.quotes] == [3, 2, 1]


def test_whoever_has_no_contacts_is_said_to_have_none():
    assert ask("what did we promise her?", [], now=NOW, zone=UTC).refusal.startswith("There are no contacts")


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("what did she write yesterday?", "2026-11-21", "2026-11-21"),
        ("what happened last week", "2026-11-09", "2026-11-15"),
        ("did he call in October?", "2026-10-01", "2026-10-31"),
        ("anything since October?", "2026-10-01", "2026-11-22"),
        ("what was before 3 June", "1970-01-01", "2026-06-02"),
        ("who came on Friday?", "2026-11-20", "2026-11-20"),
        ("the call 3 days ago", "2026-11-19", "2026-11-19"),
        ("what happened in 2025?", "2025-01-01", "2025-12-31"),
        ("in December?", "2025-12-01", "2025-12-31"),
    ],
)
def test_days_are_read_as_they_are_said(question, first, last):
    period = period_in(question, now=NOW)
    assert period is not None
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize("question", ["may she return it?", "did the sun damage it?", "march them to the counter", ""])
def test_other_words_are_no_days(question):
    assert period_in(question, now=NOW) is None
