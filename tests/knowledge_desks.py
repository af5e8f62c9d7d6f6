"""A company whose knowledge was asked, objected to and looked after, and its page, for everybody of its roster."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from bot import audit, exchanges
from bot.app import House
from bot.assistant import Asked
from bot.audit import Purpose, View
from bot.audit.unusual import Unusual, note_told
from bot.page_readers import site_of
from bot.people import AUDITOR, Member
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.slack_settings import SignIn
from bot.visits import visiting
from bot.visits.visiting import Visitor
from bot.web import Site, SlackOpenId, WebPage
from bot.web.keeping import Reindex, Reindexing
from bot.web.site import by_roster
from playwright.sync_api import Browser, BrowserContext

import offices

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
DOMAIN = "tidewater.example"
HANA = Member("Hana Sato", f"hana.sato@{DOMAIN}", frozenset({AUDITOR}), "head-office")
LEE = Member("Lee Ortiz", f"lee.ortiz@{DOMAIN}", frozenset({"lead"}), "head-office")
# Who stands for what, by their address; "" is nobody who signed in. Customer care is Sam's team.
PEOPLE = {
    "nobody": "",
    "outsider": "guest@elsewhere.example",
    "employee": f"femi.bello@{DOMAIN}",
    "team owner": f"sam.tran@{DOMAIN}",
    "lead": LEE.email,
    "admin": f"elif.kaya@{DOMAIN}",
    "auditor": HANA.email,
}
FEE, SCRIPTS, LIMITS = "policies/late-fees.md", "phone/scripts.md", "supervisors/limits.md"
RAW = "<script>document.title = 'taken over'</script> and <img src=x onerror=alert(1)>"
PAGES = {
    FEE: "---\ntitle: Late fees\nowner: customer-care\nverified: 2026-01-10\nreview_by: 2026-06-01\n---\n"
    "# Late fees\n\nThe late fee is $9.50 per bill. It is due within 30 days.\n",
    "policies/bills.md": "---\ntitle: Bills\nowner: billing-policy\nverified: 2026-11-01\n---\n"
    "# Bills\n\nThe late fee is $12.00 per bill. It is due within 30 days.\n",
    SCRIPTS: "---\ntitle: Phone scripts\nowner: customer-care\naudience: role:phone\nverified: 2026-11-02\n---\n"
    "# Greeting\n\nPhone staff greet callers by name.\n",
    LIMITS: "---\ntitle: Waiver limits\naudience: role:supervisor\nverified: 2026-11-02\n---\n"
    "A supervisor waives at most $50 a month.\n",
    "tools/raw.md": f"---\ntitle: Raw\nverified: 2026-11-02\n---\n# Markup\n\nWrite `{RAW}` nowhere.\n",
}
ASKED, GREETING = "How much is the late fee?", "How do phone staff greet callers?"
UNANSWERED = ("Who repairs the espresso machine?", "Do we rent out bicycles?")
DANA = "d" * 32


@dataclass
class Desk:
    """The page, and browsers of whoever is on the roster."""

    house: House
    site: Site
    page: WebPage

    def link(self, address: str) -> str:
        with self.house.database.writing.begin() as session:
            secret = visiting.offer(session, Visitor(address.partition("@")[0], address), now=NOW)
        return f"{self.page.address}/enter/{secret}"

    def browser(self, who: str) -> httpx.Client:
        """Signed in, unless it is nobody."""
        client = httpx.Client(base_url=self.page.address, headers={"Origin": self.page.address}, timeout=60)
        if address := PEOPLE[who]:
            entered = client.post("/enter", data={"secret": self.link(address).rpartition("/")[2]})
            assert entered.status_code == 303
        return client

    def window(self, chromium: Browser, who: str, **options: object) -> BrowserContext:
        context = chromium.new_context(**options)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(self.link(PEOPLE[who]))
        page.get_by_role("button", name="Open the page").click()
        page.wait_for_url(lambda url: "/enter" not in url)
        page.close()
        return context

    def close(self) -> None:
        self.page.stop()
        self.house.database.close()


def house_in(folder: Path, encoder: Embedder) -> House:
    """The pages above, indexed; two more on the roster: an auditor, and a lead who is in no team."""
    for name, text in PAGES.items():
        file = folder / "pages" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    house = offices.house_in(folder / "var", encoder, KNOWLEDGE=str(folder / "pages"))
    house.reindex(folder / "pages")
    return replace(house, directory=replace(house.directory, roster=(*house.directory.roster, HANA, LEE)))


def opened(house: House, *, reindex: Callable[[House], Reindex] | None = None) -> Desk:
    """With Sign in with Slack, though no Slack is there; `reindex` in place of the house's own."""
    openid = SlackOpenId(SignIn("1.2", "made-up"), api_url="http://127.0.0.1:9/api/")
    site = replace(site_of(house, by_roster(house.directory, house.owners), openid), clock=lambda: NOW, zone=UTC)
    if reindex and site.keeping:
        watched = Reindexing(reindex(house), house.underway)
        site = replace(site, keeping=replace(site.keeping, reindexing=watched))
    return Desk(house, site, WebPage(site, port=0, data_dir=house.settings.data_dir).start())


def furnish(house: House) -> None:
    """Questions that were answered and not, a verdict, a notice, looks at customers."""
    asked = [(ASKED, "maya.okafor"), (ASKED, "femi.bello"), *((one, "sam.tran") for one in UNANSWERED)]
    for place, (question, name) in enumerate(asked):
        at = NOW - timedelta(hours=9 - place)
        one = Asked(house.directory.find(f"{name}@{DOMAIN}"), Question(question))
        reply = house.assistant.ask(one, today=at.date(), now=at)
        with house.database.writing.begin() as session:
            number = house.assistant.remember(session, one, reply, now=at)
            if place == 0:
                exchanges.give_feedback(session, exchange=number, person=one.person.id, helpful=False, now=at)
    until, admin = NOW + timedelta(hours=2), house.directory.find(PEOPLE["admin"])
    house.curator.post_notice("Orion is down", until=until, said="17:30", meant_for=["role:shop"], by=admin, now=NOW)
    with house.database.writing.begin() as session:
        for hours in (3, 2):
            view = View(PEOPLE["team owner"], DANA, Purpose.CARD, ("name", "promises"), "C1", "exchange:7")
            audit.record(session, view, now=NOW - timedelta(hours=hours))
        since = NOW - timedelta(hours=3)
        note_told(session, Unusual(PEOPLE["team owner"], 47, since, since + timedelta(minutes=50)), now=NOW)
