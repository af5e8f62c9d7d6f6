"""An answer holds for a day: what is not yet effective and what is superseded by then is not in it."""

import json
from datetime import date

import pytest
from bot import wording
from bot.assistant import Asked, Assistant, reply_from, reply_value
from bot.handlers import blocks
from bot.people import Owners, Person
from bot.retrieval.documents import Citation, Question

from conftest import Shelf

AGENT = frozenset({"public", "everyone"})
SUPERVISOR = AGENT | {"role:supervisor"}
QUESTION = "How much is the late fee?"
SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 7, 1), date(2026, 10, 1)


def page(amount: str, front: str = "", *, title: str = "") -> str:
    return (
        f"---\ntitle: {title or 'Late fee ' + amount}\n{front}---\n# Late fee\n\nThe late fee is ${amount} per bill.\n"
    )


def found(shelf: Shelf, day: date, audiences: frozenset[str] = AGENT) -> set[str]:
    return {source for source, _ in shelf.library.search(Question(QUESTION), audiences=audiences, day=day)}


def cited(shelf: Shelf, day: date, audiences: frozenset[str] = AGENT) -> Citation:
    answer = shelf.library.answer(Question(QUESTION), audiences=audiences, today=day)
    assert answer.answered
    return answer.quotes[0].citation


def test_a_page_is_not_there_before_the_day_it_becomes_effective(shelf: Shelf) -> None:
    shelf.write("old.md", page("9.50"))
    shelf.write("new.md", page("12.00", "effective: 2026-07-01\n"))
    shelf.reindex()
    assert found(shelf, date(2026, 6, 30)) == {"old.md"}
    assert found(shelf, SUMMER) == {"old.md", "new.md"}


def test_a_page_replaces_another_from_the_day_it_becomes_effective(shelf: Shelf) -> None:
    shelf.write("old.md", page("9.50", "effective: 2026-01-01\n"))
    shelf.write("new.md", page("12.00", "effective: 2026-07-01\nsupersedes: old.md\n"))
    assert shelf.reindex().remarks == ()
    assert found(shelf, date(2026, 6, 30)) == {"old.md"}
    assert found(shelf, SUMMER) == {"new.md"}


def test_a_page_without_a_day_replaces_at_once(shelf: Shelf) -> None:
    shelf.write("old.md", page("9.50"))
    shelf.write("new.md", page("12.00", "supersedes: [old.md]\n"))
    shelf.reindex()
    assert found(shelf, SPRING) == {"new.md"}


def test_the_old_page_changes_with_the_new_one_though_its_file_did_not(shelf: Shelf) -> None:
    shelf.write("old.md", page("9.50"))
    shelf.write("new.md", page("12.00"))
    shelf.reindex()
    assert found(shelf, SUMMER) == {"old.md", "new.md"}
    shelf.write("new.md", page("12.00", "supersedes: old.md\n"))
    assert shelf.reindex().unchanged == 1
    assert found(shelf, SUMMER) == {"new.md"}
    (shelf.folder / "new.md").unlink()
    shelf.reindex()
    assert found(shelf, SUMMER) == {"old.md"}


def test_in_a_chain_each_page_holds_in_its_time(shelf: Shelf) -> None:
    shelf.write("a.md", page("9.50"))
    shelf.write("b.md", page("10.50", "effective: 2026-03-01\nsupersedes: a.md\n"))
    shelf.write("c.md", page("12.00", "effective: 2026-07-01\nsupersedes: b.md\n"))
    shelf.reindex()
    assert [found(shelf, day) for day in (date(2026, 2, 28), SPRING, SUMMER)] == [{"a.md"}, {"b.md"}, {"c.md"}]


def test_a_page_that_overtakes_its_predecessor_replaces_what_that_would_have(shelf: Shelf) -> None:
    shelf.write("a.md", page("9.50"))
    shelf.write("b.md", page("10.50", "effective: 2026-10-01\nsupersedes: a.md\n"))
    shelf.write("c.md", page("12.00", "effective: 2026-07-01\nsupersedes: b.md\n"))
    shelf.reindex()
    assert [found(shelf, day) for day in (SPRING, SUMMER, AUTUMN)] == [{"a.md"}, {"c.md"}, {"c.md"}]


def test_whoever_may_not_see_the_new_page_keeps_the_old_one(shelf: Shelf) -> None:
    shelf.write("old.md", page("9.50"))
    shelf.write("new.md", page("12.00", "effective: 2026-07-01\naudience: role:supervisor\nsupersedes: old.md\n"))
    shelf.reindex()
    assert found(shelf, SUMMER) == {"old.md"}
    assert found(shelf, SUMMER, SUPERVISOR) == {"new.md"}
    assert cited(shelf, SPRING).replaced_on is None
    assert cited(shelf, SPRING, SUPERVISOR).replaced_on == SUMMER


