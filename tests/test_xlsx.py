"""An Excel workbook becomes sections by its sheets, and its tables rows that stand alone."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from bot.errors import Unreadable
from bot.retrieval.documents import Block, BlockKind, Document, Section
from bot.retrieval.readers import read
from bot.retrieval.readers.cells import shown
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

FEES = [["Level", "Fee", "From"], ["Gold", 10, date(2026, 1, 1)], ["Basic", 12.5, None]]


@pytest.fixture
def book() -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.active.title = "Fees"
    return made


@pytest.fixture
def opened(book: openpyxl.Workbook, tmp_path: Path) -> Callable[[], tuple[Document, tuple[str, ...]]]:
    def save_and_read() -> tuple[Document, tuple[str, ...]]:
        book.save(tmp_path / "late-fees.xlsx")
        return read(tmp_path / "late-fees.xlsx", source="late-fees.xlsx")

    return save_and_read


def fill(sheet: Worksheet, rows: list[list[object]], *, bold: int = 0) -> None:
    for row in rows:
        sheet.append(row)
    for cell in sheet[bold] if bold else ():
        cell.font = Font(bold=True)


def test_each_sheet_is_a_section_and_the_first_row_names_the_columns(book, opened) -> None:
    fill(book.active, FEES)
    fill(book.create_sheet("Waivers"), [["Who may waive a fee:"], ["Case", "Rule", "Limit"], ["Late", "yes", 2]])
    document, remarks = opened()
    assert remarks == ()
    assert document.title == "Late fees"
    assert document.sections == (
        Section(("Fees",), (Block(BlockKind.TABLE, ("Gold — Fee: 10; From: 2026-01-01", "Basic — Fee: 12.5")),)),
        Section(
            ("Waivers",),
            (Block(BlockKind.TABLE, ("Late — Rule: yes; Limit: 2",), lead="Who may waive a fee:"),),
        ),
    )


def test_the_title_in_the_properties_names_the_page_and_a_lone_unnamed_sheet_is_no_heading(book, opened) -> None:
    book.properties.title = "Fees of 2026"
    book.active.title = "Sheet1"
    fill(book.active, FEES)
    document, _ = opened()
    assert document.title == "Fees of 2026"
    assert [section.headings for section in document.sections] == [()]


def test_empty_rows_part_tables_and_one_column_is_a_list(book, opened) -> None:
    fill(
        book.active,
        [["Bring"], ["a photo card"], ["the bill"], [], [None, "Shop", "Phone"], [None, "North", 5551]],
        bold=1,
    )
    [section] = opened()[0].sections
    assert section.blocks == (
        Block(BlockKind.BULLETS, ("a photo card", "the bill"), lead="Bring"),
        Block(BlockKind.TABLE, ("North — Phone: 5551",)),
    )


def test_two_columns_of_words_have_no_names_unless_they_are_bold(book, opened) -> None:
    fill(book.active, [["Refund", "30 days"], ["Credit", "at once"]])
    assert opened()[0].sections[0].blocks[0].lines == ("Refund — 30 days", "Credit — at once")
    fill(book.create_sheet("Bold"), [["Case", "Within"], ["Refund", "30 days"]], bold=1)
    assert opened()[0].sections[1].blocks[0].lines == ("Refund — Within: 30 days",)


def test_a_cell_merged_downwards_counts_for_each_of_its_rows(book, opened) -> None:
    fill(book.active, [["Level", "Case", "Fee"], ["Gold", "late", 1], [None, "lost", 2], ["Basic", "late", 3]])
    book.active.merge_cells("A2:A3")
    assert opened()[0].sections[0].blocks[0].lines == (
        "Gold — Case: late; Fee: 1",
        "Gold — Case: lost; Fee: 2",
        "Basic — Case: late; Fee: 3",
    )


def test_what_is_hidden_is_not_read_and_said(book, opened) -> None:
    fill(book.active, [[*row, "secret"] for row in FEES] + [["Secret", 99, None]])
    book.active.column_dimensions["D"].hidden = True
    book.active.row_dimensions[4].hidden = True
    book.active.row_dimensions[9].hidden = True  # empty, as are the columns that people hide to the right of a table
    for number, state in enumerate(("hidden", "veryHidden")):
        sheet = book.create_sheet(f"Old {number}")
        fill(sheet, [["secret", 1]])
        sheet.sheet_state = state
    document, remarks = opened()
    assert document.sections[0].blocks[0].lines == ("Gold — Fee: 10; From: 2026-01-01", "Basic — Fee: 12.5")
    assert remarks == (
        "2 hidden sheets were not read; show what people may read",
        "sheet Fees: 2 hidden rows and columns were not read; show what people may read",
    )


def test_a_formula_shows_its_stored_result_and_one_without_is_said(book, opened, tmp_path: Path) -> None:
    fill(book.active, [["Level", "Fee", "Twice"], ["Gold", 10, "=B2*2"], ["Basic", 5, "=B3*2"]])
    document, remarks = opened()
    assert document.sections[0].blocks[0].lines == ("Gold — Fee: 10", "Basic — Fee: 5")
    assert remarks == ("sheet Fees: 2 formulas hold no result and were not read; open the file in Excel and save it",)


def test_only_so_many_rows_and_columns_are_read_and_said(book, opened) -> None:
    fill(book.active, [["Number", "Fee", *[None] * 98, "far"], *([number, 1] for number in range(6000))])
    document, remarks = opened()
    assert len(document.sections[0].blocks[0].lines) == 4999
    assert remarks == (
        "sheet Fees: only its first 5,000 rows were read; split it into pages that people look things up in",
        "sheet Fees: only its first 100 columns were read; split it",
    )


def test_a_stray_cell_at_the_far_corner_costs_nothing(book, opened) -> None:
    fill(book.active, FEES)
    book.active["XFD1048576"] = "stray"
    document, _ = opened()
    assert len(document.sections[0].blocks) == 1


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (12.0, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (-7, "General", "-7"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (1234.5, "#,##0.00 [$€-407]", "1,234.50 €"),
        (-5, '"$"#,##0', "-$5"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (0.155, "0%", "16%"),
        (0.155, "0.0%", "15.5%"),
        (3, '0 "pieces"', "3 pieces"),
        (501, "00000", "00501"),
        (5551234, "000-0000", "5551234"),
        (0.5, "# ?/?", "0.5"),
        (12, "_-* #,##0.00_-", "12.00"),
        (1e20, "General", "1e+20"),
        (True, "General", "TRUE"),
        (datetime(2026, 11, 21), "dd.mm.yy", "2026-11-21"),  # noqa: DTZ001 - a spreadsheet knows no time zone
        (datetime(2026, 11, 21, 9, 30), "dd.mm.yy hh:mm", "2026-11-21 09:30"),  # noqa: DTZ001
        (time(9, 5), "h:mm", "09:05"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        ("#N/A", "General", ""),
        (" two\nlines ", "@", "two lines"),
        (None, "General", ""),
    ],
)
def test_values_are_shown_as_people_see_them(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize("raw", [b"garbage" * 100, b"PK\x03\x04" + b"\x00" * 200])
def test_what_is_no_workbook_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(raw)
    with pytest.raises(Unreadable, match=r"damaged, .* or not an Excel workbook; save it as XLSX again"):
        read(tmp_path / "a.xlsx", source="a.xlsx")


def test_an_empty_workbook_is_refused(book, opened) -> None:
    with pytest.raises(Unreadable, match="there is no text to quote"):
        opened()
