"""A PDF becomes sections by the size of its letters."""

from pathlib import Path

import pypdf
import pytest
from bot.errors import Unreadable
from bot.retrieval.documents import Block, BlockKind, Section
from bot.retrieval.readers import read
from bot.retrieval.readers.pdf_flow import Flow, Line

# Points, x, y, words. Nothing but a size of letters says what is a heading.
LINES = [
    (24, 72, 720, "Late fees"),
    (11, 72, 690, "The late fee is $9.50, and it is added to the bill"),
    (11, 72, 676, "after five grace days."),
    (16, 72, 640, "Waivers"),
    (11, 72, 615, "Bring these:"),
    (11, 72, 600, "- the bill of last month"),
    (11, 72, 586, "- a photo card"),
]


def pdf(lines: list[tuple[int, int, int, str]], *, title: str = "", pages: int = 1) -> bytes:
    """A PDF of `pages` equal pages, written by hand. Words in capitals are bold."""
    drawn = "".join(
        f"/F{1 + words.isupper()} {size} Tf 1 0 0 1 {x} {y} Tm ({words}) Tj\n" for size, x, y, words in lines
    )
    content = f"BT\n{drawn}ET"
    kids = " ".join(f"{number + 5} 0 R" for number in range(pages))
    plain = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    bold = f"{plain[:-2]} /FontDescriptor << /Type /FontDescriptor /FontName /Helvetica /Flags 32 /StemV 140 >> >>"
    leaf = f"/MediaBox [0 0 612 792] /Contents 3 0 R /Resources << /Font << /F1 {plain} /F2 {bold} >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        f"<< /Title ({title}) >>",
        *[f"<< /Type /Page /Parent 2 0 R {leaf} >>"] * pages,
    ]
    written, places = b"%PDF-1.4\n", []
    for number, value in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{value}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        written
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R "
            f"/Info 4 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
        ).encode()
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "late.pdf"
    path.write_bytes(pdf(LINES))
    return path


def test_larger_letters_are_headings_and_marks_are_lists(page: Path) -> None:
    document, remarks = read(page, source="late.pdf")
    assert remarks == ()
    assert document.title == "Late fees"
    assert document.sections == (
        Section(
            (),
            (
                Block(
                    BlockKind.PARAGRAPH, ("The late fee is $9.50, and it is added to the bill after five grace days.",)
                ),
            ),
        ),
        Section(
            ("Waivers",), (Block(BlockKind.BULLETS, ("the bill of last month", "a photo card"), lead="Bring these:"),)
        ),
    )


def test_a_heading_of_two_lines_bold_lines_and_items_that_run_on_are_put_together(page: Path) -> None:
    page.write_bytes(
        pdf(
            [
                (24, 72, 720, "Late fees and"),
                (24, 72, 694, "how to waive them"),
                (11, 72, 650, "WHO MAY WAIVE"),
                (11, 72, 630, "Any employee may waive one late fee for each"),
                (11, 72, 616, "account in a year, without asking anybody and without"),
                (11, 72, 602, "giving a reason, as long as the account is not closed."),
                (11, 72, 576, "A supervisor may waive more."),
                (11, 72, 556, "1. Open the account and choose the"),
                (11, 84, 542, "fee to waive."),
                (11, 72, 528, "2. Save it."),
            ]
        )
    )
    document, _ = read(page, source="late.pdf")
    assert document.title == "Late fees and how to waive them"
    assert [section.headings for section in document.sections] == [("WHO MAY WAIVE",)]
    paragraph, steps = document.sections[0].blocks
    assert paragraph.text.startswith("Any employee may waive one late fee for each account in a year, without asking")
    assert paragraph.text.endswith("as long as the account is not closed.")
    assert steps.lead == "A supervisor may waive more."
    assert steps.lines == ("Open the account and choose the fee to waive.", "Save it.")


def test_the_title_in_the_properties_names_the_page(page: Path) -> None:
    page.write_bytes(pdf(LINES, title="Late fee rules"))
    document, _ = read(page, source="late.pdf")
    assert document.title == "Late fee rules"
    assert [section.headings for section in document.sections] == [("Late fees",), ("Late fees", "Waivers")]


