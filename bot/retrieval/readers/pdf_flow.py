"""Lines of a PDF -> headings, paragraphs, lists and tables, by size, weight and distance."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.retrieval.documents import BlockKind
from bot.retrieval.readers.outline import Outline, table_lines
from bot.retrieval.readers.ruled_tables import RuledTable
from bot.retrieval.readers.torn_words import Words

MAX_HEADING_WORDS = 14
LARGER = 1.12
# Lines of one paragraph stand one line height apart; more white than this opens the next.
PARAGRAPH_DROP = 1.3
# A heading's own lines stand further apart than the text's, as its letters are larger.
LINE_HEIGHT = 1.2
# Levels below those that a larger size gives: bold lines with a number, and without one.
NUMBERED_LEVEL, BOLD_LEVEL = 5, 6

_NUMBERED = re.compile(r"\d{1,2}\.?((?:\d{1,2}\.?)*)\s+[^\W\d].*")
_MARK = r"[•●○■▪◦‣\uf0b7\uf0a7]"
# How word processors sign the levels of a list; numbers and letters count as the outermost.
_DEPTHS = dict.fromkeys("•●\uf0b7", 1) | dict.fromkeys("○◦", 2) | dict.fromkeys("■▪\uf0a7‣", 3)
_BULLET = re.compile(r"(?:[•●○■▪◦‣–-]|\(?(?:\d{1,2}|[a-z])[.)])\s+(.+)")
_MARKED = re.compile(rf"({_MARK})\s*(\S.*)")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    size: float  # points, rounded to halves
    bold: bool
    drop: float  # points from the baseline above to its own; 0 for the first line of a page
    hidden: bool = False
    table: RuledTable | None = None  # stands for a whole table


@dataclass(slots=True)
class _Item:
    """A line of a list, and the sign before it; "" for numbers and letters."""

    mark: str
    words: str


class Flow:
    """Puts the lines in order into `outline`; `title` is the heading above all text, as far as there is one."""

    def __init__(self, lines: list[Line]) -> None:
        self.outline = Outline()
        self._opening: list[tuple[int, str]] = []  # level and words of the headings before any text
        self._began = False
        self._level = 0  # of the heading just opened
        self._lines: list[str] = []
        self._items: list[_Item] = []
        self._rows: list[list[str]] = []
        self._measure([line for line in lines if not line.table])
        for torn in lines:
            line = replace(torn, text=self._words.mended(torn.text))
            level = None if line.table else self._level_of(line)
            if level:
                self._add_heading(line, level)
                continue
            self._began = True
            self._level = 0
            if line.table:
                self._add_table(line.table)
            else:
                self._add_text(line)
        self._close()

    @property
    def title(self) -> str:
        """The largest; among equals the last, since a company's name stands above the name of its paper."""
        if not self._opening:
            return ""
        named = [entry for entry in self._opening if not _NUMBERED.fullmatch(entry[1])] or self._opening[:1]
        largest = min(level for level, _ in named)
        return [words for level, words in named if level == largest][-1]

    def _measure(self, lines: list[Line]) -> None:
        body = Counter[float]()
        drops = Counter[float]()
        for line in lines:
            body[line.size] += len(line.text)
            drops[round(line.drop)] += len(line.text)
        self._usual = body.most_common(1)[0][0] if body else 0.0
        self._leading = max(
            (drop for drop, _ in drops.most_common(3) if drop > 0), default=self._usual, key=lambda drop: drops[drop]
        )
        self._sizes = sorted({line.size for line in lines if line.size > LARGER * self._usual}, reverse=True)
        self._words = Words(line.text for line in lines)

    def _add_table(self, table: RuledTable) -> None:
        found = [[self._words.run_on(list(cell)) for cell in row] for row in table.rows]
        if not self._rows or len(found[0]) != len(self._rows[0]):
            self._close()
        self._rows.extend(row for row in found if any(row) and row not in self._rows[:1])  # a head repeated overleaf

    def _add_heading(self, line: Line, level: int) -> None:
        self._close()
        apart = line.drop > PARAGRAPH_DROP * max(self._leading, LINE_HEIGHT * line.size)
        goes_on = level == self._level or (self._level == NUMBERED_LEVEL and level == BOLD_LEVEL)
        if goes_on and not apart and not _NUMBERED.fullmatch(line.text):
            self.outline.extend_heading(line.text)
            if not self._began:
                self._opening[-1] = (self._level, f"{self._opening[-1][1]} {line.text}")
            return
        if not self._began:
            self._opening.append((level, line.text))
        self.outline.heading(level, line.text)
        self._level = level

    def _add_text(self, line: Line) -> None:
        apart = line.drop > PARAGRAPH_DROP * self._leading
        bullet = _BULLET.fullmatch(line.text)
        marked = _MARKED.fullmatch(line.text)
        if self._rows:
            self._close()
        if marked or (bullet and len(bullet[1].split()) > 1):
            self.outline.paragraph(self._words.run_on(self._lines))
            self._lines.clear()
            if marked:
                self._items.extend(_Item(marked[1], words) for words in re.split(rf"\s+{_MARK}\s+", marked[2]))
            elif bullet:
                self._items.append(_Item("", bullet[1]))
        elif self._items and not apart:
            self._items[-1].words = self._words.run_on([self._items[-1].words, line.text])
        else:
            if apart:
                self._close()
            self._lines.append(line.text)

    def _close(self) -> None:
        self.outline.paragraph(self._words.run_on(self._lines))
        for outer, items in _by_outer(self._items):
            self.outline.paragraph(outer)  # becomes the lead of the list
            self.outline.lines(BlockKind.BULLETS, items)
        self.outline.lines(BlockKind.TABLE, table_lines(self._rows))
        self._lines, self._items, self._rows = [], [], []

    def _level_of(self, line: Line) -> int | None:
        if len(line.text.split()) > MAX_HEADING_WORDS or not any(letter.isalpha() for letter in line.text):
            return None
        if line.size in self._sizes:
            return min(self._sizes.index(line.size) + 1, NUMBERED_LEVEL - 1)
        if not line.bold or line.size < self._usual or line.text.endswith((".", ",", ";", ":")):
            return None
        if numbered := _NUMBERED.fullmatch(line.text):
            return BOLD_LEVEL if numbered[1] else NUMBERED_LEVEL
        return None if _BULLET.fullmatch(line.text) else BOLD_LEVEL


def _by_outer(items: list[_Item]) -> Iterator[tuple[str, list[str]]]:
    """A list cut where its outer items have lists of their own, each with that item; "" for items that have none.

    Left in one, a list of all kinds of leave with their rules is a page long.
    """
    outer, inner = "", list[str]()
    depths = [_DEPTHS.get(item.mark, 0) for item in items]
    for place, (item, depth) in enumerate(zip(items, depths, strict=True)):
        if depth > min(depths):
            inner.append(item.words)
        elif max(depths[place + 1 : place + 2], default=depth) > depth:
            yield outer, inner
            outer, inner = item.words, []
        elif outer:
            yield outer, inner
            outer, inner = "", [item.words]
        else:
            inner.append(item.words)
    yield outer, inner
