"""A company of hand-made rows behind the page and its interface: few enough to count on paper."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import Database, open_database
from bot.experience.headcounts import Headcount, Headcounts
from bot.experience.viewers import Viewer
from bot.experience.world import Rates, World
from bot.friction import filing
from bot.friction.filing import Said, Subject
from bot.friction.kinds import Frequency, Kind, Severity
from bot.friction.tables import ThemeRow, TicketRow
from bot.routing.tables import RouteRow
from bot.visits import tokens, visiting
from bot.visits.visiting import Visitor
from bot.web import Site, WebPage
from sqlalchemy.orm import Session

from friction import weeks
from friction.desk import SEALER
from new_tables import new_file
from served import shipped_site

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # a Friday
WEEK = timedelta(weeks=1)
TILL, RETURN = "ex.store.checkout", "ex.store.equipment_return"
SHOP, LEAVE = "cx.store.checkout", "cx.store.equipment_return"
FORMULA = '=HYPERLINK("http://evil.example")'
LEAD = Viewer("Lee Ortiz", frozenset({"everyone", "role:lead"}), id="lee@tidewater.example")
TWENTY = Headcounts((Headcount(frozenset({"shop"}), "harbour-street", 20),))


@dataclass
class Company:
    """`viewers` say who may see what now, by address; `now` is moved by tests."""

    database: Database
    page: WebPage = field(init=False)
    site: Site = field(init=False)
    now: datetime = NOW
    viewers: dict[str, Viewer] = field(default_factory=lambda: {LEAD.id: LEAD})

    def token(self, address: str = LEAD.id, *, days: int = 90) -> str:
        """A new one; none of before is counted."""
        with self.database.writing.begin() as session:
            for one in tokens.every(session, now=self.now):
                tokens.revoke(session, one.id)
            return tokens.make(session, Visitor("Somebody", address), "tests", days=days, now=self.now)

    def program(self, token: str = "", **headers: str) -> httpx.Client:
        """At the root of the interface, with a token."""
        shown = {"Authorization": f"Bearer {token or self.token()}", **headers}
        return httpx.Client(base_url=f"{self.page.address}/api/v1", headers=shown, timeout=60)

    @contextmanager
    def browser(self, address: str = LEAD.id) -> Iterator[httpx.Client]:
        """Signed in."""
        with self.database.writing.begin() as session:
            secret = visiting.offer(session, Visitor("Somebody", address), now=self.now)
        headers = {"Origin": self.page.address}
        with httpx.Client(base_url=self.page.address, headers=headers, timeout=60) as client:
            assert client.post("/enter", data={"secret": secret}).status_code == 303
            yield client


@contextmanager
def opened(folder: Path) -> Iterator[Company]:
    (folder / "company.db").write_bytes(new_file())
    database = open_database(f"sqlite:///{folder / 'company.db'}")
    company = Company(database)
    with database.writing.begin() as session:
        furnish(session)
    site = shipped_site(database, clock=lambda: company.now)
    world = World(site.map(), TWENTY, zone=UTC, rates=Rates(25.0, 6.0), routes=RouteRow.__table__)
    company.site = replace(site, who=lambda visitor: company.viewers[visitor.address], world=lambda _session: world)
    company.page = WebPage(company.site, port=0, data_dir=folder).start()
    yield company
    company.page.stop()
    database.close()


def furnish(session: Session) -> None:
    """Six people lose 6 hours at the till, five 10 at returns; two lose something there that nobody may be told."""
    slow = ThemeRow(label="Slow tills", named_by="", outcome="", changed_at=NOW)
    session.add(slow)
    session.flush()
    first = _filed(session, FORMULA, range(6), tools=("pos",), touchpoint=TILL, minutes=60)
    session.get_one(TicketRow, first).theme = slow.id
    _filed(session, "The box is asked for twice", range(10, 15), tools=("orion",), touchpoint=RETURN, minutes=120)
    _filed(session, "A window stays white", range(20, 22), tools=("caredesk",), touchpoint=RETURN, minutes=60)
    lately = NOW - timedelta(days=2)
    _came(session, [("phone", lately, SHOP, at < 3, "") for at in range(12)])
    _came(session, [("chat", lately, LEAVE, at < 1, "") for at in range(4)])
    _came(session, [("survey", lately, SHOP, False, f"{score} of 5") for score in (1, 2, 2, 3, 1, 2)])
    _came(session, [("phone", NOW - 30 * WEEK, SHOP, True, "")])


def _filed(
    session: Session,
    words: str,
    people: Iterable[int],
    *,
    tools: tuple[str, ...],
    touchpoint: str,
    minutes: float,
) -> int:
    """So many people lose so many minutes a week since a week ago."""
    subject = Subject(Kind.SLOW, Severity.S3, tools=tools, touchpoint=touchpoint, team="retail-operations")
    said = Said(words, minutes=minutes, frequency=Frequency.WEEKLY)
    first, *rest = people
    number = filing.file(session, subject, said, weeks.person(first), sealer=SEALER, now=NOW - WEEK).ticket
    for one in rest:
        filing.me_too(session, number, said, weeks.person(one), sealer=SEALER, now=NOW - WEEK)
    return number


def _came(session: Session, rows: Iterable[tuple[str, datetime, str, bool, str]]) -> None:
    """(channel, when, touchpoint, whether it complains, outcome), each of its own customer."""
    for number, (channel, at, touchpoint, complaint, outcome) in enumerate(rows):
        who = CustomerRow(name="", first_seen=NOW)
        session.add(who)
        session.flush()
        row = InteractionRow(
            source="crm", source_id=f"{channel}-{at.isoformat()}-{touchpoint}-{number}", customer=who.id, known_by="",
            channel=channel, direction="in", device="", at=at, subject="", text="", outcome=outcome, agent="", team="",
            place="", transfers=None, refs={}, digest="",
        )  # fmt: skip
        session.add(row)
        session.flush()
        route = RouteRow(
            interaction=row.id, touchpoint=touchpoint, likeness=1.0, complaint=complaint, routed_by="", map_version=1,
            digest="",
        )  # fmt: skip
        session.add(route)
