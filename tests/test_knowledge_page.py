"""The knowledge on the page, in a real browser: what needs care, what is done about it, and who may see any of it."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from threading import Event

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from bot import audit
from bot.app import House
from bot.audit import Purpose
from bot.audit.rows import AuditRow
from bot.database import Database
from bot.people import Person
from bot.retrieval.embedding import Embedder
from bot.retrieval.reindexing import Step
from bot.visits import visiting
from bot.web.keeping import Reindex
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from sqlalchemy import select

import knowledge_desks
import offices
from knowledge_desks import ASKED, DANA, FEE, GREETING, NOW, PEOPLE, RAW, SCRIPTS, Desk
from thorough import THOROUGH

pytest_plugins = ["simulator_fixtures"]

# What is looked at from end to end, by whom.
VIEWS = {
    "/knowledge": "admin",
    "/knowledge?did=verified&page=policies/late-fees.md": "team owner",
    "/knowledge/pages": "lead",
    f"/knowledge/pages/{FEE}": "admin",
    "/knowledge/reindex": "admin",
    "/knowledge/as?who=role:phone": "admin",
    "/knowledge/access": "lead",
    "/knowledge/audit?person=sam+tran": "auditor",
    "/knowledge/audit/chain": "auditor",
    "/tickets": "lead",
    "/": "lead",
    "/tokens": "lead",
    "/api/v1/docs": "lead",
}


class Held:
    """A real reindex that waits at its first step until somebody lets it go on."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.go_on.set()

    def of(self, house: House) -> Reindex:
        return partial(self._reindex, house)

    def _reindex(self, house: House, progress: Callable[[Step], None]) -> object:
        def step(at: Step) -> None:
            progress(at)
            self.go_on.wait(60)

        return house.reindex(house.settings.knowledge, step)


@pytest.fixture(scope="module")
def held() -> Held:
    return Held()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder, held: Held) -> Iterator[Desk]:
    house = knowledge_desks.house_in(tmp_path_factory.mktemp("desk"), encoder)
    knowledge_desks.furnish(house)
    opened = knowledge_desks.opened(house, reindex=held.of)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def windows(desk: Desk, chromium: Browser) -> Iterator[dict[str, BrowserContext]]:
    who = ("team owner", "lead", "admin", "auditor")
    contexts = {one: desk.window(chromium, one, viewport={"width": 1280, "height": 900}) for one in who}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def look(desk: Desk, windows: dict[str, BrowserContext]) -> Iterator[Callable[[str, str], Page]]:
    """Open a view as somebody; nothing may be said on the console, which tells of every broken rule of the CSP."""
    pages: list[Page] = []
    said: list[str] = []

    def note(one: ConsoleMessage) -> None:
        if one.type in {"error", "warning"}:
            said.append(one.text)

    def open_one(who: str, path: str) -> Page:
        page = windows[who].new_page()
        page.on("console", note)
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.goto(f"{desk.page.address}{path}")
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        page.close()
    assert said == []


@pytest.fixture
def clients(desk: Desk) -> Iterator[Callable[[str], httpx.Client]]:
    opened: list[httpx.Client] = []

    def of(who: str) -> httpx.Client:
        opened.append(desk.browser(who))
        return opened[-1]

    yield of
    for client in opened:
        client.close()


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    token = next(iter(client.cookies.values()))
    return client.post(path, data={**fields, "form": visiting.form_token(token)})


def written(database: Database, purpose: Purpose) -> list[AuditRow]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.purpose == purpose).order_by(AuditRow.number)))


def test_an_admin_sees_what_needs_care_and_why(look: Callable[[str, str], Page]) -> None:
    page = look("admin", "/knowledge")
    part = page.get_by_role
    expect(part("table", name="Pages to look after").get_by_role("row", name="Late fees")).to_contain_text("1 Jun 2026")
    expect(page.get_by_role("region", name="Pages that disagree")).to_contain_text("$9.50")
    expect(page.get_by_role("region", name="Pages that disagree")).to_contain_text("$12.00")
    gaps = part("table", name="Questions that nothing answered")
    expect(gaps.get_by_role("row", name="espresso")).to_contain_text("1 time")
    expect(part("table", name="Most used pages").get_by_role("row").nth(1)).to_contain_text("2")
    expect(page.get_by_role("region", name="What readers objected to")).to_contain_text("1 in all")
    expect(page.get_by_role("region", name="Notices")).to_contain_text("for role:shop")


def test_a_filter_stands_in_the_address(look: Callable[[str, str], Page], desk: Desk) -> None:
    page = look("admin", "/knowledge")
    page.get_by_label("Owner").select_option("billing-policy")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(f"{desk.page.address}/knowledge?owner=billing-policy")
    expect(page.get_by_role("region", name="Pages to look after")).to_contain_text("No page of this owner")


