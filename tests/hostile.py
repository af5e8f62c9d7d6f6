"""Files made to break whoever reads them. Each maker writes one file; shrunk to what still takes the same path."""

import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pptx

Maker = Callable[[Path], None]


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these numbered objects; the first is its catalog."""
    written, places = b"%PDF-1.5\n", []
    for number, value in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def flate_bomb(path: Path) -> None:
    """150 MB of letters to draw in 0.15 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"(A) Tj " * 1_000_000) for _ in range(21)) + packer.flush()
    _pdf_page(path, packed, b"/Filter /FlateDecode")


def nested_flate_bomb(path: Path) -> None:
    """Zeros packed twice: 500 MB, which pdfium holds in memory, in 2 kB."""
    inner = zlib.compressobj(9)
    packed = b"".join(inner.compress(bytes(16_000_000)) for _ in range(32)) + inner.flush()
    _pdf_page(path, zlib.compress(packed, 9), b"/Filter [/FlateDecode /FlateDecode]")


def _pdf_page(path: Path, stream: bytes, more: bytes) -> None:
    path.write_bytes(
        pdf_of(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(stream), more, stream),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R >>",
        )
    )


def page_tree_loop(path: Path) -> None:
    path.write_bytes(
        pdf_of(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 9999999 /Parent 3 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 9999999 /Parent 2 0 R >>",
        )
    )


def truncated_pdf(path: Path) -> None:
    page_tree_loop(path)
    path.write_bytes(path.read_bytes()[:120])


def garbage_pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 400)


def _docx_with(path: Path, document: bytes) -> None:
    """A sound Word file in which the text is this XML."""
    docx.Document().save(str(path))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in (parts | {"word/document.xml": document}).items():
            archive.writestr(name, raw)


