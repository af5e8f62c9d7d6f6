"""Tickets of friction, who reported them, and everything that happened to them.

A ticket is the company's and not a workspace's: the same tool gets in everybody's way.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.customers.tables import CustomerRow
from bot.customers.tracks.tables import StepRow
from bot.database import Base, UtcDateTime
from bot.exchanges import ExchangeRow


class TicketRow(Base):
    """`before` is the state to go back to from a waiting one. `held_seconds` are the working seconds it has waited.

    What is promised counts from `promised_at`: filed, or opened again. Its owner is warned at the times `warn_...`; at
    `look_at` something is due although nobody does anything. None of these says when an anonymous reporter typed.

    `version` rises with each change, so that whoever acts on an old picture of it is told. `secret` is what anonymous
    reporters are told apart by; it is destroyed when the ticket ends. `told` is the last number of reports that its
    owner was told of; `told_by` is the key of the message that told of the first one, "" for the card. `placed_by` is
    who put it into its theme; the machine moves no ticket that a person placed. `map_version` is that of the touchpoint
    map by which it was filed. `cause_shown_by` is what shows that the root cause is the one.
    """

    __tablename__ = "friction_tickets"
    __table_args__ = (
        Index("ix_friction_tickets_state", "state", "changed_at"),
        Index("ix_friction_tickets_team", "team", "state"),
        Index("ix_friction_tickets_look_at", "look_at"),
        Index("ix_friction_tickets_filed_at", "filed_at"),
        Index("ix_friction_tickets_changed_at", "changed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(24))
    severity: Mapped[str] = mapped_column(String(2))
    touchpoint: Mapped[str] = mapped_column(String(64), index=True)
    partner: Mapped[str] = mapped_column(String(64))
    page: Mapped[str] = mapped_column(Text)
    team: Mapped[str] = mapped_column(Text)
    assignee: Mapped[str] = mapped_column(String(255))
    assignee_name: Mapped[str] = mapped_column(Text)
    workaround: Mapped[str] = mapped_column(Text)
    root_cause: Mapped[str] = mapped_column(String(24))
    cause_shown_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    resolution: Mapped[str] = mapped_column(String(24))
    resolved_with: Mapped[str] = mapped_column(Text)
    merged_into: Mapped[int | None] = mapped_column(index=True)
    split_from: Mapped[int | None] = mapped_column()
    theme: Mapped[int | None] = mapped_column(ForeignKey("friction_themes.id", ondelete="SET NULL"), index=True)
    placed_by: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledge_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolve_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warn_acknowledge_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warn_resolve_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_seconds: Mapped[float] = mapped_column(Float)
    reopened: Mapped[int] = mapped_column(Integer)
    told: Mapped[int] = mapped_column(Integer)
    told_by: Mapped[str] = mapped_column(String(255), default="")
    secret: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    map_version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class ThemeRow(Base):
    """Tickets that describe one pain. `named_by` is the person who named it, "" where its name is of the machine.

    `outcome` is what was told to everybody who reported it.
    """

    __tablename__ = "friction_themes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    named_by: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ThemeChangeRow(Base):
    """What somebody did to themes, so that it can be undone: themes and tickets as they stood, and as they stand.

    Of each theme its label, who named it and its outcome, None where there was none; of each ticket its theme and who
    placed it there.
    """

    __tablename__ = "friction_theme_changes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(255))
    actor_name: Mapped[str] = mapped_column(Text)
    told: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone: Mapped[bool] = mapped_column(Boolean)


class NightRow(Base):
    """A night in which themes are proposed; `done_at` None while somebody is at it, or where all `attempts` failed."""

    __tablename__ = "friction_nights"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer)


class TicketVectorRow(Base):
    """What the words of a ticket mean to a model: 16-bit floats, a unit vector; and what was guessed from them.

    Of a ticket about two tools people choose one: what was guessed besides is compared with the next report too.
    """

    __tablename__ = "friction_ticket_vectors"

    ticket: Mapped[int] = mapped_column(ForeignKey("friction_tickets.id", ondelete="CASCADE"), primary_key=True)
    model: Mapped[str] = mapped_column(String(255))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    guessed: Mapped[dict[str, dict[str, float]]] = mapped_column(JSON)


class TicketToolRow(Base):
    """A tool, by its id in the touchpoint map, that a ticket is about."""

    __tablename__ = "friction_ticket_tools"

    ticket: Mapped[int] = mapped_column(ForeignKey("friction_tickets.id", ondelete="CASCADE"), primary_key=True)
    tool: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class ImportRow(Base):
    """A ticket that was raised in another system before, by its number there."""

    __tablename__ = "friction_imports"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    ticket: Mapped[int] = mapped_column(ForeignKey("friction_tickets.id", ondelete="CASCADE"), index=True)


class ReportRow(Base):
    """One person's report of a ticket: its first, or a me-too.

    `handle` tells reporters apart without saying who they are (`sealing`). `reached` is how the reporter is reached:
    an id of Slack's, a sealed one, or "" where they are anonymous; `name` is that of a named one. `role` and `place`
    are as they were that day. Of an anonymous one neither is kept, nor a customer or evidence; `at` is a day, and
    `claim` the hash of their code.
    """

    __tablename__ = "friction_reports"
    __table_args__ = (
        UniqueConstraint("ticket", "handle"),
        Index("ix_friction_reports_reached", "reached"),
        Index("ix_friction_reports_at", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[int] = mapped_column(ForeignKey("friction_tickets.id", ondelete="CASCADE"))
    handle: Mapped[str] = mapped_column(String(64))
    privacy: Mapped[str] = mapped_column(String(12))
    reached: Mapped[str] = mapped_column(Text)
    workspace_reached: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
    minutes: Mapped[float | None] = mapped_column(Float)
    frequency: Mapped[str] = mapped_column(String(12))
    effect: Mapped[str] = mapped_column(String(16))
    evidence: Mapped[list[str]] = mapped_column(JSON)
    claim: Mapped[str] = mapped_column(String(64), index=True)
    first: Mapped[bool] = mapped_column(Boolean)
    still: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportCustomerRow(Base):
    """The customer whom a report is about, for whoever may look customers up; erased with them."""

    __tablename__ = "friction_report_customers"

    report: Mapped[int] = mapped_column(ForeignKey("friction_reports.id", ondelete="CASCADE"), primary_key=True)
    customer: Mapped[int] = mapped_column(ForeignKey(CustomerRow.id, ondelete="CASCADE"), index=True)


class ReportStepRow(Base):
    """The step of a customer's track that somebody could not do, and reported by that; each is reported once."""

    __tablename__ = "friction_report_steps"

    step: Mapped[int] = mapped_column(ForeignKey(StepRow.id, ondelete="CASCADE"), primary_key=True)
    report: Mapped[int] = mapped_column(ForeignKey("friction_reports.id", ondelete="CASCADE"), index=True)


