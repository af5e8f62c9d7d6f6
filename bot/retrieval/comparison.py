"""Fresh pages against all others: which of their blocks disagree. Runs after a reindex, and only on what is new."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.retrieval import catalogue
from bot.retrieval.answering import quotable
from bot.retrieval.catalogue import PassageRow, SectionRow, Snapshot
from bot.retrieval.conflicts import ComparedRow, ConflictRow
from bot.retrieval.disagreement import Disagreement, Doubt, Statement, doubts, judge
from bot.retrieval.reindexing import Step

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
ROWS = 512


class Encode(Protocol):
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


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
    database: Database, encoder: Encode, *, now: datetime, progress: Callable[[Step], None] = lambda _step: None
) -> list[int]:
    """Compare every page that never was with all others, and store what disagrees.

    Returns the numbers of the new conflicts.
    """
    with database.reading() as session:
        live = catalogue.live_generation(session)
        if live is None:
            return []
        snapshot = catalogue.load_snapshot(session, live.number)
        compared = set(session.scalars(select(ComparedRow.document)))
        fresh = [key for key in dict.fromkeys(snapshot.documents.tolist()) if key not in compared]
        if not fresh:
            return []
        progress(Step("comparing", 0, 1))
        places = _places(session, snapshot)
        statements = _statements(session, live.number)
    found = _disagreements(
        _pairs(snapshot, fresh, places, statements), _words(snapshot, fresh, places, statements), encoder
    )
    with database.writing.begin() as session:
        alive = set(session.scalars(select(catalogue.DocumentRow.id)))
        rows = [_row(pair, said, now) for pair, said in found if {pair.first.document, pair.second.document} <= alive]
        session.add_all([ComparedRow(document=key) for key in fresh if key in alive])
        session.add_all(rows)
        session.flush()
        numbers = [row.id for row in rows]
    progress(Step("comparing", 1, 1))
    return numbers


def _places(session: Session, snapshot: Snapshot) -> list[tuple[_Place, ...]]:
    """The blocks that each passage of the snapshot touches, row by row."""
    rows = {
        key: (document, section, first, last)
        for key, document, section, first, last in session.execute(
            select(
                PassageRow.id, PassageRow.document, PassageRow.section, PassageRow.first_block, PassageRow.last_block
            )
        )
    }
    return [
        tuple(_Place(document, key, section, block) for block in range(first, last + 1))
        for key in snapshot.passages.tolist()
        for document, section, first, last in (rows[key],)
    ]


def _statements(session: Session, generation: int) -> dict[tuple[int, int], Statement]:
    """(section, place of the block) -> what stands there, for every block that may be quoted."""
    rows = session.execute(
        select(SectionRow, catalogue.DocumentRow.title)
        .join(catalogue.DocumentRow, SectionRow.document == catalogue.DocumentRow.id)
        .where(catalogue.alive_at(generation))
    )
    return {
        (section.id, place): Statement(" > ".join((title, *section.headings)), block.text)
        for section, title in rows
        for place, block in enumerate(map(catalogue.block_of, section.blocks))
        if quotable(block) and len(block.text.split()) <= LONGEST_BLOCK
    }


def _words(
    snapshot: Snapshot,
    fresh: Sequence[int],
    places: Sequence[tuple[_Place, ...]],
    statements: Mapping[tuple[int, int], Statement],
) -> int:
    """How many words may be embedded for the comparison of these documents."""
    own = set(fresh)
    blocks = {
        (place.section, place.block)
        for document, touched in zip(snapshot.documents.tolist(), places, strict=True)
        if document in own
        for place in touched
    }
    return max(
        WORDS_AT_LEAST, int(WORDS_SHARE * sum(len(statements[key].text.split()) for key in blocks if key in statements))
    )


def _pairs(
    snapshot: Snapshot,
    fresh: Sequence[int],
    places: Sequence[tuple[_Place, ...]],
    statements: Mapping[tuple[int, int], Statement],
) -> list[_Pair]:
    """The pairs of blocks, one of them fresh, that the rules cannot reconcile."""
    best: dict[tuple[tuple[int, int], tuple[int, int]], tuple[float, _Place, _Place]] = {}
    for row, neighbor, nearness in _neighbors(snapshot, np.isin(snapshot.documents, fresh)):
        for one in places[row]:
            for other in places[neighbor]:
                first, second = sorted((one, other), key=lambda place: (place.document, place.section, place.block))
                key = ((first.section, first.block), (second.section, second.block))
                if nearness > best.get(key, (0.0,))[0]:
                    best[key] = (nearness, first, second)
    found = []
    for (mine, theirs), (nearness, first, second) in best.items():
        here, there = statements.get(mine), statements.get(theirs)
        if here is not None and there is not None and here.text != there.text and (said := doubts(here, there)):
            found.append(_Pair(first, second, nearness, tuple(said)))
    return found


def _neighbors(snapshot: Snapshot, fresh: NDArray[np.bool_]) -> Iterator[tuple[int, int, float]]:
    """(row of a fresh passage, row of a passage of another document, their cosine), for the nearest."""
    rows = np.flatnonzero(fresh)
    for start in range(0, len(rows), ROWS):
        chunk = rows[start : start + ROWS]
        cosines = snapshot.vectors[chunk] @ snapshot.vectors.T
        cosines[snapshot.documents[chunk][:, None] == snapshot.documents[None, :]] = -1.0
        nearest = np.argsort(-cosines, axis=1)[:, :NEIGHBORS]
        for row, own, near in zip(chunk.tolist(), cosines, nearest, strict=True):
            yield from ((row, int(other), float(own[other])) for other in near if own[other] >= NEAR_PASSAGES)


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
    vectors = dict(zip(texts, encoder.encode(list(texts)), strict=True))
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
