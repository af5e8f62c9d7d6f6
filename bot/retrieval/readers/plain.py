"""Plain text and CSV -> sections."""

import csv
import io
import re

from bot.errors import Unreadable
from bot.retrieval.documents import BlockKind
from bot.retrieval.readers.outline import Body, Outline, table_lines

_BULLET = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+(.*)")

# Far more than anybody reads in a cell; beyond it a quotation mark was left open.
LONGEST_CELL = 131_072


def read_text(text: str) -> Body:
    """Paragraphs apart by empty lines; runs of lines that start with a mark or a number are lists."""
    outline = Outline()
    for paragraph in re.split(r"\n\s*\n", text):
        items: list[str] = []
        words: list[str] = []
        for line in paragraph.splitlines():
            bullet = _BULLET.fullmatch(line)
            if bullet:
                outline.paragraph(" ".join(words))
                words = []
                items.append(" ".join(bullet[1].split()))
            elif items and line.startswith((" ", "\t")):
                items[-1] = f"{items[-1]} {' '.join(line.split())}"
            else:
                outline.lines(BlockKind.BULLETS, items)
                items = []
                words.extend(line.split())
        outline.paragraph(" ".join(words))
        outline.lines(BlockKind.BULLETS, items)
    return Body("", outline.sections())


def read_csv(text: str) -> Body:
    """A table whose first row names the columns."""
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:8192], delimiters=",;\t|")
    except csv.Error:
        dialect = "excel"
    csv.field_size_limit(LONGEST_CELL)  # of the whole process, and an import of customers allows more
    try:
        rows = [[" ".join(cell.split()) for cell in row] for row in csv.reader(io.StringIO(text), dialect)]
    except csv.Error as fault:
        raise Unreadable(f"the table cannot be read ({fault}); export it as CSV again") from fault
    outline = Outline()
    outline.lines(BlockKind.TABLE, table_lines([row for row in rows if any(row)]))
    return Body("", outline.sections())
