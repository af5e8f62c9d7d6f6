"""Links, sessions and tokens, by the hash of what the person holds: who reads the database can use none of them."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.workspaces import InWorkspace


class LinkRow(InWorkspace, Base):
    """`person` is their id at Slack, "" where they are known by their address alone. `used_at`: no second time."""

    __tablename__ = "web_links"
    __table_args__ = (Index("ix_web_links_until", "until"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionRow(InWorkspace, Base):
    """Somebody who signed in, until they sign out, half a day is over, or nobody was there for long (`seen_at`)."""

    __tablename__ = "web_sessions"
    __table_args__ = (Index("ix_web_sessions_until", "until"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class TokenRow(InWorkspace, Base):
    """What somebody's program shows in place of them, until they revoke it or its time is over. No id comes twice."""

    __tablename__ = "web_tokens"
    __table_args__ = (Index("ix_web_tokens_until", "until"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
