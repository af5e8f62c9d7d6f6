"""PDF -> sections. A PDF holds no headings, so a short line in larger or bolder letters than the rest counts as one."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from bot.errors import Unreadable
from bot.retrieval.readers.outline import Body
from bot.retrieval.readers.pdf_flow import MAX_HEADING_WORDS, Flow, Line
from bot.retrieval.readers.ruled_tables import RuledTable, tables_of

# Below this a page is a picture of text: pdfium found next to nothing to read on it.
MIN_CHARACTERS_A_PAGE = 20
BOLD_WEIGHT = 600
# Letters below this are dots.
LEAST_POINTS = 1.2

_PAGE_NUMBER = re.compile(
    r"(?:page|seite|página|p\.)?\s{0,3}\d{1,4}(?:\s{0,3}(?:of|/|von|de)\s{0,3}\d{1,4})?", re.IGNORECASE
)
_CONTENTS = re.compile(r".{1,200}?(?:\.\s?){5,}\s*\d{1,4}")


def read(raw: bytes) -> Body:
    """The PDF's own title, if it has one, and its sections. Raises `Unreadable` for encrypted and scanned files."""
    try:
        with pdfium.PdfDocument(raw) as pdf:
            title = " ".join((pdf.get_metadata_value("Title") or "").split())
            pages = [_lines(page) for page in pdf]
    except pdfium.PdfiumError as fault:
        if "password" in str(fault).lower():
            raise Unreadable("the PDF is encrypted; save it without a password") from fault
        raise Unreadable("the PDF is damaged; export it again") from fault
    hidden = sum(line.hidden for page in pages for line in page)
    if hidden * 2 > sum(map(len, pages)):
        hidden = 0  # a picture of the text with the text invisible on it, as text recognition makes them
    else:
        pages = [[line for line in page if not line.hidden] for page in pages]
    lines = [line for page in pages for line in _without_furniture(page, pages)]
    if sum(len(line.text) for line in lines) < MIN_CHARACTERS_A_PAGE * max(1, len(pages)) / 2:
        raise Unreadable("the PDF has no text layer (a scan?); run it through text recognition first")
    flow = Flow(lines)
    named = title if len(title.split()) <= MAX_HEADING_WORDS else ""  # longer ones are sentences some program took
    remark = f"hidden text was not read ({hidden:,} lines); show what people may read, delete the rest"
    return Body(named or flow.title, flow.outline.sections(), (remark,) if hidden else ())


def _lines(page: pdfium.PdfPage) -> list[Line]:
    text_page = page.get_textpage()
    tables = tables_of(page, text_page)
    shown: set[RuledTable] = set()
    width, height = page.get_size()
    lines: list[Line] = []
    start = 0
    above: float | None = None
    for raw in text_page.get_text_range().split("\n"):
        words = " ".join(raw.split())
        first = start + len(raw) - len(raw.lstrip())
        last = start + len(raw.rstrip()) - 1
        start += len(raw) + 1
        if not words:
            continue
        across, up = _origin(text_page, first)
        table = next((table for table in tables if table.holds(across, up)), None)
        line = Line(
            words,
            size=round(pdfium_raw.FPDFText_GetFontSize(text_page, first) * 2) / 2,
            bold=all(pdfium_raw.FPDFText_GetFontWeight(text_page, at) >= BOLD_WEIGHT for at in (first, last)),
            drop=0.0 if above is None else above - up,
            hidden=not (0 <= across <= width and 0 <= up <= height) or _is_unseen(text_page, first),
            table=table,
        )
        above = up
        if table is None or table not in shown:
            lines.append(line)
        if table:
            shown.add(table)
    return lines


def _is_unseen(text_page: pdfium.PdfTextPage, place: int) -> bool:
    """Drawn without ink, or in dots. White letters count as seen: the heads of tables are white on a dark ground."""
    drawn = pdfium_raw.FPDFText_GetTextObject(text_page, place)
    if drawn and pdfium_raw.FPDFTextObj_GetTextRenderMode(drawn) == pdfium_raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    left, bottom, right, top = text_page.get_charbox(place, loose=True)
    return bool(0 < max(right - left, top - bottom) < LEAST_POINTS)


def _origin(text_page: pdfium.PdfTextPage, place: int) -> tuple[float, float]:
    across, up = ctypes.c_double(), ctypes.c_double()
    pdfium_raw.FPDFText_GetCharOrigin(text_page, place, across, up)
    return across.value, up.value


def _without_furniture(page: list[Line], pages: list[list[Line]]) -> Iterator[Line]:
    """Headers and footers repeat at the edges of most pages, apart from their page number."""
    edges = Counter(_bare(line) for other in pages for line in {*other[:2], *other[-2:]})
    for place, line in enumerate(page):
        at_edge = place < 2 or place >= len(page) - 2  # noqa: PLR2004 - two lines at either edge, as counted above
        repeated = len(pages) > 2 and edges[_bare(line)] > len(pages) / 2  # noqa: PLR2004
        number = len(pages) > 1 and place in {0, len(page) - 1} and _PAGE_NUMBER.fullmatch(line.text)
        if line.table or not ((at_edge and (repeated or number)) or _CONTENTS.fullmatch(line.text)):
            yield line


def _bare(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)
