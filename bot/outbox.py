"""What is owed to Slack: rows written in the caller's transaction, delivered afterwards by `handlers.posting.delivery`.

A row holds a kind and a value, never a Slack payload: delivery renders it, so what is stored outlives how it looks.
"""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot import pacing
from bot.database import Base, UtcDateTime, insert
from bot.leases import NOW, Claim, Leased, free
from bot.pacing import PaceRow
from bot.workspaces import InWorkspace

# What is shown on somebody's App Home: no message, and no part of any conversation.
HOME = "home"
# A day covers a long outage of Slack or of the network; what is older helps nobody who waited for it.
GIVE_UP_AFTER = timedelta(hours=24)
# Answers are in here. A month is enough to look into a complaint; what is dead waits longer for a person.
KEPT = timedelta(days=30)
KEPT_DEAD = timedelta(days=90)
# Conversations that are looked at to tell when the next message is due.
LOOKED_AT = 100


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class OutboxRow(Leased, InWorkspace, Base):
    """`token` is what the message carries in Slack: no other row of any database has the same.

    `doubtful`: it may have been posted although nobody heard of it. `replaces`: the key of the row it changes.
    """

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("workspace", "key"), Index("ix_outbox_work", "state", "next_at", "id"))

    key: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(64))
    destination: Mapped[dict[str, Any]] = mapped_column(JSON)
    conversation: Mapped[str] = mapped_column(String(255))
    lane: Mapped[str] = mapped_column(String(255))
    replaces: Mapped[str | None] = mapped_column(String(255))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    token: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    doubtful: Mapped[bool]
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replayed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    died_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_in: Mapped[str] = mapped_column(String(64))
    ts: Mapped[str] = mapped_column(String(32))
    fault: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes and who sees it: everyone in the channel, or `only` one person of it.

    `channel` is "" for a direct message to `only`. `response_url` is Slack's own short-lived address for the reply to a
    slash command. `replaces` is the key of an earlier message, which this one takes the place of: it waits until that
    is delivered, and is posted as a new one where that never was, or where only one person saw it. `under` is the key
    of an earlier message to the channel, in whose thread this one stands; where that never arrived it stands alone.
    `sealed`: `only` is no id but something that delivery opens to one, so that the row names nobody; such a message
    goes straight to them, and where it went is not kept. `whose` tells them apart where each seal is another: what is
    of one person stays in order. `in_place`: what goes to the `response_url` takes the place of the message whose
    button was pressed.
    """

    channel: str
    thread: str | None = None
    only: str | None = None
    response_url: str | None = None
    replaces: str | None = None
    under: str | None = None
    sealed: bool = False
    whose: str = ""
    in_place: bool = False

    @property
    def conversation(self) -> str:
        return f"{self.channel or f'@{self.whose or self.only}'}:{self.thread or ''}"

    @property
    def lane(self) -> str:
        """What Slack counts it with."""
        if self.replaces:
            return pacing.UPDATE
        if self.response_url:
            return pacing.RESPONSE
        if self.channel and self.only:
            return pacing.EPHEMERAL
        return self.channel or f"@{self.whose if self.sealed and self.whose else self.only}"


@dataclass(frozen=True, slots=True)
class Owed:
    """One message to deliver. `attempts` counts the ones before this that were its own.

    `begun` is where the first part of it stands already, to be put in order by the whole.
    """

    id: int
    kind: str
    destination: Destination
    value: dict[str, Any]
    attempts: int
    lane: str
    token: str
    doubtful: bool
    created_at: datetime
    give_up_at: datetime
    begun: "Posted | None" = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in Slack."""

    channel: str
    ts: str


