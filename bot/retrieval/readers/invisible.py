"""Letters that nobody sees: they would carry words past the people who proofread a page, or tear words apart."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.retrieval.documents import Section

# Without effect where they stand in real text, so they go without a word: soft hyphens, form feeds, zero bytes.
_HARMLESS = re.compile("[\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_SUSPICIOUS = re.compile(
    "[\u200b\u2060-\u2064\u206a-\u206f\ufeff\u180b-\u180e\u115f\u1160\u3164\uffa0\u034f\ufff9-\ufffb"  # no width
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # direction
    "\ufe00-\ufe0d\U000e0000-\U000e01ef"  # tags and variations: a whole hidden alphabet
    "\ud800-\udfff]"  # halves of letters
)
# Emoji, Persian and Indian scripts need joiners between their letters; Latin, Greek and Cyrillic do not.
_JOINED = "\u0590-\u2bff\u3000-\U0001ffff"
_JOINER = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])")


def stripped(text: str) -> tuple[str, int]:
    """The text without invisible letters, and how many suspicious ones there were."""
    if text.isascii() and text.isprintable():
        return text, 0
    shown, removed = _SUSPICIOUS.subn("", _HARMLESS.sub("", text))
    shown, joiners = _JOINER.subn("", shown)
    return shown, removed + joiners


class Cleaner:
    """Cleans the parts of a document and counts what it took out, beside what was taken out of its text before."""

    def __init__(self, removed: int = 0) -> None:
        self._removed = removed

    def line(self, text: str) -> str:
        shown, removed = stripped(text)
        self._removed += removed
        return " ".join(shown.split()) if shown != text else text

    def section(self, section: Section) -> Section:
        blocks = (
            replace(block, lines=tuple(filter(None, map(self.line, block.lines))), lead=self.line(block.lead))
            for block in section.blocks
        )
        headings = filter(None, map(self.line, section.headings))
        return Section(headings=tuple(headings), blocks=tuple(block for block in blocks if block.lines))

    def remarks(self) -> Iterator[str]:
        if self._removed:
            yield (
                f"{self._removed:,} invisible letters (without width, of direction, or tags) were taken out; if nobody "
                "put them there on purpose, ask where the page comes from"
            )
