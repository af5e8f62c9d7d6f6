"""The tables that say whether a page counts: what replaced it, who withdrew it, when somebody last checked it, and
for which questions people found that it does not answer.

Withdrawals and verifications go by the page's path, not by its document row, so that they outlive edits and reindexes.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime


class SuccessionRow(Base):
    """At one generation: a document and one that it replaces, also through others in between."""

    __tablename__ = "knowledge_successions"

    generation: Mapped[int] = mapped_column(primary_key=True)
    replaced: Mapped[int] = mapped_column(ForeignKey("knowledge_documents.id", ondelete="CASCADE"), primary_key=True)
    successor: Mapped[int] = mapped_column(ForeignKey("knowledge_documents.id", ondelete="CASCADE"), primary_key=True)


class WithdrawalRow(Base):
    """A page taken out of all answers until it is restored."""

    __tablename__ = "knowledge_withdrawals"
    __table_args__ = (Index("ix_knowledge_withdrawals_open", "restored_at", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    restored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    restored_by: Mapped[str] = mapped_column(String(255))


class VerificationRow(Base):
    """Somebody checked a page against real life."""

    __tablename__ = "knowledge_verifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, index=True)
    day: Mapped[date]
    by: Mapped[str] = mapped_column(String(255))


class JudgmentRow(Base):
    """What one voice says of a section for one question: `doubt` above 0 that it is no answer, below 0 that it is."""

    __tablename__ = "knowledge_judgments"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    section: Mapped[int] = mapped_column(ForeignKey("knowledge_sections.id", ondelete="CASCADE"), index=True)
    question: Mapped[bytes] = mapped_column(LargeBinary)
    voice: Mapped[str] = mapped_column(String(64))
    doubt: Mapped[float]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
