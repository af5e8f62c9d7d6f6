"""What people are asked when the pages do not answer: a request goes to a team, and the team's words come back.

A card is the message in which the team reads the request; what people write in its thread are the replies.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, Text, UniqueConstraint, case, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime
from bot.outbox import OutboxRow
from bot.outbox import State as OutboxState
from bot.workspaces import InWorkspace

# Who presses twice, or asks again before anybody could answer, means the same request.
SAME_REQUEST = timedelta(days=1)


class State(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REOPENED = "reopened"
    CLOSED = "closed"


MOVES: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.TAKEN, State.ANSWERED, State.CLOSED}),
    State.TAKEN: frozenset({State.ANSWERED, State.ACCEPTED, State.CLOSED}),
    State.ANSWERED: frozenset({State.ACCEPTED, State.REOPENED, State.CLOSED}),
    State.ACCEPTED: frozenset({State.REOPENED}),
    State.REOPENED: frozenset({State.TAKEN, State.ANSWERED, State.ACCEPTED, State.CLOSED}),
    State.CLOSED: frozenset({State.ANSWERED, State.REOPENED}),
}
# Somebody waits for an answer.
WAITING = (State.OPEN, State.TAKEN, State.REOPENED)


class RequestRow(InWorkspace, Base):
    __tablename__ = "requests"
    __table_args__ = (Index("ix_requests_asker", "asker", "id"), Index("ix_requests_waiting", "state", "changed_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    exchange: Mapped[int | None] = mapped_column(ForeignKey("exchanges.id", ondelete="SET NULL"))
    asker: Mapped[str] = mapped_column(String(64))
    asker_name: Mapped[str] = mapped_column(Text)
    team: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(64))
    added: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(64))
    thread: Mapped[str] = mapped_column(String(32))
    direct: Mapped[str] = mapped_column(String(64))
    taker: Mapped[str] = mapped_column(String(64))
    taker_name: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CardRow(InWorkspace, Base):
    """A message that shows a request to those who may answer it; `key` is its key in the outbox.

    The outbox knows its ts as soon as it is delivered; here it is "" until `note_delivered`, and outlives the outbox.
    """

    __tablename__ = "request_cards"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(64), index=True)
    ts: Mapped[str] = mapped_column(String(32))


class ReplyRow(InWorkspace, Base):
    """What somebody wrote in the thread of a card, in its last version: the ts of its edit, "" before any."""

    __tablename__ = "request_replies"
    __table_args__ = (UniqueConstraint("workspace", "channel", "ts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(64))
    ts: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(32))
    person: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Place:
    """Where replies go: into a thread that others read, or, with `channel` "", to the asker alone.

    `direct` is the asker's direct message with the bot, for what only they shall read.
    """

    direct: str
    channel: str = ""
    thread: str = ""

    @property
    def alone(self) -> bool:
        return not self.channel


@dataclass(frozen=True, slots=True)
class Asking:
    """A request before it has a number. `team` is a key of config/owners.yaml, "" where no team answers for it."""

    exchange: int
    asker: str
    asker_name: str
    team: str
    question: str
    added: str
    place: Place


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands."""

    number: int
    asker: str
    asker_name: str
    team: str
    question: str
    added: str
    state: State
    place: Place
    taker: str
    taker_name: str
    asked_at: datetime
    changed_at: datetime

    @property
    def free(self) -> bool:
        """Whether somebody could take it."""
        return State.TAKEN in MOVES[self.state]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking: a new request, or the one of the same asker that waits already."""

    request: Request
    joined: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A message in the thread of a card. `version` is the ts of its last edit, "" before any."""

    channel: str
    ts: str
    version: str
    person: str
    text: str