def owe(
    session: Session,
    *,
    key: str,
    kind: str,
    to: Destination,
    value: dict[str, Any],
    now: datetime,
    workspace: str | None = None,
) -> None:
    """Owe a message, once per key: work that is done again after a crash owes nothing twice.

    What is of the kind `HOME` is not posted but shown to `only` on their App Home. `workspace`: another one of Slack's
    than that of the session.
    """
    home = kind == HOME
    session.execute(
        insert(session, OutboxRow)
        .values(
            **({} if workspace is None else {"workspace": workspace}),
            key=key,
            kind=kind,
            destination=asdict(to),
            conversation=f"home:{to.only}" if home else to.conversation,
            lane=pacing.PUBLISH if home else to.lane,
            replaces=to.replaces,
            value=value,
            token=uuid.uuid4().hex,
            state=State.WAITING,
            attempts=0,
            doubtful=False,
            next_at=now,
            created_at=now,
            posted_in="",
            ts="",
            fault="",
        )
        .on_conflict_do_nothing(index_elements=["workspace", "key"])
    )


def is_owed(session: Session, key: str) -> bool:
    """Whether a message of this key is owed, or was."""
    return session.scalar(select(exists().where(OutboxRow.key == key))) or False


def due(session: Session, claim: Claim, *, limit: int = 20) -> list[Owed]:
    """The oldest message of each conversation, if its time has come, its lane is open and nobody is delivering it.

    What follows it in its conversation waits until it is delivered or given up: so order is kept.
    """
    return [_owed(row) for row in _due(session, claim, most=limit)]


def take(session: Session, claim: Claim) -> Owed | None:
    """The first message that is due, now held by this replica until it says what became of it.

    Where somebody held it before and never said, it may have been posted.
    """
    rows = _due(session, claim, most=1)
    if not rows:
        return None
    (row,) = rows
    row.doubtful = row.doubtful or row.replica is not None
    row.replica, row.lease_until = claim.replica, claim.until
    pacing.spend(session, row.lane, now=claim.now)
    return _owed(row)


def renew(session: Session, claim: Claim) -> None:
    """Keep what this replica is delivering."""
    ours = and_(OutboxRow.id.in_(claim.in_hand), OutboxRow.state == State.WAITING, OutboxRow.replica == claim.replica)
    session.execute(update(OutboxRow).where(ours).values(lease_until=claim.until))


def _oldest() -> Select[int]:
    return select(func.min(OutboxRow.id)).where(OutboxRow.state == State.WAITING).group_by(OutboxRow.conversation)


def _due(session: Session, claim: Claim, *, most: int) -> Sequence[OutboxRow]:
    values = claim.values | {"most": most}
    closed = pacing.closed(session, now=claim.now)
    if closed is None:
        return session.scalars(_ready(), values).all()
    if closed.struck_at is None:
        return ()
    return session.scalars(_ready_and_fresh(), values | {"struck_at": closed.struck_at}).all()


@cache
def _ready() -> Select[OutboxRow]:
    """Made once: to make it takes longer than to carry it out, and couriers ask all the time."""
    earlier = aliased(OutboxRow)
    replaced = exists().where(
        earlier.key == OutboxRow.replaces, earlier.id < OutboxRow.id, earlier.state == State.WAITING
    )
    ready = and_(
        OutboxRow.id.in_(_oldest()),
        OutboxRow.next_at <= NOW,
        free(OutboxRow),
        pacing.is_open(OutboxRow.lane, NOW),
        ~replaced,
    )
    return select(OutboxRow).where(ready).order_by(OutboxRow.id).limit(bindparam("most"))


@cache
def _ready_and_fresh() -> Select[OutboxRow]:
    return _ready().where(OutboxRow.fault == "", OutboxRow.created_at > bindparam("struck_at"))


def _owed(row: OutboxRow) -> Owed:
    return Owed(
        id=row.id,
        kind=row.kind,
        destination=Destination(**row.destination),
        value=dict(row.value),
        attempts=row.attempts,
        lane=row.lane,
        token=row.token,
        doubtful=row.doubtful,
        created_at=row.created_at,
        give_up_at=(row.replayed_at or row.created_at) + GIVE_UP_AFTER,
        begun=Posted(row.posted_in, row.ts) if row.posted_in and row.ts else None,
    )


