"""Passages as they are quoted: with their section, and what their citation says."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session

from bot.conditions import Conditions, Judged, Standing, from_stored
from bot.retrieval import block_vectors
from bot.retrieval.block_vectors import BlockVectorRow
from bot.retrieval.catalogue import (
    SCOPES,
    STORED_VECTOR,
    DocumentRow,
    PassageRow,
    SectionRow,
    VectorRow,
    is_sound,
    within,
)
from bot.retrieval.documents import Block, BlockKind
from bot.retrieval.scope import Scope
from bot.retrieval.validity import JudgmentRow


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with the section it lies in, as it is quoted, and what its citation says.

    `first` and `last` are the blocks of the section that the passage touches, `meanings` has a unit vector for each of
    them, all the same where the stored ones are damaged (`worn`). `replaced_on` is the day on which
    the page titled `replaced_by` takes over, None where none is known to the asker. `doubted`: somebody said of
    its section that it did not answer a question. `conditions` say for which customers the section holds, `judged` how
    they stand for the one who is asked about.
    """

    passage: int
    document: int
    section: int
    source: str
    title: str
    owner: str
    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    conditions: Conditions
    first: int
    last: int
    text: str
    effective: date | None
    verified: date | None
    review_by: date | None
    meanings: NDArray[np.float32] = field(compare=False, repr=False)
    worn: bool
    doubted: bool
    replaced_on: date | None = None
    replaced_by: str = ""
    judged: tuple[Judged, ...] = ()

    @property
    def particular(self) -> bool:
        """Whether it has conditions, and the customer who is asked about meets them all."""
        return bool(self.judged) and all(one.standing is Standing.MET for one in self.judged)

    def meaning(self, block: int) -> NDArray[np.float32]:
        """The unit vector of a block that the passage touches."""
        meaning: NDArray[np.float32] = self.meanings[block - self.first]
        return meaning


def passages_of(session: Session, passages: Collection[int], *, scope: Scope) -> dict[int, FoundPassage]:
    """Passages by id, left out where they are outside the scope or their vector is not the one that was written."""
    rows = session.execute(_passages_within(scope), {"passages": sorted(passages)}).mappings()
    return {row["passage"]: _found(dict(row)) for row in rows if is_sound(row["key"], row["whole"], row["whole_sum"])}


def _found(row: dict[str, Any]) -> FoundPassage:
    key, whole, parts = row.pop("key"), row.pop("whole"), row.pop("parts")
    sound = is_sound(key, parts, row.pop("parts_sum"))
    row["worn"] = parts is not None and not sound
    del row["whole_sum"]
    row["meanings"] = block_vectors.meanings(
        np.frombuffer(whole, dtype=STORED_VECTOR).astype(np.float32),
        parts if sound else b"",
        blocks=row["last"] - row["first"] + 1,
    )
    row["headings"], row["blocks"] = tuple(row["headings"]), tuple(map(block_of, row["blocks"]))
    row["conditions"] = from_stored(row["conditions"])
    return FoundPassage(**row)


@lru_cache(maxsize=SCOPES)
def _passages_within(scope: Scope) -> Select[Any]:
    """The columns are named for the fields of `FoundPassage`, but for those that `_found` makes `meanings` from."""
    return (
        select(
            PassageRow.id.label("passage"),
            DocumentRow.id.label("document"),
            SectionRow.id.label("section"),
            DocumentRow.source,
            DocumentRow.title,
            DocumentRow.owner,
            SectionRow.headings,
            SectionRow.blocks,
            SectionRow.conditions,
            PassageRow.first_block.label("first"),
            PassageRow.last_block.label("last"),
            PassageRow.text,
            DocumentRow.effective,
            DocumentRow.verified,
            DocumentRow.review_by,
            PassageRow.vector.label("key"),
            VectorRow.vector.label("whole"),
            VectorRow.checksum.label("whole_sum"),
            BlockVectorRow.vectors.label("parts"),
            BlockVectorRow.checksum.label("parts_sum"),
            # Seldom true: asked here, it costs no statement of its own.
            exists().where(JudgmentRow.section == SectionRow.id, JudgmentRow.doubt > 0).label("doubted"),
        )
        .join(SectionRow, PassageRow.section == SectionRow.id)
        .join(DocumentRow, PassageRow.document == DocumentRow.id)
        .join(VectorRow, PassageRow.vector == VectorRow.key)
        .outerjoin(BlockVectorRow, PassageRow.vector == BlockVectorRow.key)
        .where(PassageRow.id.in_(bindparam("passages", expanding=True)), within(scope))
    )


def block_of(fields: dict[str, Any]) -> Block:
    """A block as `drafts.write` stored it."""
    return Block(
        kind=BlockKind(fields["kind"]),
        lines=tuple(fields["lines"]),
        lead=fields["lead"],
        navigation=fields["navigation"],
    )
