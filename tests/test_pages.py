"""The page as people use it, in a real browser: it opens, its filters work, nothing is cut off, no rule is broken."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from bot import migrations, settings
from bot.database import Database, open_database
from bot.friction import acting
from bot.friction.acting import Act, Resolution
from bot.friction.moves import Event
from bot.friction.roles import Actor
from bot.visits import visiting
from bot.visits.visiting import Visitor
from bot.web import WebPage
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from friction import weeks
from friction.desk import SEALER
from served import shipped_site

pytest_plugins = ["simulator_fixtures"]

RUTH = Visitor("Ruth Adeyemi", "ruth.adeyemi@tidewater.example")
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
FORMULA = '=HYPERLINK("http://evil.example")'


@dataclass
class Company:
    """Twelve weeks of friction, and its page; `first` is the ticket that most people have."""

    database: Database
    page: WebPage
    first: str

    def link(self) -> str:
        with self.database.writing.begin() as session:
            return f"{self.page.address}/enter/{visiting.offer(session, RUTH, now=NOW)}"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
    database = open_database(f"sqlite:///{folder / 'throughline.db'}")
    migrations.upgrade(database.engine)
    with database.writing.begin() as session:
        made = weeks.furnish(session, SEALER, now=NOW)
        lead = Actor("U0RUTH", "T0", "Ruth Adeyemi", triager=True)
        for one in (
            Act(Event.TRIAGE, sets={"workaround": "Note the serial on the slip."}),
            Act(Event.ASK, "Does it happen with swaps too?"),
        ):
            acting.act(session, made[0], one, lead, sealer=SEALER, now=NOW)
        for one in (Act(Event.ACKNOWLEDGE), Act(Event.RESOLVE, FORMULA, Resolution.FIXED)):
            acting.act(session, made[4], one, lead, sealer=SEALER, now=NOW)
    page = WebPage(shipped_site(database, clock=lambda: NOW), port=0, data_dir=folder).start()
    yield Company(database, page, f"FR-{made[0]}")
    page.stop()
    database.close()


@pytest.fixture(scope="module")
def signed_in(company: Company, chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(company.link())
    page.get_by_role("button", name="Open the page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Week 47")
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(signed_in: BrowserContext) -> Iterator[Page]:
    """One on which nothing may fail: a broken rule of the Content-Security-Policy is said on the console."""
    opened = signed_in.new_page()
    said: list[str] = []

    def note(one: ConsoleMessage) -> None:
        if one.type in {"error", "warning"} and "404" not in one.text:
            said.append(one.text)

    opened.on("console", note)
    opened.on("pageerror", lambda fault: said.append(str(fault)))
    yield opened
    opened.close()
    assert said == []


def test_the_overview_says_first_what_its_charts_prove(company: Company, page: Page) -> None:
    page.goto(company.page.address)
    expect(page.locator(".lede")).to_contain_text("hours went into what gets in people's way")
    expect(page.locator(".chart .wide svg")).to_have_count(3)
    page.get_by_text("The numbers, hours a week").first.click()
    table = page.get_by_role("region", name="Tool, hours a week")
    expect(table.get_by_role("row", name="CareDesk")).to_be_visible()
    expect(page.get_by_role("table", name="Open tickets, what costs most first")).to_contain_text("fewer than 5 people")


def test_a_filter_changes_the_list_and_the_address_that_others_can_open(company: Company, page: Page) -> None:
    page.goto(f"{company.page.address}/tickets")
    page.get_by_label("Tool").select_option("caredesk")
    expect(page.get_by_role("heading", level=2)).to_have_text("2 tickets")
    expect(page).to_have_url(f"{company.page.address}/tickets?tool=caredesk")
    page.get_by_label("Severity").select_option("S1")
    expect(page.locator("#list")).to_contain_text("Take a filter away")
    page.reload()
    expect(page.get_by_label("Tool")).to_have_value("caredesk")
    expect(page.locator("#list")).to_contain_text("Take a filter away")
    page.get_by_role("link", name="All open ones").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("7 tickets")


def test_a_ticket_tells_its_story_by_keyboard_alone(company: Company, page: Page) -> None:
    page.goto(company.page.address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.get_by_role("link", name="The same box").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{company.page.address}/tickets/{company.first}")
    expect(page.locator("main")).to_contain_text("Note the serial on the slip.")
    expect(page.locator(".time")).to_contain_text("Does it happen with swaps too?")
    expect(page.locator(".facts")).to_contain_text("14 people · 14 h a week")


def test_a_cell_of_the_map_opens_beside_it_and_leads_to_its_tickets(company: Company, page: Page) -> None:
    page.goto(f"{company.page.address}/map")
    bar = page.get_by_role("navigation", name="Pages")
    expect(bar.get_by_role("link", name="Map")).to_have_attribute("aria-current", "true")
    worst = page.get_by_role("link", name=re.compile("Hurts most"))
    expect(worst).to_have_count(1)
    worst.click()
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("heading", level=2)).to_be_visible()
    expect(panel).to_contain_text("lost a week")
    panel.get_by_role("link", name=re.compile("^Tickets: ")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tickets")


def test_the_map_as_csv_has_what_the_page_has(company: Company) -> None:
    with httpx.Client(base_url=company.page.address, headers={"Origin": company.page.address}) as client:
        client.post("/enter", data={"secret": company.link().rpartition("/")[2]})
        rows = list(csv.DictReader(io.StringIO(client.get("/map.csv?weeks=nonsense").text)))
        told = {(row["channel"], row["stage"]): row["hours_a_week"] for row in rows}
        assert len(told) == len(rows) > 20
        hours = [float(value) for value in told.values() if value not in {"", "few people"}]
        shown = client.get("/map").text
        assert f"and {sum(hours):g} h a week" in shown


def test_an_address_without_a_page_says_where_to_go(company: Company, page: Page) -> None:
    for path, words in (
        ("/tickets/FR-999", "no such ticket"),
        ("/tickets/x", "no such ticket"),
        ("/x", "no such page"),
    ):
        page.goto(f"{company.page.address}{path}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(words)
        expect(page.get_by_role("link", name="Tickets")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/map", "/map?weeks=12&cell=store.leave", "/tickets", "/tickets/FR-1"])
def test_nothing_is_cut_off_and_everything_has_a_name(company: Company, page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{company.page.address}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    nameless = "e => !(e.innerText || e.ariaLabel || e.labels?.[0]?.innerText || '').trim()"
    for part in page.locator("a:visible, button:visible, select:visible").all():
        assert not part.evaluate(nameless)
        box = part.bounding_box()
        assert box is None or width == 1280 or "btn" not in (part.get_attribute("class") or "") or box["height"] >= 44
    assert page.locator("h1").count() == 1
    ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert all(page.locator(f"#{id_}").count() for id_ in _named(page))


def _named(page: Page) -> list[str]:
    return page.eval_on_selector_all("[aria-labelledby]", "all => all.map(e => e.getAttribute('aria-labelledby'))")


def test_what_is_shown_can_be_taken_along_and_no_spreadsheet_runs_it(company: Company) -> None:
    with httpx.Client(base_url=company.page.address, headers={"Origin": company.page.address}) as client:
        client.post("/enter", data={"secret": company.link().rpartition("/")[2]})
        sent = client.get("/tickets.csv?state=over")
        assert sent.headers["content-type"].startswith("text/csv")
        assert "attachment" in sent.headers["content-disposition"]
        assert f"'{FORMULA[:5]}" in sent.text
        assert len(client.get("/tickets.csv?tool=caredesk").text.splitlines()) == 1 + 2
        assert client.get("/tickets?tool=&state=open").headers["location"] == "/tickets"


def test_without_reports_the_page_says_how_they_come(chromium: Browser, database: Database, tmp_path: Path) -> None:
    served = WebPage(shipped_site(database, clock=lambda: NOW), port=0, data_dir=tmp_path).start()
    with database.writing.begin() as session:
        secret = visiting.offer(session, RUTH, now=NOW)
    page = chromium.new_page()
    page.goto(f"{served.address}/enter/{secret}")
    page.get_by_role("button", name="Open the page").click()
    expect(page.locator("main")).to_contain_text("/friction and a few words in Slack")
    page.close()
    served.stop()


def test_both_pages_have_the_same_tokens_and_the_same_htmx() -> None:
    bot = Path(settings.__file__).parent
    for name in ("htmx.min.js", "tokens.css", "mark.svg"):
        assert (bot / "web/static" / name).read_bytes() == (bot / "simulator/static" / name).read_bytes()
