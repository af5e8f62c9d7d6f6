"""How a worksheet is laid out: what is hidden, what is merged, how long it is. openpyxl tells none of it while it
streams, and holding the whole sheet instead costs fifty times its size.
"""

import re
from dataclasses import dataclass, field
from typing import IO

from lxml import etree
from openpyxl.utils import range_boundaries

_MERGED = re.compile(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}")
_TRUE = {"1", "true"}


@dataclass(slots=True)
class Layout:
    """Rows and columns count from 1. `merged_down` leads from the first cell of a merged column to its last row."""

    rows: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)
    merged_down: dict[tuple[int, int], int] = field(default_factory=dict)
    formulas_without_result: int = 0

    def hides_column(self, column: int) -> bool:
        return any(column in hidden for hidden in self.hidden_columns)


def layout_of(sheet: IO[bytes]) -> Layout:
    """From the sheet's XML, streamed."""
    layout = Layout()
    tags = [f"{{*}}{name}" for name in ("row", "f", "col", "mergeCell")]
    number = 0
    has_formulas = False
    for _, element in etree.iterparse(sheet, events=("end",), tag=tags, resolve_entities=False, no_network=True):
        kind = etree.QName(element).localname
        if kind == "row":
            number = int(element.get("r", number + 1))
            layout.rows = max(layout.rows, number)
            if element.get("hidden") in _TRUE:
                layout.hidden_rows.add(number)
            if has_formulas:
                layout.formulas_without_result += sum(
                    not cell.findtext("{*}v") and cell.get("t") != "str"  # a text may well be empty
                    for cell in element.iterfind("{*}c[{*}f]")
                )
            has_formulas = False
        elif kind == "f":
            has_formulas = True
            continue  # its cell and its row are still needed
        elif kind == "col" and element.get("hidden") in _TRUE:
            layout.hidden_columns.append(range(int(element.get("min")), int(element.get("max")) + 1))
        elif kind == "mergeCell" and _MERGED.fullmatch(element.get("ref", "")):
            left, top, _right, bottom = range_boundaries(element.get("ref"))
            if bottom > top:
                layout.merged_down[top, left] = bottom
        _forget(element)
    return layout


def _forget(element: etree._Element) -> None:
    """What was streamed past stays in the tree unless it is taken out."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
