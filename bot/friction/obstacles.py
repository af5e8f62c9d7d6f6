"""A step of a customer's track that could not be done is a report of friction, once."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.customers.tracks.rules import Track
from bot.friction import filing, tickets
from bot.friction.desk import Desk, Form, as_guessed
from bot.friction.intake import Draft
from bot.friction.kinds import Privacy
from bot.friction.reporters import Reporter
from bot.friction.tables import ReportRow, ReportStepRow, TicketRow
from bot.friction.titling import title_of


@dataclass(frozen=True, slots=True)
class Stuck:
    """What somebody could not do with a customer; `draft` is read from their reason alone."""

    number: int
    step: str
    customer: int
    track: Track | None
    draft: Draft
    who: Reporter

    @property
    def words(self) -> str:
        """As they are kept."""
        on = f", track {self.track.name}" if self.track else ""
        return f"{self.draft.words} (could not: {self.step.rstrip('.')}{on})"

    @property
    def form(self) -> Form:
        guessed = as_guessed(self.draft, Privacy.NAMED)
        return replace(guessed, customer=self.customer, team=self.track.owner if self.track else "")


def reported(session: Session, step: int) -> int | None:
    """The ticket that a step was reported by."""
    of_it = select(ReportRow.ticket).join(ReportStepRow, ReportStepRow.report == ReportRow.id)
    return session.scalar(of_it.where(ReportStepRow.step == step))


def known_already(session: Session, stuck: Stuck, desk: Desk) -> tuple[int, bool] | None:
    """A ticket that may well be the same, and whether this person is on it; nobody joins it by that alone."""
    for near in stuck.draft.likely:
        number = tickets.number_of(near.key)
        if number is not None:
            row = tickets.standing(session, number)
            return row.id, bool(filing.reports_of(session, row, stuck.who, sealer=desk.sealer))
    return None


def file(session: Session, stuck: Stuck, desk: Desk, *, now: datetime) -> int:
    """A ticket of its own; its number. Raises `MoveRefused`."""
    draft = replace(stuck.draft, words=stuck.words)
    filed = desk.file_in(session, draft, stuck.form, stuck.who, now=now)
    session.get_one(TicketRow, filed.ticket).title = title_of(stuck.draft.words)  # which step it was says little there
    return _noted(session, stuck, filed.ticket, desk)


def join(session: Session, stuck: Stuck, ticket: int, desk: Desk, *, now: datetime) -> int:
    """One more report of a ticket. Raises `NoSuchTicket` and `MoveRefused`."""
    filed = desk.join_in(session, ticket, stuck.words, stuck.form, stuck.who, now=now)
    return _noted(session, stuck, filed.ticket, desk)


def _noted(session: Session, stuck: Stuck, ticket: int, desk: Desk) -> int:
    mine = filing.reports_of(session, tickets.standing(session, ticket), stuck.who, sealer=desk.sealer)
    session.add(ReportStepRow(step=stuck.number, report=mine[-1].id))
    session.flush()
    return ticket
