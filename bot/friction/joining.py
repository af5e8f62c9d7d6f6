"""Two tickets become one, and one two: only people decide that, and it can be taken back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.errors import MoveRefused
from bot.friction import moves, tickets
from bot.friction.moves import State
from bot.friction.tables import ReportRow, TicketRow, TicketToolRow
from bot.friction.titling import title_of

# A ticket that is split off is about the same, until somebody says otherwise; its anonymous reporters keep their marks.
_INHERITED = (
    "kind",
    "severity",
    "touchpoint",
    "partner",
    "page",
    "team",
    "workaround",
    "root_cause",
    "secret",
    "map_version",
)


def check(session: Session, row: TicketRow, other: int) -> None:
    into = session.get(TicketRow, other)
    if into is None:
        raise MoveRefused(f"There is no {tickets.key(other)} to merge into.")
    if into.id in tickets.family(session, row.id):
        raise MoveRefused(f"{tickets.key(other)} is part of {tickets.key(row.id)} already.")
    if not State(into.state).open:
        raise MoveRefused(
            f"{tickets.key(other)} is {moves.told(State(into.state))}. Merge into one that is open, or reopen it first."
        )


def merged(session: Session, number: int) -> TicketRow:
    row = session.get(TicketRow, number)
    if row is None or row.merged_into is None:
        raise MoveRefused(f"{tickets.key(number)} is merged into nothing.")
    return row


def split(session: Session, row: TicketRow, reports: Collection[int], *, now: datetime) -> int:
    """These reports become a ticket of their own."""
    family = tickets.family(session, row.id)
    chosen = session.scalars(
        select(ReportRow).where(ReportRow.id.in_(reports), ReportRow.ticket.in_(family)).order_by(ReportRow.id)
    ).all()
    everything = session.scalar(select(func.count()).select_from(ReportRow).where(ReportRow.ticket.in_(family)))
    if len(chosen) != len(set(reports)) or len(chosen) == everything:
        raise MoveRefused("Choose some of its reports, and not all of them.")
    columns = {name: getattr(row, name) for name in _INHERITED}
    fresh = TicketRow(
        **columns,
        title=title_of(chosen[0].words) or row.title,
        state=State.NEW,
        before=State.NEW,
        assignee="",
        assignee_name="",
        resolution="",
        resolved_with="",
        placed_by="",
        split_from=row.id,
        filed_at=chosen[0].at,
        changed_at=now,
        held_seconds=0.0,
        reopened=0,
        told=1,
        version=1,
    )
    session.add(fresh)
    session.flush()
    tools = session.scalars(select(TicketToolRow.tool).where(TicketToolRow.ticket == row.id)).all()
    session.add_all(TicketToolRow(ticket=fresh.id, tool=tool) for tool in tools)
    session.execute(
        update(ReportRow).where(ReportRow.id.in_([one.id for one in chosen])).values(ticket=fresh.id, first=False)
    )
    return fresh.id
