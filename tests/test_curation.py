"""What an admin changes holds for the very next question, in every process, and only for whom it is meant."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from bot import wording
from bot.assistant import Asked, Assistant, reply_from, reply_value
from bot.curation import OPERATOR, Curator
from bot.database import Database
from bot.errors import CurationError, NotAllowed
from bot.handlers import blocks
from bot.people import Owners, Person, Team
from bot.retrieval.documents import Answer, Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library

from conftest import Shelf

pytestmark = pytest.mark.each_engine
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
LATER = NOW + timedelta(hours=2)
AGENT = frozenset({"public", "everyone"})
SAM = Person("sam@tidewater.example", "Sam Tran", AGENT, roles=frozenset({"phone"}))
ELIF = Person("elif@tidewater.example", "Elif Kaya", AGENT | {"role:admin"}, roles=frozenset({"admin"}))
OWNERS = Owners({"returns": Team("returns", "Returns team", "#returns", (SAM.id,))})
FEE = "How much is the late fee?"


@pytest.fixture
def curator(shelf: Shelf, database: Database) -> Curator:
    shelf.write(
        "policies/late-fees.md", "---\ntitle: Late fees\nverified: 2026-01-10\n---\nThe late fee is $9.50 per bill.\n"
    )
    shelf.write("policies/late-arrivals.md", "---\ntitle: Late arrivals\n---\nAn installer who is late calls first.\n")
    shelf.write(
        "tools/orion.md",
        "---\ntitle: Orion guide\nowner: returns\n---\nType the serial of a returned modem into Orion at the desk.\n",
    )
    shelf.reindex()
    return Curator(database, shelf.library, OWNERS)


def ask(library: Library, question: str = FEE, *, audiences: frozenset[str] = AGENT, now: datetime = NOW) -> Answer:
    return library.answer(Question(question), audiences=audiences, today=TODAY, now=now)


def named(answer: Answer) -> set[str]:
    return {citation.source for citation in (*answer.see_also, *(quote.citation for quote in answer.quotes))}


def post(curator: Curator, text: str = "Orion is down, use the paper form", *meant_for: str) -> int:
    said = "Sunday 22 November 2026, 11:00 UTC"
    return curator.post_notice(text, until=LATER, said=said, meant_for=meant_for, by=ELIF, now=NOW).number


def told(shelf: Shelf, question: str, *, audiences: frozenset[str] = AGENT, now: datetime = NOW) -> list[str]:
    return [notice.text for notice in ask(shelf.library, question, audiences=audiences, now=now).notices]


def test_a_withdrawn_page_is_gone_with_the_next_question_in_every_process(
    shelf: Shelf, database: Database, encoder: Embedder, curator: Curator
) -> None:
    processes = [shelf.library, Library(database, encoder)]
    assert all("policies/late-fees.md" in named(ask(library)) for library in processes)
    curator.withdraw("policies/late-fees.md", by=ELIF, reason="wrong amount", now=NOW)
    assert not any("policies/late-fees.md" in named(ask(library)) for library in processes)
    assert not any(
        source == "policies/late-fees.md"
        for library in processes
        for source, _ in library.search(Question(FEE), audiences=AGENT)
    )
    curator.restore("policies/late-fees.md", by=ELIF, now=LATER)
    assert all("policies/late-fees.md" in named(ask(library)) for library in processes)


def test_a_withdrawn_page_stays_out_over_reindexes_and_edits(shelf: Shelf, curator: Curator) -> None:
    curator.withdraw("late fees", by=ELIF, reason="", now=NOW)
    shelf.write("policies/late-fees.md", "---\ntitle: Late fees, corrected\n---\nThe late fee is $8.50 per bill.\n")
    shelf.reindex()
    assert "policies/late-fees.md" not in named(ask(shelf.library))
    (shelf.folder / "policies/late-fees.md").unlink()
    shelf.reindex()
    shelf.write("policies/late-fees.md", "The late fee is $8.50 per bill.\n")
    shelf.reindex()
    assert "policies/late-fees.md" not in named(ask(shelf.library))
    curator.restore("late-fees", by=ELIF, now=LATER)
    assert "policies/late-fees.md" in named(ask(shelf.library))


def test_a_page_that_is_gone_from_the_folder_can_still_be_restored(shelf: Shelf, curator: Curator) -> None:
    curator.withdraw("late fees", by=ELIF, reason="", now=NOW)
    (shelf.folder / "policies/late-fees.md").unlink()
    shelf.reindex()
    assert curator.restore("policies/late-fees.md", by=ELIF, now=NOW).source == "policies/late-fees.md"


def test_what_a_withdrawn_page_superseded_does_not_come_back(shelf: Shelf, curator: Curator) -> None:
    shelf.write("policies/new.md", "---\ntitle: New\nsupersedes: late-fees.md\n---\nThe late fee is $12.00 per bill.\n")
    shelf.reindex()
    curator.withdraw("New", by=ELIF, reason="", now=NOW)
    assert named(ask(shelf.library)) & {"policies/new.md", "policies/late-fees.md"} == set()


@pytest.mark.parametrize(
    "words", ["policies/late-fees.md", "LATE FEES", "late-fees", "late  fees", "policies\\late-fees.md"]
)
def test_a_page_goes_by_its_path_its_title_or_a_part_that_only_it_has(curator: Curator, words: str) -> None:
    assert curator.withdraw(words, by=ELIF, reason="", now=NOW).source == "policies/late-fees.md"


def test_words_that_several_pages_or_none_go_by_change_nothing_and_list_them(shelf: Shelf, curator: Curator) -> None:
    with pytest.raises(
        CurationError, match=r"2 pages go by 'late'.*\n  policies/late-arrivals.md .*\n  policies/late-fees.md "
    ):
        curator.withdraw("late", by=ELIF, reason="", now=NOW)
    with pytest.raises(CurationError, match=r"No page goes by 'late fes'\. Did you mean policies/late-fees\.md"):
        curator.withdraw("late fes", by=ELIF, reason="", now=NOW)
    with pytest.raises(CurationError, match="No page goes by ''"):
        curator.withdraw("", by=ELIF, reason="", now=NOW)
    assert "policies/late-fees.md" in named(ask(shelf.library))


def test_withdrawing_and_restoring_twice_says_so(curator: Curator) -> None:
    with pytest.raises(CurationError, match="is not withdrawn"):
        curator.restore("late-fees", by=ELIF, now=NOW)
    curator.withdraw("late-fees", by=ELIF, reason="", now=NOW)
    with pytest.raises(CurationError, match="is withdrawn already"):
        curator.withdraw("late-fees", by=ELIF, reason="", now=NOW)


def test_only_an_admin_may_change_what_all_are_told(curator: Curator) -> None:
    for change in (
        lambda: curator.withdraw("late-fees", by=SAM, reason="", now=NOW),
        lambda: curator.restore("late-fees", by=SAM, now=NOW),
        lambda: curator.end_notice(1, by=SAM, now=NOW),
        lambda: curator.standing_notices(by=SAM, now=NOW),
        lambda: curator.post_notice("x y z", until=LATER, said="", meant_for=(), by=SAM, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="Only an admin may do that, and Sam Tran is not one"):
            change()
    assert curator.withdraw("late-fees", by=OPERATOR, reason="", now=NOW)


def test_age_counts_from_the_later_of_the_page_s_own_date_and_the_recorded_check(
    shelf: Shelf, curator: Curator
) -> None:
    assert ask(shelf.library).quotes[0].citation.age_days == (TODAY - date(2026, 1, 10)).days
    curator.verify("late-fees", by=ELIF, today=date(2026, 11, 12))
    assert ask(shelf.library).quotes[0].citation.age_days == 10
    curator.verify("late-fees", by=ELIF, today=date(2025, 1, 1))
    assert ask(shelf.library).quotes[0].citation.age_days == 10


def test_an_edit_neither_renews_nor_cancels_a_check(shelf: Shelf, curator: Curator) -> None:
    curator.verify("late-fees", by=ELIF, today=date(2026, 11, 12))
    shelf.write(
        "policies/late-fees.md", "---\ntitle: Late fees\nverified: 2026-01-10\n---\nThe late fee is $8.50 per bill.\n"
    )
    shelf.reindex()
    citation = ask(shelf.library).quotes[0].citation
    assert (citation.age_days, citation.unverified) == (10, False)


def test_an_owner_verifies_their_own_pages_only(shelf: Shelf, curator: Curator) -> None:
    curator.verify("Orion guide", by=SAM, today=TODAY)
    with pytest.raises(NotAllowed, match="Sam Tran owns none that goes by"):
        curator.verify("late-fees", by=SAM, today=TODAY)


def test_an_owner_is_told_of_their_own_pages_and_whoever_owns_none_of_nothing(shelf: Shelf, curator: Curator) -> None:
    shelf.write("policies/fees.md", "---\ntitle: Fees\nowner: returns\n---\nThe late fee is $12.00 per bill.\n")
    shelf.reindex()
    own = frozenset({"returns"})
    told = curator.stale(by=SAM, today=TODAY, now=NOW, teams=own)
    assert {one.page.source for one in told} == {"tools/orion.md", "policies/fees.md"}
    assert {one.page.source for one in curator.stale(by=ELIF, today=TODAY, now=NOW)} > {one.page.source for one in told}
    for ask_for in (
        lambda: curator.stale(by=SAM, today=TODAY, now=NOW),
        lambda: curator.conflicts(owner="", by=SAM),
        lambda: curator.unhelpful(owner="", by=SAM),
    ):
        with pytest.raises(NotAllowed, match="Only an admin"):
            ask_for()


@pytest.mark.parametrize(("audience", "told"), [("everyone", 1), ("role:supervisor", 0)])
def test_an_owner_is_told_of_a_disagreement_with_a_page_that_they_may_read(
    shelf: Shelf, curator: Curator, audience: str, told: int
) -> None:
    front = "---\ntitle: {}\nowner: {}\naudience: {}\n---\n# Late fee\n\nThe late fee is ${} per bill.\n"
    shelf.write("policies/late-fees.md", front.format("Late fees", "returns", "everyone", "9.50"))
    shelf.write("policies/fees.md", front.format("Fees", "", audience, "12.00"))
    shelf.reindex()
    assert len(curator.conflicts(owner="", by=ELIF)) == 1
    own = frozenset({"returns"})
    assert len(curator.conflicts(owner="", by=SAM, teams=own, today=TODAY)) == told
    assert curator.conflicts(owner="", by=SAM, teams=frozenset({"other"}), today=TODAY) == []


def test_a_page_nobody_ever_checked_says_so(shelf: Shelf, curator: Curator) -> None:
    shelf.write("a.md", "---\ntitle: Gift cards\neffective: 2026-11-12\n---\nGift cards never expire.\n")
    shelf.write("b.md", "---\ntitle: Zebras\n---\nZebras of the savanna graze at night.\n")
    shelf.reindex()
    known, dateless = (
        wording.standing(ask(shelf.library, question).quotes[0].citation, "")
        for question in ("do gift cards expire?", "when do zebras graze?")
    )
    assert known == "in force for 10 days, not verified in that time"
    assert dateless == "no date on the page"


def test_a_notice_stands_on_top_of_answers_about_it_until_it_expires(shelf: Shelf, curator: Curator) -> None:
    question = "How do I enter a returned modem in Orion?"
    assert told(shelf, question) == []
    post(curator)
    assert told(shelf, question) == ["Orion is down, use the paper form"]
    assert told(shelf, FEE) == []
    assert told(shelf, question, now=LATER - timedelta(seconds=1)) == ["Orion is down, use the paper form"]
    assert told(shelf, question, now=LATER) == []


def test_a_notice_is_found_by_the_tool_that_the_quoted_page_names(shelf: Shelf, curator: Curator) -> None:
    post(curator)
    assert told(shelf, "Where does the serial of a modem go?") == ["Orion is down, use the paper form"]


def test_a_notice_is_for_those_it_is_meant_for(shelf: Shelf, curator: Curator) -> None:
    post(curator, "Orion is down, call the duty manager", "role:supervisor", "partner:FieldPro")
    question = "What do I do when Orion is down?"
    assert told(shelf, question) == []
    assert told(shelf, question, audiences=AGENT | {"role:supervisor"}) != []
    assert told(shelf, question, audiences=frozenset({"public", "partner:FieldPro"})) != []
    assert told(shelf, question, audiences=frozenset({"public"})) == []


def test_a_notice_stands_on_top_of_a_refusal_and_survives_being_stored(shelf: Shelf, curator: Curator) -> None:
    post(curator)
    assistant = Assistant(shelf.library, OWNERS)
    reply = assistant.ask(Asked(SAM, Question("is orion down? zebras eat grass in the savanna")), today=TODAY, now=NOW)
    assert not reply.answer.answered
    assert reply_from(json.loads(json.dumps(reply_value(reply)))) == reply
    message = blocks.answer(reply, blocks.Frame(1))
    assert message.text.startswith(
        "Notice until Sunday 22 November 2026, 11:00 UTC: Orion is down, use the paper form."
    )
    [section] = message.blocks[0]["elements"]
    assert [part["type"] for part in section["elements"]] == ["text", "date", "text", "text"]
    assert section["elements"][1]["timestamp"] == int(LATER.timestamp())
    assert section["elements"][3]["text"] == "Orion is down, use the paper form"


def test_an_answer_for_another_day_carries_no_notice_of_today(shelf: Shelf, curator: Curator) -> None:
    post(curator)
    question = Question("How do I enter a returned modem in Orion?")
    assistant = Assistant(shelf.library, OWNERS)
    now = assistant.ask(Asked(SAM, question), today=TODAY, now=NOW)
    then = assistant.ask(Asked(SAM, question, as_of=date(2027, 1, 1)), today=TODAY, now=NOW)
    assert (len(now.answer.notices), then.answer.notices) == (1, ())


def test_what_others_read_carries_only_notices_for_all_of_them(shelf: Shelf, curator: Curator) -> None:
    post(curator, "Orion is down, call the duty manager", "role:phone")
    phone = Person("U1", "Sam", AGENT | {"role:phone"})
    asked = Asked(phone, Question("How do I enter a returned modem in Orion?"), channel="C1", readers=AGENT)
    reply = Assistant(shelf.library, OWNERS).ask(asked, today=TODAY, now=NOW)
    assert (reply.private, reply.answer.notices) == (False, ())


def test_a_notice_can_be_ended_before_its_time_once(shelf: Shelf, curator: Curator) -> None:
    number = post(curator)
    assert [one.notice.number for one in curator.standing_notices(by=ELIF, now=NOW)] == [number]
    curator.end_notice(number, by=ELIF, now=NOW)
    assert curator.standing_notices(by=ELIF, now=NOW) == []
    assert told(shelf, "How do I enter a returned modem in Orion?") == []
    with pytest.raises(CurationError, match=f"No notice {number} stands now"):
        curator.end_notice(number, by=ELIF, now=NOW)


def test_a_notice_without_words_too_long_or_for_nobody_known_is_refused(curator: Curator) -> None:
    for text, meant_for, said in (
        ("  ", (), "no words"),
        ("x " * 300, (), "500 is the most"),
        ("a", ("shop",), "'shop'"),
    ):
        with pytest.raises(CurationError, match=said):
            curator.post_notice(text, until=LATER, said="", meant_for=meant_for, by=ELIF, now=NOW)
