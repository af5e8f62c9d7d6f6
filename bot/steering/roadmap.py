"""What is done now, next or later, and who decided so when and why. Nothing is overwritten: a change is a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import SteeringRefused
from bot.experience.viewers import Viewer, must_see
from bot.steering.steerers import kept, must_steer
from bot.steering.tables import DecisionRow

_THEME = "theme:"


class Lane(StrEnum):
    NOW = "now"
    NEXT = "next"
    LATER = "later"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def planned(self) -> bool:
        return self in {Lane.NOW, Lane.NEXT, Lane.LATER}


@dataclass(frozen=True, slots=True)
class Decision:
    """`item` is "theme:12", "ticket:31" or "cell:store.leave"."""

    number: int
    item: str
    lane: Lane
    why: str
    by: str
    at: datetime


def of_theme(number: int | str) -> str:
    """The item that a theme is."""
    return f"{_THEME}{number}"


def decide(session: Session, item: str, lane: Lane, why: str, viewer: Viewer, *, now: datetime) -> int:
    """Gives its number. Raises `NotAllowed`, and `SteeringRefused` without a reason or where it stands so."""
    by = must_steer(viewer)
    reason = kept(why, "Why")
    standing = stands(session, viewer).get(item)
    if standing and standing.lane is lane:
        raise SteeringRefused(f"It is under {lane} already: {standing.by} put it there.")
    row = DecisionRow(item=item, standing=lane, why=reason, by=by, at=now)
    session.add(row)
    session.flush()
    return row.id


def stands(session: Session, viewer: Viewer) -> Mapping[str, Decision]:
    """The last decision on everything that was ever on the roadmap, by item. Raises `NotAllowed`."""
    return {one.item: one for one in log(session, viewer)}


def themes_done(session: Session, viewer: Viewer, zone: tzinfo | None) -> Mapping[int, date]:
    """Theme -> the day on which it was said to be done, of those that stand there. Raises `NotAllowed`."""
    done = (one for one in stands(session, viewer).values() if one.lane is Lane.DONE)
    return {
        int(one.item.removeprefix(_THEME)): one.at.astimezone(zone).date()
        for one in done
        if one.item.startswith(_THEME)
    }


def log(session: Session, viewer: Viewer) -> list[Decision]:
    """Every decision, the oldest first. Raises `NotAllowed`."""
    must_see(viewer)
    rows = session.scalars(select(DecisionRow).order_by(DecisionRow.id))
    return [Decision(row.id, row.item, Lane(row.standing), row.why, row.by, row.at) for row in rows]
