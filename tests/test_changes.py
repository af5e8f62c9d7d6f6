"""What became different in the knowledge, for those who may read it."""

from datetime import UTC, date, datetime, timedelta

from bot.audiences import EVERYONE
from bot.retrieval.changes import Change

from conftest import Shelf

DAY = date(2026, 11, 22)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FEES = "---\ntitle: Fees\n---\n# Fees\n## Late fee\nThe late fee is $9.50.\n\n## Waivers\nOne waiver a year.\n"


def changed(shelf: Shelf, *audiences: str, since: datetime = LONG_AGO) -> list[Change]:
    return shelf.library.changes(audiences=frozenset(audiences or {EVERYONE}), day=DAY, moment=since)


def test_the_first_knowledge_is_no_change(shelf: Shelf) -> None:
    shelf.write("fees.md", FEES)
    shelf.reindex()
    assert changed(shelf) == []


def test_an_edit_names_the_sections_that_say_something_new(shelf: Shelf) -> None:
    shelf.write("fees.md", FEES)
    shelf.write("cards.md", "Gift cards never expire.\n")
    shelf.reindex()
    shelf.write("fees.md", FEES.replace("$9.50", "$11"))
    shelf.reindex()
    [change] = changed(shelf)
    assert (change.source, change.title, change.sections, change.is_new) == ("fees.md", "Fees", ("Late fee",), False)


def test_a_page_that_came_is_new_also_after_it_was_edited(shelf: Shelf) -> None:
    shelf.write("cards.md", "Gift cards never expire.\n")
    shelf.reindex()
    shelf.write("fees.md", FEES)
    shelf.reindex()
    shelf.write("fees.md", FEES.replace("One waiver", "Two waivers"))
    shelf.reindex()
    [change] = changed(shelf)
    assert change.is_new
    assert change.sections == ("Waivers",)


def test_front_matter_alone_changes_nothing_that_is_said(shelf: Shelf) -> None:
    shelf.write("fees.md", FEES)
    shelf.reindex()
    shelf.write("fees.md", FEES.replace("title: Fees", "title: Fees\nverified: 2026-11-01"))
    shelf.reindex()
    assert changed(shelf) == []


def test_what_somebody_may_not_read_has_not_changed_for_them(shelf: Shelf) -> None:
    shelf.write("cards.md", "Gift cards never expire.\n")
    shelf.reindex()
    shelf.write("fees.md", FEES.replace("title: Fees", "title: Fees\naudience: role:supervisor"))
    shelf.reindex()
    assert changed(shelf) == []
    assert [change.source for change in changed(shelf, EVERYONE, "role:supervisor")] == ["fees.md"]


def test_what_was_left_again_and_what_was_before_the_moment_is_not_told(shelf: Shelf) -> None:
    shelf.write("fees.md", FEES)
    shelf.reindex()
    shelf.write("fees.md", FEES.replace("$9.50", "$11"))
    shelf.reindex()
    assert changed(shelf, since=datetime.now(UTC) + timedelta(minutes=1)) == []
    shelf.library.roll_back()
    assert changed(shelf) == []
