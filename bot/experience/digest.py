"""A week to post: what it cost, what costs most, and what was fixed because people spoke up. Nobody is named."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.experience.losses import Loss, Losses, lost
from bot.experience.overview import WEEKS, Counts, counts, fixed_in
from bot.experience.viewers import Viewer, must_see
from bot.experience.weeks import Week, last_weeks
from bot.friction import listing, tickets
from bot.friction.listing import Asked
from bot.friction.tables import TicketRow
from bot.friction.tickets import Ticket

HOTTEST = 3
# So many are told one by one.
MOST_FIXED = 6


@dataclass(frozen=True, slots=True)
class Digest:
    """Of a whole week. `fixed` are the tickets that were mended in it."""

    week: Week
    losses: Losses
    counts: Counts
    hottest: tuple[Ticket, ...]
    fixed: tuple[Ticket, ...]

    @property
    def lost(self) -> Loss:
        return self.losses.total[-1]

    @property
    def empty(self) -> bool:
        """Nothing was lost, reported or mended: nothing to post."""
        return not (self.lost.tickets or self.counts.filed or self.fixed)


def digest(session: Session, week: Week, *, viewer: Viewer, now: datetime, zone: tzinfo | None = None) -> Digest:
    """Raises `NotAllowed` for whoever may not read it."""
    audiences = must_see(viewer)
    until = min(now, week.end(zone))
    return Digest(
        week=week,
        losses=lost(session, last_weeks(WEEKS, until=week), viewer=viewer, now=until, zone=zone),
        counts=counts(session, week, viewer=viewer, now=now, zone=zone),
        hottest=listing.shortlist(session, Asked(), audiences=audiences, most=HOTTEST).first,
        fixed=tuple(_fixed(session, week, zone, audiences)),
    )


def _fixed(session: Session, week: Week, zone: tzinfo | None, audiences: AbstractSet[str]) -> list[Ticket]:
    of_week = select(TicketRow).where(*fixed_in(week, zone))
    return tickets.listed(session, of_week.order_by(TicketRow.resolved_at), audiences=audiences)
