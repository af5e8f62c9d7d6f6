"""Word documents -> sections, by their paragraph styles."""

import io
import re
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table
from docx.text.paragraph import Paragraph

from bot.errors import Unreadable
from bot.retrieval.documents import BlockKind
from bot.retrieval.readers.archive import DAMAGE, refuse_bombs
from bot.retrieval.readers.outline import Body, Outline, table_lines

_DAMAGED = (
    "the file is damaged, encrypted, too large inside or not a Word document; save it again as DOCX, without a password"
)
_CONTENTS = re.compile(r"(?:toc|table of figures|TOC Heading)\b", re.IGNORECASE)
_AROUND_BLOCKS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_TEXT = tuple(qn(f"w:{name}") for name in ("t", "tab", "br", "cr", "noBreakHyphen"))
# Letters of one point are dots.
TINY_HALF_POINTS = 2
_HEADING = re.compile(r"(?:Heading|heading) ([1-9])")


def read(raw: bytes) -> Body:
    """The title and the sections; lists by the built-in list styles, tables row by row."""
    refuse_bombs(raw, damaged=_DAMAGED)
    try:
        document = docx.Document(io.BytesIO(raw))
    except (PackageNotFoundError, KeyError, ValueError) as fault:
        raise Unreadable("the file is not a Word document; save it again as DOCX") from fault
    except DAMAGE as fault:
        raise Unreadable(_DAMAGED) from fault
    outline = Outline()
    veiled = _take_out_hidden(document)
    items: list[str] = []
    kind = BlockKind.BULLETS
    for element in _blocks(document.element.body, document):
        style = (element.style.name or "") if element.style else ""
        listed = isinstance(element, Paragraph) and style.startswith("List")
        marked = BlockKind.STEPS if "Number" in style else BlockKind.BULLETS
        if items and (not listed or marked is not kind):
            outline.lines(kind, items)
            items = []
        if isinstance(element, Table):
            outline.lines(BlockKind.TABLE, table_lines(_rows(element)))
            continue
        words = _words(element)
        heading = _HEADING.match(style)
        if heading or style == "Title":
            outline.heading(int(heading[1]) if heading else 1, words)
        elif listed:
            kind = marked
            items.append(words)
        elif not _CONTENTS.match(style):
            outline.paragraph(words)
    outline.lines(kind, items)
    title = outline.title or (document.core_properties.title or "").strip()
    remark = f"hidden text was not read ({veiled:,} times); show what people may read, delete the rest"
    return Body(title, outline.sections(), (remark,) if veiled else ())


def _blocks(parent: BaseOxmlElement, document: Document) -> Iterator[Paragraph | Table]:
    """Paragraphs and tables in order, also those inside content controls and tracked insertions."""
    for child in parent:
        if child.tag == qn("w:p"):
            yield Paragraph(child, document)
        elif child.tag == qn("w:tbl"):
            yield Table(child, document)
        elif child.tag in _AROUND_BLOCKS:
            yield from _blocks(child, document)


def _take_out_hidden(document: Document) -> int:
    """Remove runs in hidden letters or ones too small to see, and count those that said something."""
    styles = {style.style_id for style in document.styles if _hides(style.element.find(qn("w:rPr")))}
    hidden = []
    for run in document.element.body.iter(qn("w:r")):
        own = run.find(qn("w:rPr"))
        named = own.find(qn("w:rStyle")) if own is not None else None
        if _hides(own) or (named is not None and named.get(qn("w:val")) in styles):
            hidden.append(run)
    for run in hidden:
        run.getparent().remove(run)
    return sum(any((part.text or "").strip() for part in run.iter(qn("w:t"))) for run in hidden)


def _hides(letters: BaseOxmlElement | None) -> bool:
    if letters is None:
        return False
    vanish, size = letters.find(qn("w:vanish")), letters.find(qn("w:sz"))
    is_tiny = size is not None and int(size.get(qn("w:val"), "22")) <= TINY_HALF_POINTS
    return is_tiny or (vanish is not None and vanish.get(qn("w:val"), "1") not in {"0", "false", "off"})


def _words(paragraph: Paragraph) -> str:
    """With links, fields and insertions; what was deleted under tracking stands in other elements."""
    parts = (
        (part.text or "") if part.tag == qn("w:t") else "-" if part.tag == qn("w:noBreakHyphen") else " "
        for part in paragraph._p.iter(*_TEXT)  # noqa: SLF001 - the element has no public name
    )
    return " ".join("".join(parts).split())


def _rows(table: Table) -> list[list[str]]:
    return [[" ".join(_words(line) for line in cell.paragraphs).strip() for cell in row.cells] for row in table.rows]
