"""Unusual reading: somebody looked at more different customers within an hour than the work explains.

Looked for from time to time, over the last day, so that a bot that was down misses nothing. That the admins are told is
a row of the audit too, so it happens once for a person and an hour, however many replicas look.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import CTE, and_, func, select
from sqlalchemy.orm import Session

from bot import workspaces
from bot.audit.chain import append
from bot.audit.rows import AuditRow, Entry, Purpose

HOUR = timedelta(hours=1)
LOOKED_BACK = timedelta(days=1)
# Whom a hand-over names, on the App Home with every opening, was chosen by their shop and not by whoever reads it.
_NOT_CHOSEN = (Purpose.HANDOVER,)


@dataclass(frozen=True, slots=True)
class Unusual:
    """Somebody's hour with the most different customers in it: from its first look to its last."""

    person: str
    customers: int
    since: datetime
    until: datetime


def unusual(session: Session, *, most: int, now: datetime) -> list[Unusual]:
    """Whoever looked at more than `most` customers within an hour in the session's workspace, and was not told of yet.

    Nobody is told of twice within an hour, and no look twice.
    """
    told = _told(session, now)
    found = []
    for person in _many(session, most, now):
        last = told.get(person)
        if last is None or last <= now - HOUR:
            worst = _busiest(person, _looks(session, person, since=last or now - LOOKED_BACK))
            if worst.customers > most:
                found.append(worst)
    return found


def note_told(session: Session, one: Unusual, *, now: datetime) -> int:
    """Write down that the admins are told, in the transaction that owes them the message; returns its number."""
    return append(
        session,
        Entry(
            at=now,
            workspace=workspaces.of_session(session),
            person=one.person,
            purpose=Purpose.UNUSUAL,
            reference=f"{one.customers} customers, {_written(one.since)} to {_written(one.until)}",
        ),
    )


def _written(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _told(session: Session, now: datetime) -> dict[str, datetime]:
    """When the admins were last told of whom, within the time that is looked back."""
    recent = _recent(session, now)
    rows = select(recent.c.person, func.max(recent.c.at)).where(recent.c.purpose == Purpose.UNUSUAL)
    return dict(session.execute(rows.group_by(recent.c.person)).all())


def _many(session: Session, most: int, now: datetime) -> list[str]:
    """Whoever looked at more than `most` in a whole day: only they can have done so in an hour of it."""
    recent = _recent(session, now)
    chosen = and_(recent.c.customer != "", recent.c.purpose.not_in(_NOT_CHOSEN))
    rows = select(recent.c.person).where(chosen).group_by(recent.c.person)
    many = func.count(recent.c.customer.distinct()) > most
    return list(session.scalars(rows.having(many).order_by(recent.c.person)))


def _recent(session: Session, now: datetime) -> CTE:
    # Read by the index of times: to group by person SQLite would go through all rows there are by that of persons.
    recent = select(AuditRow.person, AuditRow.at, AuditRow.customer, AuditRow.purpose).where(
        AuditRow.at > now - LOOKED_BACK, AuditRow.workspace == workspaces.of_session(session)
    )
    return recent.cte("recent").prefix_with("MATERIALIZED")


def _looks(session: Session, person: str, *, since: datetime) -> list[tuple[datetime, str]]:
    rows = select(AuditRow.at, AuditRow.customer).where(
        AuditRow.person == person,
        AuditRow.workspace == workspaces.of_session(session),
        AuditRow.customer != "",
        AuditRow.purpose.not_in(_NOT_CHOSEN),
        AuditRow.at > since,
    )
    return [(at, customer) for at, customer in session.execute(rows.order_by(AuditRow.at))]


def _busiest(person: str, looks: Iterable[tuple[datetime, str]]) -> Unusual:
    """The hour that ends with one of these looks and has the most different customers in it; they come in order."""
    hour: deque[tuple[datetime, str]] = deque()
    seen: Counter[str] = Counter()
    worst = Unusual(person, 0, datetime.max, datetime.min)  # noqa: DTZ901 - replaced by the first look
    for at, customer in looks:
        hour.append((at, customer))
        seen[customer] += 1
        while hour[0][0] <= at - HOUR:
            _, left = hour.popleft()
            seen[left] -= 1
            if not seen[left]:
                del seen[left]
        if len(seen) > worst.customers:
            worst = Unusual(person, len(seen), hour[0][0], at)
    return worst
