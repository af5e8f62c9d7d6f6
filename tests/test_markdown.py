"""A Markdown page becomes sections of blocks that stand alone."""

import pytest
from bot.errors import Unreadable
from bot.retrieval.documents import Block, BlockKind, Section
from bot.retrieval.readers import markdown


def blocks(text: str) -> list[Block]:
    return [block for section in markdown.read(text)[1] for block in section.blocks]


def test_each_section_carries_the_path_of_headings_above_it() -> None:
    title, sections, _ = markdown.read(
        "Before.\n\n# Refunds\n\nA.\n\n## How\n\nB.\n\n### By card\n\nC.\n\n## When\n\nD.\n\n# Credits\n\nE.\n"
    )
    assert title == "Refunds"
    assert [(section.headings, section.blocks[0].text) for section in sections] == [
        ((), "Before."),
        (("Refunds",), "A."),
        (("Refunds", "How"), "B."),
        (("Refunds", "How", "By card"), "C."),
        (("Refunds", "When"), "D."),
        (("Credits",), "E."),
    ]


def test_a_heading_that_skips_levels_still_nests_below_the_one_above() -> None:
    assert markdown.read("## A\n\n#### B\n\nx\n\n### C\n\ny\n")[1] == (
        Section(("A", "B"), (Block(BlockKind.PARAGRAPH, ("x",)),)),
        Section(("A", "C"), (Block(BlockKind.PARAGRAPH, ("y",)),)),
    )


def test_a_list_carries_the_sentence_that_introduces_it() -> None:
    assert blocks("Bring these:\n\n- a photo card\n- the bill\n") == [
        Block(BlockKind.BULLETS, ("a photo card", "the bill"), lead="Bring these:")
    ]


def test_steps_keep_their_numbers() -> None:
    [steps] = blocks("To reset it, do this:\n\n1. Pull the plug.\n2. Wait.\n")
    assert steps.kind is BlockKind.STEPS
    assert steps.text == "To reset it, do this:\n1. Pull the plug.\n2. Wait."


def test_a_paragraph_of_several_sentences_is_no_lead() -> None:
    assert blocks("Fees are due. They are billed monthly.\n\n- one\n- two\n") == [
        Block(BlockKind.PARAGRAPH, ("Fees are due. They are billed monthly.",)),
        Block(BlockKind.BULLETS, ("one", "two")),
    ]


def test_a_long_paragraph_is_no_lead_unless_it_ends_in_a_colon() -> None:
    long = " ".join(["word"] * 31)
    assert [block.lead for block in blocks(f"{long}\n\n- one\n")] == ["", ""]
    assert [block.lead for block in blocks(f"{long}:\n\n- one\n")] == [f"{long}:"]


def test_a_list_inside_a_step_stays_with_its_step() -> None:
    assert blocks("1. Check the box:\n   - no cracks\n   - no water.\n2. Print the label.\n") == [
        Block(BlockKind.STEPS, ("Check the box: no cracks; no water.", "Print the label."))
    ]


def test_several_paragraphs_of_one_item_stay_one_line() -> None:
    assert blocks("- First.\n\n  More of it.\n\n- Second.\n")[0].lines == ("First. More of it.", "Second.")


def test_table_rows_carry_their_column_names() -> None:
    [table] = blocks(
        "Waivers by level:\n\n| Level | Fee | Limit |\n|---|---|---|\n| Gold | $10 | 2 a year |\n| Basic | | none |\n"
    )
    assert table == Block(
        BlockKind.TABLE, ("Gold — Fee: $10; Limit: 2 a year", "Basic — Limit: none"), lead="Waivers by level:"
    )


def test_a_table_of_one_column_names_it_in_each_row() -> None:
    assert blocks("| Form |\n|---|\n| RT-7 |\n")[0].lines == ("Form: RT-7",)


def test_a_list_of_links_is_navigation_and_a_sentence_with_a_link_is_not() -> None:
    text = "- [Refunds](refunds.md)\n- [Credits](credits.md)\n\nSee [Refunds](refunds.md) for what a refund is.\n"
    assert [block.navigation for block in blocks(text)] == [True, False]


def test_links_are_counted_inside_nested_lists() -> None:
    [block] = blocks("- [Fees](a.md)\n  - [Late fees](b.md)\n  - [Return fees](c.md)\n")
    assert block.navigation


