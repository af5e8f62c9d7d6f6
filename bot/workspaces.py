"""Which workspace of Slack's a row belongs to. Slack's ids are unique within one workspace only.

So a session of one workspace sees that one's rows and writes no others: whatever is asked in it, by SQLAlchemy's own
means for tenants, in every subquery too. A session of none sees the rows of all.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, String, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, sessionmaker, with_loader_criteria

_WORKSPACE = "workspace"


class InWorkspace:
    """The column of every table that holds an id of Slack's; "" where no workspace wrote the row."""

    workspace: Mapped[str] = mapped_column(String(64), default="", server_default="")


def sessions(bind: Engine | Connection, *, workspace: str | None = None) -> sessionmaker[Session]:
    """Sessions of one workspace, by its id at Slack; of all, where none is given."""
    maker = sessionmaker(bind, expire_on_commit=False, info={_WORKSPACE: workspace})
    if workspace is not None:
        event.listen(maker, "do_orm_execute", _within(workspace))
        event.listen(maker, "before_flush", _stamp)
    return maker


def of_session(session: Session) -> str:
    """The id of the workspace whose session this is; "" where it is of all."""
    return session.info.get(_WORKSPACE) or ""


def _within(workspace: str) -> Callable[[ORMExecuteState], None]:
    # Made once: to make it anew for each statement costs as much as the statement.
    criteria = with_loader_criteria(InWorkspace, lambda row: row.workspace == workspace, include_aliases=True)

    def within(asked: ORMExecuteState) -> None:
        if asked.is_select or asked.is_update or asked.is_delete:
            asked.statement = asked.statement.options(criteria)

    return within


def _stamp(session: Session, _context: Any, _instances: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
    for row in session.new:
        if isinstance(row, InWorkspace):
            row.workspace = of_session(session)
