"""A link opens the page once, within ten minutes, and so does signing in with Slack.

The session that follows ends after twelve hours at the latest, and after two in which nobody loaded a page.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.visits.tables import LinkRow, SessionRow

LINK_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=12)
IDLE_LASTS = timedelta(hours=2)
# That somebody is there is written down this often.
SEEN_EVERY = timedelta(minutes=5)
# So that whoever opens an old link is told that it was used, and not that there never was one.
LINK_KEPT = timedelta(days=1)
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who somebody is; what they may see is asked anew each time. `person` is "" for one known by the address alone."""

    name: str
    address: str
    person: str = ""
    workspace: str = ""


def offer(session: Session, visitor: Visitor, *, now: datetime) -> str:
    """The secret of a new link, which is kept nowhere. An older one of the same person opens nothing any more."""
    session.execute(
        delete(LinkRow).where(
            LinkRow.person == visitor.person, LinkRow.address == visitor.address, LinkRow.used_at.is_(None)
        )
    )
    secret = secrets.token_urlsafe(_BYTES)
    session.add(
        LinkRow(
            digest=_digest(secret),
            workspace=visitor.workspace,
            person=visitor.person,
            address=visitor.address,
            name=visitor.name,
            until=now + LINK_LASTS,
        )
    )
    session.flush()
    return secret


def offered(session: Session, secret: str, *, now: datetime) -> Visitor | None:
    """Whom a link would let in; None where it is used, too old, or none."""
    row = session.scalars(select(LinkRow).where(*_open(secret, now))).one_or_none()
    return Visitor(row.name, row.address, row.person, row.workspace) if row else None


def enter(session: Session, secret: str, *, now: datetime) -> str | None:
    """Use up a link. Gives the secret of the session; None where the link opens nothing."""
    visitor = offered(session, secret, now=now)
    used = session.execute(update(LinkRow).where(*_open(secret, now)).values(used_at=now).returning(LinkRow.digest))
    if visitor is None or used.one_or_none() is None:  # two at once: the second one finds it used
        return None
    return begin(session, visitor, now=now)


def begin(session: Session, visitor: Visitor, *, now: datetime) -> str:
    """A session of somebody who has shown who they are. Gives its secret."""
    token = secrets.token_urlsafe(_BYTES)
    session.add(
        SessionRow(
            digest=_digest(token),
            workspace=visitor.workspace,
            person=visitor.person,
            address=visitor.address,
            name=visitor.name,
            began_at=now,
            seen_at=now,
            until=now + SESSION_LASTS,
        )
    )
    session.flush()
    return token


def visiting(session: Session, token: str, *, now: datetime) -> Visitor | None:
    """Whose session this is; None where it is over, or none."""
    row = session.scalars(
        select(SessionRow).where(
            SessionRow.digest == _digest(token), SessionRow.until > now, SessionRow.seen_at > now - IDLE_LASTS
        )
    ).one_or_none()
    return Visitor(row.name, row.address, row.person, row.workspace) if row else None


def to_note(session: Session, token: str, *, now: datetime) -> bool:
    """Whether it is time to write down that somebody is there."""
    seen = session.scalar(select(SessionRow.seen_at).where(SessionRow.digest == _digest(token)))
    return seen is not None and now - seen > SEEN_EVERY


def note_seen(session: Session, token: str, *, now: datetime) -> None:
    session.execute(update(SessionRow).where(SessionRow.digest == _digest(token)).values(seen_at=now))


def leave(session: Session, token: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.digest == _digest(token)))


def form_token(token: str) -> str:
    """What a form of this session carries: another site does not know it, and it opens no session."""
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what lets nobody in any more."""
    session.execute(delete(LinkRow).where(LinkRow.until < now - LINK_KEPT))
    session.execute(delete(SessionRow).where(or_(SessionRow.until < now, SessionRow.seen_at < now - IDLE_LASTS)))


def _open(secret: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (LinkRow.digest == _digest(secret), LinkRow.until > now, LinkRow.used_at.is_(None))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
