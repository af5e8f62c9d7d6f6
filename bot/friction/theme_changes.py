"""What people did to themes, written down as it was before and after, so that the last of it can be undone."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import MoveRefused
from bot.friction.roles import Actor
from bot.friction.tables import EventRow, ThemeChangeRow, ThemeRow, TicketRow

UNDONE_WITHIN = timedelta(days=7)


@contextmanager
def recorded(
    session: Session, told: str, by: Actor, *, themes: Collection[int], tickets: Collection[int], now: datetime
) -> Iterator[None]:
    """Around a change of these themes and tickets; `told` says what it is, as the button to undo it does."""
    before = _state(session, themes, tickets)
    yield
    session.flush()
    session.add(
        ThemeChangeRow(
            at=now,
            actor=by.id,
            actor_name=by.name,
            told=told,
            before=before,
            after=_state(session, themes, tickets),
            undone=False,
        )
    )
    session.flush()


def last_change(session: Session, *, now: datetime) -> ThemeChangeRow | None:
    """The one that can be undone; None where nothing lately was done."""
    rows = select(ThemeChangeRow).where(~ThemeChangeRow.undone, ThemeChangeRow.at > now - UNDONE_WITHIN)
    return session.scalars(rows.order_by(ThemeChangeRow.id.desc()).limit(1)).one_or_none()


def take_back(session: Session, change: ThemeChangeRow, by: Actor, *, now: datetime) -> None:
    """Everything as it was before. Raises `MoveRefused` where it is not as the change left it."""
    if _state(session, change.after["themes"], change.after["tickets"]) != change.after:
        raise MoveRefused(
            f"Since “{change.told}” something else happened to it. Look at it again and change it by hand."
        )
    gone = []
    for key, kept in change.before["themes"].items():
        row = session.get(ThemeRow, int(key))
        if kept is None and row is not None:
            gone.append(row)
        elif kept is not None:
            if row is None:
                row = ThemeRow(id=int(key))
                session.add(row)
            row.label, row.named_by, row.outcome, row.changed_at = kept["label"], kept["by"], kept["outcome"], now
    session.flush()
    for key, kept in change.before["tickets"].items():
        ticket = session.get_one(TicketRow, int(key))
        if ticket.theme != kept["theme"]:
            session.add(_moved(ticket, kept["theme"], by, now=now))
        ticket.theme, ticket.placed_by = kept["theme"], kept["by"]
    session.flush()
    for row in gone:
        session.delete(row)
    change.undone = True
    session.flush()


def _moved(ticket: TicketRow, theme: int | None, by: Actor, *, now: datetime) -> EventRow:
    return EventRow(
        ticket=ticket.id,
        at=now,
        event="place",
        source=ticket.state,
        target=ticket.state,
        actor=by.id,
        actor_name=by.name,
        words=f"theme {theme}" if theme else "no theme",
        changed={"theme": [str(ticket.theme or ""), theme]},
    )


def _state(session: Session, themes: Collection[int | str], tickets: Collection[int | str]) -> dict[str, Any]:
    of_themes = {}
    for key in sorted(map(int, themes)):
        row = session.get(ThemeRow, key)
        of_themes[str(key)] = row and {"label": row.label, "by": row.named_by, "outcome": row.outcome}
    of_tickets = {}
    for key in sorted(map(int, tickets)):
        ticket = session.get_one(TicketRow, key)
        of_tickets[str(key)] = {"theme": ticket.theme, "by": ticket.placed_by}
    return {"themes": of_themes, "tickets": of_tickets}
