"""A page is read whole by whoever may read it, and by nobody else; compared with what was written."""

from datetime import UTC, date, datetime

import pytest
from bot.database import Database
from bot.retrieval import standing, withdrawals
from bot.retrieval.documents import BlockKind
from bot.retrieval.reading import Reader

from conftest import Shelf

pytestmark = pytest.mark.each_engine
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
# Path -> audience, owner.
WRITTEN = {
    "all.md": ("everyone", ""),
    "phone.md": ("role:phone", "care"),
    "shop.md": ("role:shop", "care"),
    "partner.md": ("partner:FieldPro", "field"),
    "public.md": ("public", "field"),
    "gone.md": ("everyone", "care"),
}


@pytest.fixture
def written(shelf: Shelf, database: Database) -> Shelf:
    for name, (audience, owner) in WRITTEN.items():
        front = f"---\ntitle: {name}\naudience: {audience}\nowner: {owner}\n---\n"
        shelf.write(name, f"{front}# One\n\nThe first line of {name}.\n\n## Two\n\n1. Open it\n2. Close it\n")
    shelf.write("later.md", "---\ntitle: Later\neffective: 2027-01-01\n---\nIt holds from January on.\n")
    shelf.reindex()
    with database.writing.begin() as session:
        withdrawals.withdraw(session, "gone.md", reason="", by="Elif Kaya", now=NOW)
        standing.verify(session, "all.md", day=date(2026, 11, 20), by="Elif Kaya")
    return shelf


@pytest.mark.parametrize(
    ("audiences", "teams"),
    [
        ({"public", "everyone"}, set()),
        ({"public", "everyone", "role:phone"}, set()),
        ({"public", "everyone"}, {"care"}),
        ({"public", "partner:FieldPro"}, set()),
        ({"public"}, set()),
        (set(), set()),
        ({"everyone"}, {""}),
    ],
)
def test_somebody_reads_what_is_meant_for_them_and_what_their_team_owns(
    written: Shelf, audiences: set[str], teams: set[str]
) -> None:
    expected = {
        name
        for name, (audience, owner) in WRITTEN.items()
        if (audience in audiences and name != "gone.md") or (owner and owner in teams)
    }
    reader = Reader(frozenset(audiences), teams)
    assert {one.source for one in written.library.pages(reader=reader, day=TODAY)} == expected
    if not teams:
        assert written.library.sources(audiences=frozenset(audiences), day=TODAY) == expected
    for name in (*WRITTEN, "later.md", "none.md"):
        assert (written.library.page(name, reader=reader, day=TODAY) is not None) == (name in expected)


def test_whoever_keeps_every_page_reads_what_is_withdrawn_and_what_is_not_in_force(written: Shelf) -> None:
    found = written.library.pages(reader=Reader(frozenset(), every_page=True), day=TODAY)
    assert {one.source for one in found} == {*WRITTEN, "later.md"}
    assert [one.source for one in found if one.withdrawn] == ["gone.md"]
    assert {one.source: one.verified for one in found}["all.md"] == date(2026, 11, 20)


def test_the_text_comes_in_the_order_in_which_it_was_written(written: Shelf) -> None:
    told = written.library.page("all.md", reader=Reader(frozenset({"everyone"})), day=TODAY)
    assert told is not None
    assert [section.headings for section in told.sections] == [("One",), ("One", "Two")]
    first, second = (section.blocks[0] for section in told.sections)
    assert first.lines == ("The first line of all.md.",)
    assert (second.kind, second.lines) == (BlockKind.STEPS, ("Open it", "Close it"))


def test_before_anything_is_indexed_there_is_nothing_to_read(shelf: Shelf) -> None:
    reader = Reader(frozenset(), every_page=True)
    assert shelf.library.pages(reader=reader, day=TODAY) == []
    assert shelf.library.page("all.md", reader=reader, day=TODAY) is None
