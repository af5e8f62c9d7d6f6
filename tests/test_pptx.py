"""A PowerPoint deck becomes sections by its slides."""

from collections.abc import Callable
from pathlib import Path

import pptx
import pytest
from bot.errors import Unreadable
from bot.retrieval.documents import Block, BlockKind, Document, Section
from bot.retrieval.readers import read
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Inches

TITLE, CONTENT, TITLE_ONLY, BLANK = 0, 1, 5, 6


@pytest.fixture
def deck() -> Presentation:
    return pptx.Presentation()


@pytest.fixture
def opened(deck: Presentation, tmp_path: Path) -> Callable[[], tuple[Document, tuple[str, ...]]]:
    def save_and_read() -> tuple[Document, tuple[str, ...]]:
        deck.save(str(tmp_path / "late-fees.pptx"))
        return read(tmp_path / "late-fees.pptx", source="late-fees.pptx")

    return save_and_read


def slide(deck: Presentation, layout: int, title: str = "", *lines: tuple[int, str]) -> Slide:
    """A slide whose body holds these lines, each with its level."""
    made = deck.slides.add_slide(deck.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    for number, (level, words) in enumerate(lines):
        frame = made.placeholders[1].text_frame
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        paragraph.text, paragraph.level = words, level
    return made


def box(slide: Slide, words: str, *, left: float, top: float) -> None:
    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.5)).text_frame.text = words


def test_a_slide_is_a_section_under_its_title(deck, opened) -> None:
    slide(deck, TITLE, "Late fees", (0, "For shops"))
    slide(deck, CONTENT, "Waivers", (0, "Ask for:"), (1, "the bill"), (1, "a card"), (0, "Waive it"))
    document, remarks = opened()
    assert (document.title, remarks) == ("Late fees", ())
    assert document.sections == (
        Section((), (Block(BlockKind.PARAGRAPH, ("For shops",)),)),
        Section(("Waivers",), (Block(BlockKind.BULLETS, ("Ask for: the bill; a card", "Waive it")),)),
    )


def test_a_slide_without_a_title_is_called_by_its_number(deck, opened) -> None:
    box(slide(deck, BLANK), "The fee is $9.50.", left=1, top=1)
    document, _ = opened()
    assert document.title == "Late fees"  # the file's name
    assert [section.headings for section in document.sections] == [("Slide 1",)]


def test_boxes_are_read_from_top_to_bottom_and_side_by_side_from_the_left(deck, opened) -> None:
    made = slide(deck, BLANK)
    for words, left, top in (("four", 1, 4), ("three", 5, 2.05), ("two", 1, 2.1), ("one", 3, 1)):
        box(made, words, left=left, top=top)
    assert [block.text for block in opened()[0].sections[0].blocks] == ["one", "two", "three", "four"]


def test_a_group_is_read_in_its_place(deck, opened) -> None:
    made = slide(deck, BLANK)
    box(made, "last", left=1, top=5)
    group = made.shapes.add_group_shape()
    for words, top in (("in group two", 3), ("in group one", 2)):
        group.shapes.add_textbox(Inches(1), Inches(top), Inches(1), Inches(1)).text_frame.text = words
    box(made, "first", left=1, top=1)
    words = [block.text for block in opened()[0].sections[0].blocks]
    assert words == ["first", "in group one", "in group two", "last"]


def test_tables_carry_their_column_names_and_merged_cells_count_for_each_row(deck, opened) -> None:
    made = slide(deck, TITLE_ONLY, "Fees")
    table = made.shapes.add_table(3, 3, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for row, cells in enumerate((("Level", "Case", "Fee"), ("Gold", "late", "$1"), ("", "lost", "$2"))):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    assert opened()[0].sections[0].blocks[0].lines == ("Gold — Case: late; Fee: $1", "Gold — Case: lost; Fee: $2")


def test_what_is_not_read_is_said(deck, opened) -> None:
    for number in range(3):
        made = slide(deck, CONTENT, f"Fees {number}", (0, "Due now"))
        made.notes_slide.notes_text_frame.text = "secret" if number != 1 else ""
    made.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Inches(3), Inches(3), _chart())
    hidden = slide(deck, CONTENT, "Old fees", (0, "secret"))
    hidden.element.set("show", "0")
    box(made, "secret", left=1, top=1)
    made.shapes[-1].element.nvSpPr.cNvPr.set("hidden", "1")
    document, remarks = opened()
    assert "secret" not in " ".join(block.text for section in document.sections for block in section.blocks)
    notes = (
        "the speaker notes of 2 slides (1, 3) were not read, as they may be for the speaker alone; write what people "
        "may be told into the slide"
    )
    assert remarks == (
        notes,
        "1 slide (4) marked as hidden, not read; show what people may be told",
        "charts or diagrams on 1 slide (3) were not read; write out what they say",
    )


def _chart() -> CategoryChartData:
    chart = CategoryChartData()
    chart.categories = ["late"]
    chart.add_series("Fees", (1,))
    return chart


def test_the_title_in_the_properties_names_the_deck(deck, opened) -> None:
    deck.core_properties.title = "Fees of 2026"
    slide(deck, CONTENT, "Waivers", (0, "None"))
    assert opened()[0].title == "Fees of 2026"


@pytest.mark.parametrize("raw", [b"garbage" * 100, b"PK\x03\x04" + b"\x00" * 200])
def test_what_is_no_deck_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.pptx").write_bytes(raw)
    with pytest.raises(Unreadable, match=r"damaged, .* or not a PowerPoint deck; save it as PPTX again"):
        read(tmp_path / "a.pptx", source="a.pptx")
