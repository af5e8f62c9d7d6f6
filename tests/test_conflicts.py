"""Two pages that disagree are both shown, neither picked, and only to people who may read both."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from bot import wording
from bot.assistant import Asked, Assistant, reply_from, reply_value
from bot.database import Database
from bot.handlers import blocks
from bot.handlers.blocks import Frame
from bot.people import Owners, Person
from bot.retrieval import conflicts
from bot.retrieval.documents import Answer, Question

from conftest import Shelf

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EVERYONE = frozenset({"public", "everyone"})
ASKED = "How long are call recordings kept?"

STORAGE = """---
title: Recorded calls
owner: quality{audience}
---
## Storage
Call recordings are kept for six months and then erased automatically. Team leads can listen to the calls of their team.
"""
REVIEWS = """---
title: Quality reviews
owner: billing{audience}
---
## Finding a recording
Call recordings are kept for {period} and then erased automatically. Search by the ticket number in the archive.
"""
OTHERS = {
    "modems.md": "# Modems\n\nA rented modem is exchanged free of charge after four years. The customer gets a letter.",
    "visits.md": "# Installer visits\n\nA visit is offered in windows of two hours. The installer calls on the way.",
    "cards.md": "# Gift cards\n\nGift cards are sold in shops. Each has a code under the silver strip.",
}


def furnished(shelf: Shelf, *, period: str = "twelve months", reviews_for: str = "") -> Shelf:
    shelf.write("storage.md", STORAGE.format(audience=""))
    audience = f"\naudience: {reviews_for}" if reviews_for else ""
    shelf.write("reviews.md", REVIEWS.format(period=period, audience=audience))
    for name, text in OTHERS.items():
        shelf.write(name, text)
    return shelf


def ask(shelf: Shelf, audiences: frozenset[str] = EVERYONE) -> Answer:
    return shelf.library.answer(Question(ASKED), audiences=audiences, today=TODAY)


def sources(answer: Answer) -> Sequence[str]:
    return [quote.citation.source for quote in answer.quotes]


def test_a_reindex_reports_both_pages_both_sentences_and_both_owners(shelf: Shelf) -> None:
    (found,) = furnished(shelf).reindex().conflicts
    sides = {side.source: side for side in (found.first, found.second)}
    assert sides.keys() == {"storage.md", "reviews.md"}
    assert {side.owner for side in sides.values()} == {"quality", "billing"}
    assert sides["storage.md"].says == "six months"
    assert sides["reviews.md"].sentence.startswith("Call recordings are kept for twelve months")
    assert shelf.library.conflicts() == [found]


def test_both_sides_are_quoted_together_and_neither_is_decisive(shelf: Shelf) -> None:
    furnished(shelf).reindex()
    answer = ask(shelf)
    found = answer.contradiction
    assert found is not None
    assert found.at == 0
    assert set(sources(answer)[:2]) == {"storage.md", "reviews.md"}
    assert [quote.decisive for quote in answer.quotes[:2]] == ["", ""]
    says = dict(zip(sources(answer), (found.here, found.there), strict=False))
    assert says == {"storage.md": "six months", "reviews.md": "twelve months"}


def test_without_a_conflict_nothing_is_said_of_one(shelf: Shelf) -> None:
    report = furnished(shelf, period="half a year").reindex()
    answer = ask(shelf)
    assert report.conflicts == ()
    assert answer.answered
    assert answer.contradiction is None
    assert wording.disagreement(answer) == ""


@pytest.mark.parametrize("reviews_for", ["role:lead", "partner:FieldPro", "person:U0MAYA"])
def test_who_may_read_only_one_page_sees_no_trace_of_the_other(shelf: Shelf, reviews_for: str) -> None:
    furnished(shelf, reviews_for=reviews_for).reindex()
    answer = ask(shelf)
    alone = furnished(shelf, reviews_for=reviews_for)
    assert answer.contradiction is None
    assert "storage.md" in sources(answer)
    assert "reviews.md" not in repr(answer)
    assert "twelve" not in repr(answer)
    both = ask(alone, EVERYONE | {reviews_for})
    assert both.contradiction is not None
    assert set(sources(both)[:2]) == {"storage.md", "reviews.md"}


def test_a_conflict_ends_when_either_page_is_mended(shelf: Shelf) -> None:
    furnished(shelf).reindex()
    furnished(shelf, period="six months").reindex()
    assert shelf.library.conflicts() == []
    assert ask(shelf).contradiction is None


def test_a_conflict_ends_with_either_page(shelf: Shelf) -> None:
    furnished(shelf).reindex()
    (shelf.folder / "storage.md").unlink()
    shelf.reindex()
    assert shelf.library.conflicts() == []
    assert ask(shelf).contradiction is None


def test_a_conflict_of_unchanged_pages_outlives_a_reindex_and_is_not_reported_again(shelf: Shelf) -> None:
    furnished(shelf).reindex()
    shelf.write("cards.md", "# Gift cards\n\nGift cards are sold in shops and on the website.")
    assert shelf.reindex().conflicts == ()
    assert len(shelf.library.conflicts()) == 1
    assert ask(shelf).contradiction is not None


def test_a_page_that_comes_later_is_compared_with_those_that_are_there(shelf: Shelf) -> None:
    furnished(shelf)
    (shelf.folder / "reviews.md").unlink()
    assert shelf.reindex().conflicts == ()
    furnished(shelf)
    assert len(shelf.reindex().conflicts) == 1


def test_the_owners_of_both_pages_find_it_and_no_other_team_does(shelf: Shelf) -> None:
    furnished(shelf).reindex()
    assert {owner: len(shelf.library.conflicts(owner=owner)) for owner in ("quality", "billing", "returns")} == {
        "quality": 1,
        "billing": 1,
        "returns": 0,
    }


def test_each_answer_that_shows_it_is_counted_for_its_owners(shelf: Shelf, database: Database) -> None:
    furnished(shelf).reindex()
    assistant = Assistant(shelf.library, Owners(teams={}))
    asked = Asked(person=Person(id="U1", name="Ana", audiences=EVERYONE), question=Question(ASKED))
    for _ in range(2):
        reply = assistant.ask(asked, today=TODAY)
        with database.writing.begin() as session:
            assistant.remember(session, asked, reply, now=NOW)
    (found,) = shelf.library.conflicts(owner="billing")
    assert (found.shown, found.shown_at) == (2, NOW)


def test_a_conflict_that_ended_meanwhile_is_not_counted(shelf: Shelf, database: Database) -> None:
    with database.writing.begin() as session:
        conflicts.mark_shown(session, 4711, now=NOW)
    assert furnished(shelf).reindex().conflicts[0].shown == 0


def test_a_message_warns_before_the_quotes_and_survives_the_outbox(shelf: Shelf) -> None:
    furnished(shelf).reindex()
    asked = Asked(person=Person(id="U1", name="Ana", audiences=EVERYONE), question=Question(ASKED))
    reply = Assistant(shelf.library, Owners(teams={})).ask(asked, today=TODAY)
    kept = reply_from(json.loads(json.dumps(reply_value(reply))))
    message = blocks.answer(kept, Frame(exchange=1))
    warning, first, second, *_ = message.blocks
    assert warning["text"]["text"].startswith("These two pages disagree: ")
    assert "Ask the owners: " in warning["text"]["text"]
    assert [first["type"], second["type"]] == ["rich_text", "rich_text"]
    assert message.text.startswith("These two pages disagree: ")


def test_a_reply_that_was_owed_before_pages_were_compared_can_still_be_delivered(shelf: Shelf) -> None:
    furnished(shelf, period="six months").reindex()
    asked = Asked(person=Person(id="U1", name="Ana", audiences=EVERYONE), question=Question(ASKED))
    value = reply_value(Assistant(shelf.library, Owners(teams={})).ask(asked, today=TODAY))
    del value["answer"]["contradiction"]
    assert reply_from(value).answer.contradiction is None
