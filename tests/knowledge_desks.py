"""A company whose knowledge was asked, objected to and looked after, and its page, as everybody of its roster sees it."""

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
from bot.visits import visiting
from bot.visits.visiting import Visitor
from bot.web import WebPage
from bot.web.site import by_roster

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
DOMAIN = "tidewater.example"
HANA = Member("Hana Sato", f"hana.sato@{DOMAIN}", frozenset({AUDITOR}), "head-office")
LEE = Member("Lee Ortiz", f"lee.ortiz@{DOMAIN}", frozenset({"lead"}), "head-office")
# Who stands for what, by their address; "" is nobody who signed in.
PEOPLE = {
    "nobody": "",
    "outsider": "guest@elsewhere.example",
    "employee": f"femi.bello@{DOMAIN}",
    "team owner": f"sam.tran@{DOMAIN}",
    "lead": LEE.email,
    "admin": f"elif.kaya@{DOMAIN}",
    "auditor": HANA.email,
}
ANSWERED = "customer brought the modem back after 20 days, do we still bill the return fee?"
UNANSWERED = ("who fixes the coffee machine?", "the coffee machine is broken, who mends it?", "do we rent out bicycles?")
DANA = "d" * 32


@dataclass
class Desk:
    """The page, and browsers of whoever is on the roster."""

    house: House
    page: WebPage

    def link(self, address: str) -> str:
        with self.house.database.writing.begin() as session:
            secret = visiting.offer(session, Visitor(address.partition("@")[0], address), now=NOW)
        return f"{self.page.address}/enter/{secret}"

    def browser(self, address: str) -> httpx.Client:
        """Signed in, unless the address is ""."""
        client = httpx.Client(base_url=self.page.address, headers={"Origin": self.page.address}, timeout=60)
        if address:
            entered = client.post("/enter", data={"secret": self.link(address).rpartition("/")[2]})
            assert entered.status_code == 303
        return client

    def close(self) -> None:
        self.page.stop()
        self.house.database.close()


def opened(house: House, folder: Path, *, clock: Callable[[], datetime] = lambda: NOW) -> Desk:
    """Two more are on the roster: an auditor, and a lead who is in no team."""
    directory = replace(house.directory, roster=(*house.directory.roster, HANA, LEE))
    house = replace(house, directory=directory)
    site = replace(site_of(house, by_roster(directory, house.owners)), clock=clock, zone=UTC)
    return Desk(house, WebPage(site, port=0, data_dir=folder).start())


def furnish(house: House) -> None:
    """Questions that were answered and not, a verdict, a notice, looks at customers."""
    asked = [(ANSWERED, "maya.okafor"), (ANSWERED, "femi.bello"), ("may a customer pay in two parts?", "sam.tran")]
    for place, (question, name) in enumerate([*asked, *((one, "sam.tran") for one in UNANSWERED)]):
        at = NOW - timedelta(hours=9 - place)
        one = Asked(house.directory.find(f"{name}@{DOMAIN}"), Question(question))
        reply = house.assistant.ask(one, today=at.date(), now=at)
        with house.database.writing.begin() as session:
            number = house.assistant.remember(session, one, reply, now=at)
            if place == 0:
                exchanges.give_feedback(session, exchange=number, person=one.person.id, helpful=False, now=at)
    elif_ = house.directory.find(PEOPLE["admin"])
    house.curator.post_notice(
        "Orion is down, use the paper form",
        until=NOW + timedelta(hours=2),
        said="17:30",
        meant_for=("role:shop",),
        by=elif_,
        now=NOW,
    )
    with house.database.writing.begin() as session:
        for hours in (3, 2):
            view = View(f"sam.tran@{DOMAIN}", DANA, Purpose.CARD, ("name", "promises"), "C1", "exchange:7")
            audit.record(session, view, now=NOW - timedelta(hours=hours))
        since = NOW - timedelta(hours=3)
        note_told(session, Unusual(f"sam.tran@{DOMAIN}", 47, since, since + timedelta(minutes=50)), now=NOW)
