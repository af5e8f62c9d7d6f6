"""The lanes of the map: partners and operations by stage beneath customers and employees, each with its owner."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from bot.touchpoints import TouchpointMap
from bot.web import WebPage

import mapped_company
from mapped_company import BROUGHT, CHECKOUT, Company, report
from test_rating_gaps import came, customer, put
from test_steering_views import text

INSTALLING, INSTALLED = "ex.field.installation", "cx.field.installation"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path)
    yield made
    made.close()


def lane_rows(page: str) -> dict[str, str]:
    """Partners, Operations, and what says that it is empty: what is read in each."""
    body = page.partition('class="lanes"')[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return {text(row).split(" ", 1)[0]: text(row).split(" ", 1)[1] for row in rows}


def test_an_empty_lane_says_so_and_what_to_do(company: Company, tmp_path: Path) -> None:
    with closing(company.browser("lead")) as lead:
        told = lane_rows(lead.get("/map").text)
        assert "Contacts come with “throughline import run”" in told["Customers"]
        assert "report with /friction in Slack" in told["Employees"]
        assert "Contacts come with “throughline import run”" in told["Operations"]
    company.page.stop()
    company.site = replace(company.site, map=TouchpointMap.empty)
    company.page = WebPage(company.site, port=0, data_dir=tmp_path).start()
    with closing(company.browser("lead")) as lead:
        told = lane_rows(lead.get("/map").text)
    assert "touchpoints.yaml under cx_touchpoints" in told["Customers"]
    assert "touchpoints.yaml under ex_touchpoints" in told["Employees"]
    assert "touchpoints.yaml under partners" in told["Partners"]


def test_partners_and_operations_stand_by_stage_with_their_owner_and_the_numbers_of_the_map(company: Company) -> None:
    with company.database.writing.begin() as session:
        # Eight people lose twelve minutes a day on an installer: 8 h a week.
        report(session, "installer late", range(8), touchpoint=INSTALLING, partner="fieldpro", tools=())
        report(session, "nobody there", range(8, 12), touchpoint="ex.field.repair", partner="fieldpro", tools=())
        for _ in range(3):
            put(session, came(session, customer(session), "phone", days=9), INSTALLED)
        for number in range(10):  # three of ten who came to the shop came again by phone within 72 h, one after that
            dana = customer(session)
            put(session, came(session, dana, "store", days=12), CHECKOUT)
            if number < 4:
                came(session, dana, "phone", days=11 if number < 3 else 8)
        for _ in range(6):
            put(session, came(session, customer(session), "store", days=9), BROUGHT)
    with closing(company.browser("lead")) as lead:
        told = lane_rows(lead.get("/map").text)
        alone = lane_rows(lead.get("/map?partner=harlow").text)
        mapped_alone = lead.get("/map?partner=fieldpro").text
        rows = lead.get("/map.csv").text
    assert "FieldPro 3 complaints, 8 h Field operations" in told["Partners"]
    assert "FieldPro 0 complaints, few people Field operations" in told["Partners"]
    assert "8 h a week" in mapped_alone
    assert "30 % again elsewhere n 10 Retail operations" in told["Operations"]
    # Three customers are too few; of six the share would give them away, so it is hidden too.
    assert told["Operations"].count("fewer than five customers") == 2
    assert told["Operations"].count("nobody came") == 3
    assert "FieldPro" not in alone["Partners"]
    assert "30 %" not in alone["Operations"]
    assert "Field operations" in next(row for row in rows.splitlines() if row.startswith("At home,Get connected"))


def test_every_lane_of_the_demo_map_has_an_owner_for_each_partner(company: Company) -> None:
    with closing(company.browser("lead")) as lead:
        told = lane_rows(lead.get("/map").text)["Partners"]
    map_ = company.site.map()
    for partner in map_.partners.values():
        assert f"{partner.name} 0 complaints, no hours reported {company.site.owners.name(partner.owner)}" in told
    assert "nobody" not in told