def test_an_owner_sees_and_verifies_their_own_pages_only(clients: Callable[[str], httpx.Client]) -> None:
    sam = clients("team owner")
    shown = sam.get("/knowledge").text
    assert "Late fees" in shown
    assert "espresso" not in shown, "questions are shown to admins, as in Slack"
    assert "Reindex" not in shown
    assert send(sam, "/knowledge/verify", page="policies/bills.md").status_code == 403
    done = send(sam, "/knowledge/verify", page=SCRIPTS)
    assert "“Phone scripts” counts as verified today." in sam.get(done.headers["location"]).text
    assert "20 Nov 2026" in sam.get(f"/knowledge/pages/{SCRIPTS}").text


def test_a_page_that_somebody_may_not_read_is_nowhere_named_to_them(clients: Callable[[str], httpx.Client]) -> None:
    lead = clients("lead")
    assert lead.get(f"/knowledge/pages/{SCRIPTS}").status_code == 404
    for path in ("/knowledge", "/knowledge/pages", "/knowledge/access", f"/knowledge?did=verified&page={SCRIPTS}"):
        assert "Phone scripts" not in lead.get(path).text
    assert "Phone scripts" in clients("admin").get("/knowledge/pages").text


def test_markup_of_a_page_is_shown_and_never_runs(look: Callable[[str, str], Page]) -> None:
    page = look("admin", "/knowledge/pages/tools/raw.md")
    expect(page.get_by_role("article")).to_contain_text(RAW)
    expect(page).to_have_title("Raw · Throughline")
    assert page.locator("article img, article script").count() == 0


def test_a_wrong_page_is_withdrawn_where_it_is_read_and_restored(look: Callable[[str, str], Page], desk: Desk) -> None:
    page = look("admin", "/knowledge/pages/policies/bills.md")
    page.get_by_label("It is wrong, because").fill("The fee was never $12.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("“Bills” is withdrawn")
    out = page.get_by_role("region", name="Taken out")
    expect(out).to_contain_text("by Elif Kaya: The fee was never $12.")
    assert [one.source for one in desk.house.curator.state(by=_admin(desk), today=NOW.date(), now=NOW).withdrawn] == [
        "policies/bills.md"
    ]
    out.get_by_role("button", name="Restore it").click()
    expect(page.get_by_role("status").first).to_contain_text("“Bills” answers again")


def test_a_notice_is_posted_and_ended_by_keyboard(look: Callable[[str, str], Page]) -> None:
    page = look("admin", "/knowledge")
    page.get_by_label("What to say").fill("Tills are slow")
    page.get_by_label("Until").fill("17:00")
    page.keyboard.press("Enter")
    notices = page.get_by_role("region", name="Notices")
    expect(notices).to_contain_text("Tills are slow")
    expect(notices).to_contain_text("for everyone · by Elif Kaya")
    notices.get_by_role("listitem").filter(has_text="Tills").get_by_role("button").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("The notice is taken down")
    expect(page.get_by_role("region", name="Notices")).not_to_contain_text("Tills are slow")


def test_what_cannot_be_done_says_why_and_changes_nothing(clients: Callable[[str], httpx.Client]) -> None:
    admin = clients("admin")
    refused = send(admin, "/knowledge/notices", text="Orion is down", until="whenever")
    assert refused.status_code == 400
    assert "whenever" in refused.text
    assert "is not withdrawn" in send(admin, "/knowledge/restore", page=FEE).text


def test_two_people_watch_one_reindex_and_a_reload_finds_it_again(
    look: Callable[[str, str], Page], held: Held, desk: Desk, clients: Callable[[str], httpx.Client]
) -> None:
    held.go_on.clear()
    try:
        first = look("admin", "/knowledge")
        first.get_by_role("button", name="Reindex now").click()
        expect(first.get_by_role("status")).to_contain_text("Reading pages")
        second = look("admin", "/knowledge")
        expect(second.locator("#reindex")).to_contain_text("Under way since")
        assert send(clients("admin"), "/knowledge/reindex").status_code == 303, "who presses again watches the same"
        first.reload()
        expect(first.get_by_role("progressbar")).to_be_visible()
        expect(first.get_by_role("button", name="Reindex now")).to_have_count(0)
    finally:
        held.go_on.set()
    for page in (first, second):  # neither is loaded again
        expect(page.locator("#reindex")).to_contain_text("5 unchanged")
        expect(page.get_by_role("button", name="Reindex now")).to_be_visible()
    last = desk.house.underway.last()
    assert last is not None
    assert not last.at_work


def test_what_somebody_else_would_be_answered_and_nothing_of_it_is_kept(
    look: Callable[[str, str], Page], desk: Desk
) -> None:
    page = look("admin", "/knowledge/as")
    page.get_by_label("As whom").select_option("role:phone")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name=re.compile("pages$"))).to_have_text("4 of 5 pages")
    page.get_by_label("Question").fill(GREETING)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("blockquote")).to_contain_text("greet callers by name")
    assert "greet" not in page.url
    page.goto(f"{desk.page.address}/knowledge/as?who=public")
    expect(page.get_by_text("Nothing is meant for them")).to_be_visible()
    page.get_by_label("Question").fill(ASKED)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".answer blockquote")).to_have_count(0)
    assert GREETING not in str([one.questions for one in desk.house.curator.gap_groups(by=_admin(desk))])


