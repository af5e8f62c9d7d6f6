"""Folder -> a new live generation. Only what changed is read, cut and embedded."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database, insert
from bot.errors import KnowledgeError, Unreadable
from bot.retrieval import catalogue, chunking, languages, publishing, successions, twins
from bot.retrieval.block_vectors import BlockVectorRow
from bot.retrieval.catalogue import VectorRow
from bot.retrieval.conflicts import Conflict
from bot.retrieval.documents import Passage, Searched
from bot.retrieval.drafts import Draft
from bot.retrieval.pages import Page
from bot.retrieval.publishing import Origin
from bot.retrieval.readers.sandbox import Sandbox

# Counts up whenever the same file would be read, cut or described differently, so that every page is done again.
LAYOUT = 8
# Vectors are stored after each slice: a kill in the middle costs at most this many embeddings.
SLICE = 256
# The beginnings of a page's first passages tell its language: all 305 pages of the handbook, the starter knowledge and
# the policies get the one that five whole passages give, in under half the time; so they do with 200 characters.
LANGUAGE_PASSAGES = 5
LANGUAGE_CHARACTERS = 1000

_Vector = TypeVar("_Vector", VectorRow, BlockVectorRow)


class Encode(Protocol):
    """What is asked of an embedder."""

    @property
    def identity(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def encode_many(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def encode_parts(self, texts: Sequence[Searched]) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]: ...


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
class Trial:
    """How a candidate did before it may go live: the bar for its answers, and the golden questions.

    `found` of `asked` golden questions find their page; `fell` are those that the live generation finds and the
    candidate does not. `passed` says whether it may go live.
    """

    bar: float
    asked: int = 0
    found: int = 0
    fell: tuple[str, ...] = ()
    passed: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What a reindex did. `embedded` counts passages whose vector had to be made; `generation` is the live one.

    `trial` is None where nothing changed, or nothing was published but a plan was asked for. `conflicts` are the pairs
    of pages that disagree since this reindex. `map_changes`: what the touchpoint map beside the pages says anew.
    """

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
    trial: Trial | None = None
    conflicts: tuple[Conflict, ...] = ()
    map_changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The pages after reading, before anything is written: what a reindex would do."""

    report: Report
    drafts: tuple[Draft, ...]
    buried: tuple[int, ...]
    texts: Mapping[str, Searched]
    origin: Origin


def plan(
    database: Database,
    encoder: Encode,
    pages: Sequence[Page],
    *,
    folder: str,
    golden: str,
    progress: Callable[[Step], None],
) -> Plan:
    """Read what changed, and say what would become of it. Writes nothing.

    `golden` stands for the golden questions: where they change, the bar is set anew. Raises `KnowledgeError` where no
    page can be read.
    """
    with database.reading() as session:
        live = catalogue.live_generation(session)
        known = catalogue.digests_at(session, live.number) if live else {}
        titles = catalogue.titles_at(session, live.number) if live else {}
    with Sandbox() as sandbox:
        drafts, left_out, remarks, unchanged = _read(pages, sandbox, known, encoder.identity, progress)
    if not drafts and not unchanged:
        reasons = "\n".join(f"  {problem.source}: {problem.reason}" for problem in left_out[:20])
        raise KnowledgeError(f"Not one page in {folder} could be read, so the index was left as it was:\n{reasons}")
    kept = {page.source for page in unchanged}
    fresh = {draft.document.source for draft in drafts}
    titles = {source: title for source, title in titles.items() if source in kept}
    titles |= {draft.document.source: draft.document.title for draft in drafts}
    texts = {
        key: chunking.searched(draft.document, passage)
        for draft in drafts
        for key, passage in zip(draft.keys, draft.passages, strict=True)
    }
    missing = _missing(database, texts)
    report = Report(
        generation=live.number if live else 0,
        added=tuple(sorted(fresh - known.keys())),
        changed=tuple(sorted(fresh & known.keys())),
        removed=tuple(sorted(known.keys() - kept - fresh)),
        unchanged=len(unchanged),
        left_out=left_out,
        remarks=(*remarks, *_problems(twins.remarks(titles, {page.source: page.digest for page in pages}))),
        documents=live.documents if live else 0,
        passages=live.passages if live else 0,
        embedded=len(missing),
    )
    return Plan(
        report=report,
        drafts=drafts,
        buried=tuple(key for source, (key, _) in known.items() if source not in kept),
        texts={key: texts[key] for key in missing},
        origin=Origin(model=encoder.identity, folder=folder, pages=_digest_of(pages, golden)),
    )


def carry_out(
    database: Database,
    encoder: Encode,
    planned: Plan,
    *,
    examine: Callable[[int], Trial],
    now: datetime,
    progress: Callable[[Step], None],
) -> Report:
    """Make the planned pages the live knowledge, if the candidate passes its examination (given its number).

    The live generation goes on answering until the new one is whole, and afterwards where that does not pass. Raises
    `Overtaken` where another one became live since the plan was made.
    """
    report = planned.report
    with database.writing.begin() as session:
        publishing.discard(session)  # of a process that was killed
        live = publishing.live_as_planned(session, report.generation)
        if live and not planned.drafts and not planned.buried and live.pages == planned.origin.pages:
            wrong = successions.at(session, generation=live.number).remarks
            return replace(report, remarks=(*report.remarks, *_problems(wrong)))
    _embed(database, encoder, planned.texts, progress)
    progress(Step("writing", 0, 1))
    with database.writing.begin() as session:
        publishing.live_as_planned(session, report.generation)
        publishing.discard(session)  # of another reindex, which came in between
        candidate, wrong = publishing.propose(session, planned.drafts, planned.buried, origin=planned.origin, now=now)
    report = replace(report, remarks=(*report.remarks, *_problems(wrong)))
    progress(Step("writing", 1, 1))
    trial = examine(candidate.number)
    progress(Step("publishing", 0, 1))
    with database.writing.begin() as session:
        if trial.passed:
            publishing.publish(session, candidate.number, bar=trial.bar)
            report = replace(
                report, generation=candidate.number, documents=candidate.documents, passages=candidate.passages
            )
        else:
            publishing.discard(session)
    progress(Step("publishing", 1, 1))
    return replace(report, trial=trial)


def _problems(remarks: Iterable[tuple[str, str]]) -> tuple[Problem, ...]:
    return tuple(Problem(*remark) for remark in remarks)


def _digest_of(pages: Sequence[Page], golden: str) -> str:
    listed = sorted(f"{page.source}\n{page.digest}" for page in pages)
    return hashlib.sha256("\n".join([str(LAYOUT), golden, *listed]).encode()).hexdigest()


def _read(
    pages: Sequence[Page],
    sandbox: Sandbox,
    known: dict[str, tuple[int, str]],
    model: str,
    progress: Callable[[Step], None],
) -> tuple[tuple[Draft, ...], tuple[Problem, ...], tuple[Problem, ...], list[Page]]:
    fresh: list[Draft] = []
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
            document, said = page.read(sandbox)
        except Unreadable as fault:
            left_out.append(Problem(page.source, str(fault)))
            continue
        passages = tuple(chunking.split(document))
        if not passages:
            left_out.append(Problem(page.source, "there are only links on this page; write the answer out"))
            continue
        remarks.extend(Problem(page.source, remark) for remark in said)
        keys = tuple(vector_key(model, chunking.searched(document, passage).text) for passage in passages)
        fresh.append(Draft(document, digest, _language_of(passages), passages, keys))
    progress(Step("reading", len(pages), len(pages)))
    return tuple(fresh), tuple(left_out), tuple(remarks), unchanged


def _language_of(passages: Sequence[Passage]) -> str:
    first = passages[:LANGUAGE_PASSAGES]
    return languages.language_of(" ".join(passage.text[: LANGUAGE_CHARACTERS // len(first)] for passage in first))


def vector_key(model: str, text: str) -> str:
    """What the vector of a text is stored under."""
    return hashlib.sha256(f"{model}\n{text}".encode()).hexdigest()


def _missing(database: Database, texts: Mapping[str, Searched]) -> list[str]:
    """The keys whose vectors, or those of their blocks, are not stored, the shortest text first."""
    stored: set[str] = set()
    by_block: set[str] = set()
    with database.reading() as session:
        for some in catalogue.slices(texts):
            stored.update(session.scalars(select(VectorRow.key).where(VectorRow.key.in_(some))))
            by_block.update(session.scalars(select(BlockVectorRow.key).where(BlockVectorRow.key.in_(some))))
    missing = (key for key, text in texts.items() if key not in (by_block if len(text.parts) > 1 else stored))
    # By length: a batch is padded to its longest text, and padding costs as much as words.
    return sorted(missing, key=lambda key: len(texts[key].text))


def _embed(
    database: Database, encoder: Encode, texts: Mapping[str, Searched], progress: Callable[[Step], None]
) -> None:
    missing = list(texts)
    for start in range(0, len(missing), SLICE):
        progress(Step("embedding", start, len(missing)))
        keys = missing[start : start + SLICE]
        vectors, parts = encoder.encode_parts([texts[key] for key in keys])
        with database.writing.begin() as session:
            _store(session, VectorRow, map(VectorRow.of, keys, vectors))
            several = ((key, own) for key, own in zip(keys, parts, strict=True) if len(own) > 1)
            _store(session, BlockVectorRow, (BlockVectorRow.of(key, own) for key, own in several))
    progress(Step("embedding", len(missing), len(missing)))


def _store(session: Session, table: type[_Vector], rows: Iterable[_Vector]) -> None:
    """Store what is not stored yet: only the blocks may be missing, and another reindex may have been quicker."""
    columns = table.__table__.columns.keys()
    values = [{name: getattr(row, name) for name in columns} for row in rows]
    if values:
        session.execute(insert(session, table).on_conflict_do_nothing(), values)
