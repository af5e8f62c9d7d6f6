"""Whom the bot has met: everybody is welcomed once."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime, insert
from bot.workspaces import InWorkspace


class AcquaintanceRow(InWorkspace, Base):
    __tablename__ = "acquaintances"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


def meet(session: Session, person: str, *, now: datetime) -> bool:
    """True where they were not met before."""
    added = session.scalars(
        insert(session, AcquaintanceRow)
        .values(person=person, since=now)
        .on_conflict_do_nothing(index_elements=["workspace", "person"])
        .returning(AcquaintanceRow.person)
    )
    return added.one_or_none() is not None