def test_whoever_serves_customers_is_shown_to_know_the_same(look: Callable[[str, str], Page]) -> None:
    page = look("admin", "/knowledge/access")
    table = page.get_by_role("table", name="Roles and what they may see")
    for role, pages, may in (("phone", "4", 2), ("chat", "3", 2), ("auditor", "3", 2), ("admin", "3", 4)):
        row = table.get_by_role("row", name=re.compile(f"^{role}"))
        expect(row.get_by_role("cell").nth(0)).to_have_text(pages)
        expect(row.get_by_role("img", name="yes")).to_have_count(may)
    differing = page.get_by_role("table", name="Pages that not all of them read")
    expect(differing.get_by_role("row", name="Phone scripts")).to_contain_text("phone")
    expect(differing.get_by_role("row")).to_have_count(3)


def test_an_auditor_reads_who_looked_and_that_is_written_down(look: Callable[[str, str], Page], desk: Desk) -> None:
    before = len(written(desk.house.database, Purpose.REPORT))
    page = look("auditor", "/")
    expect(page).to_have_url(f"{desk.page.address}/knowledge/audit")
    row = page.get_by_role("table", name="Who looked, at most customers first").get_by_role("row", name="Sam Tran")
    expect(row).to_contain_text("card 2")
    expect(page.get_by_role("region", name="Unusual reading")).to_contain_text("Sam Tran: 47 customers")
    rows = written(desk.house.database, Purpose.REPORT)
    assert len(rows) == before + 1
    assert rows[-1].person == PEOPLE["auditor"]
    row.get_by_role("link", name="Sam Tran").click()
    expect(page.get_by_role("table", name="Single looks, newest first").get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="Check every row").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Every row is as it was written")
    with desk.house.database.reading() as session:
        expect(page.locator("main")).to_contain_text(str(audit.head(session)))


def test_a_customer_is_found_without_standing_in_the_address(clients: Callable[[str], httpx.Client]) -> None:
    hana = clients("auditor")
    found = send(hana, "/knowledge/audit/customer", customer=DANA)
    assert found.headers["location"] == f"/knowledge/audit?since=ever&customer={DANA}"
    assert "Sam Tran" in hana.get(found.headers["location"]).text
    lost = send(hana, "/knowledge/audit/customer", customer="dana@example.org")
    assert (lost.status_code, "leads to no one customer" in lost.text) == (400, True)


# Two of four looks in `make test`, all in `make faults`.
LOOKS = [(390, "light"), (1280, "dark"), *([(390, "dark"), (1280, "light")] if THOROUGH else [])]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_view_keeps_the_rules_of_accessibility_and_fits(
    desk: Desk, windows: dict[str, BrowserContext], width: int, scheme: str
) -> None:
    for path, who in VIEWS.items():
        page = windows[who].new_page()
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{desk.page.address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path
        found = Axe().run(page).response
        assert found["passes"], path
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], path
        page.close()


def test_on_paper_there_is_the_text_and_no_control(look: Callable[[str, str], Page]) -> None:
    page = look("admin", f"/knowledge/pages/{FEE}")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("article")).to_be_visible()
    for hidden in ("header.bar", ".beside", ".btn", ".fields"):
        expect(page.locator(hidden).first).not_to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor") == "rgb(255, 255, 255)"


def test_without_pages_an_admin_is_told_what_to_do(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> None:
    house = offices.house_in(tmp_path_factory.mktemp("bare") / "var", encoder)
    bare = knowledge_desks.opened(house)
    try:
        with closing(bare.browser("admin")) as admin:
            shown = admin.get("/knowledge").text
            assert "Nothing is indexed yet" in shown
            assert "Reindex now" in shown
            for path in ("/knowledge/pages", "/knowledge/as", "/knowledge/access"):
                assert admin.get(path).status_code == 200
    finally:
        bare.close()


def _admin(desk: Desk) -> Person:
    return desk.house.directory.find(PEOPLE["admin"])
