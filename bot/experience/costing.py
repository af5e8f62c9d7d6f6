"""Tickets that cost time, with what was reported of them, as sums need them: columns, and no rows of their own."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from bot.customers.batches import batched
from bot.experience.slots import slot_of, slotted
from bot.friction import groups, tickets
from bot.friction.kinds import CustomerEffect, Frequency, Privacy
from bot.friction.moves import OPEN, State
from bot.friction.sums import Counted, Part
from bot.friction.suppression import FEWEST
from bot.friction.tables import ReportRow, TicketRow, TicketToolRow
from bot.friction.weights import minutes_a_week
from bot.metrics import load

_OPEN = frozenset(map(str, OPEN))


class Said(NamedTuple):
    """A report: hours of a week that it costs while it goes on, none where they do not say or it happened once.

    `slot` is that of when it was made: see `slots`. `told` is whether whoever made it can be written to.
    """

    ticket: int
    handle: str
    anonymous: bool
    place: str
    slot: int
    hours: float
    touches: bool
    still: str
    told: bool


class About(NamedTuple):
    """What a ticket is about, as `groups.fields_of` reads it."""

    tools: Sequence[str]
    touchpoint: str
    partner: str
    team: str
    kind: str
    filed_at: datetime
    root_cause: str


@dataclass(frozen=True, slots=True)
class Costing:
    """With the slots of when it was filed, over (None while it is open) and resolved. Reports of what was merged into
    it are here.
    """

    number: int
    theme: int | None
    severity: str
    filed: int
    over: int | None
    resolved: int | None
    fields: Mapping[str, frozenset[str]]
    reports: tuple[Said, ...]


class Cost(NamedTuple):
    """What a ticket is summed up as at one moment, and its minutes as they weigh in a load."""

    counted: Counted
    weighted: float


def costing_since(since: datetime) -> ColumnElement[bool]:
    """What is open, or was since then; what was merged counts with the other."""
    over = TicketRow.state.not_in([*OPEN, State.MERGED])
    return or_(TicketRow.state.in_(OPEN), over & (TicketRow.changed_at >= since))


def read(session: Session, condition: ColumnElement[bool], edges: Sequence[datetime]) -> list[Costing]:
    """Tickets with everything that was said of them, in the order of their numbers."""
    ended = func.coalesce(TicketRow.resolved_at, TicketRow.changed_at)
    columns = (
        TicketRow.id,
        TicketRow.theme,
        TicketRow.severity,
        TicketRow.touchpoint,
        TicketRow.partner,
        TicketRow.team,
        TicketRow.kind,
        TicketRow.filed_at,
        TicketRow.root_cause,
        case((TicketRow.state.in_(OPEN), literal_column("NULL")), else_=slotted(ended, edges)),
        slotted(TicketRow.resolved_at, edges),
    )
    # Past the ORM, which takes as long again to hand on so many rows.
    rows = session.connection().execute(select(*columns).where(condition).order_by(TicketRow.id)).all()
    tools = _tools(session, condition)
    said = _said(session, condition, {row[0] for row in rows}, edges)
    found = []
    for number, theme, severity, touchpoint, partner, team, kind, filed_at, cause, over, resolved in rows:
        about = About(tools.get(number, ()), touchpoint, partner, team, kind, filed_at, cause)
        reports = tuple(said.get(number, ()))
        fields = groups.fields_of(about, theme)
        found.append(Costing(number, theme, severity, slot_of(filed_at, edges), over, resolved, fields, reports))
    return found


def costs_at(one: Costing, moments: Sequence[int], ends: Sequence[int]) -> Iterator[Cost | None]:
    """As it stood at each moment, with what was reported before each end; None where it was not open or not reported.

    Moments and ends are places of edges. When somebody said "no longer" is not kept: it was when the ticket was
    resolved, or from the first on.
    """
    known: dict[tuple[int, bool], Cost] = {}
    slots = sorted(each.slot for each in one.reports)
    for moment, end in zip(moments, ends, strict=True):
        count = bisect_right(slots, end)
        if not count or (one.over is not None and one.over <= moment):
            yield None
            continue
        key = count, one.resolved is None or one.resolved <= moment
        if key not in known:
            by_then = one.reports if count == len(slots) else [each for each in one.reports if each.slot <= end]
            known[key] = cost(one, by_then, gone=key[1])
        yield known[key]


def cost(one: Costing, reports: Sequence[Said], *, gone: bool = True) -> Cost:
    """`gone`: of whoever said that it happens no more nothing counts."""
    lasting: dict[str, float] = {}
    heavy: dict[str, float] = {}
    people: set[str] = set()
    weigh = load.BY_SEVERITY[one.severity]
    for each in reports:
        people.add(Privacy.ANONYMOUS if each.anonymous else each.handle)
        if not (gone and each.still == "no"):
            weighted = each.hours * (load.TOUCHING_CUSTOMERS if each.touches else 1.0)
            lasting[each.handle] = max(lasting.get(each.handle, 0.0), each.hours)
            heavy[each.handle] = max(heavy.get(each.handle, 0.0), weighted)
    told = len(reports) >= FEWEST and sure(reports) >= FEWEST
    part = Part(tuple(sorted(people)), sum(lasting.values()))
    return Cost(Counted(one.number, told, one.fields, {"": part}), 60 * weigh * sum(heavy.values()))


def sure(reports: Iterable[Said]) -> int:
    return tickets.sure((each.ticket, each.handle, each.anonymous) for each in reports)


def _tools(session: Session, condition: ColumnElement[bool]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    asked = select(TicketToolRow.ticket, TicketToolRow.tool).join(TicketRow, TicketRow.id == TicketToolRow.ticket)
    asked = asked.where(condition)
    for number, tool in session.connection().execute(asked.order_by(TicketToolRow.tool)):
        found.setdefault(number, []).append(tool)
    return found


def _said(
    session: Session, condition: ColumnElement[bool], numbers: AbstractSet[int], edges: Sequence[datetime]
) -> dict[int, list[Said]]:
    """With the reports of what was merged into a ticket, the oldest first."""
    columns = (
        ReportRow.id,
        ReportRow.ticket,
        ReportRow.handle,
        ReportRow.privacy,
        ReportRow.place,
        slotted(ReportRow.at, edges),
        ReportRow.minutes,
        ReportRow.frequency,
        ReportRow.effect,
        ReportRow.still,
        ReportRow.reached,
    )
    roots = {number: root for number, root in _merged(session).items() if root in numbers}
    connection = session.connection()
    asked = select(*columns).select_from(TicketRow).join(ReportRow, TicketRow.id == ReportRow.ticket).where(condition)
    rows = list(connection.execute(asked).all())
    for some in batched(sorted(roots)):
        rows += connection.execute(select(*columns).where(ReportRow.ticket.in_(some))).all()
    found: dict[int, list[Said]] = {}
    for _, ticket, handle, privacy, place, slot, minutes, often, effect, still, reached in sorted(
        rows, key=itemgetter(0)
    ):
        one = Said(
            ticket,
            handle,
            privacy == Privacy.ANONYMOUS,
            place,
            slot,
            _hours(minutes, often),
            effect != CustomerEffect.NONE,
            still,
            bool(reached),
        )
        found.setdefault(roots.get(ticket, ticket), []).append(one)
    return found


def _merged(session: Session) -> dict[int, int]:
    """Each ticket that was merged -> the one that stands."""
    merged = select(TicketRow.id, TicketRow.merged_into).where(TicketRow.merged_into.is_not(None))
    into = {number: other for number, other in session.execute(merged) if other is not None}

    def root(number: int) -> int:
        while number in into:
            number = into[number]
        return number

    return {number: root(number) for number in into}


@lru_cache(maxsize=4096)
def _hours(minutes: float | None, often: str) -> float:
    """What happened once is over."""
    frequency = Frequency(often) if often else None
    return 0.0 if frequency is Frequency.ONCE else (minutes_a_week(minutes, frequency) or 0.0) / 60