def test_lines_that_stand_at_the_edge_of_every_page_are_not_text(page: Path) -> None:
    running = [(9, 72, 780, "Tidewater policies"), *LINES, (9, 72, 20, "Page 1 of 4, printed by nobody")]
    page.write_bytes(pdf(running, pages=4))
    document, _ = read(page, source="late.pdf")
    text = " ".join(block.text for section in document.sections for block in section.blocks)
    assert "grace days" in text
    assert "Tidewater" not in text
    assert "printed by nobody" not in text


def test_an_encrypted_file_is_refused(page: Path) -> None:
    writer = pypdf.PdfWriter(page)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(page)
    with pytest.raises(Unreadable, match="the PDF is encrypted; save it without a password"):
        read(page, source="late.pdf")


def test_a_file_of_no_bytes_is_refused(page: Path) -> None:
    page.write_bytes(b"")
    with pytest.raises(Unreadable, match=r"empty \(0 bytes\); write the page or delete the file"):
        read(page, source="late.pdf")


@pytest.mark.parametrize("raw", [b"garbage" * 100, b"%PDF-1.4\n" + bytes(range(256)) * 20, pdf(LINES)[:300]])
def test_garbage_is_refused(page: Path, raw: bytes) -> None:
    page.write_bytes(raw)
    with pytest.raises(Unreadable, match="the PDF is damaged; export it again"):
        read(page, source="late.pdf")


def test_a_picture_of_text_is_refused(page: Path) -> None:
    page.write_bytes(pdf([]))
    with pytest.raises(Unreadable, match=r"no text layer \(a scan\?\); run it through text recognition first"):
        read(page, source="late.pdf")


def ruled(rows: list[list[str]], *, top: int, narrow: bool = False) -> str:
    """Drawing marks for a table of these cells with lines around each; `|` in a cell begins a new line."""
    width = 60 if narrow else 150
    bottom = top - 40 * len(rows)
    marks = [f"{72 + column * width} {bottom} 0.5 {top - bottom} re f" for column in range(len(rows[0]) + 1)]
    marks += [f"72 {top - row * 40} {len(rows[0]) * width} 0.5 re f" for row in range(len(rows) + 1)]
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            for line, part in enumerate(words.split("|")):
                x, y = 76 + column * width, top - 40 * row - 14 - 12 * line
                marks.append(f"BT /F1 10 Tf 1 0 0 1 {x} {y} Tm ({part}) Tj ET")
    return "\n".join(marks)


def drawn(lines: list[tuple[int, int, int, str]], marks: str) -> bytes:
    """The same PDF with more marks after its words; its table of places is off, which every reader mends."""
    raw = pdf(lines)
    start = raw.index(b"stream\n") + 7
    end = raw.index(b"\nendstream")
    content = raw[start:end] + b"\n" + marks.encode()
    head = raw[:start].replace(b"/Length %d" % (end - start), b"/Length %d" % len(content))
    return head + content + raw[end:]


def blocks_of(page: Path) -> list[Block]:
    document, _ = read(page, source="late.pdf")
    return [block for section in document.sections for block in section.blocks]


def test_a_table_with_lines_around_its_cells_keeps_them_apart(page: Path) -> None:
    cells = [["Level", "Fee"], ["Gold", "ten dollars|a month"], ["Basic", "none"]]
    above = [(11, 72, 700, "Every employee may see the fees in this table here.")]
    page.write_bytes(drawn(above, ruled(cells, top=660)))
    assert blocks_of(page) == [
        Block(
            BlockKind.TABLE,
            ("Gold — Fee: ten dollars a month", "Basic — Fee: none"),
            lead="Every employee may see the fees in this table here.",
        )
    ]