@dataclass(frozen=True, slots=True)
class Replied:
    """A reply to pass on: the first of its request, one more, or another version of one that was passed on."""

    request: Request
    first: bool
    correction: bool


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where a card is; `ts` is "" until it is delivered. `key` is its key in the outbox."""

    channel: str
    ts: str
    key: str


def ask(session: Session, asking: Asking, *, now: datetime) -> Asked:
    """Save a request; who asks the same again while it waits joins their own."""
    topic = _topic(asking.question)
    waits = (
        select(RequestRow)
        .where(
            RequestRow.asker == asking.asker,
            RequestRow.state.in_(WAITING),
            RequestRow.asked_at > now - SAME_REQUEST,
            or_(RequestRow.exchange == asking.exchange, RequestRow.topic == topic),
        )
        .order_by(RequestRow.id.desc())
        .limit(1)
    )
    known = session.scalars(waits).one_or_none()
    if known is not None:
        return Asked(_request(known), joined=True)
    row = RequestRow(
        exchange=asking.exchange,
        asker=asking.asker,
        asker_name=asking.asker_name,
        team=asking.team,
        question=asking.question,
        topic=topic,
        added=asking.added,
        state=State.OPEN,
        channel=asking.place.channel,
        thread=asking.place.thread,
        direct=asking.place.direct,
        taker="",
        taker_name="",
        asked_at=now,
        changed_at=now,
        reminded_at=None,
    )
    session.add(row)
    session.flush()
    return Asked(_request(row), joined=False)


def add_card(session: Session, number: int, *, channel: str, key: str) -> None:
    """A message that is owed under this key shows the request."""
    session.add(CardRow(key=key, request=number, channel=channel, ts=""))
    session.flush()


def cards(session: Session, number: int) -> list[CardPlace]:
    """Where a request is shown, oldest first; more than once in a channel where it had to be said again."""
    rows = session.execute(
        select(CardRow.channel, _ts(), CardRow.key)
        .outerjoin(OutboxRow, OutboxRow.key == CardRow.key)
        .where(CardRow.request == number)
        .order_by(OutboxRow.id)
    )
    return [CardPlace(*row) for row in rows]


def shown_at(session: Session, channel: str, ts: str) -> Request | None:
    """The request whose card is this message; None where it is none."""
    row = session.scalars(
        select(RequestRow)
        .join(CardRow, CardRow.request == RequestRow.id)
        .outerjoin(OutboxRow, OutboxRow.key == CardRow.key)
        .where(CardRow.channel == channel, _ts() == ts, _ts() != "")
    ).one_or_none()
    return _request(row) if row else None


def any_on_the_way(session: Session) -> bool:
    """Whether there is a card that is not known to be delivered."""
    return session.scalars(select(CardRow.key).where(CardRow.ts == "").limit(1)).first() is not None


def note_delivered(session: Session) -> None:
    """Remember where the cards are that have been delivered: the outbox forgets after some weeks."""
    arrived = select(CardRow, OutboxRow.ts).join(OutboxRow, OutboxRow.key == CardRow.key)
    for card, ts in session.execute(arrived.where(CardRow.ts == "", OutboxRow.ts != "")):
        card.ts = ts


def close_undeliverable(session: Session, *, now: datetime) -> list[Request]:
    """Close the requests that wait and of which no card can be delivered; returns them, for their askers to be told."""
    given_up = select(OutboxRow.key).where(OutboxRow.state == OutboxState.DEAD)
    lost, hoped = CardRow.key.in_(given_up), CardRow.key.not_in(given_up)
    rows = select(RequestRow).where(
        RequestRow.state.in_(WAITING),
        RequestRow.id.in_(select(CardRow.request).where(lost)),
        RequestRow.id.not_in(select(CardRow.request).where(hoped)),
    )
    return [_request(row) for row in session.scalars(rows).all() if _move(row, State.CLOSED, now=now)]


def shown_in(session: Session, number: int, *, channel: str) -> Request | None:
    """A request that has a card in this channel: whoever reads there may read it."""
    row = session.scalars(_shown_in(number, channel)).one_or_none()
    return _request(row) if row else None


def own(session: Session, number: int, *, asker: str) -> Request | None:
    """Somebody's own request; None for anybody else's."""
    row = session.scalars(_own(number, asker)).one_or_none()
    return _request(row) if row else None


def take(session: Session, number: int, *, channel: str, person: str, name: str, now: datetime) -> Request | None:
    """Somebody who reads the card sees to it. None where there is no card here; else look at `taker`."""
    row = session.scalars(_shown_in(number, channel)).one_or_none()
    if row is None:
        return None
    if _move(row, State.TAKEN, now=now):
        row.taker, row.taker_name = person, name
    return _request(row)


def reply(session: Session, number: int, written: Written, *, now: datetime) -> Replied | None:
    """Keep what was written under a card; None where that or a later version is known, or where no word changed."""
    row = session.get_one(RequestRow, number)
    here = select(ReplyRow).where(ReplyRow.channel == written.channel, ReplyRow.ts == written.ts)
    known = session.scalars(here).one_or_none()
    if known is not None and (known.version >= written.version or known.text == written.text):
        return None
    first = not _count(session, number)
    if known is not None:
        known.text, known.version = written.text, written.version
    else:
        session.add(ReplyRow(request=number, at=now, **asdict(written)))
        _move(row, State.ANSWERED, now=now)
    session.flush()
    return Replied(_request(row), first=first, correction=known is not None)


def replies(session: Session, number: int) -> list[str]:
    """What was answered, in the order in which it was written."""
    return list(session.scalars(select(ReplyRow.text).where(ReplyRow.request == number).order_by(ReplyRow.ts)))


def judge(session: Session, number: int, *, asker: str, to: State, now: datetime) -> Request | None:
    """What the asker says of their own request; None for anybody else's, or where it cannot become that any more."""
    row = session.scalars(_own(number, asker)).one_or_none()
    return _request(row) if row is not None and _move(row, to, now=now) else None


