"""Collects headings and blocks in reading order into sections; the same for every kind of file."""

import re
from typing import NamedTuple

from bot.retrieval.documents import Block, BlockKind, Section

# A longer paragraph before a list says more than what the list is; it stays a block of its own.
MAX_LEAD_WORDS = 30
# A block whose words are mostly link labels leads elsewhere and answers nothing.
NAVIGATION_SHARE = 0.6
MIN_NAVIGATION_LINKS = 2

# A heading stands in every citation and beside every passage of its section; what is longer is a paragraph.
MAX_HEADING_CHARACTERS = 300

_SIGNPOST = re.compile(
    r"(?:back|return|jump|skip|go) (?:to|back)\b|(?:next|previous):? |edit this page"
    r"|(?:see|view|visit|check out|read more) ",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*\s+[A-Z0-9]")


class Body(NamedTuple):
    """What a reader found: a title ("" where none), the sections, and remarks for the page's writer."""

    title: str
    sections: tuple[Section, ...]
    remarks: tuple[str, ...] = ()


class Outline:
    """Reading order in, sections out."""

    def __init__(self) -> None:
        self.title = ""
        self._path: list[tuple[int, str]] = []
        self._sections: list[tuple[tuple[str, ...], list[Block]]] = [((), [])]

    def heading(self, level: int, text: str) -> None:
        """A heading opens a section; deeper levels nest below it, its equals and higher ones close it."""
        if not text:
            return
        if len(text) > MAX_HEADING_CHARACTERS:
            self.paragraph(text)
            return
        if not self.title and level == 1:
            self.title = text
        self._path = [entry for entry in self._path if entry[0] < level]
        self._path.append((level, text))
        self._sections.append((tuple(name for _, name in self._path), []))

    def extend_heading(self, text: str) -> None:
        """The heading just opened goes on in a second line."""
        level, first = self._path[-1]
        if len(first) + len(text) > MAX_HEADING_CHARACTERS:
            self.paragraph(text)
            return
        if self.title == first:
            self.title = f"{first} {text}"
        self._path[-1] = (level, f"{first} {text}")
        self._sections[-1] = (tuple(name for _, name in self._path), [])

    def paragraph(self, text: str, *, linked: int = 0, links: int = 0) -> None:
        """`linked` characters of the text are labels of its `links` links."""
        if text:
            self._add(BlockKind.PARAGRAPH, (text,), linked=linked, links=links)

    def lines(self, kind: BlockKind, lines: list[str], *, linked: int = 0, links: int = 0) -> None:
        """A list or a table; the sentence right above it becomes its lead."""
        kept = tuple(line for line in lines if line)
        if kept:
            self._add(kind, kept, linked=linked, links=links)

    def sections(self) -> tuple[Section, ...]:
        return tuple(Section(headings=path, blocks=tuple(blocks)) for path, blocks in self._sections if blocks)

    def _add(self, kind: BlockKind, lines: tuple[str, ...], *, linked: int, links: int) -> None:
        blocks = self._sections[-1][1]
        lead = ""
        if kind is not BlockKind.PARAGRAPH and blocks and _introduces(blocks[-1]):
            lead = blocks.pop().lines[0]
        length = sum(len(line) for line in lines)
        lone = links == 1 and (kind is BlockKind.BULLETS or _SIGNPOST.match(lines[0]) is not None)
        leads_away = links >= MIN_NAVIGATION_LINKS or lone
        navigation = leads_away and linked > NAVIGATION_SHARE * length
        blocks.append(Block(kind=kind, lines=lines, lead=lead, navigation=navigation))


def _introduces(block: Block) -> bool:
    if block.kind is not BlockKind.PARAGRAPH or len(block.lines) != 1 or block.navigation:
        return False
    text = block.lines[0]
    return text.endswith(":") or (len(text.split()) <= MAX_LEAD_WORDS and not _SENTENCE_END.search(text))


def table_lines(rows: list[list[str]]) -> list[str]:
    """Table rows as lines that carry their column names, so that each row stands alone on a phone too.

    The first row holds the column names; the first cell of each row leads, as in "Gold — Fee: $10; Limit: 2 a year".
    """
    if not rows:
        return []
    names, *body = rows
    if not body:
        return [" · ".join(cell for cell in names if cell)]
    return [_row(names, cells) for cells in body]


def _row(names: list[str], cells: list[str]) -> str:
    first, *rest = cells or [""]
    pairs = [
        f"{name}: {cell}" if name else cell
        for name, cell in zip(names[1:] + [""] * len(rest), rest, strict=False)
        if cell
    ]
    label = f"{names[0]}: {first}" if len(cells) == 1 and names[0] else first
    return " — ".join(part for part in (label, "; ".join(pairs)) if part)
