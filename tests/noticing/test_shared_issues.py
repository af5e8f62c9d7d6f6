"""Shared issues out of the database: the way on the map, the same customers, and what people say of it."""

from collections.abc import Iterator

import pytest
from bot.database import Database
from bot.noticing import wording
from bot.noticing.names import names
from bot.noticing.noticed import noticed
from bot.signals.signal import Evidence, Kind, Signal
from bot.steering.verdicts import judge

from noticing.planted_company import LEAD, TODAY, WHO_SERVES, Company, when

BILL, CHAT, WORK = "cx.phone.billing_question", "cx.chat.support", "ex.phone.billing_question"
WEEKS = 40


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.writing.begin() as session:
        yield Company(session)


def typed_twice(company: Company) -> int:
    """A theme whose customers complain four days later at the touchpoint that the work serves, among many others."""
    theme = company.theme("Typed twice")
    for back in range(WEEKS):
        company.contacts(BILL, when(back), many=3)
        if back % 4 == 2:
            customer = company.customer()
            company.ticket(theme, WORK, when(back), tools=["orion"], customers=[customer])
            company.contacts(BILL, when(back, 4), customers=[customer])
    return theme


@pytest.mark.parametrize(
    ("kind", "count", "said"),
    [
        ("ticket", 1, "1 ticket"),
        ("ticket", 1200, "1,200 tickets"),
        ("contact of the same customer", 2, "2 contacts of the same customers"),
    ],
)
def test_rows_are_counted_in_words(kind: str, count: int, said: str) -> None:
    assert wording.rows(Evidence(kind, tuple(map(str, range(count))))) == said


def at_bill(company: Company, **how: object) -> Signal:
    found = noticed(company.reading(WEEKS, **how), frozenset({Kind.SHARED_ISSUE}))
    (signal,) = (one for one in found.signals if BILL in one.where)
    return signal


@pytest.mark.each_engine
def test_who_complains_after_somebody_struggled_with_them_makes_it_a_shared_issue(company: Company) -> None:
    theme = typed_twice(company)
    signal = at_bill(company)
    numbers = {number.name: number for number in signal.numbers}
    assert (signal.verdict, signal.where) == ("shared issue", (f"theme:{theme}", WORK, BILL))
    assert (numbers["way on the map"].value, numbers["words"].value) == (1.0, pytest.approx(0.62))
    assert numbers["same customers"].n == 10
    assert {rows.kind for rows in signal.evidence} == {"ticket"}
    assert "causes" not in signal.sentence()
    assert "“Typed twice” appears together with complaints at" in signal.sentence(names(company.reading(2)))
    kinds = {rows.kind: len(rows.ids) for rows in at_bill(company, viewer=WHO_SERVES).evidence}
    assert kinds == {"ticket": 10, "complaint": 130, "contact of the same customer": 10}


def test_four_customers_are_not_told_of_and_the_issue_stays_possible(company: Company) -> None:
    theme = company.theme("Typed twice")
    for back in range(4):
        customer = company.customer()
        company.ticket(theme, WORK, when(back), customers=[customer])
        company.contacts(BILL, when(back, 3), many=6, customers=[customer])
    signal = at_bill(company)
    assert signal.verdict == "possible"
    same = signal.numbers[-1]
    assert (same.value, same.n) == (None, 0)


def test_a_denial_of_a_lead_moves_the_score_and_the_order(company: Company) -> None:
    theme = typed_twice(company)
    before = at_bill(company).numbers[0].value
    judge(company.session, theme, BILL, LEAD, same=False, now=TODAY)
    assert at_bill(company).numbers[0].value == pytest.approx(before * 4 / 5)


def test_a_theme_of_few_people_and_contacts_that_nobody_routed_are_said_to_be_silent(company: Company) -> None:
    company.ticket(company.theme("Rare"), WORK, when(3), people=3)
    (few,) = noticed(company.reading(WEEKS), frozenset({Kind.SHARED_ISSUE})).silences
    assert few.why == "themes: fewer than five people reported it"
    (silence,) = noticed(company.reading(WEEKS, routed=False), frozenset({Kind.SHARED_ISSUE})).silences
    assert "customers route" in silence.why