def next_due(session: Session) -> datetime | None:
    """When the next waiting message may be tried, or None where nothing waits."""
    times = [max(at, lane_free_at or at) for at, lane_free_at in session.execute(_heads())]
    if not times:
        return None
    opens = session.scalar(select(PaceRow.free_at).where(PaceRow.lane == pacing.ALL))
    return max(min(times), opens or min(times))


@cache
def _heads() -> Select[datetime, datetime | None]:
    return (
        select(OutboxRow.next_at, PaceRow.free_at)
        .outerjoin(PaceRow, PaceRow.lane == OutboxRow.lane)
        .where(OutboxRow.id.in_(_oldest()))
        .order_by(OutboxRow.next_at)
        .limit(LOOKED_AT)
    )


def sent(session: Session, message: int, *, ts: str, channel: str = "") -> None:
    """It was delivered, to be changed by a later one where `channel` says in which it is.

    True whoever says so, also one whose lease is over.
    """
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == message)
        .values(state=State.SENT, ts=ts, posted_in=channel, fault="", replica=None, lease_until=None)
    )


def begin(session: Session, message: int, where: Posted) -> None:
    """Its first part stands in Slack; whoever goes on with it changes that, and posts nothing a second time."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == message, OutboxRow.state == State.WAITING)
        .values(posted_in=where.channel, ts=where.ts)
    )


def posted(session: Session, key: str) -> Posted | None:
    """Where the message of a key is to be found; None where it is not delivered or nobody can change it."""
    found = session.execute(
        select(OutboxRow.posted_in, OutboxRow.ts).where(OutboxRow.key == key, OutboxRow.state == State.SENT)
    ).one_or_none()
    return Posted(*found) if found and all(found) else None


def try_again(session: Session, message: int, *, at: datetime, fault: str) -> None:
    """One attempt more that did not deliver."""
    _settle(session, message, attempts=OutboxRow.attempts + 1, next_at=at, fault=fault[:2000])


def put_back(session: Session, message: int, *, at: datetime, fault: str) -> None:
    """It could not be tried, and that was not its own fault."""
    _settle(session, message, next_at=at, fault=fault[:2000])


def doubt(session: Session, message: int) -> None:
    """It may have been posted: before it is posted again, somebody looks."""
    session.execute(update(OutboxRow).where(OutboxRow.id == message).values(doubtful=True))


def bury(session: Session, message: int, *, fault: str, now: datetime) -> None:
    """Give up on a message that can never be delivered; it stays, to be looked at."""
    _settle(session, message, state=State.DEAD, attempts=OutboxRow.attempts + 1, died_at=now, fault=fault[:2000])


def abandon(session: Session, *, fault: str, now: datetime) -> None:
    """Nothing that waits can be delivered any more."""
    waiting = OutboxRow.state == State.WAITING
    given_up = {"state": State.DEAD, "died_at": now, "fault": fault, "replica": None, "lease_until": None}
    session.execute(update(OutboxRow).where(waiting).values(**given_up))


def _settle(session: Session, message: int, **values: object) -> None:
    """Does nothing where another replica has delivered it meanwhile."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == message, OutboxRow.state == State.WAITING)
        .values(replica=None, lease_until=None, **values)
    )


def hurry(session: Session, *, now: datetime) -> None:
    """Slack is back: what failed meanwhile need not wait any longer."""
    failed = and_(OutboxRow.state == State.WAITING, OutboxRow.fault != "", OutboxRow.next_at > now)
    session.execute(update(OutboxRow).where(failed).values(next_at=now))


def dead(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == State.DEAD)) or 0


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what was delivered, or could not be, longer ago than it is kept."""
    delivered = and_(OutboxRow.state == State.SENT, OutboxRow.created_at < now - KEPT)
    given_up = and_(OutboxRow.state == State.DEAD, OutboxRow.died_at < now - KEPT_DEAD)
    session.execute(delete(OutboxRow).where(or_(delivered, given_up)))
