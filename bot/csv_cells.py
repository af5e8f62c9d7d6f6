"""Rows as CSV that a spreadsheet shows and does not run."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# By these a spreadsheet knows a formula; what people wrote may begin with one.
_BEGINNING = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """With a line of names; lists are joined by "; "."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row[column]) for column in columns] for row in rows)
    return text.getvalue()


def cell(value: Any) -> str:  # noqa: ANN401 - whatever a row holds
    """As it is written; with an apostrophe in front of what would be a formula. A number stays one."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.startswith(_BEGINNING) and not _NUMBER.fullmatch(text) else text
