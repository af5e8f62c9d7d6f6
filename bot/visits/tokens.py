"""A token stands for somebody in a program of theirs, until it is over or revoked: it shows what they may see then."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bot.errors import TokenNotMade
from bot.visits.tables import TokenRow
from bot.visits.visiting import Visitor

# By these letters people and scanners of source code know what it is.
BEGINNING = "throughline_"
# What to choose from, in days. A program that nobody looks after stops within a year.
DAYS = (30, 90, 365)
USUAL_DAYS = 90
MOST = 10
LONGEST_LABEL = 80
# That it was used is written down this often.
SEEN_EVERY = timedelta(minutes=5)
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Token:
    """All but its secret, which is kept nowhere. `seen_at` is None where it was never used."""

    id: int
    visitor: Visitor
    label: str
    made_at: datetime
    seen_at: datetime | None
    until: datetime


def make(session: Session, visitor: Visitor, label: str, *, days: int, now: datetime) -> str:
    """The secret of a new one. Raises `TokenNotMade`."""
    label = " ".join(label.split())
    if not label or len(label) > LONGEST_LABEL:
        raise TokenNotMade(
            f"Say in 1 to {LONGEST_LABEL} letters what the token is for: you will revoke it by that name."
        )
    if days not in DAYS:
        raise TokenNotMade(f"A token lasts {', '.join(map(str, DAYS[:-1]))} or {DAYS[-1]} days. Choose one of them.")
    there = session.scalar(select(func.count()).select_from(TokenRow).where(*_of(visitor), TokenRow.until > now)) or 0
    if there >= MOST:
        raise TokenNotMade(f"You have {there} tokens, and nobody overlooks more. Revoke one that is not used any more.")
    secret = BEGINNING + secrets.token_urlsafe(_BYTES)
    session.add(
        TokenRow(
            digest=_digest(secret),
            workspace=visitor.workspace,
            person=visitor.person,
            address=visitor.address,
            name=visitor.name,
            label=label,
            made_at=now,
            until=now + timedelta(days=days),
        )
    )
    session.flush()
    return secret


def shown(session: Session, secret: str, *, now: datetime) -> Token | None:
    """Whose this is; None where it is over, revoked, or none."""
    row = session.scalars(
        select(TokenRow).where(TokenRow.digest == _digest(secret), TokenRow.until > now)
    ).one_or_none()
    return _token(row) if row else None


def to_note(token: Token, *, now: datetime) -> bool:
    """Whether it is time to write down that it is used."""
    return token.seen_at is None or now - token.seen_at > SEEN_EVERY


def note_seen(session: Session, id_: int, *, now: datetime) -> None:
    session.execute(update(TokenRow).where(TokenRow.id == id_).values(seen_at=now))


def of(session: Session, visitor: Visitor, *, now: datetime) -> list[Token]:
    """Those of somebody that open something, the newest first."""
    rows = select(TokenRow).where(*_of(visitor), TokenRow.until > now).order_by(TokenRow.id.desc())
    return [_token(row) for row in session.scalars(rows)]


def every(session: Session, *, now: datetime) -> list[Token]:
    """Everybody's that open something, the newest first."""
    rows = select(TokenRow).where(TokenRow.until > now).order_by(TokenRow.id.desc())
    return [_token(row) for row in session.scalars(rows)]


def revoke(session: Session, id_: int, visitor: Visitor | None = None) -> bool:
    """Whether there was one of this number, of `visitor` where one is given. It opens nothing from now on."""
    mine = _of(visitor) if visitor else ()
    gone = session.scalars(delete(TokenRow).where(TokenRow.id == id_, *mine).returning(TokenRow.id))
    return gone.one_or_none() is not None


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what opens nothing any more."""
    session.execute(delete(TokenRow).where(TokenRow.until < now))


def _of(visitor: Visitor) -> tuple[ColumnElement[bool], ...]:
    """By what somebody is known: their ids at Slack, whichever way they came in, else their address."""
    known = (TokenRow.workspace == visitor.workspace, TokenRow.person == visitor.person)
    return known if visitor.person else (*known, TokenRow.address == visitor.address)


def _token(row: TokenRow) -> Token:
    visitor = Visitor(row.name, row.address, row.person, row.workspace)
    return Token(row.id, visitor, row.label, row.made_at, row.seen_at, row.until)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
