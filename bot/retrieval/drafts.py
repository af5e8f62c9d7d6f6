"""Pages that were read anew, and how they are written: many at once, since a statement costs more than its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.conditions import as_stored
from bot.retrieval import terms
from bot.retrieval.catalogue import AudienceRow, DocumentRow, PassageRow, SectionRow, checksum_of
from bot.retrieval.documents import Document, Passage

# Drafts whose rows are in memory at a time.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A page that was read anew. `keys` name the vectors of its passages."""

    document: Document
    digest: str
    language: str
    passages: tuple[Passage, ...]
    keys: tuple[str, ...]


def write(session: Session, drafts: Sequence[Draft], *, born: int) -> None:
    """Write the rows of these pages, each after the one before it, as documents of this generation.

    Every page has an audience, a section and a passage.
    """
    for start in range(0, len(drafts), AT_ONCE):
        _write(session, drafts[start : start + AT_ONCE], born=born)


def _write(session: Session, drafts: Sequence[Draft], *, born: int) -> None:
    documents = _inserted(session, DocumentRow, [_document(draft, born) for draft in drafts])
    pairs = list(zip(drafts, documents, strict=True))
    session.execute(insert(AudienceRow), [row for pair in pairs for row in _audiences(*pair)])
    sections = iter(_inserted(session, SectionRow, [row for pair in pairs for row in _sections(*pair)]))
    passages = [
        row for draft, key in pairs for row in _passages(draft, key, [next(sections) for _ in draft.document.sections])
    ]
    session.execute(insert(PassageRow), passages)


def _inserted(session: Session, table: type[DocumentRow | SectionRow], rows: list[dict[str, Any]]) -> Sequence[int]:
    """The ids that the database gave the rows, in their order."""
    statement = insert(table).returning(table.id, sort_by_parameter_order=True)
    return session.scalars(statement, rows).all()


def _document(draft: Draft, born: int) -> dict[str, Any]:
    document = draft.document
    return {
        "source": document.source,
        "digest": draft.digest,
        "title": document.title,
        "owner": document.owner,
        "language": draft.language,
        "effective": document.effective,
        "verified": document.verified,
        "review_by": document.review_by,
        "supersedes": list(document.supersedes),
        "born": born,
        "died": None,
    }


def _audiences(draft: Draft, key: int) -> Iterator[dict[str, Any]]:
    return ({"document": key, "audience": audience} for audience in sorted(draft.document.audiences))


def _sections(draft: Draft, key: int) -> Iterator[dict[str, Any]]:
    for section in draft.document.sections:
        blocks = [asdict(block) for block in section.blocks]
        yield {
            "document": key,
            "headings": list(section.headings),
            "blocks": blocks,
            "conditions": as_stored(section.conditions),
        }


def _passages(draft: Draft, key: int, sections: Sequence[int]) -> Iterator[dict[str, Any]]:
    document = draft.document
    for passage, vector in zip(draft.passages, draft.keys, strict=True):
        packed = terms.packed(
            terms.terms_of(
                title=document.title,
                headings=document.sections[passage.section].headings,
                keywords=document.keywords,
                text=passage.text,
            )
        )
        yield {
            "document": key,
            "section": sections[passage.section],
            "first_block": passage.blocks[0],
            "last_block": passage.blocks[1],
            "text": passage.text,
            "vector": vector,
            "terms": packed,
            "checksum": checksum_of(vector, packed),
        }
