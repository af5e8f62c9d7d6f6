"""The week at a glance: what the overview and the weekly post say first."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.experience.ages import Ages, ages
from bot.experience.figures import figure
from bot.experience.losses import Loss, Losses, mean_before
from bot.experience.reading import Reading
from bot.experience.stages import Stage, stages
from bot.experience.strip import LATELY, Strip, strip
from bot.experience.viewers import Viewer, must_see
from bot.experience.waiting import late
from bot.experience.weeks import Week
from bot.friction import listing
from bot.friction.acting import LEFT
from bot.friction.listing import Asked
from bot.friction.moves import OPEN, State
from bot.friction.tables import TicketRow
from bot.friction.tickets import Ticket

WEEKS = 12
HOTTEST = 8


@dataclass(frozen=True, slots=True)
class Counts:
    """Of tickets. `fixed` and `filed` are those of the week; what was left as it is was not fixed.

    `overdue` is what was to be acknowledged or resolved by now and waits for nobody; None where nothing is promised.
    """

    open: int
    overdue: int | None
    fixed: int
    filed: int


@dataclass(frozen=True, slots=True)
class Overview:
    week: Week
    losses: Losses
    counts: Counts
    ages: Ages
    hottest: tuple[Ticket, ...]
    strip: Strip
    stages: tuple[Stage, ...]

    @property
    def lost(self) -> Loss:
        """Of the week."""
        return self.losses.total[-1]

    @property
    def before(self) -> float | None:
        """The mean of the four weeks before, in hours; None where one of them is not told or none had any."""
        return mean_before(self.losses.total)

    @property
    def empty(self) -> bool:
        return not (self.losses.any or self.counts.open or self.counts.fixed)


@figure
def overview(reading: Reading) -> Overview:
    """Of `WEEKS` weeks, this one the last."""
    session, viewer, now, zone = reading.session, reading.viewer, reading.now, reading.world.zone
    return Overview(
        week=reading.weeks[-1],
        losses=reading.losses,
        counts=counts(session, reading.weeks[-1], viewer=viewer, now=now, zone=zone),
        ages=ages(session, viewer=viewer, now=now),
        hottest=listing.shortlist(session, Asked(), audiences=must_see(viewer), most=HOTTEST).first,
        strip=strip(reading),
        stages=stages(reading, LATELY),
    )


def counts(session: Session, week: Week, *, viewer: Viewer, now: datetime, zone: tzinfo | None = None) -> Counts:
    """Raises `NotAllowed` for whoever may not read it."""
    must_see(viewer)
    open_ones = TicketRow.state.in_(OPEN)
    start, end = week.start(zone), week.end(zone)
    promised = _count(session, open_ones, TicketRow.resolve_by.is_not(None))
    return Counts(
        open=_count(session, open_ones),
        overdue=_count(session, *late(now)) if promised else None,
        fixed=_count(session, *fixed_in(week, zone)),
        filed=_count(session, TicketRow.filed_at >= start, TicketRow.filed_at < end),
    )


def fixed_in(week: Week, zone: tzinfo | None) -> tuple[ColumnElement[bool], ...]:
    """For the WHERE of a query on tickets."""
    return (
        TicketRow.state.in_([State.RESOLVED, State.CLOSED]),
        TicketRow.resolution.not_in(["", *LEFT]),
        TicketRow.resolved_at >= week.start(zone),
        TicketRow.resolved_at < week.end(zone),
    )


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(TicketRow).where(*conditions)) or 0