_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx_zip_bomb(path: Path) -> None:
    """600 MB in 0.6 MB."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(60):
            part.write(b"A" * 10_000_000)


def docx_just_below_the_rule(path: Path) -> None:
    """99 MB of paragraphs, mixed with what cannot be packed, so that the zip rule lets it through."""
    paragraphs = b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 2_900_000
    _docx_with(path, f"<w:document {_WORD}><w:body>".encode() + paragraphs + b"</w:body></w:document>")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/media/noise.bin", os.urandom(800_000))


def billion_laughs(path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    _docx_with(
        path,
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
        f"<w:document {_WORD}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>".encode(),
    )


def outside_entity(path: Path) -> None:
    """XXE: a file of the machine as text."""
    secret = path.with_name("secret.txt")
    secret.write_text("secret of the machine")
    _docx_with(
        path,
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
        f"<w:document {_WORD}><w:body><w:p><w:r><w:t>The fee: &s;</w:t></w:r></w:p></w:body></w:document>".encode(),
    )


def _xlsx_with(path: Path, rows: bytes) -> None:
    """A sound workbook whose only sheet holds these rows; row numbers may be left out."""
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    start, end = sheet.index(b"<sheetData"), sheet.index(b"<pageMargins")
    parts["xl/worksheets/sheet1.xml"] = sheet[:start] + b"<sheetData>" + rows + b"</sheetData>" + sheet[end:]
    parts["xl/sharedStrings.xml"] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%b</t></si></sst>'
        % (b"word " * 6_000)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
        archive.writestr("xl/media/noise.bin", os.urandom(len(rows) // 190))  # so that the zip rule lets it through


def million_cells(path: Path) -> None:
    _xlsx_with(path, (b"<row>" + b"<c><v>12345.5</v></c>" * 100 + b"</row>") * 10_000)


def wide_rows(path: Path) -> None:
    """Each row ends in the last column there is."""
    _xlsx_with(path, b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(1, 9_000)))


def shared_string_bomb(path: Path) -> None:
    """One long text that three hundred thousand cells point at: gigabytes once it is written out."""
    _xlsx_with(path, (b"<row>" + b'<c t="s"><v>0</v></c>' * 100 + b"</row>") * 3_000)


def slide_bomb(path: Path) -> None:
    """Groups in groups in groups, and a picture part of 120 MB."""
    pptx.Presentation().save(str(path))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ppt/media/image1.png", bytes(120_000_000))


def many_entries(path: Path) -> None:
    pptx.Presentation().save(str(path))
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(11_000):
            archive.writestr(f"ppt/media/{number}.bin", b"x")


def text(value: str | bytes) -> Maker:
    return lambda path: _write(path, value)


def _write(path: Path, value: str | bytes) -> None:
    path.write_bytes(value if isinstance(value, bytes) else value.encode())


# By file name. What a person is told stands in `test_hostile`.
TEXTS: dict[str, Maker] = {
    "divs.html": text("<div>" * 200_000 + "x"),
    "spans.html": text("<b><i>" * 100_000 + "x"),
    "unknown_tags.html": text("<x/>" * 200_000 + "<p>x</p>"),
    "open_tags.html": text("<a<" * 500_000),
    "styles.html": text("<style>" + ".a .b .c{display:none}" * 20_000 + "</style>" + "<p class=a>x</p>" * 20_000),
    "style_tags.html": text("<style" * 300_000),
    "css_comments.html": text("<style>" + "/*" * 500_000 + "{{{{</style><p>x"),
    "attributes.html": text("<p " + "a='b' " * 300_000 + ">x</p>"),
    "headings.html": text("<h1>" + "word " * 40_000 + "</h1>" + "<h2>a</h2><p>b" * 5_000),
    "one_line.txt": text("word " * 10_500_000),
    "one_line.md": text("word " * 900_000),
    "single_letters.md": text("a\n\n" * 1_500_000),
    "columns.csv": text(",".join(["column"] * 700_000) + "\n" + "1," * 700_000),
    "rows.csv": text("a,b\n" + "1,2\n" * 900_000),
    "quote.csv": text('a,b\n1,"' + "x" * 300_000),
    "quotes.md": text(">" * 100_000 + "x"),
    "lists.md": text("".join(f"{'  ' * depth}- x\n" for depth in range(2_000))),
    "brackets.md": text("[" * 100_000 + "](" * 50_000),
    "emphasis.md": text("*a **b _c " * 30_000),
    "backticks.md": text("".join("`" * number + " " for number in range(1, 2_500))),
    "comments.md": text("<!--" * 1_000_000),
    "jekyll.md": text("{%{{{:" * 100_000),
    "link_marks.md": text("]({{" * 100_000),
    "references.md": text("".join(f"[a{n}]: x\n" for n in range(20_000)) + "[a1] " * 20_000),
    "table.md": text("|" * 20_000 + "\n" + "|-" * 20_000 + "\n" + "|x" * 20_000),
    "yaml_nesting.md": text("---\ntitle: " + "[" * 100_000 + "\n---\nx"),
    "yaml_aliases.md": text("---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: *b\n---\nx"),
    "yaml_keywords.md": text("---\nkeywords: [" + "word, " * 300_000 + "x]\n---\n" + "word " * 100_000),
    "json.txt": text('{"a":' * 500_000),
    "spaces.txt": text(" " * 4_000_000 + "x"),
    "blank_lines.txt": text("x" + "\n \t" * 1_000_000 + "y"),
    "dashes.txt": text("- " * 2_000_000),
}
OFFICE: dict[str, Maker] = {
    "flate.pdf": flate_bomb,
    "nested_flate.pdf": nested_flate_bomb,
    "loop.pdf": page_tree_loop,
    "truncated.pdf": truncated_pdf,
    "garbage.pdf": garbage_pdf,
    "zip_bomb.docx": docx_zip_bomb,
    "below_the_rule.docx": docx_just_below_the_rule,
    "laughs.docx": billion_laughs,
    "xxe.docx": outside_entity,
    "cells.xlsx": million_cells,
    "wide.xlsx": wide_rows,
    "strings.xlsx": shared_string_bomb,
    "bomb.pptx": slide_bomb,
    "entries.pptx": many_entries,
}
