"""Passages as they are quoted: with their section, and what their citation says."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from bot.retrieval.catalogue import SCOPES, DocumentRow, PassageRow, SectionRow, within
from bot.retrieval.documents import Block, BlockKind
from bot.retrieval.scope import Scope


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with the section it lies in, as it is quoted, and what its citation says.

    `first` and `last` are the blocks of the section that the passage touches. `replaced_on` is the day on which
    the page titled `replaced_by` takes over, None where none is known to the asker.
    """

    passage: int
    document: int
    section: int
    source: str
    title: str
    owner: str
    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    first: int
    last: int
    text: str
    effective: date | None
    verified: date | None
    review_by: date | None
    replaced_on: date | None = None
    replaced_by: str = ""


def passages_of(session: Session, passages: Collection[int], *, scope: Scope) -> dict[int, FoundPassage]:
    """Passages by id, left out where they are outside the scope."""
    rows = session.execute(_passages_within(scope), {"passages": sorted(passages)}).mappings()
    return {
        row["passage"]: FoundPassage(
            **{**row, "headings": tuple(row["headings"]), "blocks": tuple(map(block_of, row["blocks"]))}
        )
        for row in rows
    }


@lru_cache(maxsize=SCOPES)
def _passages_within(scope: Scope) -> Select[Any]:
    """The columns are named for the fields of `FoundPassage`."""
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
            PassageRow.first_block.label("first"),
            PassageRow.last_block.label("last"),
            PassageRow.text,
            DocumentRow.effective,
            DocumentRow.verified,
            DocumentRow.review_by,
        )
        .join(SectionRow, PassageRow.section == SectionRow.id)
        .join(DocumentRow, PassageRow.document == DocumentRow.id)
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
