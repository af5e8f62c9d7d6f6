"""Word documents -> sections, by their paragraph styles."""

import re
import zipfile
import zlib
from pathlib import Path

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from bot.errors import Unreadable
from bot.retrieval.documents import BlockKind, Section
from bot.retrieval.readers.outline import Outline, table_lines

# A zip that unpacks to more than this, or that shrank more than this, is a bomb and not a page (trust rule, measured).
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 200

_DAMAGED = "the file is damaged, encrypted or not a Word document; save it again as DOCX, without a password"
_HEADING = re.compile(r"(?:Heading|heading) ([1-9])")


def read(path: Path) -> tuple[str, tuple[Section, ...]]:
    """The title and the sections; lists by the built-in list styles, tables row by row."""
    _refuse_bombs(path)
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError) as fault:
        raise Unreadable("the file is not a Word document; save it again as DOCX") from fault
    except (zipfile.BadZipFile, zlib.error, RuntimeError) as fault:  # the last where it is encrypted
        raise Unreadable(_DAMAGED) from fault
    outline = Outline()
    items: list[str] = []
    kind = BlockKind.BULLETS
    for element in document.iter_inner_content():
        style = (element.style.name or "") if element.style else ""
        listed = isinstance(element, Paragraph) and style.startswith("List")
        marked = BlockKind.STEPS if "Number" in style else BlockKind.BULLETS
        if items and (not listed or marked is not kind):
            outline.lines(kind, items)
            items = []
        if isinstance(element, Table):
            outline.lines(BlockKind.TABLE, table_lines(_rows(element)))
            continue
        words = " ".join(element.text.split())
        heading = _HEADING.match(style)
        if heading or style == "Title":
            outline.heading(int(heading[1]) if heading else 1, words)
        elif listed:
            kind = marked
            items.append(words)
        else:
            outline.paragraph(words)
    outline.lines(kind, items)
    return outline.title or (document.core_properties.title or "").strip(), outline.sections()


def _rows(table: Table) -> list[list[str]]:
    return [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as fault:
        raise Unreadable(_DAMAGED) from fault
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * path.stat().st_size:
        raise Unreadable(
            f"the file unpacks to {unpacked // 1048576} MB, which no page does; save its text as a new file"
        )
