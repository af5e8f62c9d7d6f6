"""What is done to all the rows of a workspace at once."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot import inbox, outbox
from bot.database import Base
from bot.pacing import PaceRow
from bot.workspaces import InWorkspace


def adopt(session: Session, workspace: str) -> None:
    """Rows from before there were several workspaces are this one's."""
    session.execute(delete(PaceRow).where(PaceRow.workspace == ""))
    for mapped in Base.registry.mappers:
        row = mapped.class_
        if issubclass(row, InWorkspace):
            session.execute(update(row).where(row.workspace == "").values(workspace=workspace))


def close(session: Session, *, now: datetime) -> None:
    """The bot has left the workspace of this session: nobody works on what came from there, or delivers there."""
    inbox.abandon(session, fault="the workspace uninstalled the app")
    outbox.abandon(session, fault="the workspace uninstalled the app", now=now)