class QuestionRow(Base):
    """A question whose answer was unclear, or that had none, to be asked again once the page of the ticket changed.

    `audiences` are those of whoever asked. `since` is the generation of the knowledge in which the ticket got it, what
    came after that is new; `asked_in` the one in which it was asked last.
    """

    __tablename__ = "friction_questions"

    ticket: Mapped[int] = mapped_column(ForeignKey("friction_tickets.id", ondelete="CASCADE"), primary_key=True)
    exchange: Mapped[int] = mapped_column(ForeignKey(ExchangeRow.id, ondelete="CASCADE"), primary_key=True, index=True)
    audiences: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[int] = mapped_column(Integer)
    asked_in: Mapped[int] = mapped_column(Integer)


class EventRow(Base):
    """What happened to a ticket; never changed. `actor` is "" for whoever is not to be named, and for Throughline."""

    __tablename__ = "friction_events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[int] = mapped_column(ForeignKey("friction_tickets.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(255))
    actor_name: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    changed: Mapped[dict[str, Any]] = mapped_column(JSON)


class CorrectionRow(Base):
    """What somebody chose where something else had been guessed, or the same: what guesses learn from."""

    __tablename__ = "friction_corrections"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[int] = mapped_column(ForeignKey("friction_tickets.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(16))
    guessed: Mapped[str] = mapped_column(Text)
    chosen: Mapped[str] = mapped_column(Text)
