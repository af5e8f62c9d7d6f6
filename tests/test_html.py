"""An HTML page becomes what a browser would show of it, without what stands around the text on every page."""

import time

import pytest
from bot.errors import Unreadable
from bot.retrieval.documents import Block, BlockKind, Section
from bot.retrieval.readers import html, read_text


def blocks(text: str) -> list[Block]:
    return [block for section in html.read(text)[1] for block in section.blocks]


def words(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


def test_headings_nest_and_the_first_heading_is_the_title() -> None:
    page = "<title>Intranet</title><main><h1>Refunds</h1><p>A.</p><h2>How</h2><div><p>B.</p></div></main>"
    assert html.read(page)[:2] == (
        "Refunds",
        (
            Section(("Refunds",), (Block(BlockKind.PARAGRAPH, ("A.",)),)),
            Section(("Refunds", "How"), (Block(BlockKind.PARAGRAPH, ("B.",)),)),
        ),
    )


def test_a_page_without_a_top_heading_is_called_by_its_title_tag() -> None:
    assert html.read("<title>Late\n fees</title><p>The late fee is $9.50.</p>")[0] == "Late fees"


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>secret</p>",
        "<p style='display : none'>secret</p>",
        "<div style='color:red;visibility:hidden'><p>secret</p></div>",
        "<span style='font-size:0px'>secret</span>",
        "<p style='opacity:0.0'>secret</p>",
        "<span aria-hidden=true>secret</span>",
        "<script>secret</script>",
        "<style>secret</style>",
        "<template><p>secret</p></template>",
        "<noscript>secret</noscript>",
        "<!-- secret -->",
        "<svg><text>secret</text></svg>",
    ],
)
def test_what_a_browser_hides_is_left_out(hidden: str) -> None:
    assert words(f"<p>Before.</p>{hidden}<p>After.</p>") == ["Before.", "After."]


@pytest.mark.parametrize("style", ["font-size: 0.9em", "font-size:0.85rem", "opacity: 0.5", "font-size:10px"])
def test_small_or_pale_text_is_shown_and_so_it_is_kept(style: str) -> None:
    assert words(f"<p style='{style}'>The fee is $20.</p>") == ["The fee is $20."]


@pytest.mark.parametrize("around", ["nav", "header", "footer", "aside", "button", "form", "div role=navigation"])
def test_what_stands_around_the_text_is_dropped(around: str) -> None:
    assert words(f"<{around}>Home Search</{around.partition(' ')[0]}><p>The fee is $20.</p>") == ["The fee is $20."]


@pytest.mark.parametrize(
    "around",
    [
        "<ol class='Site-Breadcrumbs'><li>Home<li>Fees</ol>",
        "<div id=cookie-banner><p>We use cookies.</p></div>",
        "<div class='toc'><p>Contents</p></div>",
        "<div role=search>Search</div>",
    ],
)
def test_breadcrumbs_cookie_words_and_contents_are_dropped(around: str) -> None:
    assert words(f"{around}<p>The fee is $20.</p>") == ["The fee is $20."]


def test_a_page_that_its_server_wraps_in_one_form_is_still_read() -> None:
    assert words("<form id=aspnetForm><h1>Fees</h1><p>The fee is $20.</p></form>") == ["The fee is $20."]


def test_blocks_inside_an_unknown_tag_stay_apart() -> None:
    assert html.read("<my-page><h1>Fees</h1><span><p>One.</p><p>Two.</p></span></my-page>")[1] == (
        Section(("Fees",), (Block(BlockKind.PARAGRAPH, ("One.",)), Block(BlockKind.PARAGRAPH, ("Two.",)))),
    )


def test_text_is_quoted_as_a_browser_runs_it_together() -> None:
    page = "<p>Pay <b>late</b>, re<i>fund</i>s (<a href=x>see</a>).<br>Or $50<sup>1</sup> now.</p>"
    assert words(page) == ["Pay late, refunds (see). Or $50 1 now."]


def test_loose_text_between_blocks_makes_a_paragraph() -> None:
    assert words("<div>One <b>two</b>.<p>Three.</p>four</div>") == ["One two.", "Three.", "four"]


def test_comments_and_line_ends_inside_a_sentence_leave_no_trace() -> None:
    assert words("<p>One <!-- secret -->two\n  three.</p>") == ["One two three."]


def test_preformatted_text_keeps_its_lines() -> None:
    assert blocks("<pre>ORION  HOLD 14\nPAY   NOW</pre>")[0].lines == ("ORION HOLD 14", "PAY NOW")


def test_lists_carry_their_lead_and_keep_nested_items_in_one_line() -> None:
    page = "<p>Bring these:</p><ul><li>ID<ul><li>card</li></ul></li><li>bill</li></ul><ol><li>Go</li></ol>"
    assert blocks(page) == [
        Block(BlockKind.BULLETS, ("ID card", "bill"), lead="Bring these:"),
        Block(BlockKind.STEPS, ("Go",)),
    ]


def test_table_rows_carry_their_column_names() -> None:
    page = (
        "<table><thead><tr><th>Level<th>Fee</thead><tbody><tr><td>Gold<td>$10</tr>"
        "<tr><td> <td> </tr><tr><td>Basic<td></tr></tbody></table>"
    )
    assert blocks(page) == [Block(BlockKind.TABLE, ("Gold — Fee: $10", "Basic"))]


def test_a_list_of_links_is_navigation() -> None:
    page = "<ul><li><a href=a>Refunds</a></li><li><a href=b>Credits</a></li></ul><p>See <a href=a>Refunds</a> now.</p>"
    assert [block.navigation for block in blocks(page)] == [True, False]


@pytest.mark.parametrize("tag", ["<div>", "<div/>", "<b>", "<div></x>", "<section><p>"])
def test_tags_that_nest_too_deep_are_refused_at_once(tag: str) -> None:
    start = time.perf_counter()
    with pytest.raises(Unreadable, match="nest more than 400 deep"):
        html.read(tag * 100_000 + "hello")
    assert time.perf_counter() - start < 2


def test_parts_that_nest_deeper_than_the_program_can_follow_are_refused() -> None:
    with pytest.raises(Unreadable, match="nest too deep"):
        read_text("<x/>" * 5000 + "<p>hello</p>", source="deep.html")


def test_a_long_page_with_unclosed_items_and_rows_is_not_called_deep() -> None:
    page = "<p>Text<ul><li>one<li>two</ul><table><tbody><tr><td>a<td>b</table><br/><hr>"
    assert len(blocks(page * 1000)) == 2000  # a list with its lead and a table each time


def test_front_matter_works_on_a_html_page_too() -> None:
    page = read_text("---\naudience: role:shop\n---\n<h1>Fees</h1><p>Due now.</p>", source="fees.html")
    assert (page.title, page.audiences) == ("Fees", frozenset({"role:shop"}))


def test_a_table_whose_rows_are_named_by_their_first_cell_has_no_names_of_columns() -> None:
    page = "<table><tr><td><b>Office</b><td>North<tr><td><strong>Floor</strong><td>6th</table>"
    assert blocks(page)[0].lines == ("Office — North", "Floor — 6th")
    assert blocks("<table><tr><th>Office<td>North<tr><th>Floor<td>6th</table>")[0].lines == (
        "Office — North",
        "Floor — 6th",
    )
