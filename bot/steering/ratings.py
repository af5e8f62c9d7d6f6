"""The scorecard of total experience: five components, rated by ourselves each quarter from 1 to 5.

The components are those that companies were ranked by in the study of seed 000; what is measured stands beside them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.errors import SteeringRefused
from bot.experience.viewers import Viewer, must_see
from bot.steering.steerers import kept, must_steer
from bot.steering.tables import RatingRow

LEAST, MOST = 1, 5
_MONTHS = 3


class Component(StrEnum):
    MOBILE = "mobile"
    LISTENING = "listening"
    CHANNELS = "channels"
    REAL_TIME = "real_time"
    ANALYTICS = "analytics"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    year: int
    number: int

    @property
    def key(self) -> str:
        """ "2026-Q4"."""
        return f"{self.year}-Q{self.number}"

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def following(self) -> "Quarter":
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)  # noqa: PLR2004

    @property
    def first_day(self) -> date:
        return date(self.year, _MONTHS * (self.number - 1) + 1, 1)


@dataclass(frozen=True, slots=True)
class Rating:
    """`change` is against the quarter before; None where that was not rated."""

    component: Component
    score: int
    why: str
    by: str
    at: datetime
    change: int | None


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month - 1) // _MONTHS + 1)


def last_quarters(count: int, *, until: Quarter) -> tuple[Quarter, ...]:
    """So many, the oldest first."""
    found = [until]
    while len(found) < count:
        found.append(found[-1].before)
    return tuple(reversed(found))


def every_quarter(session: Session, viewer: Viewer, *, until: Quarter) -> tuple[Quarter, ...]:
    """From the first that was rated, without a hole, the oldest first; only this one where none was.

    Raises `NotAllowed`.
    """
    must_see(viewer)
    first = session.scalar(select(func.min(RatingRow.quarter)).where(RatingRow.quarter <= until.key))
    found = [until]
    while first and found[-1].key > first:
        found.append(found[-1].before)
    return tuple(reversed(found))


def rate(
    session: Session, quarter: Quarter, component: Component, score: int, why: str, viewer: Viewer, *, now: datetime
) -> None:
    """The newest rating counts. Raises `NotAllowed`, and `SteeringRefused` for no score or no reason."""
    by = must_steer(viewer)
    if not LEAST <= score <= MOST:
        raise SteeringRefused(f"A component is rated from {LEAST} (lagging) to {MOST} (leading), not {score}.")
    reason = kept(why, "Why it is rated so")
    session.add(RatingRow(quarter=quarter.key, component=component, score=score, why=reason, by=by, at=now))


def ratings(session: Session, quarters: Collection[Quarter], viewer: Viewer) -> dict[Quarter, dict[Component, Rating]]:
    """Of each of these quarters what was rated. Raises `NotAllowed`."""
    must_see(viewer)
    wanted = {one.key: one for quarter in quarters for one in (quarter, quarter.before)}
    newest: dict[tuple[str, str], RatingRow] = {}
    for row in session.scalars(select(RatingRow).where(RatingRow.quarter.in_(wanted)).order_by(RatingRow.id)):
        newest[row.quarter, row.component] = row
    found: dict[Quarter, dict[Component, Rating]] = {quarter: {} for quarter in quarters}
    for (key, component), row in newest.items():
        if wanted[key] not in found:
            continue
        earlier = newest.get((wanted[key].before.key, component))
        change = row.score - earlier.score if earlier else None
        kind = Component(component)
        found[wanted[key]][kind] = Rating(kind, row.score, row.why, row.by, row.at, change)
    return found
