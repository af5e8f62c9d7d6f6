"""PowerPoint decks -> sections: a slide is a section under its title, read from top to bottom.

Speaker notes stay unread: they are often written for the speaker alone.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.oxml.xmlchemy import BaseOxmlElement
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide
from pptx.table import Table, _Cell

from bot.errors import Unreadable
from bot.retrieval.documents import BlockKind
from bot.retrieval.readers.archive import DAMAGE, refuse_bombs
from bot.retrieval.readers.outline import Body, Outline, table_lines

_DAMAGED = "the file is damaged, encrypted, too large or not a PowerPoint deck; save it as PPTX again, with no password"
_AROUND = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER}
_LISTED = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT}
# What programs call a deck that nobody named.
_UNNAMED = {"powerpoint presentation", "powerpoint-präsentation", "présentation powerpoint", "presentation", "slide 1"}
# Boxes whose tops differ by less than this share of the slide stand side by side, and are read from the left.
_SIDE_BY_SIDE = 0.04
MAX_NAMED = 10
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass
class _Unread:
    """The numbers of slides of which something was passed over."""

    notes: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    charts: list[int] = field(default_factory=list)


def read(raw: bytes) -> Body:
    """The deck's title, or that of its first slide, and its slides. Raises `Unreadable` for damaged files."""
    refuse_bombs(raw, damaged=_DAMAGED)
    outline = Outline()
    unread = _Unread()
    titles = []
    try:
        deck = pptx.Presentation(io.BytesIO(raw))
        row = max(1, int((deck.slide_height or 1) * _SIDE_BY_SIDE))
        for number, slide in enumerate(deck.slides, start=1):
            if slide.element.get("show") in {"0", "false"}:
                unread.hidden.append(number)
                continue
            titles.append(_title_of(slide))
            outline.heading(1, titles[-1] or f"Slide {number}")
            _add(slide, number, outline, unread, row=row)
        named = " ".join((deck.core_properties.title or "").split())
    except (*DAMAGE, PythonPptxError) as fault:
        raise Unreadable(_DAMAGED) from fault
    title = named if named.casefold() not in _UNNAMED else ""
    return Body(title or next(filter(None, titles), ""), outline.sections(), tuple(_remarks(unread)))


def _title_of(slide: Slide) -> str:
    title = slide.shapes.title
    return " ".join(title.text_frame.text.split()) if title is not None else ""


def _add(slide: Slide, number: int, outline: Outline, unread: _Unread, *, row: int) -> None:
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if notes is not None and notes.text.strip():
        unread.notes.append(number)
    title = slide.shapes.title
    for shape in _in_order(slide.shapes, row):
        if isinstance(shape, GraphicFrame):
            if shape.has_table:
                outline.lines(BlockKind.TABLE, table_lines(_rows(shape.table)))
            else:
                unread.charts.append(number)
        elif title is None or shape.shape_id != title.shape_id:
            _add_text(shape, outline)


def _in_order(shapes: Iterable[BaseShape], row: int) -> Iterator[BaseShape]:
    """Top to bottom, what stands side by side from the left, and a group's shapes in the group's place."""
    for shape in _sorted(shapes, row):
        if _is_hidden(shape) or (shape.is_placeholder and shape.placeholder_format.type in _AROUND):
            continue
        if isinstance(shape, GroupShape):
            yield from _in_order(shape.shapes, row)
        else:
            yield shape


def _sorted(shapes: Iterable[BaseShape], row: int) -> list[BaseShape]:
    rows: list[list[BaseShape]] = []
    for shape in sorted(shapes, key=lambda shape: shape.top or 0):
        if rows and (shape.top or 0) - (rows[-1][0].top or 0) < row:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for beside in rows for shape in sorted(beside, key=lambda shape: shape.left or 0)]


def _is_hidden(shape: BaseShape) -> bool:
    own = next((mark for mark in shape.element.iter() if str(mark.tag).endswith("}cNvPr")), None)
    return own is not None and own.get("hidden") in {"1", "true"}


def _add_text(shape: BaseShape, outline: Outline) -> None:
    """A box of several lines in a place for lists is a list, unless its lines say that they have no mark."""
    listed = shape.is_placeholder and shape.placeholder_format.type in _LISTED
    paragraphs = [(element, _words(element)) for element in shape.element.iter(f"{_DRAWING}p")]
    filled = [(element, words) for element, words in paragraphs if words]
    items: list[str] = []
    kind = BlockKind.BULLETS
    for element, words in filled:
        mark = _mark(element, by_default=BlockKind.BULLETS if listed and len(filled) > 1 else BlockKind.PARAGRAPH)
        if items and mark is not kind and not _level(element):
            outline.lines(kind, items)
            items = []
        if items and _level(element):
            items[-1] = f"{items[-1]}{' ' if items[-1].endswith(':') else '; '}{words}"
        elif mark is BlockKind.PARAGRAPH:
            outline.paragraph(words)
        else:
            kind = mark
            items.append(words)
    outline.lines(kind, items)


def _words(paragraph: BaseOxmlElement) -> str:
    runs = [
        " " if part.tag == f"{_DRAWING}br" else part.text or ""
        for part in paragraph.iter(f"{_DRAWING}t", f"{_DRAWING}br")
    ]
    return " ".join("".join(runs).split())


def _settings(paragraph: BaseOxmlElement) -> BaseOxmlElement | None:
    found: BaseOxmlElement | None = paragraph.find(f"{_DRAWING}pPr")
    return found


def _level(paragraph: BaseOxmlElement) -> int:
    settings = _settings(paragraph)
    return int(settings.get("lvl", "0")) if settings is not None else 0


def _mark(paragraph: BaseOxmlElement, *, by_default: BlockKind) -> BlockKind:
    settings = _settings(paragraph)
    marks = {str(part.tag).removeprefix(_DRAWING) for part in settings} if settings is not None else set()
    if "buNone" in marks:
        return BlockKind.PARAGRAPH
    if "buAutoNum" in marks:
        return BlockKind.STEPS
    return BlockKind.BULLETS if "buChar" in marks else by_default


def _rows(table: Table) -> list[list[str]]:
    """A cell merged downwards counts for each of its rows, so that each row stands alone."""
    rows: list[list[str]] = []
    for row in table.rows:
        cells = [" ".join(cell.text.split()) for cell in row.cells]
        for place, element in enumerate(row.cells):
            if element.is_spanned and rows and not cells[place] and _merged_down(element):
                cells[place] = rows[-1][place]
        rows.append(cells)
    return [row for row in rows if any(row)]


def _merged_down(cell: _Cell) -> bool:
    return bool(cell._tc.vMerge) and not cell._tc.hMerge  # noqa: SLF001 - the library has no public word for it


def _remarks(unread: _Unread) -> Iterator[str]:
    if unread.notes:
        yield (
            f"the speaker notes of {_slides(unread.notes)} were not read, as they may be for the speaker alone; write "
            "what people may be told into the slide"
        )
    if unread.hidden:
        yield f"{_slides(unread.hidden)} marked as hidden, not read; show what people may be told"
    if unread.charts:
        yield f"charts or diagrams on {_slides(unread.charts)} were not read; write out what they say"


def _slides(numbers: Sequence[int]) -> str:
    different = sorted(set(numbers))
    shown = ", ".join(map(str, different[:MAX_NAMED])) + (", ..." if len(different) > MAX_NAMED else "")
    return f"{len(different)} {'slide' if len(different) == 1 else 'slides'} ({shown})"
