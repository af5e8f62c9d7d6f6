"""Words that the end of a line tore apart are put together again, as far as the text elsewhere has them whole."""

import re
from collections.abc import Iterable, Sequence

_AROUND_WORDS = ".,;:!?()[]\"'“”‘’-"
# What pdfium writes for a hyphen at the end of a line.
HYPHEN = "\ufffe"
_AT_HYPHEN = re.compile(rf"(\S*){HYPHEN}\s*(\S*)")


class Words:
    """The words of one text."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._known = {_bare(word) for line in lines for word in line.split() if HYPHEN not in word}

    def mended(self, line: str) -> str:
        """A line that pdfium joined from two at a hyphen: without it where the word is known whole."""
        return _AT_HYPHEN.sub(lambda found: found[1] + self._hyphen(found[1], found[2]) + found[2], line)

    def run_on(self, lines: Sequence[str]) -> str:
        """Lines as one text; torn apart may be with a hyphen, or in a narrow cell without one."""
        text = ""
        for line in (" ".join(line.split()) for line in lines):
            before, after = text.rpartition(" ")[2], line.partition(" ")[0]
            if not before or not after:
                text += line
            elif before.endswith("-") and len(before) > 1 and after[0].islower():
                text = f"{text[:-1]}{self._hyphen(before[:-1], after)}{line}"
            else:
                text += line if self._is_torn(before, after) else f" {line}"
        return text

    def _hyphen(self, before: str, after: str) -> str:
        return "" if _bare(before + after) in self._known else "-"

    def _is_torn(self, before: str, after: str) -> bool:
        parts = {_bare(before), _bare(after)}
        return after[0].islower() and _bare(before + after) in self._known and not parts <= self._known


def _bare(word: str) -> str:
    return word.strip(_AROUND_WORDS).casefold()
