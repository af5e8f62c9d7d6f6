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
from bot.retrieval import answering, catalogue, languages, reindexing, standing
from bot.retrieval.block_vectors import BlockVectors
from bot.retrieval.confidence import DEFAULT_BAR
from bot.retrieval.documents import Answer, Hit, Question, Reason
from bot.retrieval.engines import filling
from bot.retrieval.engines.memory import MemoryEngine
from bot.retrieval.engines.postgres import PostgresEngine
from bot.retrieval.pages import Page
from bot.retrieval.reindexing import Encode, Report, Step
from bot.retrieval.searching import Searcher, question_vector
from bot.retrieval.words import stems, words

# all-MiniLM-L6-v2 reads 256 tokens; a question longer than this is a pasted mail, and its beginning says what is asked.
MAX_QUESTION_CHARACTERS = 1500
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
        filling.settle(self._database)
        with self._database.reading() as session:
            self._current(session)
        return report

    def search(
        self, question: Question, *, audiences: frozenset[str], day: date | None = None
    ) -> list[tuple[str, Hit]]:
        """Passages that these audiences may see, best first, with the source of the page of each.

        `day`: as things stand on that day; None leaves dates out of it. What is withdrawn is never found.
        Raises `IndexMissing` where nothing was ever indexed.
        """
        question = _shortened(question)
        vector = self._vector_of(question)
        with self._database.reading() as session:
            searcher = self._current(session)
            scope = catalogue.scope_at(session, audiences, generation=searcher.generation, day=day)
            hits = searcher.search(session, question, vector, scope=scope).hits
            sources = catalogue.sources_of(session, {hit.document for hit in hits}, scope=scope)
        return [(sources[hit.document], hit) for hit in hits if hit.document in sources]

    def answer(self, question: Question, *, audiences: frozenset[str], today: date) -> Answer:
        """Quotes with citations, or the reason why there are none, from what these audiences may see.

        `today` is the day that is asked about: what was in force then answers.
        """
        if not words(question.text):
            return Answer(reason=Reason.NO_WORDS)
        asked = _shortened(question)
        vector = self._vector_of(asked)
        with self._database.reading() as session:
            searcher = self._current(session)
            language = languages.foreign_language(asked.text, searcher.languages)
            if language:
                return Answer(reason=Reason.LANGUAGE, language=language)
            scope = catalogue.scope_at(session, audiences, generation=searcher.generation, day=today)
            found = searcher.search(session, asked, vector, scope=scope)
            shown = [hit.passage for hit in found.hits[:SHOWN]]
            answer = answering.compose(
                found.hits,
                standing.with_standing(session, catalogue.passages_of(session, shown, scope=scope), scope),
                vector=vector,
                vectors_of=lambda blocks: self._blocks.of(blocks, searcher.engine.vectors(session, shown)),
                rarity={word: found.rarity[word] for word in stems(asked.text) if word in found.rarity},
                certainty=found.confidence,
                bar=searcher.bar,
                today=today,
            )
        return replace(answer, shortened=asked is not question)

    def readable(self, source: str, *, audiences: frozenset[str], day: date) -> bool:
        """Whether these audiences may read a page that counts on this day."""
        with self._database.reading() as session:
            generation = self._current(session).generation
            scope = catalogue.scope_at(session, audiences, generation=generation, day=day)
            return catalogue.is_readable(session, source, scope=scope)

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
                load = PostgresEngine.load if self._database.on_server else MemoryEngine.load
                engine = (
                    load(session, live.number) if searcher is None else searcher.engine.moved_to(session, live.number)
                )
                self._searcher = Searcher(engine, bar=live.bar, languages=live.languages)
            return self._searcher


def _shortened(question: Question) -> Question:
    if len(question.text) <= MAX_QUESTION_CHARACTERS:
        return question
    return Question(question.text[:MAX_QUESTION_CHARACTERS], history=question.history)
