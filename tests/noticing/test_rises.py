"""Spikes out of the database: which cell rose, from tickets of five people, and the rows for whoever may see them."""

from collections.abc import Iterator

import pytest
from bot.database import Database
from bot.errors import NotAllowed
from bot.experience.viewers import Viewer
from bot.noticing.noticed import noticed
from bot.signals.signal import Kind

from noticing.planted_company import WHO_SERVES, Company, when

BILL, CHAT, CHECKOUT = "cx.phone.billing_question", "cx.chat.support", "ex.store.checkout"
WEEKS = 14


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.writing.begin() as session:
        yield Company(session)


def complaints(company: Company, *, lately: int, elsewhere: int = 10) -> None:
    for back in range(WEEKS):
        company.contacts(BILL, when(back), many=lately if back == 0 else 4)
        company.contacts(CHAT, when(back), many=elsewhere if back == 0 else 10)


@pytest.mark.each_engine
def test_complaints_that_rose_alone_are_a_spike_with_rows_only_for_who_may_see_customers(company: Company) -> None:
    complaints(company, lately=30)
    (lead,) = noticed(company.reading(WEEKS), frozenset({Kind.SPIKE})).signals
    assert (lead.where, lead.verdict, lead.evidence) == ((BILL,), "theme spike", ())
    assert {number.name: number.value for number in lead.numbers}["count"] == 30
    (signal,) = noticed(company.reading(WEEKS, viewer=WHO_SERVES), frozenset({Kind.SPIKE})).signals
    assert len(signal.evidence[0].ids) == 30


def test_what_rose_with_everything_blames_nothing_and_comes_after_what_rose_alone(company: Company) -> None:
    complaints(company, lately=30, elsewhere=75)
    found = noticed(company.reading(WEEKS), frozenset({Kind.SPIKE})).signals
    assert {one.verdict for one in found} == {"part of an overall rise"}


@pytest.mark.each_engine
def test_reports_of_a_theme_are_counted_from_tickets_of_five_people(company: Company) -> None:
    theme = company.theme("Till hangs")
    for back in range(1, WEEKS):
        company.ticket(theme, CHECKOUT, when(back))
    for _ in range(6):
        company.ticket(theme, CHECKOUT, when(0))
    last = company.ticket(theme, CHECKOUT, when(0), people=1)
    (signal,) = noticed(company.reading(WEEKS), frozenset({Kind.SPIKE})).signals
    assert signal.where == (f"theme:{theme}",)
    assert {number.name: number.value for number in signal.numbers}["count"] == 30
    assert str(last) not in signal.evidence[0].ids


def test_a_rise_of_four_people_is_not_told_and_said_to_be_silent(company: Company) -> None:
    theme, company.people = company.theme("Till hangs"), 4
    for back in range(1, WEEKS):
        company.ticket(theme, CHECKOUT, when(back), people=2)
    for _ in range(8):
        company.ticket(theme, CHECKOUT, when(0), people=4)
    found = noticed(company.reading(WEEKS, routed=False), frozenset({Kind.SPIKE}))
    assert found.signals == ()
    assert {one.why for one in found.silences} == {
        "touchpoints: no contact was routed yet (`throughline customers route`)",
        "themes that rose: fewer than five people reported it",
    }


def test_whoever_may_not_read_the_page_is_refused(company: Company) -> None:
    with pytest.raises(NotAllowed):
        company.reading(WEEKS, viewer=Viewer("Sam", frozenset({"everyone"})))