def test_links_and_marks_leave_their_words() -> None:
    text = 'Use **form RF-1** in `CareDesk`, *not* [Orion](orion.md "old"), ![the form](f.png) & &amp; wait.\n'
    assert blocks(text)[0].text == "Use form RF-1 in CareDesk, not Orion, the form & & wait."


def test_what_site_generators_write_between_the_words_is_stripped() -> None:
    text = (
        "{% include nav.html %}\n\n# Refunds {#top}\n\n{{ site.title }} A refund {:.note}\ntakes 5 days.\n\n"
        "See [Credits]({% link credits.md %}) and [Fees]({{ '/fees/' | relative_url }}).\n"
    )
    assert [block.text for block in blocks(text)] == ["A refund takes 5 days.", "See Credits and Fees."]


def test_the_name_of_a_slack_channel_stays() -> None:
    text = 'Ask in {% slack_channel "people-ops" %} or {%channel \'#travel\'%}{% icon "people" %}, any day.\n'
    assert blocks(text)[0].text == "Ask in #people-ops or #travel, any day."


def test_a_templated_link_still_counts_as_a_link() -> None:
    [block] = blocks("- [Refunds]({% link 'refunds.md' %})\n- [Credits]({{ \"/credits/\" | url }})\n")
    assert block == Block(BlockKind.BULLETS, ("Refunds", "Credits"), navigation=True)


def test_comments_are_not_text() -> None:
    assert [block.text for block in blocks("One.\n\n<!-- secret\n\nmore -->\n\nTwo <!-- x --> three.\n")] == [
        "One.",
        "Two three.",
    ]


def test_html_inside_markdown_is_read_as_html() -> None:
    text = "<table><tr><th>Form</th><th>Use</th></tr><tr><td>RT-7</td><td>trace</td></tr></table>\n\nAfter.\n"
    assert [block.text for block in blocks(text)] == ["• RT-7 — Use: trace", "After."]


def test_the_number_of_a_footnote_does_not_grow_the_sum_before_it() -> None:
    assert blocks("The fee is $50<sup>1</sup> a box.<br>Not more.\n")[0].text == "The fee is $50 1 a box. Not more."


def test_tables_code_and_rules_inside_and_between_items_keep_their_words() -> None:
    table, code = "| Level | Fee |\n  |---|---|\n  | Gold | $10 |", "```\n  HOLD 14\n  ```"
    text = f"- Look it up:\n\n  {table}\n\n  {code}\n\n---\n\nAfter.\n"
    assert [block.lines for block in blocks(text)] == [("Look it up: Gold — Fee: $10 HOLD 14",), ("After.",)]


def test_code_keeps_its_lines() -> None:
    assert blocks("```\nORION  HOLD 14\nPAY   NOW\n```\n")[0].lines == ("ORION HOLD 14", "PAY NOW")


def test_quoted_paragraphs_are_text() -> None:
    assert [block.text for block in blocks("> Say: we are sorry.\n")] == ["Say: we are sorry."]


def test_deep_lists_and_quotes_are_read_quickly() -> None:
    assert len(blocks(">" * 5000 + " deep\n\n" + "\n".join("  " * level + "- x" for level in range(300)))) >= 1


def test_html_that_nests_too_deep_is_refused() -> None:
    with pytest.raises(Unreadable, match="nest more than 400 deep; save the page as plain HTML or Markdown"):
        markdown.read("<div>" * 5000 + "\n\ntext\n")


def test_a_html_table_with_empty_lines_between_its_indented_rows_stays_one_table() -> None:
    page = (
        "<table>\n  <tr><th>Office</th><th>Floor</th></tr>\n\n    <tr>\n      <td>North</td>\n\n      <td>6th</td>\n"
        "    </tr>\n\n    </table>\n\nAfter.\n"
    )
    assert blocks(page) == [
        Block(BlockKind.TABLE, ("North — Floor: 6th",)),
        Block(BlockKind.PARAGRAPH, ("After.",)),
    ]


def test_a_lone_link_that_only_leads_elsewhere_is_navigation() -> None:
    page = (
        "[Back to the Slack page](x)\n\nSee the [travel benefit page](x).\n\n[Return form](x)\n\n"
        "Go to [the desk](x) in hall B and ask there.\n\n"
        "Fact sheet:\n\n- [Court leave](x)\n\nBring:\n\n- the [form](x)\n"
    )
    assert [block.navigation for block in blocks(page)] == [True, True, False, False, True, False]
