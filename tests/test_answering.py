"""Which blocks may be quoted: those that stand alone; and what stands beside them."""

from datetime import date

import pytest
from bot.retrieval.answering import quotable
from bot.retrieval.documents import Block, BlockKind, Question

from conftest import Shelf


@pytest.mark.parametrize(
    "text",
    [
        "The late fee is $9.50.",
        "Is the fee waived? Ask a supervisor (ext. 4600).",
        "“Keep the box,” says the rule.",
        "Call the desk on ext. 4911.",
        "iPads are returned to the shop within 14 days.",
        "Vouchers are paid to the employee's own account 3-5 business days after approval",
        "A residential balance of less than $50 is written off on day 180.",
    ],
)
def test_a_paragraph_of_whole_sentences_is_quoted(text: str) -> None:
    assert quotable(Block(BlockKind.PARAGRAPH, (text,)))


@pytest.mark.parametrize(
    "text",
    [
        "by submitting a request through the help desk, which answers within a day.",
        "(you can add a name at the top) Room 3100, Washington",
        "For lost laptops, phones and other things do the following as quickly as possible: 1",
        "For lost laptops, phones and other things do the following as quickly as possible:",
        "The number of the form that goes with every returned modem is 4600",
        "Check out the screen shots",
        "Yes: Get travel authorization",
        "Fees",
        "Late fee.",
    ],
)
def test_what_begins_or_breaks_off_in_mid_sentence_is_not(text: str) -> None:
    assert not quotable(Block(BlockKind.PARAGRAPH, (text,)))


def test_lines_of_lists_and_tables_need_no_full_stop() -> None:
    assert quotable(Block(BlockKind.BULLETS, ("up to $75", "above $75, with a supervisor"), lead="The limits:"))
    assert quotable(Block(BlockKind.TABLE, ("Outage: under 4 hours — Credit: none",)))


def test_navigation_is_never_quoted() -> None:
    assert not quotable(Block(BlockKind.BULLETS, ("Next to the returns page", "Back to the start"), navigation=True))


def test_a_page_is_named_once_among_the_closest_where_its_best_passage_lies(shelf: Shelf) -> None:
    shelf.write(
        "fees.md", "# Fees\n\n## Late\n\nThe late fee is $9.50.\n\n## Returned\n\nA returned payment costs $25."
    )
    shelf.write("visits.md", "# Visits\n\nThe fee for a visit is $40.")
    shelf.reindex()
    answer = shelf.library.answer(
        Question("Which fee applies to kayaks?"), audiences=frozenset({"everyone"}), today=date(2026, 11, 22)
    )
    assert not answer.answered
    assert sorted(citation.source for citation in answer.see_also) == ["fees.md", "visits.md"]


def test_between_the_two_sides_of_a_conflict_stands_nothing_else(shelf: Shelf) -> None:
    shelf.write("a.md", "# Late fees\n\n## Amount\n\nThe late fee is $9.50 per bill.\n\nThe late fee is charged once.")
    shelf.write("b.md", "# Bills\n\n## Late fee\n\nThe late fee is $12 per bill.")
    shelf.reindex()
    answer = shelf.library.answer(
        Question("Is it $9.50 per bill?"), audiences=frozenset({"everyone"}), today=date(2026, 11, 22)
    )
    assert answer.contradiction
    assert {quote.block.text for quote in answer.quotes} == {
        "The late fee is $9.50 per bill.",
        "The late fee is $12 per bill.",
    }
