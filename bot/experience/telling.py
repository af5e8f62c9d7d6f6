"""One ticket with what happened to it, as whoever works on it reads it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.experience.viewers import Viewer, must_see
from bot.friction import tickets
from bot.friction.history import Happened, history
from bot.friction.tables import ThemeRow, TicketRow
from bot.friction.tickets import Ticket

# How it began is told of the ticket itself; into which theme it was put is no part of its life.
_LEFT_OUT = frozenset({"file", "place"})


@dataclass(frozen=True, slots=True)
class Promise:
    """Until when; `kept_at` is when it was done."""

    by: datetime | None
    kept_at: datetime | None

    def broken(self, now: datetime) -> bool:
        return self.by is not None and (self.kept_at or now) > self.by


@dataclass(frozen=True, slots=True)
class Story:
    ticket: Ticket
    theme: str
    theme_number: int | None
    acknowledge: Promise
    resolve: Promise
    held: bool
    history: tuple[Happened, ...]


def story(session: Session, number: int, *, viewer: Viewer, zone: tzinfo | None = None) -> Story:
    """Raises `NoSuchTicket`, and `NotAllowed` for whoever may not read it."""
    one = tickets.ticket(session, number, audiences=must_see(viewer))
    row = session.get_one(TicketRow, number)
    theme = session.scalar(select(ThemeRow.label).where(ThemeRow.id == row.theme)) if row.theme else ""
    return Story(
        ticket=one,
        theme=theme or "",
        theme_number=row.theme,
        acknowledge=Promise(row.acknowledge_by, row.acknowledged_at),
        resolve=Promise(row.resolve_by, row.resolved_at),
        held=row.held_since is not None,
        history=tuple(each for each in history(session, one, zone=zone) if each.event not in _LEFT_OUT),
    )
