"""What waits for somebody who reads the page: tickets that nobody saw to yet, and those past their time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.experience.viewers import STEERING, Viewer, must_see
from bot.friction.moves import OPEN, State
from bot.friction.tables import TicketRow

_ELSEWHERE = [State.WAITING_REPORTER, State.WAITING_PARTNER]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open tickets: that nobody acknowledged, and that are past what was promised and wait for nobody else."""

    unseen: int
    late: int


def waiting(session: Session, viewer: Viewer, *, now: datetime) -> Waiting:
    """Of whoever steers all of them, of others those of their teams. Raises `NotAllowed`."""
    theirs = [] if must_see(viewer) & STEERING else [TicketRow.team.in_(sorted(viewer.teams))]
    return Waiting(
        unseen=_count(session, [*theirs, TicketRow.state.in_(OPEN), TicketRow.acknowledged_at.is_(None)]),
        late=_count(session, [*theirs, *late(now)]),
    )


def late(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Which tickets were to be acknowledged or resolved by now, and wait for nobody else."""
    unseen = and_(TicketRow.acknowledged_at.is_(None), TicketRow.acknowledge_by < now)
    return (
        TicketRow.state.in_(OPEN),
        TicketRow.state.not_in(_ELSEWHERE),
        or_(unseen, TicketRow.resolve_by < now),
    )


def _count(session: Session, conditions: Iterable[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(TicketRow).where(*conditions)) or 0
