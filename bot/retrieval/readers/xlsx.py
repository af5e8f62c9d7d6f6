"""Excel workbooks -> sections: a sheet is a section, its tables are rows that carry their column names."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import openpyxl
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from bot.errors import Unreadable
from bot.retrieval.documents import BlockKind
from bot.retrieval.readers.archive import DAMAGE, refuse_bombs
from bot.retrieval.readers.cells import shown
from bot.retrieval.readers.outline import Body, Outline, table_lines
from bot.retrieval.readers.sheets import Layout, layout_of

# What people look things up in; what is longer belongs into a system, and would crowd out the pages.
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_LETTERS = 300_000

_DAMAGED = "the file is damaged, encrypted, too large or not an Excel workbook; save it as XLSX again, with no password"
# What Excel calls a sheet that nobody named.
_UNNAMED = re.compile(r"(?:Sheet|Tabelle|Feuil|Hoja|Foglio|Blad|Planilha) ?\d+")
# Two columns of words are read well without names; from three on the first row most likely holds them.
_SURELY_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    named: bool = False  # bold, as the names of columns are
    number: bool = False  # or a date, as no column is called


_EMPTY = _Cell("")


def read(raw: bytes) -> Body:
    """The workbook's title, if it has one, and its sheets. Raises `Unreadable` for damaged and encrypted files."""
    refuse_bombs(raw, damaged=_DAMAGED)
    outline = Outline()
    remarks: list[str] = []
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if len(sheets) < len(book.worksheets):
            remarks.append(
                f"{len(book.worksheets) - len(sheets)} hidden sheets were not read; show what people may read"
            )
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for sheet in sheets:
                with archive.open(sheet._worksheet_path) as stream:  # noqa: SLF001 - it has no public name
                    layout = layout_of(stream)
                if len(sheets) > 1 or not _UNNAMED.fullmatch(sheet.title):
                    outline.heading(1, " ".join(sheet.title.split()))
                remarks.extend(f"sheet {sheet.title}: {remark}" for remark in _add(sheet, layout, outline))
        title = " ".join((book.properties.title or "").split())
    except (*DAMAGE, InvalidFileException) as fault:
        raise Unreadable(_DAMAGED) from fault
    return Body(title, outline.sections(), tuple(remarks))


def _add(sheet: ReadOnlyWorksheet, layout: Layout, outline: Outline) -> Iterator[str]:
    """The sheet's tables, apart by empty rows; remarks about what was not read."""
    rows: list[list[_Cell]] = []
    filled = letters = 0
    cut = False
    unread: set[tuple[str, int]] = set()  # rows and columns that hold something
    for cells in _rows(sheet, layout, unread):
        if not any(cell.text for cell in cells):
            if rows:
                _table(rows, outline)
                rows = []
            continue
        if filled == MAX_ROWS or letters > MAX_LETTERS:
            yield f"only its first {filled:,} rows were read; split it into pages that people look things up in"
            break
        filled += 1
        letters += sum(len(cell.text) for cell in cells)
        cut = cut or bool(cells[MAX_COLUMNS:] and cells[MAX_COLUMNS].text)
        rows.append(cells[:MAX_COLUMNS])
    _table(rows, outline)
    if cut:
        yield f"only its first {MAX_COLUMNS} columns were read; split it"
    if unread:
        yield f"{len(unread):,} hidden rows and columns were not read; show what people may read"
    if layout.formulas_without_result:
        yield (
            f"{layout.formulas_without_result:,} formulas hold no result and were not read; open the file in Excel and "
            "save it"
        )


def _rows(sheet: ReadOnlyWorksheet, layout: Layout, unread: set[tuple[str, int]]) -> Iterator[list[_Cell]]:
    """The visible cells row by row; a cell that is merged downwards counts for each of its rows."""
    sheet.reset_dimensions()  # a file may claim a million empty ones
    going_down: dict[int, tuple[int, _Cell]] = {}  # column -> the last row it reaches, and what it says
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > layout.rows:
            return
        if not (row or going_down):  # up to a stray cell there may be a million of these
            yield []
            continue
        cells = [_cell(cell) for cell in row[: MAX_COLUMNS + 1]]
        going_down = {column: going for column, going in going_down.items() if going[0] >= number}
        cells += [_EMPTY] * (max(going_down, default=0) - len(cells))
        for column, (_, above) in going_down.items():
            cells[column - 1] = cells[column - 1] if cells[column - 1].text else above
        for column, cell in enumerate(cells, start=1):
            if cell.text and (number, column) in layout.merged_down:
                going_down[column] = (layout.merged_down[number, column], cell)
        if number in layout.hidden_rows:
            unread.update({("row", number)} if any(cell.text for cell in cells) else ())
            continue
        hidden = {column for column in range(1, len(cells) + 1) if layout.hides_column(column)}
        unread.update(("column", column) for column in hidden if cells[column - 1].text)
        yield [cell for column, cell in enumerate(cells, start=1) if column not in hidden]


def _cell(cell: ReadOnlyCell | EmptyCell) -> _Cell:
    if cell.value is None:
        return _EMPTY
    text = shown(cell.value, cell.number_format)
    return _Cell(text, named=bool(cell.font and cell.font.b), number=not isinstance(cell.value, str | bool))


def _table(rows: list[list[_Cell]], outline: Outline) -> None:
    """Rows without an empty one between them: lines of words above, then a table with or without column names."""
    width = max(map(len, rows), default=0)
    whole = [row + [_EMPTY] * (width - len(row)) for row in rows]
    used = [place for place in range(width) if any(row[place].text for row in whole)]
    body = [[row[place] for place in used] for row in whole]
    while len(used) > 1 and body and sum(bool(cell.text) for cell in body[0]) == 1:
        outline.paragraph(next(cell.text for cell in body.pop(0) if cell.text))
    if len(used) == 1:
        if len(body) > 1 and body[0][0].named and not body[1][0].named:
            outline.paragraph(body.pop(0)[0].text)
        kind = BlockKind.BULLETS if len(body) > 1 else BlockKind.PARAGRAPH
        outline.lines(kind, [row[0].text for row in body])
    elif body:
        lines = [[cell.text for cell in row] for row in body]
        names = [] if _holds_names(body) else [[""] * len(used)]
        outline.lines(BlockKind.TABLE, table_lines([*names, *lines]))


def _holds_names(rows: list[list[_Cell]]) -> bool:
    """Whether the first row looks like the names of columns: words, none twice, over something else."""
    first, *others = rows
    names = [cell.text for cell in first if cell.text]
    if not others or len(set(names)) < len(names) or len(names) < len(first) - 1 or any(cell.number for cell in first):
        return False
    numbers_below = any(cell.number for row in others for cell in row)
    return numbers_below or all(cell.named for cell in first if cell.text) or len(first) >= _SURELY_NAMED
