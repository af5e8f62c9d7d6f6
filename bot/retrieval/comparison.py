"""Fresh pages against all others: which of their blocks disagree. Runs after a reindex, and only on what is new."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bot.conditions import Conditions, exclude_each_other, from_stored
from bot.database import Database
from bot.retrieval import catalogue
from bot.retrieval.answering import quotable
from bot.retrieval.catalogue import AudienceRow, DocumentRow, PassageRow, SectionRow
from bot.retrieval.conflicts import ComparedRow, ConflictRow
from bot.retrieval.disagreement import Disagreement, Doubt, Statement, doubts, judge
from bot.retrieval.documents import Searched
from bot.retrieval.engines.base import Engine
from bot.retrieval.passages import block_of
from bot.retrieval.reindexing import Step
from bot.retrieval.rows import Rows, rows_of
from bot.retrieval.scope import Scope

# The passages of other pages that a passage is compared with, and how near they must be. The planted conflicts were all
# nearer than .46.
NEIGHBORS = 3
NEAR_PASSAGES = 0.45
# A longer block is a table or a list of many cases, and which words of it go together is not said.
LONGEST_BLOCK = 200
# Words of clauses that may be embedded for each word of the fresh pages: what a reindex pays for this is bounded.
# Below a few pages' worth it costs nobody anything.
WORDS_SHARE = 0.04
WORDS_AT_LEAST = 1500
# Of the pairs of blocks the nearest that the rules look at: with all of them a first index of 100,000 passages took
# over twenty minutes for this. The 18F handbook has 13,400 pairs.
PAIRS_A_PASSAGE = 2
PAIRS_AT_LEAST = 15_000
ROWS = 512


class Encode(Protocol):
    def encode_parts(self, texts: Sequence[Searched]) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]: ...


@dataclass(frozen=True, slots=True)
class _Place:
    """A block of the live knowledge, found by a passage that touches it."""

    document: int
    passage: int
    section: int
    block: int


@dataclass(frozen=True, slots=True)
class _Pair:
    first: _Place
    second: _Place
    nearness: float
    doubts: tuple[Doubt, ...]

    @property
    def promise(self) -> float:
        """How likely the clauses are near: their passages' nearness and the words they share."""
        return self.nearness + max(
            len(doubt.first.stems & doubt.second.stems) / max(1, min(len(doubt.first.stems), len(doubt.second.stems)))
            for doubt in self.doubts
        )


def compare(
    database: Database,
    encoder: Encode,
    engine: Engine,
    *,
    now: datetime,
    progress: Callable[[Step], None] = lambda _step: None,
) -> list[int]:
    """Compare every page of the engine's generation that never was with all others, and store what disagrees.

    Returns the numbers of the new conflicts.
    """
    with database.reading() as session:
        fresh = _fresh(session, engine.generation)
        if not fresh:
            return []
        audiences, living = _everybody(session, engine.generation)
        rows = rows_of(session, engine.generation, documents=fresh if len(fresh) < living else None)
        scope = Scope(audiences, generation=engine.generation)
        near = list(_neighbors(session, engine, rows, scope, progress))
        progress(Step("comparing", len(rows.passages), len(rows.passages)))
        places = _places(session, {*rows.passages.tolist(), *(other for _, other, _ in near)})
        statements, holding = _statements(session, {place.section for touched in places.values() for place in touched})
    words = _words([place for key in rows.passages.tolist() for place in places[key]], statements)
    together = [
        (nearness, first, second)
        for nearness, first, second in _together(near, places, statements)
        if not exclude_each_other(holding.get(first.section, ()), holding.get(second.section, ()))
    ][: max(PAIRS_AT_LEAST, PAIRS_A_PASSAGE * len(rows.passages))]
    found = _disagreements(list(_pairs(together, statements, progress)), words, encoder)
    with database.writing.begin() as session:
        alive = _kept(session, {*fresh, *(place.document for pair, _ in found for place in (pair.first, pair.second))})
        stored = [_row(pair, said, now) for pair, said in found if {pair.first.document, pair.second.document} <= alive]
        session.add_all([ComparedRow(document=key) for key in fresh if key in alive])
        session.add_all(stored)
        session.flush()
        return [row.id for row in stored]


def _fresh(session: Session, generation: int) -> list[int]:
    """The living documents that were never compared."""
    compared = exists().where(ComparedRow.document == DocumentRow.id)
    return sorted(session.scalars(select(DocumentRow.id).where(catalogue.alive_at(generation), ~compared)))


def _everybody(session: Session, generation: int) -> tuple[frozenset[str], int]:
    """The audiences of all living documents, and how many documents live."""
    alive = catalogue.alive_at(generation)
    named = select(AudienceRow.audience).join(DocumentRow, AudienceRow.document == DocumentRow.id).where(alive)
    living = session.scalar(select(func.count()).select_from(DocumentRow).where(alive))
    return frozenset(session.scalars(named.distinct())), living or 0


def _kept(session: Session, documents: Collection[int]) -> set[int]:
    """Those of these documents that are still there."""
    key = DocumentRow.id
    return {
        found for some in catalogue.slices(documents) for found in session.scalars(select(key).where(key.in_(some)))
    }


