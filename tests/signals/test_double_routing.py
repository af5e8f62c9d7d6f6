"""One thing with two teams, and systems that disagree."""

from datetime import UTC, datetime, timedelta

from bot.signals.data_conflicts import Told, data_conflicts
from bot.signals.double_routing import Item, double_routings, subject_of

from signals.periods import A_WEEK

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_one_mail_in_two_queues_is_found_by_its_message_id():
    found = double_routings(
        [
            Item("q1", "billing", NOON, message_id="<A1@mail>"),
            Item("q2", "retention", NOON + HOUR, message_id="a1@mail"),
            Item("q3", "billing", NOON, message_id="<B2@mail>"),
        ]
    )
    assert [[item.id for item in one.items] for one in found] == [["q1", "q2"]]
    told = found[0].signal(A_WEEK)
    assert told.sentence() == "The same thing is open with billing and retention at once, by the same message id"
    assert (told.verdict, told.where) == ("open with two teams", ("billing", "retention"))


def test_one_subject_of_one_customer_is_found_whatever_mail_programs_add():
    assert subject_of("RE: [EXTERNAL] Fwd: My  Bill") == subject_of("my bill") == "my bill"
    found = double_routings(
        [
            Item("q1", "billing", NOON, customer="c1", subject="My bill"),
            Item("q2", "retention", NOON + 5 * HOUR, customer="c1", subject="Re: my bill"),
            Item("q3", "store", NOON, customer="c2", subject="My bill"),
        ]
    )
    assert [one.same for one in found] == ["customer and subject"]
    assert found[0].queues == ("billing", "retention")


def test_what_one_team_has_or_had_is_no_double_routing():
    assert not double_routings(
        [
            Item("same queue", "billing", NOON, customer="c1", subject="My bill"),
            Item("same queue 2", "billing", NOON + HOUR, customer="c1", subject="My bill"),
            Item("closed", "billing", NOON, NOON + HOUR, customer="c3", subject="Router"),
            Item("after it", "field", NOON + 2 * HOUR, customer="c3", subject="Router"),
            Item("long ago", "billing", NOON - 30 * HOUR, customer="c4", subject="Router"),
            Item("today", "field", NOON, customer="c4", subject="Router"),
            Item("nobody's", "billing", NOON, subject="Router"),
            Item("nobody's 2", "field", NOON, subject="Router"),
            Item("no subject", "billing", NOON, customer="c5", subject="Re: "),
            Item("no subject 2", "field", NOON, customer="c5", subject=""),
        ]
    )


def test_a_thing_is_told_once_by_its_message_first():
    found = double_routings(
        [
            Item("q1", "billing", NOON, message_id="m", customer="c", subject="s"),
            Item("q2", "field", NOON, message_id="m", customer="c", subject="s"),
            Item("q3", "store", NOON + HOUR, customer="c", subject="s"),
        ]
    )
    assert [[item.id for item in one.items] for one in found] == [["q1", "q2"]]


def test_systems_that_disagree_are_told_by_fact_and_pair():
    found = data_conflicts(
        [
            Told("c1", "boxes", ("orion", "caredesk"), disputed=True),
            Told("c2", "boxes", ("caredesk", "orion"), disputed=True),
            Told("c3", "boxes", ("caredesk", "orion"), disputed=False),
            Told("c1", "segment", ("caredesk", "orion", "mail"), disputed=True),
            Told("c4", "boxes", ("orion",), disputed=False),
        ]
    )
    assert [(one.fact, one.systems, len(one.customers), one.compared) for one in found] == [
        ("boxes", ("caredesk", "orion"), 2, 3),
        ("segment", ("caredesk", "mail"), 1, 1),
        ("segment", ("caredesk", "orion"), 1, 1),
        ("segment", ("mail", "orion"), 1, 1),
    ]
    assert found[0].signal(A_WEEK).sentence() == "caredesk and orion disagree about boxes of 2 of 3 customers"
    assert data_conflicts([]) == []
