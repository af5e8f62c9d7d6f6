"""Rows that are shown, as CSV to keep."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from bot.csv_cells import csv_of


def file(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, day: date) -> Response:
    """Under a name with the day."""
    return Response(
        csv_of(columns, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{day}.csv"'},
    )
