"""Questions asked, answers given, feedback, gaps: the table others read."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime, insert
from bot.workspaces import InWorkspace

# A direct message has no thread: what was asked there longer ago than this is another conversation.
SAME_CONVERSATION = timedelta(minutes=15)
TURNS = 2
# A year and a month: this November can be compared with the last one.
KEPT = timedelta(days=400)


class ExchangeRow(InWorkspace, Base):
    __tablename__ = "exchanges"
    __table_args__ = (
        Index("ix_exchanges_conversation", "channel", "thread", "id"),
        Index("ix_exchanges_asked_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    thread: Mapped[str] = mapped_column(String(32))
    question: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    private: Mapped[bool]
    confidence: Mapped[float]
    citations: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    milliseconds: Mapped[float]


class GapRow(Base):
    """A question that retrieval worked on and nothing answered, with who could read what and the closest pages."""

    __tablename__ = "gaps"

    exchange: Mapped[int] = mapped_column(ForeignKey("exchanges.id", ondelete="CASCADE"), primary_key=True)
    owner: Mapped[str] = mapped_column(Text)
    audiences: Mapped[list[str]] = mapped_column(JSON)
    closest: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class FeedbackRow(InWorkspace, Base):
    """One person's verdict on one answer; the last click counts.

    `objection` is what was wrong, "" where nobody said, in `words` what it should say; `named`: the owner is told who.
    `card` is the key of the message that began the thread in which the owner was told.
    """

    __tablename__ = "feedback"

    exchange: Mapped[int] = mapped_column(ForeignKey("exchanges.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    helpful: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    objection: Mapped[str] = mapped_column(String(16), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    named: Mapped[bool] = mapped_column(default=True)
    card: Mapped[str] = mapped_column(String(255), default="")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with what became of it. `reason` is "" where it was answered."""

    person: str
    channel: str
    thread: str
    question: str
    reason: str
    private: bool
    confidence: float
    citations: tuple[dict[str, Any], ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Gap:
    owner: str
    audiences: frozenset[str]
    closest: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class AskedGap:
    """A gap with its question. `closest` are pages as (path, title), each once."""

    question: str
    person: str
    asked_at: datetime
    owner: str
    audiences: tuple[str, ...]
    closest: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Own:
    """A question as its asker may have it back: `pages` are the titles of those that answered it."""

    number: int
    asked_at: datetime
    channel: str
    thread: str
    question: str
    answered: bool
    pages: tuple[str, ...]


def record(session: Session, exchange: Exchange, *, gap: Gap | None, now: datetime) -> int:
    """Save an exchange, and its gap where nothing answered; returns its number."""
    row = ExchangeRow(
        asked_at=now,
        person=exchange.person,
        channel=exchange.channel,
        thread=exchange.thread,
        question=exchange.question,
        reason=exchange.reason,
        private=exchange.private,
        confidence=exchange.confidence,
        citations=list(exchange.citations),
        milliseconds=exchange.milliseconds,
    )
    session.add(row)
    session.flush()
    if gap is not None:
        session.add(
            GapRow(exchange=row.id, owner=gap.owner, audiences=sorted(gap.audiences), closest=list(gap.closest))
        )
    return row.id


def earlier_questions(
    session: Session, *, channel: str, thread: str, person: str, now: datetime, before: int | None = None
) -> tuple[str, ...]:
    """The last questions of a conversation, oldest first: of the thread, or of the person's recent direct messages.

    `before` keeps to those before an exchange.
    """
    asked = select(ExchangeRow.question).where(ExchangeRow.channel == channel, ExchangeRow.thread == thread)
    if before is not None:
        asked = asked.where(ExchangeRow.id < before)
    if not thread:
        asked = asked.where(ExchangeRow.person == person, ExchangeRow.asked_at > now - SAME_CONVERSATION)
    return tuple(reversed(session.scalars(asked.order_by(ExchangeRow.id.desc()).limit(TURNS)).all()))


def last_asker(session: Session, *, channel: str, thread: str) -> str:
    """Who asked last in a thread, "" where nobody has."""
    asked = select(ExchangeRow.person).where(ExchangeRow.channel == channel, ExchangeRow.thread == thread)
    return session.scalars(asked.order_by(ExchangeRow.id.desc()).limit(1)).first() or ""


def own(session: Session, exchange: int, *, person: str) -> Own | None:
    """A question of this person's; None for a number that is not known or is somebody else's."""
    row = session.scalars(
        select(ExchangeRow).where(ExchangeRow.id == exchange, ExchangeRow.person == person)
    ).one_or_none()
    return _own(row) if row else None


def recent_of(session: Session, *, person: str, limit: int) -> list[Own]:
    """What this person asked last, the latest first, each question once."""
    rows = session.scalars(
        select(ExchangeRow).where(ExchangeRow.person == person).order_by(ExchangeRow.id.desc()).limit(limit * 4)
    )
    latest: dict[str, Own] = {}
    for row in rows:
        latest.setdefault(row.question, _own(row))
    return list(latest.values())[:limit]


def last_seen(session: Session, *, person: str, before: datetime) -> datetime | None:
    """When this person last asked something before a moment."""
    return session.scalar(
        select(func.max(ExchangeRow.asked_at)).where(ExchangeRow.person == person, ExchangeRow.asked_at < before)
    )


def _own(row: ExchangeRow) -> Own:
    return Own(
        number=row.id,
        asked_at=row.asked_at,
        channel=row.channel,
        thread=row.thread,
        question=row.question,
        answered=not row.reason,
        pages=tuple(dict.fromkeys(citation.get("title", "") for citation in row.citations)),
    )


def answers_in(session: Session, *, channel: str, thread: str) -> bool:
    """Whether the bot has answered in this thread, so that a follow-up needs no mention."""
    return (
        session.scalars(
            select(ExchangeRow.id).where(ExchangeRow.channel == channel, ExchangeRow.thread == thread).limit(1)
        ).first()
        is not None
    )


def answered_before(session: Session, *, channel: str, thread: str, person: str) -> bool:
    """Whether somebody was answered in this conversation before."""
    asked = select(ExchangeRow.id).where(ExchangeRow.channel == channel, ExchangeRow.thread == thread)
    return session.scalars(asked.where(ExchangeRow.person == person).limit(1)).first() is not None


def give_feedback(session: Session, *, exchange: int, person: str, helpful: bool, now: datetime) -> bool:
    """Save a verdict; False where the exchange is not known. A second click changes the first, it does not add.

    Whoever was helped after all objects to nothing any more.
    """
    if session.get(ExchangeRow, exchange) is None:
        return False
    statement = insert(session, FeedbackRow).values(exchange=exchange, person=person, helpful=helpful, at=now)
    changed = {"helpful": helpful, "at": now} | ({"objection": "", "words": ""} if helpful else {})
    session.execute(statement.on_conflict_do_update(index_elements=["exchange", "person"], set_=changed))
    return True


def asked_gaps(session: Session) -> list[AskedGap]:
    """Every gap, oldest first."""
    rows = session.execute(select(GapRow, ExchangeRow).join(ExchangeRow).order_by(ExchangeRow.id))
    return [
        AskedGap(
            question=asked.question,
            person=asked.person,
            asked_at=asked.asked_at,
            owner=gap.owner,
            audiences=tuple(gap.audiences),
            closest=tuple(dict.fromkeys((page.get("source", ""), page.get("title", "")) for page in gap.closest)),
        )
        for gap, asked in rows
    ]


def times_quoted(session: Session, *, since: datetime, person: str = "") -> Counter[str]:
    """Page -> how many answers have quoted it since then: to this person, or to anybody."""
    asked = select(ExchangeRow.citations).where(ExchangeRow.asked_at >= since)
    cited = session.scalars(asked.where(ExchangeRow.person == person) if person else asked)
    return Counter(source for citations in cited for source in {citation.get("source", "") for citation in citations})


def sections_quoted(session: Session, source: str, *, since: datetime) -> Counter[str]:
    """Section of a page, as its citations name it -> how many answers have quoted it since then."""
    cited = session.scalars(select(ExchangeRow.citations).where(ExchangeRow.asked_at >= since))
    return Counter(
        section
        for citations in cited
        for section in {one.get("section", "") for one in citations if one.get("source") == source}
    )


def gaps(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(GapRow)) or 0


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what was asked longer ago than it is kept, with its gap and its verdicts."""
    session.execute(delete(ExchangeRow).where(ExchangeRow.asked_at < now - KEPT))
