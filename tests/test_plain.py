"""Plain text and CSV become blocks."""

import pytest
from bot.errors import Unreadable
from bot.retrieval.documents import Block, BlockKind
from bot.retrieval.readers import plain


def text_blocks(text: str) -> list[Block]:
    return [block for section in plain.read_text(text)[1] for block in section.blocks]


def rows(text: str) -> tuple[str, ...]:
    [section] = plain.read_csv(text)[1]
    [table] = section.blocks
    assert table.kind is BlockKind.TABLE
    return table.lines


def test_paragraphs_are_apart_by_empty_lines() -> None:
    assert [block.text for block in text_blocks("One\ntwo.\r\n\r\nThree.\n \t\nFour.\n")] == [
        "One two.",
        "Three.",
        "Four.",
    ]


def test_lines_with_a_mark_or_a_number_are_a_list_with_its_lead() -> None:
    assert text_blocks("Bring:\n- a card that\n  is valid\n* the bill\n\n1) Go\n2. Stay\nThe end.\n") == [
        Block(BlockKind.BULLETS, ("a card that is valid", "the bill"), lead="Bring:"),
        Block(BlockKind.BULLETS, ("Go", "Stay")),
        Block(BlockKind.PARAGRAPH, ("The end.",)),
    ]


def test_a_sum_at_the_start_of_a_line_is_no_list_mark() -> None:
    assert text_blocks("The fee is\n20 dollars.\n") == [Block(BlockKind.PARAGRAPH, ("The fee is 20 dollars.",))]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_stands_between_its_columns(mark: str) -> None:
    lines = ["Level,Fee,Limit", "Gold,$10,2 a year", "Basic,$20,none", "Old,,"]
    assert rows("\n".join(line.replace(",", mark) for line in lines)) == (
        "Gold — Fee: $10; Limit: 2 a year",
        "Basic — Fee: $20; Limit: none",
        "Old",
    )


def test_quoted_cells_keep_commas_line_breaks_and_quotes() -> None:
    assert rows('Case,Rule\n"Paid, twice","Use form\n""RF-1"""\nLate,"No, never"\n') == (
        'Paid, twice — Rule: Use form "RF-1"',
        "Late — Rule: No, never",
    )


def test_a_table_with_an_endless_cell_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"the table cannot be read .* export it as CSV again"):
        plain.read_csv('Case,Rule\nLate,"' + "x" * 200_000)


def test_one_column_and_a_lone_header_are_still_text() -> None:
    assert rows("Form\nRT-7\nRF-1\n") == ("Form: RT-7", "Form: RF-1")
    assert rows("Case,Rule\n") == ("Case · Rule",)


def test_a_row_longer_than_the_header_keeps_its_cells() -> None:
    assert rows("Case,Rule\nLate,pay,now\n") == ("Late — Rule: pay; now",)
