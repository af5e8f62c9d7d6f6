"""Pages that are written many at once belong together as if each had been written alone."""

from datetime import date

import pytest
from bot.database import Database
from bot.retrieval import catalogue, chunking, drafts
from bot.retrieval.catalogue import AudienceRow, DocumentRow, PassageRow, SectionRow
from bot.retrieval.documents import Block, BlockKind, Document, Section
from bot.retrieval.drafts import Draft
from bot.retrieval.terms import packed, terms_of
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

pytestmark = pytest.mark.each_engine


def draft(number: int) -> Draft:
    """A page of one to three sections, whose every text names the page."""
    sections = tuple(
        Section((f"Part {part} of {number}",), (Block(BlockKind.PARAGRAPH, (f"Rule {part} of page {number} holds.",)),))
        for part in range(number % 3 + 1)
    )
    document = Document(
        f"{number}.md",
        f"Page {number}",
        sections,
        owner=f"owner-{number}",
        audiences=frozenset({"everyone", f"role:{number}"}),
        supersedes=(f"old-{number}.md",),
        effective=date(2026, 1, 1) if number % 2 else None,
    )
    passages = tuple(chunking.split(document))
    return Draft(document, f"digest-{number}", "en", passages, tuple(f"{number}-{at}" for at in range(len(passages))))


def assert_stored(session: Session, expected: list[Draft]) -> None:
    rows = session.scalars(select(DocumentRow).order_by(DocumentRow.id)).all()
    assert [row.source for row in rows] == [one.document.source for one in expected]
    for row, one in zip(rows, expected, strict=True):
        document = one.document
        assert (row.title, row.owner, row.digest, row.language) == (document.title, document.owner, one.digest, "en")
        assert (row.supersedes, row.effective, row.died) == (list(document.supersedes), document.effective, None)
        readers = session.scalars(select(AudienceRow.audience).where(AudienceRow.document == row.id))
        assert set(readers) == document.audiences
        sections = session.scalars(
            select(SectionRow).where(SectionRow.document == row.id).order_by(SectionRow.id)
        ).all()
        assert [section.headings for section in sections] == [list(section.headings) for section in document.sections]
        stored = session.scalars(select(PassageRow).where(PassageRow.document == row.id).order_by(PassageRow.id)).all()
        for passage, cut, key in zip(stored, one.passages, one.keys, strict=True):
            assert (passage.text, passage.vector, passage.section) == (cut.text, key, sections[cut.section].id)
            headings = document.sections[cut.section].headings
            found = packed(terms_of(title=document.title, headings=headings, keywords=(), text=cut.text))
            assert (passage.terms, passage.checksum) == (found, catalogue.checksum_of(key, found))


def test_what_belongs_to_a_page_is_stored_with_it_however_many_are_written(database: Database) -> None:
    pages = [draft(number) for number in range(2 * drafts.AT_ONCE + 7)]
    with database.writing.begin() as session:
        drafts.write(session, pages, born=1)
        assert_stored(session, pages)


def test_pages_whose_numbers_belonged_to_others_before_are_stored_as_any(database: Database) -> None:
    """SQLite gives the highest numbers again once their rows are gone."""
    with database.writing.begin() as session:
        drafts.write(session, [draft(number) for number in range(10)], born=1)
    with database.writing.begin() as session:
        gone = [f"{number}.md" for number in (3, 4, 8, 9)]
        session.execute(delete(DocumentRow).where(DocumentRow.source.in_(gone)))
        drafts.write(session, [draft(number) for number in range(20, 30)], born=2)
        assert_stored(session, [draft(number) for number in (0, 1, 2, 5, 6, 7, *range(20, 30))])


def test_nothing_to_write_writes_nothing(database: Database) -> None:
    with database.writing.begin() as session:
        drafts.write(session, [], born=1)
        assert_stored(session, [])
