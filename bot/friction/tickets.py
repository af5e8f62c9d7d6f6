"""Tickets as they stand, with what their reports add up to; whoever is no employee sees none."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.audiences import EVERYONE
from bot.errors import NoSuchTicket, NotAllowed
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Privacy, Severity
from bot.friction.moves import State
from bot.friction.parts import parts
from bot.friction.tables import ReportCustomerRow, ReportRow, TicketRow, TicketToolRow
from bot.friction.weights import Exact, Weight, minutes_a_week
from bot.metrics import hours

_KEY = re.compile(r"\s*#?(?:FR|F)?[-\s]?(\d{1,9})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ticket:
    """`weight` is what everybody may read of how much it is; of a merged one nothing, since it counts with the other.

    What it weighs exactly is behind `exact` and `people`: nobody prints that.
    """

    number: int
    title: str
    state: State
    kind: Kind
    severity: Severity
    tools: tuple[str, ...]
    touchpoint: str
    partner: str
    page: str
    team: str
    assignee: str
    assignee_name: str
    workaround: str
    resolution: str
    resolved_with: str
    merged_into: int | None
    filed_at: datetime
    changed_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    weight: Weight
    effect: CustomerEffect
    version: int
    acknowledge_by: datetime | None = None
    resolve_by: datetime | None = None
    held_since: datetime | None = None
    root_cause: str = ""
    cause_shown_by: str = ""

    @property
    def key(self) -> str:
        return key(self.number)


class Weighed(NamedTuple):
    """What of a report counts, as its row has it: of thousands the whole rows take seconds."""

    ticket: int
    handle: str
    privacy: str
    place: str
    minutes: float | None
    frequency: str
    effect: str
    still: str


def key(number: int) -> str:
    return f"FR-{number}"


def number_of(words: str) -> int | None:
    """The number in "FR-31", "fr31" or "31"."""
    found = _KEY.fullmatch(words)
    return int(found[1]) if found else None


def title(session: Session, number: int) -> str:
    return session.get_one(TicketRow, number).title


def must_be_employee(audiences: AbstractSet[str]) -> None:
    if EVERYONE not in audiences:
        raise NotAllowed("Friction is reported and read by employees. Tell your contact here what got in your way.")


def ticket(session: Session, number: int, *, audiences: AbstractSet[str]) -> Ticket:
    """Raises `NoSuchTicket` and `NotAllowed`."""
    must_be_employee(audiences)
    row = session.get(TicketRow, number)
    if row is None:
        raise NoSuchTicket(f"There is no {key(number)}. `/friction hot` lists what is open.")
    return _read(session, [row])[0]


def listed(session: Session, asked: Select[TicketRow], *, audiences: AbstractSet[str]) -> list[Ticket]:
    """The tickets of a query, in its order."""
    must_be_employee(audiences)
    return _read(session, session.scalars(asked).all())


def read(session: Session, asked: Select[TicketRow]) -> list[Ticket]:
    """The tickets of a query that says itself who may read them, in its order."""
    return _read(session, session.scalars(asked).all())


def standing(session: Session, number: int) -> TicketRow:
    """The row of a ticket, or of the one it was merged into. Raises `NoSuchTicket`."""
    row = session.get(TicketRow, number)
    if row is None:
        raise NoSuchTicket(f"There is no {key(number)}. `/friction hot` lists what is open.")
    while row.merged_into is not None:
        row = session.get_one(TicketRow, row.merged_into)
    return row


def family(session: Session, number: int) -> list[int]:
    """The ticket and all that were merged into it."""
    return list(_roots(session, [number]))


def handles(session: Session, number: int) -> set[str]:
    """One for each person who reported it."""
    of_it = select(ReportRow.handle).where(ReportRow.ticket.in_(family(session, number)))
    return set(session.scalars(of_it))


def people(session: Session, number: int) -> int:
    """How many reported it, exactly: for thresholds and for its owner, never for what everybody reads."""
    return len(handles(session, number))


def exact(session: Session, number: int) -> Exact:
    """What it weighs, exactly: for thresholds and for its owner, never for what everybody reads."""
    roots = _roots(session, [number])
    return _exact(_weighed(session, roots).get(number, []), _touched(session, roots).get(number, set()))


def reports(session: Session, number: int) -> list[ReportRow]:
    """Of a ticket and of those that were merged into it, oldest first."""
    of_it = select(ReportRow).where(ReportRow.ticket.in_(family(session, number)))
    return list(session.scalars(of_it.order_by(ReportRow.id)))


def reports_of_each(session: Session, numbers: Sequence[int]) -> dict[int, list[ReportRow]]:
    """Of each ticket that has some, with those of the tickets that were merged into it."""
    roots = _roots(session, numbers)
    found: list[ReportRow] = []
    for part in parts(roots):
        found.extend(session.scalars(select(ReportRow).where(ReportRow.ticket.in_(part))))
    said: dict[int, list[ReportRow]] = {}
    for report in sorted(found, key=lambda one: one.id):
        said.setdefault(roots[report.ticket], []).append(report)
    return said


def weighed_of_each(session: Session, numbers: Sequence[int]) -> dict[int, list[Weighed]]:
    """`reports_of_each`, as far as they count."""
    return _weighed(session, _roots(session, numbers))


def _weighed(session: Session, roots: Mapping[int, int]) -> dict[int, list[Weighed]]:
    columns = [ReportRow.id, *(getattr(ReportRow, name) for name in Weighed._fields)]
    found: list[tuple[Any, ...]] = []
    for part in parts(roots):
        found.extend(map(tuple, session.execute(select(*columns).where(ReportRow.ticket.in_(part)))))
    said: dict[int, list[Weighed]] = {}
    for _, *row in sorted(found):  # by id
        one = Weighed(*row)
        said.setdefault(roots[one.ticket], []).append(one)
    return said


def _roots(session: Session, numbers: Iterable[int]) -> dict[int, int]:
    """Each of these tickets, and each that was merged into one of them -> the one of these that it counts with."""
    found = dict.fromkeys(numbers)
    ahead, into = list(found), dict[int, int]()
    while ahead:
        new: list[int] = []
        for part in parts(ahead):
            merged = select(TicketRow.id, TicketRow.merged_into).where(TicketRow.merged_into.in_(part))
            for child, parent in session.execute(merged):
                if parent is not None:
                    into[child] = parent
                    new.append(child)
        ahead = [child for child in new if child not in found]
        found |= dict.fromkeys(ahead)

    def root(number: int) -> int:
        while number in into:
            number = into[number]
        return number

    return {number: root(number) for number in found}


def _read(session: Session, rows: Sequence[TicketRow]) -> list[Ticket]:
    numbers = [row.id for row in rows]
    tools: dict[int, list[str]] = {}
    for part in parts(numbers):
        of_them = select(TicketToolRow.ticket, TicketToolRow.tool).where(TicketToolRow.ticket.in_(part))
        for number, tool in session.execute(of_them.order_by(TicketToolRow.tool)):
            tools.setdefault(number, []).append(tool)
    roots = _roots(session, numbers)
    said, touched = _weighed(session, roots), _touched(session, roots)
    return [
        _ticket(
            row,
            tuple(tools.get(row.id, ())),
            said.get(row.id, []),
            exact=_exact(said.get(row.id, []), touched.get(row.id, set())),
        )
        for row in rows
    ]


def _touched(session: Session, roots: Mapping[int, int]) -> dict[int, set[int]]:
    touched: dict[int, set[int]] = {}
    theirs = select(ReportRow.ticket, ReportCustomerRow.customer).join(
        ReportCustomerRow, ReportCustomerRow.report == ReportRow.id
    )
    for part in parts(roots):
        for number, customer in session.execute(theirs.where(ReportRow.ticket.in_(part))):
            touched.setdefault(roots[number], set()).add(customer)
    return touched


def _exact(said: Sequence[Weighed], touched: AbstractSet[int]) -> Exact:
    at_least = sure((one.ticket, one.handle, one.privacy == Privacy.ANONYMOUS) for one in said)
    return Exact(len({one.handle for one in said}), hours_a_week(said), len(touched), at_least)


def sure(said: Iterable[tuple[int, str, bool]]) -> int:
    """How many people there are at least behind reports of a ticket and of those that were merged into it.

    Of each report the ticket, the handle, and whether it is anonymous.
    """
    known: set[str] = set()
    of_each: dict[int, set[str]] = {}
    for ticket_, handle, anonymous in said:
        of_each.setdefault(ticket_, set()).add(handle)
        if not anonymous:
            known.add(handle)
    return max((len(known), *map(len, of_each.values())))


def _ticket(row: TicketRow, tools: tuple[str, ...], said: Sequence[Weighed], *, exact: Exact) -> Ticket:
    return Ticket(
        number=row.id,
        title=row.title,
        state=State(row.state),
        kind=Kind(row.kind),
        severity=Severity(row.severity),
        tools=tools,
        touchpoint=row.touchpoint,
        partner=row.partner,
        page=row.page,
        team=row.team,
        assignee=row.assignee,
        assignee_name=row.assignee_name,
        workaround=row.workaround,
        resolution=row.resolution,
        resolved_with=row.resolved_with,
        merged_into=row.merged_into,
        filed_at=row.filed_at,
        changed_at=row.changed_at,
        acknowledged_at=row.acknowledged_at,
        resolved_at=row.resolved_at,
        weight=Weight() if row.merged_into else Weight.of(exact),
        effect=max((CustomerEffect(one.effect) for one in said), key=_WORST.index, default=CustomerEffect.NONE),
        version=row.version,
        acknowledge_by=row.acknowledge_by,
        resolve_by=row.resolve_by,
        held_since=row.held_since,
        root_cause=row.root_cause,
        cause_shown_by=row.cause_shown_by,
    )


def how_bad(effect: str) -> int:
    """Effects on customers in an order, the worst last."""
    return _WORST.index(CustomerEffect(effect))


def hours_a_week(said: Iterable[ReportRow | Weighed]) -> float:
    """Hours a week: of each person the most that they say, while it goes on; what happened once is over."""
    lasting: list[tuple[str, str, float]] = []
    for one in said:
        frequency = Frequency(one.frequency) if one.frequency else None
        if one.still != "no" and frequency is not Frequency.ONCE:
            lasting.append((one.handle, "", minutes_a_week(one.minutes, frequency) or 0.0))
    return sum(hours.of_each(lasting).values()) / 60


# From what matters least to what matters most.
_WORST = (
    CustomerEffect.NONE,
    CustomerEffect.WAITED,
    CustomerEffect.REPEATED_INFO,
    CustomerEffect.WRONG_INFO,
    CustomerEffect.CHARGED_WRONG,
    CustomerEffect.LEFT,
    CustomerEffect.SAFETY,
)
