"""The one door to the knowledge: reindex a folder, search, answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.database import open_readers, open_sessions
from bot.errors import IndexMissing
from bot.retrieval import answering, catalogue, languages, reindexing
from bot.retrieval.documents import Answer, Hit, Question, Reason
from bot.retrieval.reindexing import Encode, Page, Report, Step
from bot.retrieval.searching import Searcher, question_vector
from bot.retrieval.words import words

# all-MiniLM-L6-v2 reads 256 tokens; a question longer than this is a pasted mail, and its beginning says what is asked.
MAX_QUESTION_CHARACTERS = 1500


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

    def __init__(self, engine: Engine, encoder: Encode) -> None:
        self._sessions = open_sessions(engine)
        self._readers = open_readers(engine)
        self._encoder = encoder
        self._lock = Lock()
        self._searcher: Searcher | None = None

    def reindex(
        self,
        pages: Sequence[Page],
        *,
        folder: str,
        now: datetime,
        progress: Callable[[Step], None] = lambda _step: None,
    ) -> Report:
        """Make these pages (of `reindexing.pages_in(folder)`) the live knowledge."""
        report = reindexing.reindex(
            self._sessions,
            self._encoder,
            pages,
            folder=folder,
            bar=lambda: answering.DEFAULT_BAR,
            now=now,
            progress=progress,
        )
        with self._readers() as session:
            self._current(session)
        return report

    def search(self, question: Question, *, audiences: frozenset[str]) -> list[tuple[str, Hit]]:
        """Passages that these audiences may see, best first, with the source of the page of each.

        Raises `IndexMissing` where nothing was ever indexed.
        """
        question = _shortened(question)
        vector = self._vector(question)
        with self._readers() as session:
            searcher = self._current(session)
            hits = searcher.hits(session, question, vector, audiences=audiences)
            sources = catalogue.sources_of(
                session, {hit.document for hit in hits}, audiences=audiences, generation=searcher.generation
            )
        return [(sources[hit.document], hit) for hit in hits if hit.document in sources]

    def answer(self, question: Question, *, audiences: frozenset[str], today: date) -> Answer:
        """Quotes with citations, or the reason why there are none, from what these audiences may see."""
        if not words(question.text):
            return Answer(quotes=(), reason=Reason.NO_WORDS)
        asked = _shortened(question)
        vector = self._vector(asked)
        with self._readers() as session:
            searcher = self._current(session)
            foreign = languages.foreign_language(asked.text, searcher.languages)
            hits = searcher.hits(session, asked, vector, audiences=audiences)
            passages = catalogue.passages_of(
                session, [hit.passage for hit in hits[: answering.CONSIDERED]], audiences=audiences
            )
            answer = answering.compose(
                asked, hits, passages, bar=searcher.bar, encode=self._encoder.encode, vector=vector, today=today
            )
        return answering.told(answer, foreign=foreign, shortened=asked is not question)

    def status(self) -> Status | None:
        """What is live, or None where nothing was ever indexed."""
        with self._readers() as session:
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

    def _vector(self, question: Question):
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
