"""How many names of people are masked in labeled texts, and how many other words."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.personal import Span

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared" / "data"
TICKETS = SHARED / "it_tickets"
Names = list[tuple[int, int]]


@dataclass
class Figures:
    found: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    others: int = 0  # words that are no names
    others_masked: int = 0

    @property
    def recall(self) -> float:
        return self.found / (self.found + len(self.missed))

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.wrong))

    @property
    def share_of_others(self) -> float:
        return self.others_masked / self.others

    def __str__(self) -> str:
        return (
            f"{self.found} of {self.found + len(self.missed)} names ({self.recall:.1%}), "
            f"precision {self.precision:.1%}, "
            f"{self.others_masked} of {self.others} other words ({self.share_of_others:.2%})"
        )


def measured(texts: Iterable[tuple[str, Names]], finder: Callable[[str], Iterable[Span]]) -> Figures:
    """A name is found where it is masked whole; a span is wrong where it touches none."""
    figures = Figures()
    for text, names in texts:
        spans = [(span.start, span.end) for span in finder(text)]
        for start, end in names:
            if any(first <= start and end <= last for first, last in spans):
                figures.found += 1
            else:
                figures.missed.append(f"{text[start:end]!r} in {_around(text, start, end)}")
        for start, end in spans:
            if not _touches(start, end, names):
                figures.wrong.append(f"{text[start:end]!r} in {_around(text, start, end)}")
        others = [word for word in re.finditer(r"\w+", text) if not _touches(word.start(), word.end(), names)]
        figures.others += len(others)
        figures.others_masked += sum(_touches(word.start(), word.end(), spans) for word in others)
    return figures


def own(part: str) -> Iterator[tuple[str, Names]]:
    """`dev` was looked at while the rules were written; `held_out` never, but who wrote it wrote the words of cues.py.

    `fresh` was written against the rules and looked at once; `unseen` after that, and nothing was changed since.
    """
    file = PROJECT / "tests" / "personal_names" / f"{part}.jsonl"
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["text"], [(start, end) for start, end in row["names"]]


def tickets() -> Iterator[tuple[str, Names]]:
    """Real ones of strangers, with where their raisers sign."""
    spans = json.loads((TICKETS / "name_spans.json").read_text(encoding="utf-8"))
    for ticket in json.loads((TICKETS / "it_tickets.json").read_text(encoding="utf-8")):
        yield ticket["Issue"], [(span["start"], span["end"]) for span in spans[ticket["id"]]]


def raisers() -> list[str]:
    spans = json.loads((TICKETS / "name_spans.json").read_text(encoding="utf-8"))
    return sorted({span["text"] for said in spans.values() for span in said})


def pages() -> Iterator[tuple[str, Names]]:
    for file in sorted((PROJECT / "knowledge").rglob("*.md")):
        yield file.read_text(encoding="utf-8"), []


def reports() -> Iterator[tuple[str, Names]]:
    for report in json.loads((SHARED / "friction_reports_60.json").read_text(encoding="utf-8")):
        yield report["text"], []


def _touches(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in spans)


def _around(text: str, start: int, end: int) -> str:
    return repr(text[max(0, start - 40) : end + 40])
