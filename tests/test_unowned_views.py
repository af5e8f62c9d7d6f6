"""What nobody owns after a working day, on the overview, in the list and for programs."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from bot.friction.tables import TicketRow

import mapped_company
from mapped_company import NOW, Company, report


@pytest.fixture
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path_factory.mktemp("unowned"))
    with made.database.writing.begin() as session:
        report(session, "The till hangs", range(6))
        session.get_one(TicketRow, report(session, "Whose is this", range(6))).team = ""
        session.get_one(TicketRow, report(session, "This just came", range(6), at=NOW)).team = ""
    yield made
    made.close()


@pytest.fixture
def lead(company: Company) -> Iterator[httpx.Client]:
    with closing(company.browser("lead")) as client:
        yield client


def test_the_overview_leads_to_what_nobody_owns(lead: httpx.Client) -> None:
    shown = lead.get("/").text
    assert (
        '<a href="/tickets?team=unowned"><b class="is-customer">1 without an owner</b> for a working day</a>' in shown
    )
    listed = lead.get("/tickets?team=unowned").text
    assert "Whose is this</a>" in listed
    assert "This just came</a>" not in listed
    assert "The till hangs</a>" not in listed
    assert "2 tickets<" in lead.get("/tickets?team=none").text
    rows = list(csv.DictReader(io.StringIO(lead.get("/tickets.csv?team=unowned").text)))
    assert [row["title"] for row in rows] == ["Whose is this"]


def test_an_empty_list_says_so(company: Company, lead: httpx.Client) -> None:
    with company.database.writing.begin() as session:
        for row in session.query(TicketRow):
            row.team = "customer-care"
    assert "none without an owner for a working day" in lead.get("/").text
    assert "Nothing is without an owner for a working day." in lead.get("/tickets?team=unowned").text
