"""How the bot behaves in a channel, as its admins set it. Kept by the channel's id: a name changes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime, insert
from bot.workspaces import InWorkspace


class ChannelRow(InWorkspace, Base):
    __tablename__ = "channels"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    folders: Mapped[list[str]] = mapped_column(JSON)
    unasked: Mapped[bool]
    escalation: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """`folders` of the knowledge that answers come from here, () for all; `unasked`: whether questions that nobody put
    to the bot are answered; `escalation` is the id of the channel where people are asked, "" for the page's owners.
    """

    folders: tuple[str, ...] = ()
    unasked: bool = False
    escalation: str = ""


def settings_of(session: Session, channel: str) -> ChannelSettings:
    """As set, or as a channel is where nobody set anything."""
    row = session.scalars(select(ChannelRow).where(ChannelRow.id == channel)).one_or_none()
    return ChannelSettings(tuple(row.folders), row.unasked, row.escalation) if row else ChannelSettings()


def is_unasked(session: Session, channel: str) -> bool:
    """Asked of every message of a channel, so it is one lookup by key."""
    return session.scalar(select(ChannelRow.unasked).where(ChannelRow.id == channel)) or False


def save(session: Session, channel: str, settings: ChannelSettings, *, by: str, now: datetime) -> None:
    """The last one who saves decides."""
    values = {
        "folders": list(settings.folders),
        "unasked": settings.unasked,
        "escalation": settings.escalation,
        "by": by,
        "at": now,
    }
    statement = insert(session, ChannelRow).values(id=channel, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["workspace", "id"], set_=values))
