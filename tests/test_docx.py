"""A Word document becomes sections by its paragraph styles."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from bot.errors import Unreadable
from bot.retrieval.documents import Block, BlockKind, Section
from bot.retrieval.readers import read


@pytest.fixture
def page(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_heading("Late fees", level=0)
    document.add_paragraph("The late fee is $9.50.")
    document.add_heading("Waivers", level=1)
    document.add_paragraph("Ask for these:")
    for item in ("a photo card", "the bill"):
        document.add_paragraph(item, style="List Bullet")
    for item in ("Open Orion.", "Waive it."):
        document.add_paragraph(item, style="List Number")
    table = document.add_table(rows=0, cols=3)
    for cells in (("Level", "Fee", "Limit"), ("Gold", "$10", "2 a year"), ("Basic", "", "none")):
        for cell, words in zip(table.add_row().cells, cells, strict=True):
            cell.text = words
    document.add_heading("By phone", level=2)
    document.add_paragraph("Never by phone.")
    path = tmp_path / "late.docx"
    document.save(str(path))
    return path


def test_headings_lists_and_tables_keep_their_order(page: Path) -> None:
    document, remarks = read(page, source="late.docx")
    assert remarks == ()
    assert document.title == "Late fees"
    assert document.sections == (
        Section((), (Block(BlockKind.PARAGRAPH, ("The late fee is $9.50.",)),)),
        Section(
            ("Waivers",),
            (
                Block(BlockKind.BULLETS, ("a photo card", "the bill"), lead="Ask for these:"),
                Block(BlockKind.STEPS, ("Open Orion.", "Waive it.")),
                Block(BlockKind.TABLE, ("Gold — Fee: $10; Limit: 2 a year", "Basic — Limit: none")),
            ),
        ),
        Section(("Waivers", "By phone"), (Block(BlockKind.PARAGRAPH, ("Never by phone.",)),)),
    )


def test_a_document_without_a_title_style_is_called_by_its_properties(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Gift cards"
    document.add_paragraph("Gift cards never expire.")
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx", source="a.docx")[0].title == "Gift cards"


def test_a_small_file_that_unpacks_huge_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 120_000_000)
    assert path.stat().st_size < 200_000
    with pytest.raises(Unreadable, match="unpacks to 114 MB, which no page does; save its text as a new file"):
        read(path, source="bomb.docx")


def test_a_file_that_shrank_suspiciously_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 30_000_000)
    with pytest.raises(Unreadable, match="unpacks to 28 MB"):
        read(path, source="bomb.docx")


def test_garbage_and_other_zip_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "garbage.docx").write_bytes(b"garbage" * 100)
    with zipfile.ZipFile(tmp_path / "other.docx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    for name in ("garbage.docx", "other.docx"):
        with pytest.raises(Unreadable, match="not a Word document; save it again as DOCX"):
            read(tmp_path / name, source=name)


def test_a_document_damaged_inside_is_refused(page: Path) -> None:
    raw = bytearray(page.read_bytes())
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entry = archive.getinfo("word/document.xml")
    inside = entry.header_offset + 30 + len(entry.filename) + 20
    raw[inside : inside + 40] = bytes(byte ^ 0x55 for byte in raw[inside : inside + 40])
    page.write_bytes(raw)
    with pytest.raises(Unreadable, match="damaged"):
        read(page, source="late.docx")


def test_a_document_behind_a_password_is_refused(page: Path) -> None:
    raw = bytearray(page.read_bytes())
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + flags] |= 1  # the zip format's flag for an encrypted entry
            at = raw.find(mark, at + 4)
    page.write_bytes(raw)
    with pytest.raises(Unreadable, match=r"encrypted, .* without a password"):
        read(page, source="late.docx")


def test_a_document_without_text_is_refused(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "a.docx"))
    with pytest.raises(Unreadable, match="no text to quote on this page; write some or delete the file"):
        read(tmp_path / "a.docx", source="a.docx")
