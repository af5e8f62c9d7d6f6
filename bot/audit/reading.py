"""Who looked at whom, for whoever oversees it. A session of one workspace sees the rows of that one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from bot import workspaces
from bot.audit.rows import AuditRow, Purpose

# Nobody reads more; `since` narrows it.
MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the audit somebody wants to see: all, unless it says whom or since when.

    `customers` are aliases, of which one customer has several after a merge; `people` are ids, of which one person has
    one in each workspace and one on the command line.
    """

    customers: Collection[str] | None = None
    people: Collection[str] | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looked: how many different customers, how often for which purpose, first and last."""

    workspace: str
    person: str
    customers: int
    purposes: dict[str, int]
    first: datetime
    last: datetime

    @property
    def looks(self) -> int:
        return sum(self.purposes.values())


@dataclass(frozen=True, slots=True)
class Look:
    """One row that names a customer."""

    number: int
    at: datetime
    workspace: str
    person: str
    channel: str
    customer: str
    purpose: str
    fields: tuple[str, ...]
    reference: str


@dataclass(frozen=True, slots=True)
class Told:
    """The admins were told that somebody looked at unusually many; `what` says how many, and in which hour."""

    at: datetime
    workspace: str
    person: str
    what: str


def readers(session: Session, asked: Asked) -> list[Reader]:
    """Everybody who looked, whoever looked at most customers first."""
    which = _which(session, asked)
    who = (AuditRow.workspace, AuditRow.person)
    purposes: dict[tuple[str, str], dict[str, int]] = {}
    counted = select(*who, AuditRow.purpose, func.count()).where(which).group_by(*who, AuditRow.purpose)
    for workspace, person, purpose, count in session.execute(counted.order_by(func.count().desc(), AuditRow.purpose)):
        purposes.setdefault((workspace, person), {})[purpose] = count
    customers = func.count(AuditRow.customer.distinct())
    rows = session.execute(
        select(*who, customers, func.min(AuditRow.at), func.max(AuditRow.at)).where(which).group_by(*who)
    )
    found = [Reader(row[0], row[1], row[2], purposes[row[0], row[1]], row[3], row[4]) for row in rows]
    return sorted(found, key=lambda one: (-one.customers, -one.looks, one.workspace, one.person))


def looks(session: Session, asked: Asked, *, limit: int) -> list[Look]:
    """The single looks, newest first."""
    rows = select(AuditRow).where(_which(session, asked)).order_by(AuditRow.number.desc()).limit(limit)
    return [
        Look(
            number=row.number,
            at=row.at,
            workspace=row.workspace,
            person=row.person,
            channel=row.channel,
            customer=row.customer,
            purpose=row.purpose,
            fields=tuple(row.fields),
            reference=row.reference,
        )
        for row in session.scalars(rows)
    ]


def unusual_told(session: Session, asked: Asked) -> list[Told]:
    """Whose unusual reading the admins were told of, newest first; a row of it names no customer."""
    workspace = workspaces.of_session(session)
    rows = select(AuditRow).where(
        AuditRow.purpose == Purpose.UNUSUAL,
        AuditRow.workspace == workspace if workspace else true(),
        true() if asked.people is None else AuditRow.person.in_(asked.people),
        true() if asked.since is None else AuditRow.at >= asked.since,
    )
    return [
        Told(row.at, row.workspace, row.person, row.reference)
        for row in session.scalars(rows.order_by(AuditRow.number.desc()).limit(MOST_TOLD))
    ]


def _which(session: Session, asked: Asked) -> ColumnElement[bool]:
    """Looks at customers: what the audit writes of itself names none."""
    workspace = workspaces.of_session(session)
    return and_(
        AuditRow.customer != "",
        AuditRow.workspace == workspace if workspace else true(),
        true() if asked.customers is None else AuditRow.customer.in_(asked.customers),
        true() if asked.people is None else AuditRow.person.in_(asked.people),
        true() if asked.since is None else AuditRow.at >= asked.since,
    )
