"""What people chose of tickets, beside what was only guessed: as they filed them, or later."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.friction.guessing import Field
from bot.friction.intake import Chosen
from bot.friction.kinds import Kind
from bot.friction.moves import Event
from bot.friction.tables import CorrectionRow, EventRow, TicketRow, TicketToolRow

_FIELDS = (Field.KIND, Field.TOOLS, Field.TOUCHPOINT)


def chosen_of(session: Session, rows: Sequence[TicketRow]) -> dict[int, Chosen]:
    """Of each ticket of which somebody chose something, as it is now."""
    numbers = [row.id for row in rows]
    said: dict[int, set[str]] = {}
    corrected = select(CorrectionRow.ticket, CorrectionRow.field).where(
        CorrectionRow.ticket.in_(numbers),
        CorrectionRow.field.in_(_FIELDS),
        CorrectionRow.guessed != CorrectionRow.chosen,
    )
    for number, field in session.execute(corrected):
        said.setdefault(number, set()).add(field)
    later = select(EventRow.ticket, EventRow.changed).where(
        EventRow.ticket.in_(numbers), EventRow.event.in_((Event.SET, Event.TRIAGE))
    )
    for number, changed in session.execute(later):
        said.setdefault(number, set()).update(set(changed) & set(_FIELDS))
    tools: dict[int, tuple[str, ...]] = {}
    for number, tool in session.execute(
        select(TicketToolRow.ticket, TicketToolRow.tool)
        .where(TicketToolRow.ticket.in_(list(said)))
        .order_by(TicketToolRow.tool)
    ):
        tools[number] = (*tools.get(number, ()), tool)
    return {
        row.id: Chosen(
            Kind(row.kind) if Field.KIND in said[row.id] else None,
            tools.get(row.id, ()) if Field.TOOLS in said[row.id] else (),
            row.touchpoint if Field.TOUCHPOINT in said[row.id] else "",
        )
        for row in rows
        if said.get(row.id)
    }