def test_a_word_torn_by_a_narrow_cell_or_a_hyphen_is_put_together(page: Path) -> None:
    above = [
        (11, 72, 740, "All eligible employees get a reim-"),
        (11, 72, 726, "bursement, and each reimbursement is cost-"),
        (11, 72, 712, "effective for the eligible employees here."),
    ]
    page.write_bytes(drawn(above, ruled([["Who", "Fee"], ["employ|ees", "eligi|ble"]], top=660, narrow=True)))
    [table] = blocks_of(page)
    assert table.lead == (
        "All eligible employees get a reimbursement, and each reimbursement is cost-effective for the eligible "
        "employees here."
    )
    assert table.lines == ("employees — Fee: eligible",)


def test_numbered_bold_lines_are_headings_and_the_last_line_above_all_text_is_the_title(page: Path) -> None:
    page.write_bytes(
        pdf(
            [
                (11, 72, 740, "TIDEWATER"),
                (11, 72, 700, "LATE FEES"),
                (11, 72, 660, "1. SCOPE OF THE"),
                (11, 72, 647, "RULES"),
                (11, 72, 620, "The rules are for every shop and for every partner."),
                (11, 72, 580, "1.1 SHOPS"),
                (11, 72, 550, "A shop may waive one fee a year for each account."),
            ]
        )
    )
    document, _ = read(page, source="late.pdf")
    assert document.title == "LATE FEES"
    assert [section.headings for section in document.sections] == [
        ("1. SCOPE OF THE RULES",),
        ("1. SCOPE OF THE RULES", "1.1 SHOPS"),
    ]


def test_page_numbers_and_lines_of_a_table_of_contents_are_not_text(page: Path) -> None:
    page.write_bytes(pdf([*LINES, (11, 72, 400, "Waivers .......... 12"), (9, 300, 20, "Page 3 of 4")], pages=2))
    text = " ".join(block.text for block in blocks_of(page))
    assert "photo card" in text
    assert "....." not in text
    assert "Page 3" not in text


def test_text_drawn_without_ink_beside_the_page_or_in_dots_is_not_read_and_said(page: Path) -> None:
    marks = (
        "BT 3 Tr /F1 11 Tf 1 0 0 1 72 500 Tm (secret) Tj 0 Tr ET\nBT /F1 11 Tf 1 0 0 1 900 480 Tm (secret) Tj ET\n"
        "BT /F1 0.5 Tf 1 0 0 1 72 460 Tm (secret) Tj ET"
    )
    page.write_bytes(drawn(LINES, marks))
    document, remarks = read(page, source="late.pdf")
    assert "secret" not in " ".join(block.text for section in document.sections for block in section.blocks)
    assert remarks == ("hidden text was not read (3 lines); show what people may read, delete the rest",)


def test_the_invisible_text_on_a_scanned_page_is_read(page: Path) -> None:
    page.write_bytes(drawn([], "BT 3 Tr /F1 11 Tf 1 0 0 1 72 500 Tm (The fee is due on Friday.) Tj ET"))
    assert [block.text for block in blocks_of(page)] == ["The fee is due on Friday."]


def test_an_item_with_a_list_of_its_own_introduces_it_and_the_others_stay_a_list() -> None:
    said = (
        "There is leave of these kinds:",
        "● 5.1 Earned leave", "○ Accrual: one day for every 20 days of", "work.", "○ It is asked for in advance.",
        "● 5.2 Casual leave", "○ Eligibility: all employees.", "■ those on probation too",
        "● Jury duty", "● Military service",
    )  # fmt: skip
    lines = [Line(words, size=11, bold=False, drop=13) for words in said]
    [section] = Flow(lines).outline.sections()
    assert section.blocks == (
        Block(BlockKind.PARAGRAPH, (said[0],)),
        Block(
            BlockKind.BULLETS,
            ("Accrual: one day for every 20 days of work.", "It is asked for in advance."),
            lead="5.1 Earned leave",
        ),
        Block(BlockKind.BULLETS, ("Eligibility: all employees.", "those on probation too"), lead="5.2 Casual leave"),
        Block(BlockKind.BULLETS, ("Jury duty", "Military service")),
    )
