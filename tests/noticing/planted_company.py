"""Rows by hand: weeks of reports and contacts at touchpoints of the shipped map, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.audiences import CUSTOMERS
from bot.customers.tables import CustomerRow, InteractionRow
from bot.experience.reading import Reading
from bot.experience.viewers import THE_COMPANY, Viewer
from bot.experience.weeks import last_weeks, week_of
from bot.experience.world import World
from bot.friction.moves import State
from bot.friction.tables import ReportCustomerRow, ReportRow, ThemeRow, TicketRow, TicketToolRow
from bot.routing.tables import RouteRow
from bot.touchpoints import load_map
from sqlalchemy.orm import Session

from programs import PROJECT

MAP = load_map(PROJECT / "knowledge" / "touchpoints.yaml")
# A Monday; the last whole week ends the day before.
TODAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LEAD = THE_COMPANY
WHO_SERVES = Viewer("Lea", LEAD.audiences | {CUSTOMERS})


def week(back: int) -> date:
    """The Monday of a whole week, so many weeks back; 0 is the last one."""
    return TODAY.date() - timedelta(weeks=back + 1)


def when(back: int, day: int = 0) -> datetime:
    monday = week(back)
    return datetime(monday.year, monday.month, monday.day, 10, tzinfo=UTC) + timedelta(days=day)


@dataclass
class Company:
    """What is put into a session; `people` is how many different ones report."""

    session: Session
    people: int = 40
    _said: int = 0

    def theme(self, label: str) -> int:
        row = ThemeRow(label=label, named_by="", outcome="", changed_at=TODAY)
        self.session.add(row)
        self.session.flush()
        return row.id

    def ticket(
        self,
        theme: int | None,
        touchpoint: str,
        at: datetime,
        *,
        tools: Sequence[str] = (),
        people: int = 5,
        minutes: float = 10.0,
        customers: Sequence[int] = (),
        resolved: datetime | None = None,
        partner: str = "",
    ) -> int:
        """Of so many people, each of whom reported it then; customers are named by the first reports."""
        row = TicketRow(
            **dict.fromkeys(("before", "page", "team", "assignee", "assignee_name", "workaround"), ""),
            **dict.fromkeys(("root_cause", "resolution", "resolved_with", "placed_by", "secret"), ""),
            title="It hangs", state=State.RESOLVED if resolved else State.TRIAGED, kind="slow", severity="s3",
            touchpoint=touchpoint, partner=partner, theme=theme, filed_at=at, changed_at=resolved or at,
            resolved_at=resolved, held_seconds=0.0, reopened=0, told=0, version=1,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        self.session.add_all(TicketToolRow(ticket=row.id, tool=tool) for tool in tools)
        for one in range(people):
            self._said += 1
            report = ReportRow(
                ticket=row.id, handle=f"h{self._said % self.people}", privacy="named", reached="U1",
                workspace_reached="", name="N", role="shop", place="harbour-street", words="it hangs", minutes=minutes,
                frequency="weekly", effect="none", evidence=[], claim="", first=not one, still="", at=at,
            )  # fmt: skip
            self.session.add(report)
            if one < len(customers):
                self.session.flush()
                self.session.add(ReportCustomerRow(report=report.id, customer=customers[one]))
        return row.id

    def customer(self) -> int:
        row = CustomerRow(name="C", first_seen=TODAY)
        self.session.add(row)
        self.session.flush()
        return row.id

    def contacts(
        self, touchpoint: str, at: datetime, *, many: int = 1, complaint: bool = True, customers: Sequence[int] = ()
    ) -> None:
        """Each of a customer of its own, or of those given."""
        new = [CustomerRow(name="C", first_seen=TODAY) for _ in range(many - len(customers))]
        self.session.add_all(new)
        self.session.flush()
        rows = [
            InteractionRow(
                **dict.fromkeys(("device", "subject", "outcome", "agent", "team", "place", "known_by"), ""),
                customer=who, channel="phone", direction="in", at=at, text="Billed twice", transfers=0, refs={},
                source="crm", source_id=f"{touchpoint}-{who}-{at}", digest="d",
            )
            for who in (*customers, *(row.id for row in new))
        ]  # fmt: skip
        self.session.add_all(rows)
        self.session.flush()
        self.session.add_all(
            RouteRow(interaction=row.id, touchpoint=touchpoint, likeness=0.9, complaint=complaint, routed_by="",
                     map_version=1, digest="d")
            for row in rows
        )  # fmt: skip

    def reading(self, weeks: int, *, viewer: Viewer = LEAD, routed: bool = True) -> Reading:
        """With the running week, which no signal looks at."""
        self.session.flush()
        world = World(MAP, zone=UTC, routes=RouteRow.__table__ if routed else None)
        span = last_weeks(weeks + 1, until=week_of(TODAY.date()))
        return Reading(self.session, span, world, viewer=viewer, now=TODAY)
