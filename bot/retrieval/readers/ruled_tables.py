"""Tables of a PDF, found by the lines that are drawn around their cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

# A line is drawn as a thin box; a corner of two lines is nobody's side.
THIN_POINTS = 2.5
LONG_POINTS = 6.0
# Ends that meet this nearly belong together.
NEAR_POINTS = 3.0
# A page with more shapes than this is a drawing.
MAX_SHAPES = 4_000
MAX_LINES = 600

Box = tuple[float, float, float, float]  # left, bottom, right, top; in points from the page's lower left corner


@dataclass(frozen=True, slots=True)
class RuledTable:
    box: Box
    rows: tuple[tuple[tuple[str, ...], ...], ...]  # row, cell, line of the cell

    def holds(self, across: float, up: float) -> bool:
        left, bottom, right, top = self.box
        return left <= across <= right and bottom <= up <= top


def tables_of(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> list[RuledTable]:
    """Those of at least two rows and two columns."""
    lines = _lines(page)
    return [table for group in _touching(lines) if (table := _table(group, text))]


def _lines(page: pdfium.PdfPage) -> list[Box]:
    boxes: list[Box] = []
    for number, shape in enumerate(page.get_objects([pdfium_raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if number > MAX_SHAPES:
            return []
        left, bottom, right, top = shape.get_bounds()
        thin, long = sorted((right - left, top - bottom))
        if thin <= THIN_POINTS and long >= LONG_POINTS:
            boxes.append((left, bottom, right, top))
    return boxes if len(boxes) <= MAX_LINES else []


def _touching(lines: Sequence[Box]) -> list[list[Box]]:
    groups: list[list[Box]] = []
    for line in lines:
        met = [group for group in groups if any(_meet(line, other) for other in group)]
        groups = [group for group in groups if group not in met]
        groups.append([line, *(other for group in met for other in group)])
    return groups


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] <= other[2] + NEAR_POINTS
        and other[0] <= one[2] + NEAR_POINTS
        and one[1] <= other[3] + NEAR_POINTS
        and other[1] <= one[3] + NEAR_POINTS
    )


def _table(lines: Sequence[Box], text: pdfium.PdfTextPage) -> RuledTable | None:
    columns = _edges([left for left, bottom, right, top in lines if top - bottom > right - left])
    rows = _edges([bottom for left, bottom, right, top in lines if top - bottom <= right - left])
    if len(columns) < 3 or len(rows) < 3:  # noqa: PLR2004 - three lines part two rows or columns
        return None
    read = tuple(
        tuple(
            tuple(text.get_text_bounded(left=left, bottom=bottom, right=right, top=top).splitlines())
            for left, right in pairwise(columns)
        )
        for bottom, top in reversed(list(pairwise(rows)))
    )
    return RuledTable(
        (columns[0] - NEAR_POINTS, rows[0] - NEAR_POINTS, columns[-1] + NEAR_POINTS, rows[-1] + NEAR_POINTS), read
    )


def _edges(places: list[float]) -> list[float]:
    """Each place once; ones this near are one line, drawn in pieces."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > NEAR_POINTS * 2:
            edges.append(place)
    return edges
