"""The table, and what one row of it says. A row names no customer, holds no key of theirs and no text."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime

_ALIAS = re.compile(r"[0-9a-f]{32}")
# Whoever runs commands on the machine is no one of Slack's: the name in its operating system stands behind this.
ON_MACHINE = "os:"


class Purpose(StrEnum):
    """Why somebody looked."""

    LOOK_UP = "look-up"  # one of several to choose from
    CARD = "card"
    QUESTION = "question"
    HANDOVER = "hand-over"
    POLICY = "policy"  # which clause holds for this customer
    TRACK = "track"
    ENTRY = "entry"  # a note, a promise or the like, written by whoever looked
    IDENTITY = "identity"  # whether two customers are one
    EXPORT = "export"
    ERASURE = "erasure"  # somebody was erased, or may be imported again; which customer it was, no row tells
    # What follows is written by the audit itself and is no look at a customer.
    REPORT = "report"  # somebody read the audit
    UNUSUAL = "unusual"  # somebody looked at unusually many, and the admins are told
    DROPPED = "dropped"  # the oldest rows are past their time and were deleted


class AuditRow(Base):
    """`number` counts from 1 without a gap: a row takes the next one, in the order of commits.

    One chain over all workspaces, so the row names its workspace itself and is not `InWorkspace`. `dropped` is NULL but
    in a row that says up to which number the rows before were deleted; `reference` then is the hash of the last of
    them. Triggers of the database refuse every change and, but for those rows, every deletion.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_customer", "customer", "number"), Index("ix_audit_person", "person", "number"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    workspace: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(255))
    channel: Mapped[str] = mapped_column(String(64))
    customer: Mapped[str] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(16))
    fields: Mapped[list[str]] = mapped_column(JSON)
    reference: Mapped[str] = mapped_column(String(255))
    dropped: Mapped[int | None]
    hash: Mapped[str] = mapped_column(String(64))


# Past the newest of these the database refuses to delete. A partial index: all other rows have NULL.
Index(
    "ix_audit_dropped",
    AuditRow.dropped,
    sqlite_where=AuditRow.dropped.is_not(None),
    postgresql_where=AuditRow.dropped.is_not(None),
)


@dataclass(frozen=True, slots=True)
class View:
    """One look of one person at one customer.

    `person` is an id of Slack's, or on the command line the address in `config/people.yaml`, else "os:" and the name in
    the operating system. `customer` is the alias of the table customers. `fields` are the names of what was shown,
    never what it said. `channel` is an id of Slack's, "" on the command line. `reference` is the exchange or the key in
    the outbox.
    Raises `ValueError` for anything else in the place of the alias: a row can never be taken back.
    """

    person: str
    customer: str
    purpose: Purpose
    fields: tuple[str, ...] = ()
    channel: str = ""
    reference: str = ""

    def __post_init__(self) -> None:
        if not _ALIAS.fullmatch(self.customer):
            raise ValueError("only the alias of a customer, 32 hexadecimal digits, may stand in the audit")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says, before it has a number and a hash."""

    at: datetime
    workspace: str
    person: str
    purpose: Purpose
    channel: str = ""
    customer: str = ""
    fields: tuple[str, ...] = ()
    reference: str = ""
    dropped: int | None = None
