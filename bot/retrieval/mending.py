"""Passages whose stored bytes changed by themselves, as on a failing disk: made anew from their own text."""

import logging
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.database import Database
from bot.retrieval import chunking, reindexing, terms
from bot.retrieval.block_vectors import BlockVectorRow
from bot.retrieval.catalogue import DocumentRow, PassageRow, SectionRow, VectorRow
from bot.retrieval.documents import Document, Passage, Section
from bot.retrieval.reindexing import Encode

log = logging.getLogger(__name__)

_REMEDY = "Check the disk and the memory of this machine, then run `throughline reindex`."


@dataclass(frozen=True, slots=True)
class _Text:
    """What a passage is made from. `searched` is what its vector stands for."""

    passage: int
    document: int
    key: str
    searched: str
    terms: bytes


def mend(database: Database, encoder: Encode, passages: Collection[int]) -> None:
    """Make the vectors and terms of these passages anew and store them; the log says what became of them.

    Where the text itself is no longer the one that was embedded, only the next reindex can help. It reads all these
    pages again: their keywords are stored nowhere else.
    """
    with database.reading() as session:
        texts = _texts(session, passages)
    sound = [text for text in texts if reindexing.vector_key(encoder.identity, text.searched) == text.key]
    vectors = encoder.encode([text.searched for text in sound]) if sound else ()
    try:
        with database.writing.begin() as session:
            for text, vector in zip(sound, vectors, strict=True):
                session.merge(VectorRow.of(text.key, vector))
                session.get_one(PassageRow, text.passage).remember_terms(text.terms)
            pages = {text.document for text in texts}
            session.execute(update(DocumentRow).where(DocumentRow.id.in_(pages)).values(digest=""))
    except DBAPIError as fault:
        reason = f"they cannot be stored again ({fault.orig})"
        log.warning("Damaged passages of the index: %s left out, since %s. %s", len(texts), reason, _REMEDY)
        return
    if sound:
        log.warning("Damaged passages of the index: %s made anew. %s", len(sound), _REMEDY)
    if left := len(texts) - len(sound):
        log.warning("Damaged passages of the index: %s left out, since their text changed too. %s", left, _REMEDY)


def read_again(database: Database, passages: Collection[int]) -> None:
    """Drop the damaged vectors of the blocks of these passages; the next reindex makes them anew from the pages."""
    keys = select(PassageRow.vector).where(PassageRow.id.in_(passages))
    pages = select(PassageRow.document).where(PassageRow.id.in_(passages))
    try:
        with database.writing.begin() as session:
            session.execute(delete(BlockVectorRow).where(BlockVectorRow.key.in_(keys)))
            session.execute(update(DocumentRow).where(DocumentRow.id.in_(pages)).values(digest=""))
    except DBAPIError as fault:
        log.warning("Damaged blocks of the index cannot be dropped (%s). %s", fault.orig, _REMEDY)
        return
    log.warning("Damaged blocks of the index: those of %s passages dropped. %s", len(passages), _REMEDY)


def _texts(session: Session, passages: Collection[int]) -> list[_Text]:
    rows = session.execute(
        select(PassageRow, SectionRow.headings, DocumentRow.title)
        .join(SectionRow, PassageRow.section == SectionRow.id)
        .join(DocumentRow, PassageRow.document == DocumentRow.id)
        .where(PassageRow.id.in_(passages))
        .order_by(PassageRow.id)
    )
    return [_text(*row) for row in rows]


def _text(row: PassageRow, headings: list[str], title: str) -> _Text:
    document = Document(source="", title=title, sections=(Section(tuple(headings), blocks=()),))
    searched = chunking.searched(
        document, Passage(section=0, blocks=(row.first_block, row.last_block), text=row.text)
    ).text
    found = terms.terms_of(title=title, headings=headings, keywords=(), text=row.text)
    return _Text(row.id, row.document, key=row.vector, searched=searched, terms=terms.packed(found))
