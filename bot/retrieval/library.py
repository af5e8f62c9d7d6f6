"""The one door to the knowledge: reindex a folder, search, answer."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.database import Database
from bot.errors import IndexMissing
from bot.retrieval import (
    answering,
    applying,
    catalogue,
    changes,
    comparison,
    conflicts,
    judgments,
    languages,
    mending,
    named,
    publishing,
    reading,
    reindexing,
    standing,
)
from bot.retrieval.about import NoticeBoard
from bot.retrieval.changes import Change
from bot.retrieval.confidence import DEFAULT_BAR
from bot.retrieval.conflicts import Conflict
from bot.retrieval.documents import Answer, Hit, Question, Reason
from bot.retrieval.engines import choice, filling
from bot.retrieval.engines.base import Engine
from bot.retrieval.pages import Page
from bot.retrieval.passages import passages_of
from bot.retrieval.reading import LivePage, PageText, Reader
from bot.retrieval.reindexing import Encode, Plan, Report, Step, Trial
from bot.retrieval.scopes import Scopes
from bot.retrieval.searching import Findings, Searcher, question_vector
from bot.words import stems, words

# all-MiniLM-L6-v2 reads 256 tokens; a question longer than this is a pasted mail, and its beginning says what is meant.
READ_CHARACTERS = 1500
# The passages whose text is fetched: those that are weighed, and enough others to name the closest pages.
SHOWN = 24
# A question is searched twice where others read along, and follow-ups repeat it.
QUESTIONS = 256


@dataclass(frozen=True, slots=True)
class Status:
    """The live generation, as an admin asks for it."""

    generation: int
    built_at: datetime
    folder: str
    model: str
    documents: int
    passages: int
    bar: float
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The pages that a question finds, best first, and how likely it is that they answer."""

    pages: tuple[str, ...]
    confidence: float


# A question, the audiences it is asked by, and the day -> what one generation finds.
Finder = Callable[[Question, frozenset[str], date], Found]
# The candidate and the live generation (None before the first) -> whether the candidate may take its place.
Examine = Callable[[Finder, Finder | None], Trial]


