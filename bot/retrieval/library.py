"""The one door to the knowledge: reindex a folder, search, answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.database import Database
from bot.errors import IndexMissing
from bot.retrieval import answering, catalogue, comparison, conflicts, languages, lexical, reindexing
from bot.retrieval.block_vectors import BlockVectors
from bot.retrieval.confidence import DEFAULT_BAR
from bot.retrieval.conflicts import Conflict
from bot.retrieval.documents import Answer, Hit, Question, Reason
from bot.retrieval.pages import Page
from bot.retrieval.reindexing import Encode, Report, Step
from bot.retrieval.searching import Searcher, question_vector
from bot.retrieval.words import words

# all-MiniLM-L6-v2 reads 256 tokens; a question longer than this is a pasted mail, and its beginning says what is asked.
MAX_QUESTION_CHARACTERS = 1500
# The passages whose text is fetched: those that are weighed, and enough others to name the closest pages.
SHOWN = 20
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


class Library:
    """Everything retrieval offers. Safe to use from several threads; notices what other processes publish."""

    def __init__(self, database: Database, encoder: Encode) -> None:
        self._database = database
        self._encoder = encoder
        self._lock = Lock()
        self._searcher: Searcher | None = None
        self._blocks = BlockVectors(encoder.encode)
        self._vector_of = lru_cache(maxsize=QUESTIONS)(self._embedded)

    def reindex(
        self,
        pages: Sequence[Page],
        *,
        folder: str,
        now: datetime,
        progress: Callable[[Step], None] = lambda _step: None,
    ) -> Report:
        """Make these pages (of `pages.pages_in(folder)`) the live knowledge."""
        report = reindexing.reindex(
            self._database,
            self._encoder,
            pages,
            folder=folder,
            bar=lambda: DEFAULT_BAR,
            now=now,
            progress=progress,
        )
        found = comparison.compare(self._database, self._encoder, now=now, progress=progress)
        with self._database.reading() as session:
            searcher = self._current(session)
            return replace(report, conflicts=tuple(conflicts.live(session, generation=searcher.generation, only=found)))

    def search(self, question: Question, *, audiences: frozenset[str]) -> list[tuple[str, Hit]]:
        """Passages that these audiences may see, best first, with the source of the page of each.

        Raises `IndexMissing` where nothing was ever indexed.
        """
        question = _shortened(question)
        vector = self._vector_of(question)
        with self._database.reading() as session:
            searcher = self._current(session)
            hits = searcher.hits(session, question, vector, audiences=audiences)
            sources = catalogue.sources_of(
                session, {hit.document for hit in hits}, audiences=audiences, generation=searcher.generation
            )
        return [(sources[hit.document], hit) for hit in hits if hit.document in sources]

    def answer(self, question: Question, *, audiences: frozenset[str], today: date) -> Answer:
        """Quotes with citations, or the reason why there are none, from what these audiences may see."""
        if not words(question.text):
            return Answer(reason=Reason.NO_WORDS)
        asked = _shortened(question)
        vector = self._vector_of(asked)
        with self._database.reading() as session:
            searcher = self._current(session)
            language = languages.foreign_language(asked.text, searcher.languages)
            if language:
                return Answer(reason=Reason.LANGUAGE, language=language)
            hits = searcher.hits(session, asked, vector, audiences=audiences)
            shown = [hit.passage for hit in hits[:SHOWN]]
            clashes = conflicts.clashes(
                session,
                {hit.document for hit in hits[:SHOWN]},
                audiences=audiences,
                generation=searcher.generation,
            )
            needed = {*shown, *(passage for clash in clashes for passage in clash.passages)}
            answer = answering.compose(
                hits,
                catalogue.passages_of(session, sorted(needed), audiences=audiences),
                vector=vector,
                vectors_of=lambda blocks: self._blocks.of(blocks, searcher.vectors(sorted(needed))),
                rarity=lexical.rarity(session, asked.text),
                certainty=searcher.confidence(asked, hits, vector, audiences=audiences),
                bar=searcher.bar,
                today=today,
                clashes=clashes,
            )
        return replace(answer, shortened=asked is not question)

    def conflicts(self, *, owner: str = "") -> list[Conflict]:
        """The pages that disagree today, of one owner (the key of a team) or of all.

        Raises `IndexMissing` where nothing was ever indexed.
        """
        with self._database.reading() as session:
            return conflicts.live(session, generation=self._current(session).generation, owner=owner)

    def readable(self, source: str, *, audiences: frozenset[str]) -> bool:
        """Whether these audiences may read a page."""
        with self._database.reading() as session:
            return catalogue.is_readable(
                session, source, audiences=audiences, generation=self._current(session).generation
            )

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

    def _embedded(self, question: Question) -> NDArray[np.float32]:
        texts = [question.text]
        if question.history:
            texts.append(" ".join((*question.history[-2:], question.text)))
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
                snapshot = catalogue.load_snapshot(session, live.number)
                self._searcher = Searcher(snapshot, bar=live.bar, languages=live.languages)
            return self._searcher


def _shortened(question: Question) -> Question:
    if len(question.text) <= MAX_QUESTION_CHARACTERS:
        return question
    return Question(question.text[:MAX_QUESTION_CHARACTERS], history=question.history)
