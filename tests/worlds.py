"""Random worlds for the permission oracle: who may see what, as plain Python values that no query was asked about."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
from bot.retrieval import chunking
from bot.retrieval.confidence import Evidence, confidence
from bot.retrieval.documents import Block, BlockKind, Document, Question, Section
from bot.retrieval.reindexing import Encode
from bot.retrieval.searching import question_vector
from bot.retrieval.terms import question_terms, terms_of

from test_engines import bm25
from test_library import AUDIENCES, MATTERS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
DAYS = [TODAY + timedelta(days=days) for days in (-400, -30, -1, 0, 1, 30, 400)]
PAGES = 24
# Stands in everything that a page says, and nowhere else.
MARK = "mark{:02}x"
# No two pages that say how long say the same, so each that is shown beside another contradicts it.
PERIOD = "{} months"


@dataclass(frozen=True)
class Told:
    """A notice of the world."""

    number: int
    text: str
    question: str
    audiences: frozenset[str]
    stands: bool


@dataclass
class World:
    """Who may see what: pages by path, notices, and what is withdrawn."""

    pages: dict[str, Document]
    notices: list[Told] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)
    _replaced_by: dict[str, set[str]] = field(default_factory=dict)

    def replaced_by(self, source: str) -> set[str]:
        """The pages that replace this one, also through others; pages that replace each other in a circle do not."""
        if not self._replaced_by:
            reached = {other: self._reached(other, straight=True) for other in self.pages}
            self._replaced_by = {one: {other for other in self.pages if one in reached[other]} for one in self.pages}
        return self._replaced_by[source]

    def _reached(self, source: str, *, straight: bool) -> set[str]:
        seen: set[str] = set()
        ahead = self._edges(source, straight=straight)
        while ahead:
            page = ahead.pop()
            if page not in seen:
                seen.add(page)
                ahead += self._edges(page, straight=straight)
        return seen

    def _edges(self, source: str, *, straight: bool) -> list[str]:
        named = [other for other in self.pages[source].supersedes if other in self.pages and other != source]
        return [other for other in named if not straight or source not in self._reached(other, straight=False)]

    def certainty(self, question: Question, asker: frozenset[str], day: date, encoder: Encode) -> float:
        """How sure an answer may be that knows of nothing but the pages that the asker is answered from."""
        pages = [self.pages[source] for source in sorted(self.visible(asker, day))]
        if not pages:
            return 0.0
        texts = [(page, passage) for page in pages for passage in chunking.split(page)]
        turns = [question.text, " ".join((*question.history[-2:], question.text))]
        asked = question_vector(encoder.encode(turns if question.history else turns[:1])).astype(np.float64)
        cosines = encoder.encode([chunking.searched(*text).text for text in texts]) @ asked
        words = question_terms(question)
        terms = [terms_of(title=page.title, headings=(), keywords=(), text=passage.text) for page, passage in texts]
        scores, rarity = bm25(words, dict(enumerate(terms)))
        best = max(scores.values())
        share = best / (sum(weight * rarity[word] for word, weight in words.items()) or 1.0)
        return confidence(
            Evidence(float(cosines.max()), float(cosines.mean()), best / (2 if question.history else 1), share)
        )

    def may_see(self, source: str, asker: frozenset[str]) -> bool:
        return bool(self.pages[source].audiences & asker) and source not in self.withdrawn

    def in_force(self, source: str, day: date) -> bool:
        effective = self.pages[source].effective
        return effective is None or effective <= day

    def visible(self, asker: frozenset[str], day: date | None) -> set[str]:
        """What somebody is answered from on a day."""
        allowed = {source for source in self.pages if self.may_see(source, asker)}
        if day is None:
            return allowed
        return {
            source
            for source in allowed
            if self.in_force(source, day)
            and not any(
                self.pages[newer].audiences & asker and self.in_force(newer, day) for newer in self.replaced_by(source)
            )
        }

    def replacement(self, source: str, asker: frozenset[str], day: date) -> tuple[date | None, set[str]]:
        """The day on which another page takes over that the asker may see, and the titles that it may have."""
        coming = [
            page for page in self.replaced_by(source) if self.may_see(page, asker) and not self.in_force(page, day)
        ]
        if not coming:
            return None, {""}
        first = min(self.pages[page].effective or TODAY for page in coming)
        return first, {self.pages[page].title for page in coming if self.pages[page].effective == first}


def period_of(source: str) -> str:
    """What a page says of how long, if it says anything of it."""
    return PERIOD.format(100 + int(source.removeprefix("mark").removesuffix("x.md")))


def random_world(dice: random.Random) -> World:
    pages: dict[str, Document] = {}
    names = [f"{MARK.format(number)}.md" for number in range(PAGES)]
    for number, source in enumerate(names):
        said = [f"The rule for the {MATTERS[number % len(MATTERS)]} in district {number} is {MARK.format(number)}."]
        if number % 3 == 0:
            said.append(f"Call recordings are kept for {period_of(source)} and then erased automatically.")
        pages[source] = Document(
            source=source,
            title=f"Rule {MARK.format(number)}",
            sections=(Section((), tuple(Block(BlockKind.PARAGRAPH, (text,)) for text in said)),),
            audiences=frozenset(dice.choices(AUDIENCES, k=dice.randint(1, 3))),
            owner=f"team{number}",
            effective=dice.choice([None, None, None, *DAYS]),
            supersedes=tuple(dice.sample(names, k=dice.choice([0, 0, 0, 1, 2]))),
        )
    return World(dict(dice.sample(sorted(pages.items()), k=dice.randint(PAGES // 2, PAGES))))
