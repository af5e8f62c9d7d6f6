"""Document -> passages: windows of words inside one section, so that a citation can name the section."""

from collections.abc import Iterator, Sequence

from bot.retrieval.documents import Block, Document, Passage, Searched, Section

# Measured on pages of a public handbook: 150 words with 30 overlapping found more than whole pages or 300 words, and
# 150 English words stay below the 256 tokens after which all-MiniLM-L6-v2 ignores the rest.
PASSAGE_WORDS = 150
OVERLAP_WORDS = 30


def split(document: Document) -> list[Passage]:
    """The document's passages in reading order. Navigation is not searched; a long block spans several passages."""
    return [passage for place, section in enumerate(document.sections) for passage in _windows(place, section)]


def searched(document: Document, passage: Passage) -> Searched:
    """What is embedded: the passage under its page title and heading path, which say what it is about."""
    headings = f"{heading_line(document, document.sections[passage.section])}\n"
    parts = tuple((start + len(headings), end + len(headings)) for start, end in passage.parts)
    return Searched(headings + passage.text, parts)


def heading_line(document: Document, section: Section) -> str:
    return " > ".join((document.title, *section.headings))


def _windows(place: int, section: Section) -> Iterator[Passage]:
    words: list[str] = []
    owners: list[int] = []  # the block that each word comes from
    for number, block in enumerate(section.blocks):
        if not block.navigation:
            fresh = _words(block)
            words.extend(fresh)
            owners.extend([number] * len(fresh))
    start = 0
    while start < len(words):
        end = min(len(words), start + PASSAGE_WORDS)
        yield Passage(
            section=place,
            blocks=(owners[start], owners[end - 1]),
            text=" ".join(words[start:end]),
            parts=_parts(words[start:end], owners[start:end]),
        )
        if end == len(words):
            return
        start = end - OVERLAP_WORDS


def _parts(words: Sequence[str], owners: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Where the words of each block begin and end in the text that the words make."""
    ranges = dict.fromkeys(range(owners[0], owners[-1] + 1), (0, 0))
    place = 0
    for word, owner in zip(words, owners, strict=True):
        start = ranges[owner][0] if ranges[owner][1] else place
        ranges[owner] = (start, place + len(word))
        place += len(word) + 1
    return tuple(ranges.values())


def _words(block: Block) -> list[str]:
    return block.text.split()