def test_a_quote_says_what_will_replace_its_page(shelf: Shelf) -> None:
    shelf.write("old.md", page("9.50"))
    shelf.write("b.md", page("10.50", "effective: 2026-07-01\nsupersedes: old.md\n", title="Late fee 2026"))
    shelf.write("c.md", page("12.00", "effective: 2026-10-01\nsupersedes: b.md\n", title="Late fee 2027"))
    shelf.reindex()
    assert (cited(shelf, SPRING).replaced_on, cited(shelf, SPRING).replaced_by) == (SUMMER, "Late fee 2026")
    assert (
        wording.standing(cited(shelf, SPRING), "") == "no date on the page · replaced on 1 July 2026 by Late fee 2026"
    )
    assert "replaced on 1 October 2026 by Late fee 2027" in wording.standing(cited(shelf, SUMMER), "")
    assert cited(shelf, AUTUMN).replaced_on is None


def test_a_supersedes_line_that_holds_nothing_is_a_remark_at_every_reindex(shelf: Shelf) -> None:
    shelf.write("a.md", page("9.50", "supersedes: gone.md\n"))
    shelf.write("b.md", page("12.00", "supersedes: b.md\n"))
    for report in (shelf.reindex(), shelf.reindex()):
        assert [problem.source for problem in report.remarks] == ["a.md", "b.md"]
        assert "names no page of the knowledge" in report.remarks[0].reason
        assert "names the page itself" in report.remarks[1].reason
    assert found(shelf, SUMMER) == {"a.md", "b.md"}


def test_a_page_whose_supersedes_is_no_path_is_left_out(shelf: Shelf) -> None:
    shelf.write("a.md", page("9.50"))
    shelf.write("b.md", page("12.00", "supersedes: {page: a.md}\n"))
    assert [problem.source for problem in shelf.reindex().left_out] == ["b.md"]


@pytest.fixture
def assistant(shelf: Shelf) -> Assistant:
    shelf.write("old.md", page("9.50", "effective: 2026-01-01\nverified: 2026-02-01\n"))
    shelf.write("new.md", page("12.00", "effective: 2026-07-01\nverified: 2026-06-30\nsupersedes: old.md\n"))
    shelf.reindex()
    return Assistant(shelf.library, Owners({}))


def test_a_reply_for_another_day_answers_as_that_day_would_have_and_says_so(assistant: Assistant) -> None:
    person = Person("U1", "Maya", AGENT)
    asked = Asked(person, Question(QUESTION), as_of=SPRING)
    reply = assistant.ask(asked, today=AUTUMN)
    citation = reply.answer.quotes[0].citation
    assert (citation.source, citation.age_days, reply.as_of) == ("old.md", 28, SPRING)
    assert reply_from(json.loads(json.dumps(reply_value(reply)))) == reply
    message = blocks.answer(reply, blocks.Frame(1))
    assert message.text.startswith("As of 1 March 2026: The late fee is $9.50")
    assert message.blocks[0]["text"]["text"] == "As of 1 March 2026:"
    assert "replaced on 1 July 2026 by Late fee 12.00" in json.dumps(message.blocks)


def test_a_reply_that_an_older_version_stored_is_still_delivered(assistant: Assistant) -> None:
    reply = assistant.ask(Asked(Person("U1", "Maya", AGENT), Question(QUESTION)), today=AUTUMN)
    stored = reply_value(reply)
    del stored["as_of"], stored["answer"]["notices"]
    for quote in stored["answer"]["quotes"]:
        for name in ("unverified", "replaced_on", "replaced_by"):
            del quote["citation"][name]
    assert reply_from(stored).answer.quotes == reply.answer.quotes


def test_a_reply_for_today_says_nothing_of_the_day(assistant: Assistant) -> None:
    reply = assistant.ask(Asked(Person("U1", "Maya", AGENT), Question(QUESTION), as_of=AUTUMN), today=AUTUMN)
    assert (reply.answer.quotes[0].citation.source, reply.as_of) == ("new.md", None)
    assert "As of" not in blocks.answer(reply, blocks.Frame(1)).text


def test_what_others_read_follows_what_all_of_them_may_see(shelf: Shelf) -> None:
    shelf.write("old.md", page("9.50"))
    shelf.write("new.md", page("12.00", "audience: role:supervisor\nsupersedes: old.md\n"))
    shelf.reindex()
    asked = Asked(Person("U2", "Niamh", SUPERVISOR), Question(QUESTION), channel="C1", readers=AGENT)
    reply = Assistant(shelf.library, Owners({})).ask(asked, today=SUMMER)
    assert (reply.answer.quotes[0].citation.source, reply.private) == ("new.md", True)
