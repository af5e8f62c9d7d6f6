"""Passages are windows of words inside one section; nothing that could answer falls between them."""

from bot.retrieval.chunking import heading_line, searched, split
from bot.retrieval.documents import Block, BlockKind, Document, Section
from hypothesis import given, settings
from hypothesis import strategies as st

# A line is as many numbered words as drawn, under a letter, so that no two windows read alike.
LINES = st.builds(
    lambda letter, count: " ".join(f"{letter}{number}" for number in range(count)),
    st.sampled_from("abcdefgh"),
    st.integers(1, 170),
)
BLOCKS = st.builds(
    Block,
    kind=st.sampled_from(BlockKind),
    lines=st.lists(LINES, min_size=1, max_size=5).map(tuple),
    lead=st.one_of(st.just(""), LINES),
    navigation=st.booleans(),
)
SECTIONS = st.builds(
    Section, headings=st.just(("Fees", "Late")), blocks=st.lists(BLOCKS, min_size=1, max_size=6).map(tuple)
)
DOCUMENTS = st.builds(
    Document,
    source=st.just("a.md"),
    title=st.just("Bills"),
    sections=st.lists(SECTIONS, min_size=1, max_size=3).map(tuple),
)


def page_of(words: int) -> Document:
    text = " ".join(str(number) for number in range(words))
    return Document("a.md", "Bills", (Section(("Fees",), (Block(BlockKind.PARAGRAPH, (text,)),)),))


@given(DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_passages_hold_every_word_once_and_thirty_of_them_twice(document: Document) -> None:
    for place, section in enumerate(document.sections):
        owners = [
            (word, number)
            for number, block in enumerate(section.blocks)
            if not block.navigation
            for word in block.text.split()
        ]
        found = [passage for passage in split(document) if passage.section == place]
        start, read = 0, []
        for passage in found:
            words = passage.text.split()
            assert len(words) <= 150
            assert passage.blocks == (owners[start][1], owners[start + len(words) - 1][1])
            assert words[: len(read) - start] == read[start:]
            read = read[:start] + words
            start = len(read) - 30
        assert read == [word for word, _ in owners]


@given(DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_the_parts_of_a_passage_are_the_words_of_its_blocks(document: Document) -> None:
    for passage in split(document):
        blocks = document.sections[passage.section].blocks[passage.blocks[0] : passage.blocks[1] + 1]
        assert len(passage.parts) == len(blocks)
        for (start, end), block in zip(passage.parts, blocks, strict=True):
            own = " ".join(block.text.split())
            assert (start == end) == block.navigation
            assert passage.text[start:end] in own
        read = " ".join(passage.text[start:end] for start, end in passage.parts if end > start)
        assert read == passage.text


def test_windows_are_150_words_long_and_overlap_by_30() -> None:
    [first, second, third] = split(page_of(300))
    assert [passage.text.split()[0] for passage in (first, second, third)] == ["0", "120", "240"]
    assert [len(passage.text.split()) for passage in (first, second, third)] == [150, 150, 60]


def test_no_window_repeats_only_what_the_one_before_it_holds() -> None:
    assert [len(split(page_of(words))) for words in (1, 150, 151, 270, 271)] == [1, 1, 2, 2, 3]


def test_a_section_ends_its_window() -> None:
    blocks = (Block(BlockKind.PARAGRAPH, ("The fee is due.",)),)
    document = Document("a.md", "Bills", (Section(("A",), blocks), Section(("B",), blocks)))
    assert [(passage.section, passage.text) for passage in split(document)] == [
        (0, "The fee is due."),
        (1, "The fee is due."),
    ]


def test_a_page_of_links_has_no_passage() -> None:
    links = Block(BlockKind.BULLETS, ("Fees", "Refunds"), navigation=True)
    assert split(Document("a.md", "Bills", (Section((), (links,)),))) == []


def test_what_is_embedded_begins_with_title_and_headings() -> None:
    document = page_of(3)
    [passage] = split(document)
    assert heading_line(document, document.sections[0]) == "Bills > Fees"
    read = searched(document, passage)
    assert read.text == "Bills > Fees\n0 1 2"
    assert [read.text[start:end] for start, end in read.parts] == ["0 1 2"]
