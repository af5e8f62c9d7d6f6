"""What people say of themes: what one is called, what belongs into it, which two are one. The machine leaves it so."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import MoveRefused, NotAllowed
from bot.friction import tickets
from bot.friction.acting import SHORTEST_WORDS
from bot.friction.roles import Actor
from bot.friction.tables import EventRow, ThemeRow, TicketRow
from bot.friction.telling import Teller
from bot.friction.theme_changes import UNDONE_WITHIN, last_change, recorded, take_back

LONGEST_LABEL = 120


def rename(session: Session, number: int, label: str, by: Actor, *, now: datetime) -> str:
    """Gives the name as it is kept; `label` is masked. Raises `NotAllowed` and `MoveRefused`."""
    _must_steer(by)
    row = _theme(session, number)
    line = " ".join(label.split())
    if not 0 < len(line) <= LONGEST_LABEL:
        raise MoveRefused(f"A theme is called something, in at most {LONGEST_LABEL} letters.")
    with recorded(session, f"{row.label} is called {line}", by, themes=[row.id], tickets=[], now=now):
        row.label, row.named_by, row.changed_at = line, by.name or by.id, now
    return line


def place(session: Session, ticket: int, number: int, by: Actor, *, now: datetime) -> int:
    """A ticket, or the one that it was merged into, belongs into this theme. Gives its number.

    Raises `NotAllowed`, `NoSuchTicket` and `MoveRefused`.
    """
    _must_steer(by)
    theme = _theme(session, number)
    row = tickets.standing(session, ticket)
    told = f"{tickets.key(row.id)} is put into {theme.label}"
    with recorded(session, told, by, themes=[theme.id], tickets=[row.id], now=now):
        _put(session, row, theme, by, now=now)
    return row.id


def lock(session: Session, number: int, by: Actor, *, now: datetime) -> int:
    """Its tickets stay in it whatever the nights propose; gives how many. Raises `NotAllowed` and `MoveRefused`."""
    return _hold(session, number, by, by.name or by.id, now=now)


def unlock(session: Session, number: int, by: Actor, *, now: datetime) -> int:
    """The nights may move its tickets again; gives how many. Raises `NotAllowed` and `MoveRefused`."""
    return _hold(session, number, by, "", now=now)


def tell(session: Session, number: int, words: str, by: Actor, *, teller: Teller, now: datetime) -> int:
    """What became of it, to everybody who reported any of its tickets; gives how many are written to.

    `words` are masked. Raises `NotAllowed` and `MoveRefused`.
    """
    _must_steer(by)
    row = _theme(session, number)
    said = words.strip()
    if len(said) < SHORTEST_WORDS:
        raise MoveRefused(f"Say what became of it in at least {SHORTEST_WORDS} letters: whoever reported it reads it.")
    if said == row.outcome:
        raise MoveRefused("Exactly that was told already. Say what is new.")
    row.outcome, row.changed_at = said, now
    session.flush()
    return teller.theme(session, row.id, said, now=now)


def undo(session: Session, by: Actor, *, now: datetime) -> str:
    """Takes the last change back that anybody made, and says which. Raises `NotAllowed` and `MoveRefused`."""
    _must_steer(by)
    change = last_change(session, now=now)
    if change is None:
        raise MoveRefused(f"Nobody changed a theme in the last {UNDONE_WITHIN.days} days.")
    take_back(session, change, by, now=now)
    return change.told


def steers(by: Actor) -> bool:
    """Whether they put themes in order."""
    return by.employee and (by.triager or bool(by.teams))


def merge(session: Session, number: int, into: int, by: Actor, *, now: datetime) -> int:
    """All tickets of one theme go into another, and both's stay together. Gives how many there are now.

    A name that a person gave stays: that of `into`, else that of the other. Raises `NotAllowed` and `MoveRefused`.
    """
    _must_steer(by)
    one, other = _theme(session, number), _theme(session, into)
    if one is other:
        raise MoveRefused("Name two themes: the one that ends, then the one that stays.")
    if one.outcome and other.outcome:
        raise MoveRefused("Of both it was told already what became of them, so both stay as they are.")
    rows = session.scalars(
        select(TicketRow).where(TicketRow.theme.in_((one.id, other.id))).order_by(TicketRow.id)
    ).all()
    both = {"themes": [one.id, other.id], "tickets": [row.id for row in rows]}
    with recorded(session, f"{one.label} became part of {other.label}", by, **both, now=now):
        if one.named_by and not other.named_by:
            other.label, other.named_by = one.label, one.named_by
        other.outcome = other.outcome or one.outcome
        other.changed_at = now
        for row in rows:
            _put(session, row, other, by, now=now)
        session.flush()
        session.delete(one)
    return len(rows)


def _hold(session: Session, number: int, by: Actor, holder: str, *, now: datetime) -> int:
    _must_steer(by)
    theme = _theme(session, number)
    rows = session.scalars(select(TicketRow).where(TicketRow.theme == theme.id).order_by(TicketRow.id)).all()
    told = f"{theme.label} is {'locked' if holder else 'open to the nights again'}"
    with recorded(session, told, by, themes=[theme.id], tickets=[row.id for row in rows], now=now):
        for row in rows:
            row.placed_by = (row.placed_by or holder) if holder else ""
    return len(rows)


def _put(session: Session, row: TicketRow, theme: ThemeRow, by: Actor, *, now: datetime) -> None:
    if row.theme != theme.id:
        session.add(
            EventRow(
                ticket=row.id,
                at=now,
                event="place",
                source=row.state,
                target=row.state,
                actor=by.id,
                actor_name=by.name,
                words=f"theme {theme.id}",
                changed={"theme": [str(row.theme or ""), theme.id]},
            )
        )
    row.theme, row.placed_by = theme.id, by.name or by.id


def _theme(session: Session, number: int) -> ThemeRow:
    row = session.get(ThemeRow, number)
    if row is None:
        raise MoveRefused(f"There is no theme {number}. `throughline friction themes` lists them.")
    return row


def _must_steer(by: Actor) -> None:
    if not steers(by):
        raise NotAllowed("Themes are put in order by a triager, or by a team that owns something. Ask one.")
