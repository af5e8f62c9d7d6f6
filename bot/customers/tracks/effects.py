"""Whether tracks work: those who were shown one against those who met the same conditions and were not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.conditions import Standing, standing_of
from bot.customers.batches import batched
from bot.customers.permission import permitted
from bot.customers.tables import InteractionRow
from bot.customers.tracks.events import Contact, counted
from bot.customers.tracks.rules import Track
from bot.customers.tracks.tables import AssignmentRow, ExposureRow, StepRow
from bot.metrics.intervals import Interval, newcombe, wilson

# With fewer in either group an interval spans half of all shares, and says nothing to act on.
FEWEST = 30


class Compared(StrEnum):
    """How those were chosen with whom a track is compared."""

    HELD_BACK = "customers who met the same conditions and were held back by chance"
    NOT_SHOWN = (
        "customers who met the same conditions and whose card nobody opened in that time; they may differ in other ways"
    )


@dataclass(frozen=True, slots=True)
class Group:
    """`n` customers whose outcome is known, of whom it `worked` for so many.

    Of `unknown` ones nothing says so, as where nobody answered a survey; the time of `waiting` ones is not over.
    """

    n: int = 0
    worked: int = 0
    unknown: int = 0
    waiting: int = 0

    @property
    def share(self) -> Interval | None:
        return wilson(self.worked, self.n) if self.n else None


@dataclass(frozen=True, slots=True)
class Effect:
    """`versions` of the rule are counted together. `did` and `could_not` count steps, exposures days of people."""

    track: Track
    shown: Group
    others: Group
    compared: Compared
    versions: int
    exposures: int
    did: int
    could_not: int

    @property
    def difference(self) -> Interval | None:
        """The share of those who were shown it less that of the others; None where either are too few."""
        if min(self.shown.n, self.others.n) < FEWEST:
            return None
        return newcombe(self.shown.worked, self.shown.n, self.others.worked, self.others.n)


def effects(session: Session, tracks: Sequence[Track], *, audiences: AbstractSet[str], now: datetime) -> list[Effect]:
    """Of every track, by what is kept; a customer counts with their first time on it."""
    return [_effect(session, track, audiences, now) for track in tracks]


def _effect(session: Session, track: Track, audiences: AbstractSet[str], now: datetime) -> Effect:
    asked = select(AssignmentRow).where(AssignmentRow.track == track.key, permitted(audiences))
    rows = session.scalars(asked.order_by(AssignmentRow.assigned_at, AssignmentRow.id)).all()
    first = list({row.customer: row for row in reversed(rows)}.values())
    seen = _first_shown(session, track, audiences)
    shown: list[AssignmentRow] = []
    others: list[AssignmentRow] = []
    for row in first:
        ends = row.assigned_at + timedelta(days=track.outcome.days)
        if row.id in seen and seen[row.id] <= ends:
            shown.append(row)
        elif row.held_back or not track.hold_back:
            others.append(row)
    contacts = _contacts(session, [row.customer for row in first], audiences)
    steps = _steps(session, track, audiences)
    return Effect(
        track=track,
        shown=_group(track, shown, contacts, now),
        others=_group(track, others, contacts, now),
        compared=Compared.HELD_BACK if track.hold_back else Compared.NOT_SHOWN,
        versions=len({row.version for row in rows}),
        exposures=_exposures(session, track, audiences),
        did=steps.get("did", 0),
        could_not=steps.get("could not", 0),
    )


def _group(
    track: Track, rows: Sequence[AssignmentRow], contacts: Mapping[int, Sequence[Contact]], now: datetime
) -> Group:
    found: dict[Standing | None, int] = defaultdict(int)
    for row in rows:
        ends = row.assigned_at + timedelta(days=track.outcome.days)
        if ends > now:
            found[None] += 1
            continue
        facts = counted(contacts.get(row.customer, ()), since=row.assigned_at, until=ends)
        found[standing_of(track.outcome.conditions, facts, today=ends.date())] += 1
    worked = found[Standing.MET]
    return Group(worked + found[Standing.NOT_MET], worked, found[Standing.NOT_KNOWN], found[None])


def _first_shown(session: Session, track: Track, audiences: AbstractSet[str]) -> dict[int, datetime]:
    asked = (
        select(ExposureRow.assignment, func.min(ExposureRow.at))
        .join(AssignmentRow, ExposureRow.assignment == AssignmentRow.id)
        .where(AssignmentRow.track == track.key, permitted(audiences))
        .group_by(ExposureRow.assignment)
    )
    return dict(session.execute(asked).all())


def _exposures(session: Session, track: Track, audiences: AbstractSet[str]) -> int:
    asked = (
        select(func.count())
        .select_from(ExposureRow)
        .join(AssignmentRow, ExposureRow.assignment == AssignmentRow.id)
        .where(AssignmentRow.track == track.key, permitted(audiences))
    )
    return session.scalar(asked) or 0


def _steps(session: Session, track: Track, audiences: AbstractSet[str]) -> dict[str, int]:
    asked = (
        select(StepRow.result, func.count())
        .join(AssignmentRow, StepRow.assignment == AssignmentRow.id)
        .where(AssignmentRow.track == track.key, StepRow.undone_at.is_(None), permitted(audiences))
        .group_by(StepRow.result)
    )
    return dict(session.execute(asked).all())


def _contacts(
    session: Session, customers: Sequence[int], audiences: AbstractSet[str]
) -> Mapping[int, Sequence[Contact]]:
    """By customer, without what was said."""
    found: dict[int, list[Contact]] = defaultdict(list)
    columns = ("at", "source", "channel", "direction", "subject", "outcome", "transfers", "refs")
    for ids in batched(sorted(set(customers))):
        asked = select(InteractionRow.customer, *(getattr(InteractionRow, name) for name in columns))
        for row in session.execute(asked.where(InteractionRow.customer.in_(ids), permitted(audiences))):
            found[row.customer].append(row)  # it has just these columns
    return found
