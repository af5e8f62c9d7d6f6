"""Word documents -> sections, by their paragraph styles."""

import io
import re
import zipfile
import zlib

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from bot.errors import Unreadable
from bot.retrieval.documents import BlockKind
from bot.retrieval.readers.archive import refuse_bombs
from bot.retrieval.readers.outline import Body, Outline, table_lines

_DAMAGED = "the file is damaged, encrypted or not a Word document; save it again as DOCX, without a password"
_HEADING = re.compile(r"(?:Heading|heading) ([1-9])")


def read(raw: bytes) -> Body:
    """The title and the sections; lists by the built-in list styles, tables row by row."""
    refuse_bombs(raw, damaged=_DAMAGED)
    try:
        document = docx.Document(io.BytesIO(raw))
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
    return Body(outline.title or (document.core_properties.title or "").strip(), outline.sections())


def _rows(table: Table) -> list[list[str]]:
    return [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
