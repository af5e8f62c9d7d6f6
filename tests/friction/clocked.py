"""Tickets on a desk whose clock stands where a test puts it."""

from dataclasses import replace
from datetime import datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from bot.database import Database
from bot.friction import watching
from bot.friction.acting import Act
from bot.friction.clocks import Clocks
from bot.friction.desk import Desk, Form, Reader
from bot.friction.kinds import Kind, Privacy, Severity
from bot.friction.moves import Event
from bot.friction.roles import Actor
from bot.friction.tables import EventRow, TicketRow
from bot.friction.telling_tables import CardRow
from bot.handlers.friction.watch import Watch
from bot.outbox import OutboxRow
from bot.people import ORDINARY_EMPLOYEE, Person
from bot.working_time import OFFICE_HOURS, Calendar, Shift
from sqlalchemy import select

from friction.desk import SEALER, TEAM, filed, reporter, teller

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
SHOP, ELSEWHERE = "the-shop", "elsewhere"
OWNER = Actor("U0OLU", "T0", "Olu", teams=frozenset({TEAM, SHOP, ELSEWHERE}))
MAYA = Actor("U0MAYA", "T0", "Maya")
TRIAGER = Actor("U0RUTH", "T0", "Ruth", triager=True)
CALENDARS = {
    # Nine to five; Thanksgiving is kept.
    TEAM: Calendar(OFFICE_HOURS, holidays="US", zone=NEW_YORK),
    # Tuesday to Saturday, ten to two.
    SHOP: Calendar(((), *((Shift(600, 840),),) * 5, ()), zone=NEW_YORK),
}
CLOCKS = Clocks(calendars=CALENDARS, usual=Calendar(OFFICE_HOURS, zone=BERLIN))


def at(written: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """A day of November 2026, of which the 23rd is a Monday and the 26th Thanksgiving, with a time there."""
    day, time = written.split()
    whole = day if "-" in day else f"11-{day}"
    return datetime.fromisoformat(f"2026-{whole}T{time}").replace(tzinfo=zone)


def unread() -> NoReturn:
    raise AssertionError("no report is read in these tests")


class Office:
    """Tickets on a desk whose clock stands where it is put."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.desk = Desk(database, Reader(unread, lambda _map: unread()), SEALER, teller(), CLOCKS)

    def file(
        self,
        when: str,
        *,
        severity: Severity = Severity.S2,
        privacy: Privacy = Privacy.NAMED,
        team: str = TEAM,
        who: str = "U0MAYA",
    ) -> int:
        now = at(when)
        with self.database.writing.begin() as session:
            number = filed(session, "the till froze", who=reporter(who), privacy=privacy, now=now)
            row = session.get_one(TicketRow, number)
            row.severity, row.team = severity, team
            self.desk.clocks.filed(session, number, privacy, now=now)
            session.add(CardRow(ticket=number, team=team, workspace_shown="T0", channel="C0", key=f"card {number}"))
        return number

    def join(self, number: int, when: str, who: str, privacy: Privacy = Privacy.NAMED) -> None:
        self.desk.join(number, "me too", Form(Kind.OUTAGE, privacy=privacy), reporter(who), now=at(when))

    def act(self, number: int, when: str, event: Event, by: Actor = OWNER, **said: object) -> None:
        one = replace(Act(event, "What was said of it then"), **said)  # type: ignore[arg-type]
        with self.database.writing.begin() as session:
            self.desk.act_in(session, number, one, by, now=at(when))

    def look(self, when: str) -> list[str]:
        """What time brings until then, as the history has it."""
        now = at(when)
        with self.database.writing.begin() as session:
            last = max(session.scalars(select(EventRow.id)), default=0)
            for one in watching.due(session, self.desk, now=now, limit=50):
                watching.look(session, one.number, self.desk, now=now)
            came = session.scalars(select(EventRow).where(EventRow.id > last).order_by(EventRow.id))
            return [" ".join([one.event, str(one.changed.get("promise", ""))]).strip() for one in came]

    def row(self, number: int) -> TicketRow:
        with self.database.reading() as session:
            return session.get_one(TicketRow, number)

    def due(self, number: int) -> tuple[str, str]:
        """As `at` reads it, in New York."""
        row = self.row(number)
        return tuple(
            f"{time.astimezone(NEW_YORK):%d %H:%M}" if time else "" for time in (row.acknowledge_by, row.resolve_by)
        )  # type: ignore[return-value]  # two

    def owed(self, kind: str) -> list[dict[str, object]]:
        with self.database.reading() as session:
            return [one.value for one in session.scalars(select(OutboxRow).where(OutboxRow.kind == kind))]


class Leads:
    """Who leads, as Slack knows them: in its place."""

    def __init__(self, *leads: str) -> None:
        self._leads = leads

    def with_role(self, _role: str) -> list[Person]:
        return [replace(ORDINARY_EMPLOYEE, id=lead) for lead in self._leads]


def watch(office: Office, when: datetime, leads: Leads, database: Database | None = None) -> Watch:
    return Watch(database or office.database, office.desk, leads, clock=lambda: when)  # type: ignore[arg-type]
