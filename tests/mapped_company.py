"""A company whose tickets have themes and whose contacts stand on the map, and its page, for tests of those views."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from bot.audiences import CUSTOMERS
from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import Database, open_database
from bot.experience.headcounts import Headcount, Headcounts
from bot.experience.viewers import Viewer
from bot.experience.world import Rates, World
from bot.friction import filing
from bot.friction.filing import Said, Subject
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Privacy, Severity
from bot.friction.tables import ThemeRow, TicketRow
from bot.noticing.snapshots import Snapshots
from bot.routing.tables import RouteRow
from bot.visits import visiting
from bot.visits.visiting import Visitor
from bot.web import Site, WebPage
from sqlalchemy.orm import Session

from friction import weeks
from friction.desk import SEALER
from new_tables import new_file
from served import shipped_site

# A Friday.
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)
TILL, RETURN = "ex.store.checkout", "ex.store.equipment_return"
CHECKOUT, BROUGHT, HELP = "cx.store.checkout", "cx.store.equipment_return", "cx.store.help"
EVERYONE = frozenset({"everyone"})
WHO = {
    "lead": Viewer("Lee Ortiz", EVERYONE | {"role:lead"}),
    "serves": Viewer("Maya Okafor", EVERYONE | {"role:lead", CUSTOMERS}),
    "admin": Viewer("Elif Kaya", EVERYONE | {"role:admin", "role:lead"}),
    "owner": Viewer("Sam Tran", EVERYONE, frozenset({"customer-care"})),
}


@dataclass
class Company:
    database: Database
    site: Site
    page: WebPage

    def link(self, who: str) -> str:
        with self.database.writing.begin() as session:
            return f"{self.page.address}/enter/{visiting.offer(session, Visitor(who, who), now=NOW)}"

    def browser(self, who: str) -> httpx.Client:
        client = httpx.Client(base_url=self.page.address, headers={"Origin": self.page.address}, timeout=60)
        client.post("/enter", data={"secret": self.link(who).rpartition("/")[2]})
        return client

    def close(self) -> None:
        self.page.stop()
        self.database.close()


# For which nothing takes long, however slow the machine is: whoever looks sees what is there now.
AT_ONCE = Snapshots(heavy_seconds=math.inf)


def opened(
    folder: Path,
    *,
    hour: float | None = None,
    snapshots: Snapshots = AT_ONCE,
    clock: Callable[[], datetime] = lambda: NOW,
) -> Company:
    """With forty people in the shops; `hour` is what one of work costs."""
    file = folder / "throughline.db"
    file.write_bytes(new_file())
    database = open_database(f"sqlite:///{file}")
    shops = Headcounts((Headcount(frozenset({"shop"}), "harbour-street", 40),))

    def world(session: Session) -> World:
        return World(site.map(), shops, zone=UTC, rates=Rates(hour), routes=RouteRow.__table__)

    site = replace(
        shipped_site(database, clock=clock),
        who=lambda visitor: WHO[visitor.name],
        world=world,
        keeping=None,
        snapshots=snapshots,
    )
    return Company(database, site, WebPage(site, port=0, data_dir=folder).start())


def report(
    session: Session,
    words: str,
    people: Sequence[int],
    *,
    touchpoint: str = TILL,
    tools: tuple[str, ...] = ("pos",),
    theme: int | None = None,
    partner: str = "",
    minutes: float = 12,
    at: datetime = NOW - WEEK,
) -> int:
    """A ticket of these people, each of whom loses so many minutes daily; its number."""
    subject = Subject(Kind.SLOW, Severity.S3, tools=tools, touchpoint=touchpoint, partner=partner, team="customer-care")
    said = Said(words, Privacy.NAMED, minutes, Frequency.DAILY, CustomerEffect.WAITED)
    number = filing.file(session, subject, said, weeks.person(people[0]), sealer=SEALER, now=at).ticket
    for each in people[1:]:
        filing.me_too(session, number, said, weeks.person(each), sealer=SEALER, now=at)
    session.get_one(TicketRow, number).theme = theme
    return number


def theme(session: Session, number: int, label: str) -> int:
    session.add(ThemeRow(id=number, label=label, named_by="", outcome="", changed_at=NOW))
    session.flush()
    return number


def contacts(
    session: Session,
    touchpoint: str,
    texts: Sequence[str],
    *,
    complaint: bool = True,
    place: str = "",
    at: datetime = NOW - WEEK,
) -> None:
    """Each of a customer of its own, put there by a person: a running bot routes no such contact anew."""
    for text in texts:
        customer = CustomerRow(name="Dana Customer", first_seen=NOW)
        session.add(customer)
        session.flush()
        row = InteractionRow(
            source="crm", source_id=str(customer.id), customer=customer.id, known_by="", channel="phone",
            direction="in", device="", at=at, subject="", text=text, outcome="", agent="", team="",
            place=place, transfers=None, refs={}, digest="",
        )  # fmt: skip
        session.add(row)
        session.flush()
        route = {"interaction": row.id, "touchpoint": touchpoint, "complaint": complaint, "likeness": 1.0}
        session.add(RouteRow(**route, routed_by="U0LEE", map_version=0, digest=""))
