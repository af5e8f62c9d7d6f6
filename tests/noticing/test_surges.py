"""A surge of complaints is found as of the moment, in phrases of the map, and told once while it goes on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from bot.database import Database
from bot.letters import frontline
from bot.noticing.surges import Surge, surging

from noticing.planted_company import TODAY, Company

BILL, REPAIR = "cx.phone.billing_question", "cx.field.repair"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.writing.begin() as session:
        yield Company(session)


def now(company: Company, **later: float) -> list[Surge]:
    company.session.flush()
    return surging(company.session, company.reading(12).world, now=TODAY + timedelta(**later))


def test_fifteen_of_different_customers_within_an_hour_are_one(company: Company) -> None:
    company.contacts(BILL, TODAY - 20 * MINUTE, many=15)
    (found,) = now(company)
    assert (found.touchpoint, found.burst.count, found.burst.people, found.burst.usual) == (BILL, 15, 15, 0.0)
    assert found.since == TODAY - 20 * MINUTE
    assert now(company, minutes=41) == []


def test_what_a_place_has_every_day_at_that_hour_is_none_and_at_another_hour_one(company: Company) -> None:
    for day in range(1, 29):
        company.contacts(BILL, TODAY - day * DAY - 20 * MINUTE, many=14)
    company.contacts(BILL, TODAY - 20 * MINUTE, many=15)
    company.contacts(BILL, TODAY + 5 * HOUR - 20 * MINUTE, many=15)
    assert now(company) == []
    assert [one.touchpoint for one in now(company, hours=5)] == [BILL]


def test_contacts_that_are_no_complaints_and_those_of_few_customers_are_none(company: Company) -> None:
    company.contacts(BILL, TODAY - MINUTE, many=40, complaint=False)
    company.contacts(REPAIR, TODAY - MINUTE, many=9)
    assert now(company) == []


def test_it_is_told_once_while_it_goes_on_and_again_after_it_was_over(company: Company) -> None:
    def told(**later: float) -> list[str]:
        standing = now(company, **later)
        at = TODAY + timedelta(**later)
        untold = {one.touchpoint for one in frontline.untold(company.session, standing, now=at)}
        fresh = frontline.note(company.session, standing, now=at)
        assert fresh == untold
        return sorted(fresh)

    company.contacts(BILL, TODAY - MINUTE, many=15)
    assert told() == [BILL]
    assert told(seconds=15) == []
    company.contacts(BILL, TODAY + 50 * MINUTE, many=15)
    assert told(hours=1) == []
    assert told(hours=2) == []
    company.contacts(BILL, TODAY + 150 * MINUTE, many=15)
    company.contacts(REPAIR, TODAY + 150 * MINUTE, many=15)
    assert told(minutes=151) == [REPAIR]  # less than two hours after it was last seen the other goes on
    company.contacts(BILL, TODAY + 9 * HOUR, many=15)
    assert told(hours=9, minutes=1) == [BILL]
