"""What became of a track's steps: somebody did one, or could not, and says why. Both can be taken back."""

import hashlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import workspaces
from bot.customers.entries import LONGEST, Author
from bot.customers.permission import must_be_permitted, permitted
from bot.customers.tables import CustomerRow
from bot.customers.tracks.rules import Track
from bot.customers.tracks.tables import AssignmentRow, StepRow
from bot.errors import EntryRefused
from bot.personal.unkept import without_secrets


class Result(StrEnum):
    DID = "did"
    COULD_NOT = "could not"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that somebody did, or could not do because of `why`."""

    id: int
    assignment: int
    step: str
    result: Result
    why: str
    author_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A step that could not be done, with all that a report of friction needs. `workspace` and `author` are Slack's
    ids, `place` is where the author worked."""

    id: int
    customer: int
    alias: str
    track: str
    version: str
    step: str
    why: str
    author: str
    author_name: str
    workspace: str
    place: str
    at: datetime


def did(
    session: Session, assignment: int, step: str, *, by: Author, audiences: AbstractSet[str], now: datetime
) -> Taken:
    """Raises `NotAllowed`, or `EntryRefused` where the customer is on that track no more."""
    return _write(session, assignment, step, Result.DID, "", by=by, audiences=audiences, now=now)


def could_not(
    session: Session, assignment: int, step: str, why: str, *, by: Author, audiences: AbstractSet[str], now: datetime
) -> Taken:
    """`why` is kept, without card numbers and passwords. Raises as `did`, and `EntryRefused` without a reason."""
    kept = without_secrets(why.strip())[:LONGEST]
    if not kept:
        raise EntryRefused("Say in a few words what stood in the way, so that it can be cleared.")
    return _write(session, assignment, step, Result.COULD_NOT, kept, by=by, audiences=audiences, now=now)


def mark_of(step: str) -> int:
    """A number that stands for a step's words in a button, whatever becomes of the file it is from."""
    return int(hashlib.sha256(step.encode()).hexdigest()[:12], 16)


def step_called(mark: int, tracks: Iterable[Track]) -> str:
    """Raises `EntryRefused` where no track has such a step any more."""
    found = next((step for track in tracks for step in track.do if mark_of(step) == mark), None)
    if found is None:
        raise EntryRefused("That step was changed meanwhile. Open the customer's card again to see the next one.")
    return found


def customer_on(session: Session, assignment: int, *, audiences: AbstractSet[str]) -> int | None:
    """Whose assignment it is."""
    return session.scalar(select(AssignmentRow.customer).where(AssignmentRow.id == assignment, permitted(audiences)))


def take_back(session: Session, number: int, *, by: Author, audiences: AbstractSet[str], now: datetime) -> Taken:
    """The step is left to do again. Raises `EntryRefused` for what is another's, or was taken back already."""
    row = session.scalar(select(StepRow).where(StepRow.id == number, StepRow.undone_at.is_(None), permitted(audiences)))
    if row is None:
        raise EntryRefused("That was taken back already. Open the customer's card again to see the next step.")
    if (row.author, row.author_workspace) != (by.id, workspaces.of_session(session)):
        raise EntryRefused(f"{row.author_name} wrote that, and only they can take it back. Ask them, or add a note.")
    row.undone_at, row.undone_by = now, by.name
    return _taken(row)


def taken_on(session: Session, assignment: int, *, audiences: AbstractSet[str]) -> tuple[Taken, ...]:
    """What was last said of each step: whoever could not do one may have done it later, and both is kept."""
    asked = (
        select(StepRow)
        .where(StepRow.assignment == assignment, StepRow.undone_at.is_(None), permitted(audiences))
        .order_by(StepRow.id)
    )
    last = {row.step: _taken(row) for row in session.scalars(asked)}
    return tuple(last.values())


def obstacles(session: Session, *, audiences: AbstractSet[str], after: int = 0) -> list[Obstacle]:
    """What could not be done, the oldest first, from this number on."""
    asked = (
        select(StepRow, AssignmentRow, CustomerRow.alias)
        .join(AssignmentRow, StepRow.assignment == AssignmentRow.id)
        .join(CustomerRow, AssignmentRow.customer == CustomerRow.id)
        .where(
            StepRow.id > after, StepRow.result == Result.COULD_NOT, StepRow.undone_at.is_(None), permitted(audiences)
        )
        .order_by(StepRow.id)
    )
    return [
        Obstacle(
            id=row.id,
            customer=stay.customer,
            alias=alias,
            track=stay.track,
            version=stay.version,
            step=row.step,
            why=row.why,
            author=row.author,
            author_name=row.author_name,
            workspace=row.author_workspace,
            place=row.place,
            at=row.at,
        )
        for row, stay, alias in session.execute(asked)
    ]


def obstacle(session: Session, number: int, *, by: str, audiences: AbstractSet[str]) -> Obstacle | None:
    """A step that this person could not do; None where they took it back."""
    found = obstacles(session, audiences=audiences, after=number - 1)[:1]
    return next((one for one in found if (one.id, one.author) == (number, by)), None)


def track_of(session: Session, assignment: int, *, audiences: AbstractSet[str]) -> str:
    """The key of the track that somebody is on."""
    return session.scalar(select(AssignmentRow.track).where(AssignmentRow.id == assignment, permitted(audiences))) or ""


def _write(
    session: Session,
    assignment: int,
    step: str,
    result: Result,
    why: str,
    *,
    by: Author,
    audiences: AbstractSet[str],
    now: datetime,
) -> Taken:
    must_be_permitted(audiences)
    there = select(AssignmentRow.id).where(
        AssignmentRow.id == assignment, AssignmentRow.ended_at.is_(None), permitted(audiences)
    )
    if session.scalar(there) is None:
        raise EntryRefused("The customer is on that track no more. Open the card again to see what to do now.")
    before = next((one for one in taken_on(session, assignment, audiences=audiences) if one.step == step), None)
    if before is not None and before.result is result:  # pressed twice, or by two people
        return before
    row = StepRow(
        assignment=assignment,
        step=step,
        result=result,
        why=why,
        author=by.id,
        author_workspace=workspaces.of_session(session),
        author_name=by.name,
        place=by.place,
        at=now,
        undone_by="",
    )
    session.add(row)
    session.flush()
    return _taken(row)


def _taken(row: StepRow) -> Taken:
    return Taken(row.id, row.assignment, row.step, Result(row.result), row.why, row.author_name, row.at)