def _neighbors(
    session: Session, engine: Engine, rows: Rows, scope: Scope, progress: Callable[[Step], None]
) -> Iterator[tuple[int, int, float]]:
    """(fresh passage, passage of another document, their cosine), for the nearest."""
    own = Counter(rows.documents.tolist())
    for row, (passage, document) in enumerate(zip(rows.passages.tolist(), rows.documents.tolist(), strict=True)):
        if row % ROWS == 0:
            progress(Step("comparing", row, len(rows.passages)))
        found = engine.candidates(
            session, {}, rows.vectors[row].astype(np.float32), scope=scope, k=NEIGHBORS + own[document]
        )
        others = np.flatnonzero((found.documents != document) & (found.cosines >= NEAR_PASSAGES))
        for at in others[np.argsort(-found.cosines[others], kind="stable")][:NEIGHBORS]:
            yield passage, int(found.passages[at]), float(found.cosines[at])


def _places(session: Session, passages: Collection[int]) -> dict[int, tuple[_Place, ...]]:
    """Passage -> the blocks that it touches."""
    found = {}
    for some in catalogue.slices(passages):
        for key, document, section, first, last in session.execute(
            select(
                PassageRow.id, PassageRow.document, PassageRow.section, PassageRow.first_block, PassageRow.last_block
            ).where(PassageRow.id.in_(some))
        ):
            found[key] = tuple(_Place(document, key, section, block) for block in range(first, last + 1))
    return found


def _statements(
    session: Session, sections: Collection[int]
) -> tuple[dict[tuple[int, int], Statement], dict[int, Conditions]]:
    """(section, place of the block) -> what stands there, for every block that may be quoted; and for which customers
    a section holds, where it does not for all."""
    found = {}
    holding = {}
    for some in catalogue.slices(sections):
        for section, title in session.execute(
            select(SectionRow, DocumentRow.title)
            .join(DocumentRow, SectionRow.document == DocumentRow.id)
            .where(SectionRow.id.in_(some))
        ):
            if section.conditions:
                holding[section.id] = from_stored(section.conditions)
            for place, block in enumerate(map(block_of, section.blocks)):
                if quotable(block) and len(block.text.split()) <= LONGEST_BLOCK:
                    found[section.id, place] = Statement(" > ".join((title, *section.headings)), block.text)
    return found, holding


def _words(fresh: Iterable[_Place], statements: Mapping[tuple[int, int], Statement]) -> int:
    """How many words may be embedded for the comparison of these blocks."""
    blocks = {(place.section, place.block) for place in fresh}
    own = sum(len(statements[key].text.split()) for key in blocks if key in statements)
    return max(WORDS_AT_LEAST, int(WORDS_SHARE * own))


def _together(
    near: Iterable[tuple[int, int, float]],
    places: Mapping[int, tuple[_Place, ...]],
    statements: Mapping[tuple[int, int], Statement],
) -> list[tuple[float, _Place, _Place]]:
    """The pairs of blocks, one of them fresh, whose passages are near, with their cosine, the nearest first."""
    best: dict[tuple[tuple[int, int], tuple[int, int]], tuple[float, _Place, _Place]] = {}
    for passage, neighbor, nearness in near:
        for one in places[passage]:
            for other in places[neighbor]:
                first, second = sorted((one, other), key=lambda place: (place.document, place.section, place.block))
                key = ((first.section, first.block), (second.section, second.block))
                if nearness > best.get(key, (0.0,))[0]:
                    best[key] = (nearness, first, second)
    known = [pair for keys, pair in best.items() if all(key in statements for key in keys)]
    return sorted(known, key=lambda pair: (-pair[0], pair[1].passage, pair[2].passage, pair[1].block, pair[2].block))


def _pairs(
    together: Sequence[tuple[float, _Place, _Place]],
    statements: Mapping[tuple[int, int], Statement],
    progress: Callable[[Step], None],
) -> Iterator[_Pair]:
    """Of these pairs those that the rules cannot reconcile."""
    for place, (nearness, first, second) in enumerate(together):
        if place % ROWS == 0:
            progress(Step("weighing", place, len(together)))
        here, there = statements[first.section, first.block], statements[second.section, second.block]
        if here.text != there.text and (said := doubts(here, there)):
            yield _Pair(first, second, nearness, tuple(said))
    progress(Step("weighing", len(together), len(together)))


def _disagreements(pairs: Sequence[_Pair], words: int, encoder: Encode) -> list[tuple[_Pair, Disagreement]]:
    """What the meaning of the clauses confirms, for the most promising pairs that `words` words pay for."""
    texts: dict[str, None] = {}
    weighed: list[_Pair] = []
    for pair in sorted(pairs, key=lambda one: (-one.promise, one.first.passage, one.second.passage)):
        own = [clause.meant for doubt in pair.doubts for clause in (doubt.first, doubt.second)]
        words -= sum(len(text.split()) for text in dict.fromkeys(own) if text not in texts)
        if words < 0:
            break
        texts |= dict.fromkeys(own)
        weighed.append(pair)
    if not weighed:
        return []
    vectors = dict(zip(texts, encoder.encode_parts([Searched(text) for text in texts])[0], strict=True))
    judged = ((pair, judge(pair.doubts, passages=pair.nearness, meaning=vectors.__getitem__)) for pair in weighed)
    return [(pair, said) for pair, said in judged if said is not None]


def _row(pair: _Pair, said: Disagreement, now: datetime) -> ConflictRow:
    return ConflictRow(
        first_document=pair.first.document,
        first_passage=pair.first.passage,
        first_block=pair.first.block,
        first_sentence=said.first,
        first_says=said.here,
        second_document=pair.second.document,
        second_passage=pair.second.passage,
        second_block=pair.second.block,
        second_sentence=said.second,
        second_says=said.there,
        kind=said.kind.value,
        certain=said.certain,
        found_at=now,
        shown=0,
    )
