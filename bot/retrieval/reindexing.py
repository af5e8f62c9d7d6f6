"""Folder -> a new live generation. Only what changed is read, cut and embedded."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import numpy as np
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.database import Database
from bot.errors import KnowledgeError, Unreadable
from bot.retrieval import catalogue, chunking, languages, successions, terms
from bot.retrieval.documents import Document, Passage
from bot.retrieval.engines import filling
from bot.retrieval.pages import Page

# Counts up whenever the same file would be read, cut or described differently, so that every page is done again.
LAYOUT = 4
# Vectors are stored after each slice: a kill in the middle costs at most this many embeddings.
SLICE = 256


class Encode(Protocol):
    """What a reindex asks of an embedder."""

    @property
    def identity(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> np.typing.NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """How far a reindex is: `done` of `total` in this phase."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A page that was left out, or a remark about one that was taken, with the reason and the remedy."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a reindex did. `embedded` counts passages whose vector had to be made; `generation` is the live one."""

    generation: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    left_out: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    documents: int = 0
    passages: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class _Fresh:
    document: Document
    digest: str
    language: str
    passages: tuple[Passage, ...]
    keys: tuple[str, ...]


def reindex(
    database: Database,
    encoder: Encode,
    pages: Sequence[Page],
    *,
    folder: str,
    bar: Callable[[], float],
    now: datetime,
    progress: Callable[[Step], None],
) -> Report:
    """Make these pages the live knowledge, and say what changed.

    The live generation goes on answering until the new one is whole. Raises `KnowledgeError` where no page can be read.
    """
    with database.reading() as session:
        live = catalogue.live_generation(session)
        known = catalogue.digests_at(session, live.number) if live else {}
    fresh, left_out, remarks, unchanged = _read(pages, known, encoder.identity, progress)
    if not fresh and not unchanged:
        reasons = "\n".join(f"  {problem.source}: {problem.reason}" for problem in left_out[:20])
        raise KnowledgeError(f"Not one page in {folder} could be read, so the index was left as it was:\n{reasons}")
    kept = {page.source for page in unchanged}
    buried = [key for source, (key, _) in known.items() if source not in kept]
    remarks = (*remarks, *_same_titles(fresh, database, kept, live.number if live else 0))
    embedded = _embed(database, encoder, fresh, progress)
    report = Report(
        generation=live.number if live else 0,
        added=tuple(page.document.source for page in fresh if page.document.source not in known),
        changed=tuple(page.document.source for page in fresh if page.document.source in known),
        removed=tuple(sorted(set(known) - kept - {page.document.source for page in fresh})),
        unchanged=len(unchanged),
        left_out=left_out,
        remarks=remarks,
        embedded=embedded,
    )
    progress(Step("publishing", 0, 1))
    with database.writing.begin() as session:
        report = _publish(
            session, report, fresh, buried, previous=live, model=encoder.identity, folder=folder, bar=bar, now=now
        )
    progress(Step("publishing", 1, 1))
    return report


def _read(
    pages: Sequence[Page], known: dict[str, tuple[int, str]], model: str, progress: Callable[[Step], None]
) -> tuple[list[_Fresh], tuple[Problem, ...], tuple[Problem, ...], list[Page]]:
    fresh: list[_Fresh] = []
    left_out: list[Problem] = []
    remarks: list[Problem] = []
    unchanged: list[Page] = []
    for place, page in enumerate(pages):
        progress(Step("reading", place, len(pages)))
        digest = hashlib.sha256(f"{LAYOUT}\n{model}\n{page.digest}".encode()).hexdigest()
        if page.source in known and known[page.source][1] == digest:
            unchanged.append(page)
            continue
        try:
            document, said = page.read()
        except Unreadable as fault:
            left_out.append(Problem(page.source, str(fault)))
            continue
        passages = tuple(chunking.split(document))
        if not passages:
            left_out.append(Problem(page.source, "there are only links on this page; write the answer out"))
            continue
        remarks.extend(Problem(page.source, remark) for remark in said)
        keys = tuple(_vector_key(model, chunking.searched_text(document, passage)) for passage in passages)
        language = languages.language_of(" ".join(passage.text for passage in passages[:5]))
        fresh.append(_Fresh(document, digest, language, passages, keys))
    progress(Step("reading", len(pages), len(pages)))
    return fresh, tuple(left_out), tuple(remarks), unchanged


def _vector_key(model: str, text: str) -> str:
    return hashlib.sha256(f"{model}\n{text}".encode()).hexdigest()


def _same_titles(fresh: Sequence[_Fresh], database: Database, kept: set[str], generation: int) -> Iterator[Problem]:
    titles: dict[str, list[str]] = {}
    with database.reading() as session:
        for title, source in session.execute(
            select(catalogue.DocumentRow.title, catalogue.DocumentRow.source).where(catalogue.alive_at(generation))
        ):
            if source in kept:
                titles.setdefault(title, []).append(source)
    for page in fresh:
        titles.setdefault(page.document.title, []).append(page.document.source)
    for title, sources in sorted(titles.items()):
        first, *others = sorted(sources)
        for source in others:
            yield Problem(source, f'has the same title as {first}, "{title}"; rename one so that readers can tell')


def _embed(database: Database, encoder: Encode, fresh: Iterable[_Fresh], progress: Callable[[Step], None]) -> int:
    texts = {
        key: chunking.searched_text(page.document, passage)
        for page in fresh
        for key, passage in zip(page.keys, page.passages, strict=True)
    }
    with database.reading() as session:
        stored = set(session.scalars(select(catalogue.VectorRow.key)))
    # By length: a batch is padded to its longest text, and padding costs as much as words.
    missing = sorted((key for key in texts if key not in stored), key=lambda key: len(texts[key]))
    for start in range(0, len(missing), SLICE):
        progress(Step("embedding", start, len(missing)))
        keys = missing[start : start + SLICE]
        vectors = encoder.encode([texts[key] for key in keys])
        with database.writing.begin() as session:
            session.add_all(
                catalogue.VectorRow(key=key, vector=vector.astype("<f4").tobytes())
                for key, vector in zip(keys, vectors, strict=True)
            )
    progress(Step("embedding", len(missing), len(missing)))
    return len(missing)


def _publish(
    session: Session,
    report: Report,
    fresh: Sequence[_Fresh],
    buried: Sequence[int],
    *,
    previous: catalogue.Generation | None,
    model: str,
    folder: str,
    bar: Callable[[], float],
    now: datetime,
) -> Report:
    number = (previous.number if previous else 0) + 1
    catalogue.bury(session, buried, died=number)
    for page in fresh:
        _write(session, page, born=number)
    filling.fill(session)
    _forget_before(session, number - 1)
    wrong = tuple(Problem(*remark) for remark in successions.write(session, generation=number))
    counts = session.execute(
        select(func.count(catalogue.DocumentRow.id.distinct()), func.count(catalogue.PassageRow.id))
        .join(catalogue.PassageRow, catalogue.PassageRow.document == catalogue.DocumentRow.id)
        .where(catalogue.alive_at(number))
    ).one()
    spoken = Counter(session.scalars(select(catalogue.DocumentRow.language).where(catalogue.alive_at(number))))
    session.execute(update(catalogue.Generation).values(state=catalogue.PREVIOUS))
    session.add(
        catalogue.Generation(
            number=number,
            state=catalogue.LIVE,
            model=model,
            folder=folder,
            built_at=now,
            documents=counts[0],
            passages=counts[1],
            bar=bar(),
            languages=languages.common(spoken),
        )
    )
    return replace(
        report, generation=number, documents=counts[0], passages=counts[1], remarks=(*report.remarks, *wrong)
    )


def _write(session: Session, page: _Fresh, *, born: int) -> None:
    document = page.document
    sections = catalogue.add_document(session, document, digest=page.digest, language=page.language, born=born)
    row = session.get_one(catalogue.SectionRow, sections[0]).document
    session.add_all(
        catalogue.PassageRow(
            document=row,
            section=sections[passage.section],
            first_block=passage.blocks[0],
            last_block=passage.blocks[1],
            text=passage.text,
            vector=key,
            terms=terms.packed(
                terms.terms_of(
                    title=document.title,
                    headings=document.sections[passage.section].headings,
                    keywords=document.keywords,
                    text=passage.text,
                )
            ),
        )
        for passage, key in zip(page.passages, page.keys, strict=True)
    )


def _forget_before(session: Session, oldest: int) -> None:
    """Drop what no kept generation shows: documents that died at or before `oldest`, and vectors nothing uses."""
    session.execute(delete(catalogue.DocumentRow).where(catalogue.DocumentRow.died <= oldest))
    session.execute(delete(catalogue.Generation).where(catalogue.Generation.number < oldest))
    successions.forget_before(session, oldest)
    session.execute(
        delete(catalogue.VectorRow).where(catalogue.VectorRow.key.not_in(select(catalogue.PassageRow.vector)))
    )
