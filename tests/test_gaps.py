"""What nothing answered is kept with who asked, put together by meaning, and shown to admins only."""

from datetime import UTC, datetime, timedelta

import pytest
from bot import exchanges, gaps
from bot.assistant import Asked, Assistant
from bot.curation import OPERATOR, Curator
from bot.database import Database
from bot.errors import NotAllowed
from bot.exchanges import AskedGap
from bot.people import Owners, Person, Team
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder

from conftest import Shelf

pytestmark = pytest.mark.each_engine
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
AGENT = frozenset({"public", "everyone"})
OWNERS = Owners({"shops": Team("shops", "Retail operations", "#shops", ())})


def gap(question: str, person: str = "U1", *, hours: int = 0, owner: str = "Shops", page: str = "a.md") -> AskedGap:
    asked_at = NOW + timedelta(hours=hours)
    return AskedGap(question, person, asked_at, owner, ("everyone",), ((page, page.upper()),))


def test_the_same_question_in_other_words_is_one_gap_with_all_who_asked_it(encoder: Embedder) -> None:
    found = gaps.grouped(
        [
            gap("Where can employees park?", "U1", page="a.md"),
            gap("What does the canteen serve on Fridays?", "U2", hours=5, owner="Care"),
            gap("Is there parking for employees?", "U2", hours=1, owner="Shops", page="b.md"),
            gap("where can employees park their car", "U1", hours=3, owner="Care", page="b.md"),
        ],
        meanings=encoder.encode,
    )
    assert [(group.askers, group.times, group.owner) for group in found] == [(2, 3, "Shops"), (1, 1, "Care")]
    parking = found[0]
    assert parking.question in parking.questions
    assert len(parking.questions) == 3
    assert parking.last_asked == NOW + timedelta(hours=3)
    assert parking.closest == (("b.md", "B.MD"), ("a.md", "A.MD"))
    assert gaps.grouped([], meanings=encoder.encode) == []


@pytest.fixture
def assistant(shelf: Shelf) -> Assistant:
    shelf.write("fees.md", "---\ntitle: Late fees\nowner: shops\n---\nThe late fee is $9.50 per bill.\n")
    shelf.write(
        "safe.md", "---\ntitle: The safe\nowner: shops\naudience: role:shop\n---\nThe shift lead opens the safe.\n"
    )
    shelf.reindex()
    return Assistant(shelf.library, OWNERS)


def ask(assistant: Assistant, database: Database, question: str, *, person: str = "U1", **others: object) -> None:
    asked = Asked(Person(person, person, AGENT), Question(question), **others)  # type: ignore[arg-type]
    reply = assistant.ask(asked, today=TODAY, now=NOW)
    with database.writing.begin() as session:
        assistant.remember(session, asked, reply, now=NOW)


def test_an_admin_sees_the_gaps_of_what_was_asked_and_nobody_else_does(
    assistant: Assistant, database: Database, shelf: Shelf
) -> None:
    ask(assistant, database, "what do zebras eat in the savanna?", person="U1")
    ask(assistant, database, "what do zebras in the savanna eat?", person="U2")
    ask(assistant, database, "how much is the late fee?")
    ask(assistant, database, "👍")
    curator = Curator(database, shelf.library, OWNERS)
    [group] = curator.gap_groups(by=OPERATOR)
    assert (group.askers, group.times, group.owner) == (2, 2, "Retail operations")
    assert group.closest == (("fees.md", "Late fees"),)
    assert group.audiences == ("everyone", "public")
    with pytest.raises(NotAllowed):
        curator.gap_groups(by=Person("U1", "Sam", AGENT))


def test_a_question_about_another_day_leaves_no_gap_in_today_s_knowledge(
    assistant: Assistant, database: Database
) -> None:
    ask(assistant, database, "what do zebras eat in the savanna?", as_of=TODAY - timedelta(days=30))
    with database.reading() as session:
        assert exchanges.gaps(session) == 0


def test_stale_pages_come_most_used_first(assistant: Assistant, database: Database, shelf: Shelf) -> None:
    shelf.write("a.md", "---\ntitle: Gift cards\nreview_by: 2026-11-21\nverified: 2026-11-01\n---\nNo card expires.\n")
    shelf.write("b.md", "---\ntitle: Fresh\nreview_by: 2026-11-22\nverified: 2026-11-01\n---\nAll is well here.\n")
    shelf.write("c.md", "---\ntitle: Long ago\nverified: 2026-05-25\n---\nThe door of the depot is green.\n")
    shelf.write("d.md", "---\ntitle: Just so\nverified: 2026-05-26\n---\nThe roof of the depot is red.\n")
    shelf.write("e.md", "---\ntitle: To come\neffective: 2027-01-01\nsupersedes: [c.md]\n---\nThe door is blue.\n")
    shelf.write(
        "f.md", "---\ntitle: For some\nsupersedes: fees.md\naudience: role:shop\nverified: 2026-11-01\n---\nTen.\n"
    )
    shelf.reindex()
    curator = Curator(database, shelf.library, OWNERS)

    def stale() -> list[tuple[str, int]]:
        return [(one.page.source, one.used) for one in curator.stale(by=OPERATOR, today=TODAY, now=NOW)]

    assert stale() == [("fees.md", 0), ("safe.md", 0), ("c.md", 0), ("a.md", 0)]
    ask(assistant, database, "what color is the door of the depot?")
    assert stale()[0] == ("c.md", 1)
    curator.verify("c.md", by=OPERATOR, today=TODAY)
    curator.withdraw("a.md", by=OPERATOR, reason="", now=NOW)
    assert stale() == [("fees.md", 0), ("safe.md", 0)]
    assert curator.stale(by=OPERATOR, today=TODAY, now=NOW)[0].owner == "Retail operations"


def test_a_page_replaced_for_all_who_could_see_it_needs_no_review(shelf: Shelf, database: Database) -> None:
    shelf.write("old.md", "---\ntitle: Old\naudience: role:shop\n---\nThe late fee is $9.50 per bill.\n")
    shelf.write(
        "new.md",
        "---\ntitle: New\naudience: [role:shop, role:phone]\nsupersedes: old.md\nverified: 2026-11-01\n---\n"
        "The late fee is $12.00 per bill.\n",
    )
    shelf.reindex()
    assert Curator(database, shelf.library, OWNERS).stale(by=OPERATOR, today=TODAY, now=NOW) == []


def test_the_state_counts_what_needs_care(assistant: Assistant, database: Database, shelf: Shelf) -> None:
    ask(assistant, database, "what do zebras eat in the savanna?")
    curator = Curator(database, shelf.library, OWNERS)
    curator.withdraw("safe", by=OPERATOR, reason="wrong", now=NOW)
    state = curator.state(by=OPERATOR, today=TODAY, now=NOW)
    assert state.live is not None
    assert (state.live.generation, state.stale, state.gaps, state.notices) == (1, 1, 1, ())
    assert [(one.source, one.reason, one.by) for one in state.withdrawn] == [("safe.md", "wrong", "the command line")]
