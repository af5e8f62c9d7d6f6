"""The map, its fields and the themes in a real browser: nothing is cut off, no rule is broken, forms by keyboard."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

import mapped_company
from mapped_company import BROUGHT, CHECKOUT, HELP, NOW, RETURN, WEEK, Company, contacts, report, theme
from thorough import THOROUGH

pytest_plugins = ["simulator_fixtures"]

PANEL = "/map?weeks=12&cell=store.leave"
VIEWS = (
    "/map",
    PANEL,
    "/map?place=harbour-street",
    "/map/heat",
    "/map/quadrant?weeks=12",
    "/signals",
    "/shared?cell=store.leave",
    "/themes",
    "/themes/1",
)
# Two of four looks in `make test`, all in `make faults`.
LOOKS = [(390, "dark"), (1280, "light"), *([(390, "light"), (1280, "dark")] if THOROUGH else [])]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path_factory.mktemp("views"), hour=25)
    with made.database.writing.begin() as session:
        theme(session, 1, "Boxes are typed twice")
        theme(session, 2, "Tills hang")
        report(session, "Typed into both", range(15), touchpoint=RETURN, tools=("caredesk", "orion"), theme=1)
        report(session, "The till hangs", range(20, 26), theme=2)
        report(session, "Of two alone", range(30, 32), touchpoint=RETURN, tools=("orion",))
        for back in range(2, 24):
            for each in range(9 if back == 5 else 1 + back % 2):
                report(session, f"Typed twice {back}", [each], touchpoint=RETURN, theme=1, at=NOW - back * WEEK)
        for touchpoint, complaints, others in ((CHECKOUT, 0, 150), (BROUGHT, 60, 90), (HELP, 90, 60)):
            contacts(session, touchpoint, ["billed for the equipment I returned"] * complaints, place="harbour-street")
            contacts(session, touchpoint, ["Where are you?"] * others, complaint=False)
    yield made
    made.close()


@pytest.fixture(scope="module")
def signed_in(company: Company, chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(company.link("serves"))
    page.get_by_role("button", name="Open the page").click()
    page.wait_for_url(lambda url: "/enter" not in url)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(signed_in: BrowserContext) -> Iterator[Page]:
    """One on which nothing may fail: a broken rule of the Content-Security-Policy is said on the console."""
    opened = signed_in.new_page()
    said: list[str] = []

    def note(one: ConsoleMessage) -> None:
        if one.type in {"error", "warning"}:
            said.append(one.text)

    opened.on("console", note)
    opened.on("pageerror", lambda fault: said.append(str(fault)))
    yield opened
    opened.close()
    assert said == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_view_keeps_the_rules_of_accessibility_and_fits(
    company: Company, page: Page, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    for path in VIEWS:
        page.goto(f"{company.page.address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page).response
        assert found["passes"], path
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], path
        ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
        assert len(ids) == len(set(ids)), path
        small = [
            one.inner_text() for one in page.locator(".btn:visible").all() if (one.bounding_box() or {})["height"] < 44
        ]
        assert width == 1280 or small == [], path


def test_a_theme_goes_on_the_roadmap_by_keyboard_and_is_taken_back(company: Company, page: Page) -> None:
    page.goto(f"{company.page.address}{PANEL}")
    page.get_by_text("Put on the roadmap").press("Enter")
    page.get_by_label("Where").select_option("next")
    page.get_by_label("Because").fill("Fifteen people type it twice")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("under “next” from now on")
    decisions = page.get_by_role("list", name="Decisions, newest first").get_by_role("listitem")
    expect(decisions.first).to_contain_text("Fifteen people type it twice")
    page.get_by_role("button", name="Take it back").press("Enter")
    expect(decisions.first).to_contain_text("Dropped, because Taken back: next.")
    expect(decisions).to_have_count(2)


def test_a_mark_of_the_fields_leads_to_its_cell(company: Company, page: Page) -> None:
    page.goto(f"{company.page.address}/map/quadrant?weeks=12")
    page.get_by_role("link", name="Bringing equipment back: shared issue").focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("billed for equipment I have returned")
    page.get_by_role("link", name="Touchpoint × tool").click()
    page.get_by_role("link", name="Selling at the register, PointPost: 6 hours a week, 1 open ticket").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("1 ticket")


def test_on_paper_there_are_the_figures_and_no_control(company: Company, page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    for path in (PANEL, "/map/heat", "/map/quadrant?weeks=12", "/themes", "/themes/1"):
        page.goto(f"{company.page.address}{path}")
        for hidden in ("header.bar", ".filters", ".btn", ".fields"):
            assert not [one for one in page.locator(hidden).all() if one.is_visible()], (path, hidden)
        background = "getComputedStyle(document.querySelector('.sheet')).backgroundColor"
        assert page.evaluate(background) == "rgb(255, 255, 255)", path


@pytest.mark.parametrize("path", ["/themes/1", PANEL])
def test_whether_it_is_one_thing_is_said_where_it_is_shown_and_taken_back(
    page: Page, company: Company, path: str
) -> None:
    page.goto(company.page.address + path)
    here = page.locator("#shared")
    expect(here).to_contain_text("appears together with complaints at")
    here.get_by_role("button", name="Not the same thing").first.click()
    expect(page.locator("#shared")).to_contain_text("Not the same thing, says Maya Okafor, 20 Nov 2026.")
    page.locator("#shared").get_by_role("button", name="Take it back").click()
    expect(page.locator("#shared").get_by_role("button", name="Looks right").first).to_be_visible()
    expect(page.locator("#shared")).not_to_contain_text("says Maya Okafor")
