"""PDF -> sections. A PDF holds no headings, so a short line in larger or bolder letters than the rest counts as one."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from bot.errors import Unreadable
from bot.retrieval.documents import BlockKind
from bot.retrieval.readers.outline import Body, Outline

# Below this a page is a picture of text: pdfium found next to nothing to read on it.
MIN_CHARACTERS_A_PAGE = 20
MAX_HEADING_WORDS = 14
BOLD_WEIGHT = 600
LARGER = 1.12
# Lines of one paragraph stand one line height apart; more white than this opens the next.
PARAGRAPH_DROP = 1.3
# A heading's own lines stand further apart than the text's, as its letters are larger.
LINE_HEIGHT = 1.2

_BULLET = re.compile(r"(?:[•●○■▪◦‣–-]|\(?(?:\d{1,2}|[a-z])[.)])\s+(.+)")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float  # points, rounded to halves
    bold: bool
    drop: float  # points from the baseline above to its own; 0 for the first line of a page


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
    lines = [line for page in pages for line in _without_furniture(page, pages)]
    if sum(len(line.text) for line in lines) < MIN_CHARACTERS_A_PAGE * max(1, len(pages)) / 2:
        raise Unreadable("the PDF has no text layer (a scan?); run it through text recognition first")
    outline = Outline()
    _fill(outline, lines)
    sections = outline.sections()
    opening = sections[0].headings[0] if sections and sections[0].headings else ""
    return Body(title or opening, sections)


def _lines(page: pdfium.PdfPage) -> list[_Line]:
    text_page = page.get_textpage()
    lines: list[_Line] = []
    start = 0
    above: float | None = None
    for raw in text_page.get_text_range().split("\n"):
        words = " ".join(raw.replace("\ufffe", "-").split())
        if words:
            first = start + len(raw) - len(raw.lstrip())
            last = start + len(raw.rstrip()) - 1
            baseline = _baseline(text_page, first)
            lines.append(
                _Line(
                    words,
                    size=round(pdfium_raw.FPDFText_GetFontSize(text_page, first) * 2) / 2,
                    bold=all(pdfium_raw.FPDFText_GetFontWeight(text_page, at) >= BOLD_WEIGHT for at in (first, last)),
                    drop=0.0 if above is None else above - baseline,
                )
            )
            above = baseline
        start += len(raw) + 1
    return lines


def _baseline(text_page: pdfium.PdfTextPage, place: int) -> float:
    across, up = ctypes.c_double(), ctypes.c_double()
    pdfium_raw.FPDFText_GetCharOrigin(text_page, place, across, up)
    return up.value


def _without_furniture(page: list[_Line], pages: list[list[_Line]]) -> Iterator[_Line]:
    """Headers and footers repeat at the edges of most pages, apart from their page number."""
    edges = Counter(_bare(line) for other in pages for line in {*other[:2], *other[-2:]})
    for place, line in enumerate(page):
        at_edge = place < 2 or place >= len(page) - 2  # noqa: PLR2004 - two lines at either edge, as counted above
        if not (at_edge and len(pages) > 2 and edges[_bare(line)] > len(pages) / 2):  # noqa: PLR2004
            yield line


def _bare(line: _Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _fill(outline: Outline, lines: list[_Line]) -> None:
    body = Counter[float]()
    drops = Counter[float]()
    for line in lines:
        body[line.size] += len(line.text)
        drops[round(line.drop)] += len(line.text)
    usual = body.most_common(1)[0][0] if body else 0.0
    leading = max((drop for drop, _ in drops.most_common(3) if drop > 0), default=usual, key=lambda drop: drops[drop])
    sizes = sorted({line.size for line in lines if line.size > LARGER * usual}, reverse=True)
    words: list[str] = []
    items: list[str] = []

    def close() -> None:
        outline.paragraph(" ".join(words))
        words.clear()
        outline.lines(BlockKind.BULLETS, items)
        items.clear()

    heading = 0
    for line in lines:
        level = _level(line, usual=usual, sizes=sizes)
        bullet = _BULLET.fullmatch(line.text)
        apart = line.drop > PARAGRAPH_DROP * (max(leading, LINE_HEIGHT * line.size) if level else leading)
        if level:
            close()
            if level == heading and not apart:
                outline.extend_heading(line.text)
            else:
                outline.heading(level, line.text)
        elif bullet and len(bullet[1].split()) > 1:
            outline.paragraph(" ".join(words))
            words.clear()
            items.append(bullet[1])
        elif items and not apart:
            items[-1] = f"{items[-1]} {line.text}"
        else:
            if apart:
                close()
            words.append(line.text)
        heading = level or 0
    close()


def _level(line: _Line, *, usual: float, sizes: list[float]) -> int | None:
    if len(line.text.split()) > MAX_HEADING_WORDS or not any(letter.isalpha() for letter in line.text):
        return None
    if line.size in sizes:
        return min(sizes.index(line.size) + 1, 5)
    stands_alone = line.bold and line.size >= usual and not line.text.endswith((".", ",", ";", ":"))
    return 6 if stands_alone and not _BULLET.fullmatch(line.text) else None
