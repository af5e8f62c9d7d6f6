"""The track that a customer is on, with its next step; and what is written down about it: who came onto it, why, and to
whom it was shown."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.conditions import Facts
from bot.customers.permission import must_be_permitted, permitted
from bot.customers.tables import CustomerRow
from bot.customers.tracks.choosing import Choice, Ended, Stay, choose, is_held_back
from bot.customers.tracks.rules import Track
from bot.customers.tracks.steps import Taken, taken_on
from bot.customers.tracks.tables import AssignmentRow, ExposureRow, RuleRow
from bot.database import insert

# Counted from the end of a stay: a year of comparison, and some weeks.
KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class OnTrack:
    """Where a customer stands, None as `track` where they are on none or are not to be shown the one they are on.

    `cause` says why, `since` is None where nobody wrote it down yet. `taken` are the steps that somebody did or could
    not do, `next_step` is the first that is left, "" where none is.
    """

    customer: int
    choice: Choice
    track: Track | None = None
    cause: tuple[str, ...] = ()
    since: datetime | None = None
    taken: tuple[Taken, ...] = ()
    next_step: str = ""


def track_for(
    session: Session,
    customer: int,
    facts: Facts,
    *,
    tracks: Sequence[Track],
    audiences: AbstractSet[str],
    now: datetime,
) -> OnTrack:
    """The track by what is known now. Writes nothing: `settle` does, or `show` where somebody sees it."""
    choice = choose(tracks, _stays(session, customer, audiences), facts, now=now)
    if choice.track is None:
        return OnTrack(customer, choice)
    alias = session.scalar(select(CustomerRow.alias).where(CustomerRow.id == customer, permitted(audiences))) or ""
    held_back = choice.stay.held_back if choice.stay else is_held_back(choice.track, alias)
    if held_back or not alias:
        return OnTrack(customer, choice)
    taken = taken_on(session, choice.stay.id, audiences=audiences) if choice.stay else ()
    done = {one.step for one in taken}
    return OnTrack(
        customer=customer,
        choice=choice,
        track=choice.track,
        cause=choice.cause,
        since=choice.stay.assigned_at if choice.stay else None,
        taken=taken,
        next_step=next((step for step in choice.track.do if step not in done), ""),
    )


def settle(
    session: Session,
    customer: int,
    facts: Facts,
    *,
    tracks: Sequence[Track],
    audiences: AbstractSet[str],
    now: datetime,
) -> int | None:
    """Write down where a customer stands, if that changed; gives the assignment they have, None for none.

    Decides anew inside the transaction that writes, so two at once make one assignment. Raises `NotAllowed`.
    """
    must_be_permitted(audiences)
    choice = choose(tracks, _stays(session, customer, audiences), facts, now=now)
    for number, ended in choice.left:
        session.execute(update(AssignmentRow).where(AssignmentRow.id == number).values(ended_at=now, ended=ended.value))
    if choice.track is None or choice.stay is not None:
        return choice.stay.id if choice.stay else None
    track = choice.track
    known = {"version": track.version, "track": track.key, "rule": track.as_json(), "seen_at": now}
    session.execute(insert(session, RuleRow).values(known).on_conflict_do_nothing())
    alias = session.scalars(select(CustomerRow.alias).where(CustomerRow.id == customer, permitted(audiences))).one()
    row = AssignmentRow(
        customer=customer,
        track=track.key,
        version=track.version,
        cause=list(choice.cause),
        met_by=choice.met_by,
        held_back=is_held_back(track, alias),
        assigned_at=now,
        ended_at=None,
        ended="",
    )
    session.add(row)
    session.flush()
    return row.id


def show(
    session: Session,
    customer: int,
    facts: Facts,
    *,
    tracks: Sequence[Track],
    person: str,
    audiences: AbstractSet[str],
    now: datetime,
    channel: str = "",
) -> int | None:
    """`settle`, and that this person is shown the track, once a day. Gives the assignment, None where none is shown."""
    number = settle(session, customer, facts, tracks=tracks, audiences=audiences, now=now)
    held_back = select(AssignmentRow.held_back).where(AssignmentRow.id == number, permitted(audiences))
    if number is None or session.scalar(held_back):
        return None
    seen = {"assignment": number, "person": person, "channel": channel, "day": now.date(), "at": now}
    session.execute(insert(session, ExposureRow).values(seen).on_conflict_do_nothing())
    return number


def on_track_now(session: Session, *, audiences: AbstractSet[str]) -> dict[str, int]:
    """How many customers are on each track."""
    asked = (
        select(AssignmentRow.track, func.count())
        .where(AssignmentRow.ended_at.is_(None), permitted(audiences))
        .group_by(AssignmentRow.track)
    )
    return dict(session.execute(asked).all())


def forget_old(session: Session, *, now: datetime) -> None:
    """What hangs on an assignment goes with it."""
    session.execute(delete(AssignmentRow).where(AssignmentRow.ended_at < now - KEPT))


def _stays(session: Session, customer: int, audiences: AbstractSet[str]) -> list[Stay]:
    """The newest first."""
    asked = (
        select(AssignmentRow)
        .where(AssignmentRow.customer == customer, permitted(audiences))
        .order_by(AssignmentRow.assigned_at.desc(), AssignmentRow.id.desc())
    )
    return [
        Stay(
            id=row.id,
            track=row.track,
            version=row.version,
            cause=tuple(row.cause),
            met_by=row.met_by,
            held_back=row.held_back,
            assigned_at=row.assigned_at,
            ended=Ended(row.ended) if row.ended_at else None,
        )
        for row in session.scalars(asked)
    ]
