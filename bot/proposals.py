"""Pages that somebody proposed from what a person answered. None is knowledge before somebody else has reviewed it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Select, String, Text, and_, delete, exists, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import exchanges
from bot.database import Base, UtcDateTime
from bot.requests import RequestRow

# The kind of the event in the inbox by which everybody who asked hears of a new page, whoever published it from where.
NEWS = "page_news"
# As long as the questions that led to them.
KEPT = exchanges.KEPT


class State(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"


class ProposalRow(Base):
    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(255))
    owner: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    author_name: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16), index=True)
    path: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Draft:
    """A page as somebody proposes it: `audience` is who may see it, `owner` the key of a team or ""."""

    request: int
    title: str
    text: str
    audience: str
    owner: str
    author: str
    author_name: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft with its number, the question it answers, and what became of it.

    `path` is "" until it is written; `workspace` is Slack's id of where the question was asked.
    """

    number: int
    draft: Draft
    question: str
    state: State
    path: str
    decided_by: str
    reason: str
    proposed_at: datetime
    workspace: str


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who may decide: an admin, or one of `teams`.

    `address` is their e-mail address, their Slack id where Slack shows none, "" for the command line itself.
    """

    name: str
    address: str
    admin: bool
    teams: frozenset[str] = frozenset()


def propose(session: Session, draft: Draft, *, now: datetime) -> int:
    """Save a draft; returns its number."""
    row = ProposalRow(
        request=draft.request,
        title=draft.title,
        text=draft.text,
        audience=draft.audience,
        owner=draft.owner,
        author=draft.author,
        author_name=draft.author_name,
        proposed_at=now,
        state=State.PROPOSED,
        path="",
        decided_by="",
        decided_at=None,
        reason="",
    )
    session.add(row)
    session.flush()
    return row.id


def publishable_by(reviewer: Reviewer) -> ColumnElement[bool]:
    """What somebody may publish: never their own words, unless they are an admin."""
    if reviewer.admin:
        return true()
    return and_(ProposalRow.owner.in_(sorted(reviewer.teams)), ProposalRow.author != reviewer.address)


def refusable_by(reviewer: Reviewer) -> ColumnElement[bool]:
    """What somebody may refuse: also their own, which is to take it back."""
    if reviewer.admin:
        return true()
    return or_(ProposalRow.owner.in_(sorted(reviewer.teams)), ProposalRow.author == reviewer.address)


def waiting(session: Session, condition: ColumnElement[bool]) -> list[Proposal]:
    """What waits for a decision, oldest first."""
    rows = _proposals(condition).where(ProposalRow.state == State.PROPOSED).order_by(ProposalRow.id)
    return [_proposal(*found) for found in session.execute(rows)]


def the_one(session: Session, number: int, condition: ColumnElement[bool]) -> Proposal | None:
    """A proposal by its number, whatever became of it; None where the condition does not show it."""
    found = session.execute(_proposals(condition).where(ProposalRow.id == number)).one_or_none()
    return _proposal(*found) if found else None


def published(session: Session, number: int) -> Proposal:
    """One that was published, for whoever passes that on."""
    found = session.execute(_proposals(ProposalRow.state == State.PUBLISHED).where(ProposalRow.id == number)).one()
    return _proposal(*found)


def assign_path(session: Session, number: int, path: str) -> None:
    """Where the page is going to be written; it stays so, however often publishing is tried."""
    session.get_one(ProposalRow, number).path = path


def paths(session: Session) -> set[str]:
    """Every path that belongs to a proposal."""
    return set(session.scalars(select(ProposalRow.path).where(ProposalRow.path != "")))


def decide(session: Session, number: int, state: State, *, by: str, reason: str = "", now: datetime) -> None:
    row = session.get_one(ProposalRow, number)
    row.state, row.decided_by, row.reason, row.decided_at = state, by, reason, now


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop requests that nothing was done about for longer than they are kept, with their cards, replies and proposals.

    Not where a page that is proposed from one still waits, or was decided on since.
    """
    since = now - KEPT
    needed = or_(ProposalRow.state == State.PROPOSED, ProposalRow.decided_at >= since)
    needs = exists().where(ProposalRow.request == RequestRow.id, needed)
    session.execute(delete(RequestRow).where(RequestRow.changed_at < since, ~needs))


def _proposals(condition: ColumnElement[bool]) -> Select[ProposalRow, str, str]:
    return (
        select(ProposalRow, RequestRow.question, RequestRow.workspace)
        .join(RequestRow, RequestRow.id == ProposalRow.request)
        .where(condition)
    )


def _proposal(row: ProposalRow, question: str, workspace: str) -> Proposal:
    return Proposal(
        number=row.id,
        draft=Draft(
            request=row.request,
            title=row.title,
            text=row.text,
            audience=row.audience,
            owner=row.owner,
            author=row.author,
            author_name=row.author_name,
        ),
        question=question,
        state=State(row.state),
        path=row.path,
        decided_by=row.decided_by,
        reason=row.reason,
        proposed_at=row.proposed_at,
        workspace=workspace,
    )
