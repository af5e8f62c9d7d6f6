"""What is shown, as CSV: by the same rule as every export, so it tells nothing of few people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

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


def file(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, day: date) -> Response:
    """To be kept, under a name with the day."""
    return as_file(name, csv_of(columns, rows), day=day)


def as_file(name: str, text: str, *, day: date) -> Response:
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{day}.csv"'},
    )
