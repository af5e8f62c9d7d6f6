"""What is shown, as CSV: by the same rule as every export, so it tells nothing of few people."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.csv_cells import csv_of
from bot.experience.viewers import Viewer, must_see
from bot.friction import export
from bot.friction.tickets import Ticket


def csv(session: Session, found: Sequence[Ticket], *, viewer: Viewer) -> str:
    """Raises `NotAllowed` for whoever may not read it."""
    numbers = {one.key for one in found}
    rows = export.ticket_rows(session, everything=True, audiences=frozenset(must_see(viewer)))
    shown = [row for row in rows if row["key"] in numbers]
    return csv_of(export.COLUMNS, shown)
