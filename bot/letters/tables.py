"""Who wants no digest and no alerts, who was told of what, and of which surges the frontline was."""

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.workspaces import InWorkspace


class StopRow(InWorkspace, Base):
    """Somebody does not want them, until they say otherwise."""

    __tablename__ = "letter_stops"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class AlertRow(InWorkspace, Base):
    """Somebody was told of a thing, at `told_at`; `week` is the last one, by its Monday, in which it went on."""

    __tablename__ = "letter_alerts"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    thing: Mapped[str] = mapped_column(String(255), primary_key=True)
    week: Mapped[date] = mapped_column(Date)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurgeRow(InWorkspace, Base):
    """The frontline was told of a surge at a CX touchpoint; at `last_at` it went on still."""

    __tablename__ = "letter_surges"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    touchpoint: Mapped[str] = mapped_column(String(255), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
