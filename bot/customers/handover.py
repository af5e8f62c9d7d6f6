"""Who waits for us, for whoever takes over: promises due and overdue, customers in mid-chain, of one shop or team."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.customers.contacts.chains import Chain, chains
from bot.customers.entries import Entry, EntryKind, EntryRow, of_several
from bot.customers.permission import must_be_permitted, permitted
from bot.customers.story import promises
from bot.customers.story.promises import Promise
from bot.customers.story.sayings import sayings_in
from bot.customers.tables import CustomerRow, InteractionRow
from bot.customers.timeline import Interaction, nearest, of_customers
from bot.customers.tracks.steps import Result
from bot.customers.tracks.tables import AssignmentRow, StepRow

# Who did not contact a shop for a week is in mid-chain with nobody there.
LOOKED_BACK = timedelta(days=7)
# Of so many the open matters are looked at; a shop has fewer in a week, a call center is told to ask by team.
MOST = 300
_DUE_SOON = timedelta(days=1)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose customers: names of places and teams, folded; and who asks, for what they did and promised themselves."""

    places: frozenset[str]
    teams: frozenset[str]
    person: str
    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer who waits: `promises` that are due by tomorrow or overdue, `chains` of several contacts still open.

    `blocked` are steps of their track that somebody could not do, with the reason.
    """

    customer: int
    alias: str
    name: str
    promises: tuple[Promise, ...]
    blocked: tuple[str, ...]
    chains: tuple[Chain, ...]
    last: Interaction | None


def waiting(
    session: Session, scope: Scope, *, audiences: AbstractSet[str], now: datetime, zone: tzinfo | None
) -> list[Waiting]:
    """What is overdue longest first, then what is due, then who contacted us last. Raises `NotAllowed`."""
    must_be_permitted(audiences)
    today = now.astimezone(zone).date()
    blocked = _blocked(session, scope, audiences=audiences)
    concerned = _concerned(session, scope, audiences=audiences, now=now, today=today)
    customers = list(dict.fromkeys([*blocked, *concerned]))
    known = {
        number: (alias, name)
        for number, alias, name in session.execute(
            select(CustomerRow.id, CustomerRow.alias, CustomerRow.name).where(
                CustomerRow.id.in_(customers), permitted(audiences)
            )
        )
    }
    since = now - promises.REMEMBERED
    contacts = of_customers(session, customers, audiences=audiences, since=since)
    written: dict[int, list[Entry]] = {}
    for entry in of_several(session, customers, audiences=audiences):
        written.setdefault(entry.customer, []).append(entry)
    found = []
    for number, (alias, name) in known.items():
        read = nearest(contacts.get(number, []))
        promised = promises.open_promises(written.get(number, []), sayings_in(read, zone=zone), now=now, today=today)
        due = tuple(one for one in promised if one.due is not None and one.due <= today + _DUE_SOON)
        running = tuple(one for one in chains(read, None, now=now) if one.open and len(one.ids) > 1)
        steps = tuple(blocked.get(number, ()))
        if due or running or steps:
            found.append(Waiting(number, alias, name, due, steps, running, read[0] if read else None))
    return sorted(found, key=lambda one: _urgency(one, now))


def _urgency(one: Waiting, now: datetime) -> tuple[date, float]:
    due = min((each.due for each in one.promises if each.due), default=date.max)
    return due, -(one.last.at if one.last else now - LOOKED_BACK).timestamp()


def _blocked(session: Session, scope: Scope, *, audiences: AbstractSet[str]) -> dict[int, list[str]]:
    """Customer -> what somebody of there could not do for them, as long as they are on that track and nobody did it."""
    later = aliased(StepRow)
    done = exists().where(
        later.assignment == StepRow.assignment,
        later.step == StepRow.step,
        later.id > StepRow.id,
        later.undone_at.is_(None),
    )
    asked = (
        select(AssignmentRow.customer, StepRow.step, StepRow.why)
        .join(AssignmentRow, AssignmentRow.id == StepRow.assignment)
        .where(
            StepRow.result == Result.COULD_NOT,
            StepRow.undone_at.is_(None),
            AssignmentRow.ended_at.is_(None),
            or_(StepRow.author == scope.person, StepRow.place.in_(scope.places)),
            ~done,
            permitted(audiences),
        )
        .order_by(StepRow.id.desc())
        .limit(MOST)
    )
    found: dict[int, list[str]] = {}
    for customer, step, why in session.execute(asked):
        found.setdefault(customer, []).append(f"“{step}”, because: {why}")
    return found


def _concerned(
    session: Session, scope: Scope, *, audiences: AbstractSet[str], now: datetime, today: date
) -> Sequence[int]:
    """Who contacted this shop or team lately, and to whom somebody there promised something."""
    theirs: list[ColumnElement[bool]] = [func.lower(InteractionRow.agent) == scope.name.lower()]
    if scope.places:
        theirs.append(func.lower(InteractionRow.place).in_(scope.places))
    if scope.teams:
        theirs.append(func.lower(InteractionRow.team).in_(scope.teams))
    # Not grouped by customer: then SQLite goes through all interactions there are, and not through those of a week.
    contacted = (
        select(InteractionRow.customer)
        .where(InteractionRow.at > now - LOOKED_BACK, or_(*theirs), permitted(audiences))
        .order_by(InteractionRow.at.desc())
        .execution_options(yield_per=_AT_ONCE)
    )
    promised = (
        select(EntryRow.customer)
        .where(
            EntryRow.kind == EntryKind.PROMISE,
            EntryRow.due <= today + _DUE_SOON,
            EntryRow.settled_at.is_(None),
            EntryRow.undone_at.is_(None),
            or_(EntryRow.author == scope.person, EntryRow.place.in_(scope.places)),
            permitted(audiences),
        )
        .order_by(EntryRow.due)
        .limit(MOST)
    )
    with closing(session.scalars(contacted)) as lately:
        return list(dict.fromkeys([*session.scalars(promised), *_first(lately)]))


def _first(customers: Iterable[int]) -> list[int]:
    """As many as are looked at, each once."""
    found: dict[int, None] = {}
    for customer in customers:
        found[customer] = None
        if len(found) == MOST:
            break
    return list(found)
