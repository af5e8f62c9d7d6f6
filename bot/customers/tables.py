"""The tables: customers, what each system says of them, what they are known by, their interactions, their merges.

No number is used twice, whoever was erased: a button of an old message must not lead to somebody else.

No id of Slack's stands in them, so they belong to no workspace.
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime


def new_alias() -> str:
    """32 hexadecimal digits that say nothing of the customer, and lead to them only while their row is there."""
    return secrets.token_hex(16)


class CustomerRow(Base):
    """One customer. `alias` is all that audits and logs may name.

    Who was merged into another keeps the row without records, keys and interactions; `merged_into` says who has them.
    """

    __tablename__ = "customers"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(String(32), unique=True, default=new_alias)
    name: Mapped[str] = mapped_column(Text)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    first_seen: Mapped[datetime] = mapped_column(UtcDateTime)


class RecordRow(Base):
    """What one system says: of the customer ("customer"), or of something that is theirs ("account", "order").

    `fields` are as the mapping file names them, normalized and masked. A correction replaces them, a deletion removes
    the row; what two systems say stands in two rows. `belongs_to` is the key of whoever an order or account is of.
    """

    __tablename__ = "customer_records"
    __table_args__ = (UniqueConstraint("source", "kind", "source_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[str] = mapped_column(String(200))
    customer: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyRow(Base):
    """What a customer is known by, in the form in which it is compared. Two customers may have the same.

    `issuer` is the system whose numbers these are; "" for what is the same everywhere, as an e-mail address.
    """

    __tablename__ = "customer_keys"
    __table_args__ = (Index("ix_customer_keys_value", "value", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    issuer: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(200))
    customer: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    record: Mapped[int] = mapped_column(ForeignKey("customer_records.id", ondelete="CASCADE"), index=True)


class InteractionRow(Base):
    """One contact on one channel; `text` is masked. `refs` are the orders and accounts it was about, by kind of key.

    `known_by` is the key that led to the customer, as `kind:issuer:value`: by it they are told apart again.
    """

    __tablename__ = "interactions"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_interactions_customer", "customer", "at"),
        Index("ix_interactions_at", "at", "channel", "direction"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[str] = mapped_column(String(200))
    customer: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    known_by: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(12))
    direction: Mapped[str] = mapped_column(String(3))
    device: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)
    team: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    transfers: Mapped[int | None]
    refs: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(32))


class MergeRow(Base):
    """Two customers who became one, or one who became two (`change`).

    `moved` holds the ids of the records and interactions that went from one to the other, so that undoing moves exactly
    these. `by` is who did it: a person, or "rule".
    """

    __tablename__ = "customer_merges"
    __table_args__ = (Index("ix_customer_merges_kept", "kept"), Index("ix_customer_merges_gone", "gone"))

    id: Mapped[int] = mapped_column(primary_key=True)
    change: Mapped[str] = mapped_column(String(8))
    kept: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    gone: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str] = mapped_column(Text)


class ProposalRow(Base):
    """Two customers who may be one, the smaller id first. A refused pair is not merged by any rule either."""

    __tablename__ = "identity_proposals"
    __table_args__ = (UniqueConstraint("one", "other"), Index("ix_identity_proposals_state", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    one: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    other: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    score: Mapped[float]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