class Library:
    """Everything retrieval offers. Safe to use from several threads; notices what other processes publish."""

    def __init__(self, database: Database, encoder: Encode) -> None:
        self._database = database
        self._encoder = encoder
        self._lock = Lock()
        self._searcher: Searcher | None = None
        self._vector_of = lru_cache(maxsize=QUESTIONS)(self._embedded)
        self._board = NoticeBoard(encoder.encode)
        self._scopes = Scopes()
        self._named: tuple[int, frozenset[str]] = (0, frozenset())

    def plan(
        self,
        pages: Sequence[Page],
        *,
        folder: str,
        golden: str = "",
        progress: Callable[[Step], None] = lambda _step: None,
    ) -> Plan:
        """What a reindex of these pages (of `pages.pages_in(folder)`) would do; nothing is written.

        `golden` stands for the golden questions that `reindex` examines with.
        """
        return reindexing.plan(self._database, self._encoder, pages, folder=folder, golden=golden, progress=progress)

    def reindex(
        self,
        pages: Sequence[Page],
        *,
        folder: str,
        now: datetime,
        progress: Callable[[Step], None] = lambda _step: None,
    ) -> Report:
        """Make these pages the live knowledge without an examination."""
        return self.carry_out(self.plan(pages, folder=folder, progress=progress), now=now, progress=progress)

    def carry_out(
        self,
        planned: Plan,
        *,
        now: datetime,
        examine: Examine = lambda _candidate, _live: Trial(DEFAULT_BAR),
        progress: Callable[[Step], None] = lambda _step: None,
    ) -> Report:
        """Make the planned pages the live knowledge, if the candidate passes the examination."""
        report = reindexing.carry_out(
            self._database,
            self._encoder,
            planned,
            examine=lambda number: examine(*self._finders(number)),
            now=now,
            progress=progress,
        )
        filling.settle(self._database)
        with self._database.reading() as session:
            engine = self._current(session).engine
        found = comparison.compare(self._database, self._encoder, engine, now=now, progress=progress)
        with self._database.reading() as session:
            searcher = self._current(session)
            return replace(report, conflicts=tuple(conflicts.live(session, generation=searcher.generation, only=found)))

    def roll_back(self) -> tuple[int, int]:
        """Go back to the state before the last reindex; returns the generation left and the one now live.

        Raises `NothingToGoBackTo`.
        """
        with self._database.writing.begin() as session:
            return publishing.roll_back(session)

    def was_rolled_back(self, planned: Plan) -> datetime | None:
        """When exactly these pages were built and then rolled back from; None where they were not."""
        with self._database.reading() as session:
            return publishing.was_rolled_back(session, planned.origin.pages)

    def search(
        self, question: Question, *, audiences: frozenset[str], day: date | None = None
    ) -> list[tuple[str, Hit]]:
        """Passages that these audiences may see, best first, with the source of the page of each.

        `day`: as things stand on that day; None leaves dates out of it. What is withdrawn is never found.
        Raises `IndexMissing` where nothing was ever indexed.
        """
        vector = self._vector_of(question)
        with self._database.reading() as session:
            searcher = self._current(session)
            scope = self._scopes.at(session, audiences, generation=searcher.generation, day=day)
            hits = searcher.search(session, question, vector, scope=scope).hits
            sources = catalogue.sources_of(session, {hit.document for hit in hits}, scope=scope)
        return [(sources[hit.document], hit) for hit in hits if hit.document in sources]

    def answer(
        self,
        question: Question,
        *,
        audiences: frozenset[str],
        today: date,
        now: datetime | None = None,
        folders: frozenset[str] = frozenset(),
    ) -> Answer:
        """Quotes with citations, or the reason why there are none, from what these audiences may see.

        `today` is the day that is asked about: what was in force then answers. `now` is the moment whose notices stand
        on top; None for an answer about another day, which they say nothing of. `folders`: only from these, if any.
        Where the question comes with a customer's facts, nothing is quoted whose conditions they do not meet.
        """
        if not words(question.text):
            return Answer(reason=Reason.NO_WORDS)
        vector = self._vector_of(question)
        with self._database.reading() as session:
            searcher = self._current(session)
            language = languages.foreign_language(question.text[:READ_CHARACTERS], searcher.languages)
            if language:
                refusal = Answer(reason=Reason.LANGUAGE, language=language)
                return self._board.on_top(session, question.text, refusal, {}, audiences=audiences, now=now)
            scope = self._scopes.at(session, audiences, generation=searcher.generation, day=today, folders=folders)
            found = searcher.search(session, question, vector, scope=scope)
            shown = [hit.passage for hit in found.hits[:SHOWN]]
            clashes = conflicts.clashes(session, {hit.document for hit in found.hits[:SHOWN]}, scope=scope)
            needed = sorted({*shown, *(passage for clash in clashes for passage in clash.passages)})
            rarity = {word: found.rarity[word] for word in stems(question.text) if word in found.rarity}
            passages = passages_of(session, needed, scope=scope)
            lowered = judgments.lowered(session, passages.values(), question=vector)
            apt = applying.apt(standing.with_standing(session, passages, scope), question.facts, today=today)
            answer = answering.compose(
                found.hits,
                apt.passages,
                vector=vector,
                rarity=rarity,
                certainty=found.confidence_without(apt.unmet),
                bar=searcher.bar,
                today=today,
                clashes=clashes,
                lowered=lowered if _others_answer(session, lowered, found, bar=searcher.bar) else {},
                unmet=apt.unmet,
                certainty_with_unmet=found.confidence,
            )
            answer = self._board.on_top(session, question.text, answer, rarity, audiences=audiences, now=now)
        if worn := [passage.passage for passage in passages.values() if passage.worn]:
            mending.read_again(self._database, worn)
        return replace(answer, shortened=len(question.text) > READ_CHARACTERS)

    def conflicts(self, *, owner: str = "") -> list[Conflict]:
        """The pages that disagree today, of one owner (the key of a team) or of all.

        Raises `IndexMissing` where nothing was ever indexed.
        """
        with self._database.reading() as session:
            return conflicts.live(session, generation=self._current(session).generation, owner=owner)

    def readable(self, source: str, *, audiences: frozenset[str], day: date) -> bool:
        """Whether these audiences may read a page that counts on this day."""
        with self._database.reading() as session:
            generation = self._current(session).generation
            scope = self._scopes.at(session, audiences, generation=generation, day=day)
            return catalogue.is_readable(session, source, scope=scope)

    def pages(self, *, reader: Reader, day: date) -> list[LivePage]:
        """The pages that somebody may read on this day, by path. Nothing where nothing is indexed."""
        with self._database.reading() as session:
            live = catalogue.live_generation(session)
            if live is None:
                return []
            scope = self._scopes.at(session, reader.audiences, generation=live.number, day=day)
            return reading.pages(session, reader=reader, scope=scope)

    def sources(self, *, audiences: frozenset[str], day: date) -> frozenset[str]:
        """The paths of the pages that these audiences may read on this day."""
        with self._database.reading() as session:
            live = catalogue.live_generation(session)
            if live is None:
                return frozenset()
            scope = self._scopes.at(session, audiences, generation=live.number, day=day)
            return reading.sources(session, scope=scope)

    def page(self, source: str, *, reader: Reader, day: date) -> PageText | None:
        """The text of a page; None where there is none, or none for them."""
        with self._database.reading() as session:
            live = catalogue.live_generation(session)
            if live is None:
                return None
            scope = self._scopes.at(session, reader.audiences, generation=live.number, day=day)
            return reading.page(session, source, reader=reader, scope=scope)

    def titles(self, sources: Collection[str], *, audiences: frozenset[str], day: date) -> dict[str, str]:
        """Source -> title, of those of these pages that these audiences may read and that count on this day."""
        with self._database.reading() as session:
            generation = self._current(session).generation
            scope = self._scopes.at(session, audiences, generation=generation, day=day)
            return catalogue.titles_within(session, sources, scope=scope)

    def audiences_named(self, *, now: datetime) -> frozenset[str]:
        """The `group:` and `channel:` audiences of the pages that are live and the notices that stand now."""
        with self._database.reading() as session:
            live = catalogue.live_generation(session)
            number = live.number if live else 0
            known, by_pages = self._named
            if known != number:  # no page changes within a generation
                by_pages = frozenset(named.by_pages(session, generation=number))
                self._named = (number, by_pages)
            return by_pages | named.by_notices(session, now=now)

    def changes(self, *, audiences: frozenset[str], day: date, moment: datetime) -> list[Change]:
        """The pages these audiences may read that came or were edited after a moment, the last first."""
        with self._database.reading() as session:
            generation = self._current(session).generation
            scope = self._scopes.at(session, audiences, generation=generation, day=day)
            return changes.since(session, moment, scope=scope)

    def folders(self) -> list[str]:
        """The folders of the live knowledge; "" stands for pages in none. Nothing where nothing is indexed."""
        with self._database.reading() as session:
            live = catalogue.live_generation(session)
            return catalogue.folders_at(session, live.number) if live else []

    @property
    def encoder(self) -> Encode:
        """The model, for what is searched elsewhere."""
        return self._encoder

    def meaning(self, question: Question) -> NDArray[np.float32]:
        """The unit vector that a question is searched with."""
        return self._vector_of(question)

    def meanings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector a row, in the order given."""
        return self._encoder.encode(texts)

    def warm_up(self) -> None:
        """Load the model and the index, so that the first question does not wait for them."""
        self._encoder.encode(["warm up"])
        languages.foreign_language("load the table of languages", ["en"])
        with self._database.reading() as session:
            self._current(session)

    def status(self) -> Status | None:
        """What is live, or None where nothing was ever indexed."""
        with self._database.reading() as session:
            live = catalogue.live_generation(session)
        if live is None:
            return None
        return Status(
            generation=live.number,
            built_at=live.built_at,
            folder=live.folder,
            model=live.model,
            documents=live.documents,
            passages=live.passages,
            bar=live.bar,
            languages=tuple(live.languages),
        )

    def _finders(self, candidate: int) -> tuple[Finder, Finder | None]:
        with self._database.reading() as session:
            if catalogue.live_generation(session) is None:
                first = Searcher(self._engine(session, candidate), bar=0.0, languages=())
                return partial(self._found, first), None
            live = self._current(session)
            moved = Searcher(self._engine(session, candidate, live), bar=0.0, languages=live.languages)
        return partial(self._found, moved), partial(self._found, live)

    def _found(self, searcher: Searcher, question: Question, audiences: frozenset[str], day: date) -> Found:
        vector = self._vector_of(question)
        with self._database.reading() as session:
            scope = self._scopes.at(session, audiences, generation=searcher.generation, day=day)
            found = searcher.search(session, question, vector, scope=scope)
            sources = catalogue.sources_of(session, {hit.document for hit in found.hits}, scope=scope)
        pages = dict.fromkeys(sources[hit.document] for hit in found.hits if hit.document in sources)
        return Found(tuple(pages), found.confidence)

    def _embedded(self, question: Question) -> NDArray[np.float32]:
        last = question.text[:READ_CHARACTERS]
        texts = [last]
        if question.history:
            texts.append(" ".join((*question.history[-2:], last)))
        return question_vector(self._encoder.encode(texts))

    def _current(self, session: Session) -> Searcher:
        """The searcher of the live generation; loads it where another process or a reindex has published a new one."""
        live = catalogue.live_generation(session)
        if live is None:
            raise IndexMissing("Nothing is indexed yet. Run `throughline reindex`.")
        searcher = self._searcher
        if searcher is not None and searcher.generation == live.number:
            return searcher
        with self._lock:
            if self._searcher is None or self._searcher.generation != live.number:
                engine = self._engine(session, live.number, searcher)
                self._searcher = Searcher(engine, bar=live.bar, languages=live.languages)
            return self._searcher

    def _engine(self, session: Session, generation: int, before: Searcher | None = None) -> Engine:
        """The engine of a generation, from the one before where there is one; what is damaged is mended first."""
        engine = before.engine.moved_to(session, generation) if before else choice.load(session, generation)
        if not engine.damaged:
            return engine
        mending.mend(self._database, self._encoder, engine.damaged)
        with self._database.reading() as afterwards:
            return choice.load(afterwards, generation)


def _others_answer(session: Session, lowered: Mapping[int, float], found: Findings, *, bar: float) -> bool:
    """Whether what is left without the lowered sections clears the bar: a section that alone answers stays."""
    return bool(lowered) and found.confidence_without(judgments.passages_in(session, lowered)) >= bar