def of_asker(session: Session, person: str, *, limit: int = 10) -> list[Request]:
    """Somebody's own requests, newest first."""
    rows = select(RequestRow).where(RequestRow.asker == person).order_by(RequestRow.id.desc()).limit(limit)
    return [_request(row) for row in session.scalars(rows)]


def open_for(session: Session, team: str) -> list[Request]:
    """What waits for a team, oldest first."""
    rows = select(RequestRow).where(RequestRow.team == team, RequestRow.state.in_(WAITING)).order_by(RequestRow.id)
    return [_request(row) for row in session.scalars(rows)]


def asked_alike(session: Session, number: int) -> list[Request]:
    """Every request of one team in the same words as this one, itself among them; of each asker the last."""
    this = session.get_one(RequestRow, number)
    alike = select(RequestRow).where(RequestRow.topic == this.topic, RequestRow.team == this.team)
    return list({row.asker: _request(row) for row in session.scalars(alike.order_by(RequestRow.id))}.values())


def unreminded(session: Session, *, since: datetime) -> list[Request]:
    """What has waited in one state since then, without a reminder of it."""
    rows = (
        select(RequestRow)
        .where(RequestRow.state.in_(WAITING), RequestRow.changed_at <= since, RequestRow.reminded_at.is_(None))
        .order_by(RequestRow.id)
    )
    return [_request(row) for row in session.scalars(rows)]


def reminded(session: Session, numbers: Iterable[int], *, now: datetime) -> None:
    for number in numbers:
        session.get_one(RequestRow, number).reminded_at = now


def _ts() -> ColumnElement[str]:
    return case((CardRow.ts != "", CardRow.ts), else_=func.coalesce(OutboxRow.ts, ""))


def _move(row: RequestRow, to: State, *, now: datetime) -> bool:
    if to not in MOVES[State(row.state)]:
        return False
    row.state, row.changed_at, row.reminded_at = to, now, None
    return True


def _shown_in(number: int, channel: str) -> Select[RequestRow]:
    has_card = select(CardRow.request).where(CardRow.request == number, CardRow.channel == channel)
    return select(RequestRow).where(RequestRow.id.in_(has_card))


def _own(number: int, asker: str) -> Select[RequestRow]:
    return select(RequestRow).where(RequestRow.id == number, RequestRow.asker == asker)


def _count(session: Session, number: int) -> int:
    return session.scalar(select(func.count()).select_from(ReplyRow).where(ReplyRow.request == number)) or 0


def _topic(question: str) -> str:
    return hashlib.sha256(" ".join(question.casefold().split()).encode()).hexdigest()


def _request(row: RequestRow) -> Request:
    return Request(
        number=row.id,
        asker=row.asker,
        asker_name=row.asker_name,
        team=row.team,
        question=row.question,
        added=row.added,
        state=State(row.state),
        place=Place(direct=row.direct, channel=row.channel, thread=row.thread),
        taker=row.taker,
        taker_name=row.taker_name,
        asked_at=row.asked_at,
        changed_at=row.changed_at,
    )
