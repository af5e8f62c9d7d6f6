"""How fast messages may go out, and whether any may: one row a lane, in the database, so that replicas share it.

A lane is what Slack counts together: the posts in one channel, or the calls of one method. The rate is kept by the
generic cell rate algorithm (ITU-T I.371), which needs one time a lane: from when on it takes the next message.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, String, Text, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from bot import workspaces
from bot.database import Base, UtcDateTime, insert
from bot.workspaces import InWorkspace

# The lane of everything: closed while Slack is away, or does not let the bot in.
ALL = ""
EPHEMERAL = "chat.postEphemeral"
UPDATE = "chat.update"
PUBLISH = "views.publish"
RESPONSE = "response_url"

# One failure may be a message's own; three in a row with no success between them are Slack's or the network's.
STRIKES = 3
FIRST_WAIT = timedelta(seconds=1)
# So long at most until it is noticed that Slack is back; four couriers then ask eight times a minute.
LONGEST_WAIT = timedelta(seconds=30)
# A token is mended by a person; asked once in this time, Slack takes no offence.
LOCKED_OUT = timedelta(minutes=1)
# Old lanes say nothing any more: every burst is whole again long before.
KEPT = timedelta(hours=1)


class PaceRow(InWorkspace, Base):
    __tablename__ = "outbox_paces"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    lane: Mapped[str] = mapped_column(String(255), primary_key=True)
    free_at: Mapped[datetime] = mapped_column(UtcDateTime)
    strikes: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Rate:
    """One message every `every`, and up to `burst` at once where the lane was quiet."""

    every: timedelta
    burst: int

    @property
    def ahead(self) -> timedelta:
        """How much earlier than its turn a message may go."""
        return self.every * (self.burst - 1)


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing is delivered until then, and why. `struck_at`: when Slack last failed; None where it asked to wait.

    What is owed after that moment may try once: it may be that not Slack failed, but the messages that were tried.
    `workspace` is the id of the one in which nothing is delivered; "" where no bot with a workspace wrote it.
    """

    until: datetime
    reason: str
    struck_at: datetime | None = None
    workspace: str = ""


# Slack's documented limits: about one post a second in a channel, with short bursts; 50 updates, and 100 calls of the
# two other methods a minute.
IN_CHANNEL = Rate(timedelta(seconds=1), burst=5)
METHODS = {
    EPHEMERAL: Rate(timedelta(seconds=0.6), burst=20),
    UPDATE: Rate(timedelta(seconds=1.2), burst=10),
    PUBLISH: Rate(timedelta(seconds=0.6), burst=20),
    RESPONSE: Rate(timedelta(0), burst=1),
}


def is_open(lane: InstrumentedAttribute[str], now: BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether this lane takes a message now."""
    return ~exists().where(PaceRow.lane == lane, PaceRow.free_at > now)


def spend(session: Session, lane: str, *, now: datetime) -> None:
    """One message goes on this lane now."""
    rate = METHODS.get(lane, IN_CHANNEL)
    row = _row(session, lane, now)
    turn = max(now, row.free_at + rate.ahead) + rate.every
    row.free_at, row.reason = turn - rate.ahead, ""


def limit(session: Session, lane: str, *, until: datetime, now: datetime) -> None:
    """Slack asked to wait. It does not say whether it means the lane or all of us; two lanes at once mean all."""
    limited = PaceRow.reason != ""
    others = select(PaceRow.lane).where(PaceRow.lane != lane, limited, PaceRow.free_at > now)
    for closed in {lane, ALL} if session.scalars(others).first() is not None else {lane}:
        _close(session, closed, until=until, reason="Slack limits how much is posted", now=now)


def strike(session: Session, *, reason: str, now: datetime) -> None:
    """Slack did not answer, or not as Slack. After three in a row everything waits, longer each time."""
    row = _row(session, ALL, now)
    if row.free_at > now:  # several were under way when it closed; they count as one
        return
    row.strikes += 1
    row.reason = reason
    if row.strikes >= STRIKES:
        row.free_at = now + _wait(row.strikes)


def lock_out(session: Session, *, reason: str, now: datetime) -> None:
    """Slack does not let the bot in: everything waits, and is tried again from time to time."""
    _close(session, ALL, until=now + LOCKED_OUT, reason=reason, now=now)


def is_away(session: Session) -> bool:
    """Whether Slack has failed so often in a row that no single message is to blame."""
    row = _of_all(session)
    return row is not None and row.strikes >= STRIKES


def reopen(session: Session, *, now: datetime) -> bool:
    """Slack took a message. True where everything had waited for that.

    What Slack asked to wait for is waited for all the same: the message may have been under way already.
    """
    row = _of_all(session)
    if row is None or (row.free_at > now and row.strikes < STRIKES):
        return False
    waited = not 0 < row.strikes < STRIKES
    session.delete(row)
    session.flush()
    return waited


def admit(session: Session) -> None:
    """Slack has let the bot in: whatever kept everything waiting is over."""
    session.execute(delete(PaceRow).where(PaceRow.lane == ALL))


def closed(session: Session, *, now: datetime) -> Closed | None:
    """Why nothing at all is delivered just now, if that is so."""
    row = _of_all(session)
    if row is None or row.free_at <= now:
        return None
    away = row.strikes >= STRIKES
    return Closed(row.free_at, row.reason, row.free_at - _wait(row.strikes) if away else None, row.workspace)


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(PaceRow).where(PaceRow.free_at < now - KEPT))


def _of_all(session: Session) -> PaceRow | None:
    """The row of the lane of everything; in a session of all workspaces that which is closed for longest."""
    return session.scalars(_longest()).first()


@cache
def _longest() -> Select[PaceRow]:
    return select(PaceRow).where(PaceRow.lane == ALL).order_by(PaceRow.free_at.desc())


def _wait(strikes: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(strikes - STRIKES, 10)), LONGEST_WAIT)


def _close(session: Session, lane: str, *, until: datetime, reason: str, now: datetime) -> None:
    row = _row(session, lane, now)
    row.free_at, row.strikes = max(row.free_at, until), 0
    row.reason = reason


def _row(session: Session, lane: str, now: datetime) -> PaceRow:
    """The row of a lane, made where there is none; writers take turns, so nobody else makes it meanwhile."""
    long_free = now - METHODS.get(lane, IN_CHANNEL).ahead
    fresh = insert(session, PaceRow).values(lane=lane, free_at=long_free, strikes=0, reason="")
    session.execute(fresh.on_conflict_do_nothing(index_elements=["workspace", "lane"]))
    return session.get_one(PaceRow, (workspaces.of_session(session), lane))
