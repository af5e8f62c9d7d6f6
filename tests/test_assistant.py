"""What others read is made from what all of them may read; the rest is said to the asker alone."""

from datetime import date

import pytest
from bot.assistant import Asked, Assistant, reply_from, reply_value
from bot.people import Owners, Person, Team, shared_audiences
from bot.retrieval.documents import Question, Reason

from conftest import Shelf

TODAY = date(2026, 11, 21)
MAYA = Person("U1", "Maya", frozenset({"public", "everyone", "person:U1", "role:shop"}))
SAM = Person("U2", "Sam", frozenset({"public", "everyone", "person:U2"}))
COURIER = Person("U3", "Jo", frozenset({"public", "person:U3", "partner:FieldPro"}))
SAFE = Question("who opens the safe of the shop?")


@pytest.fixture
def assistant(shelf: Shelf) -> Assistant:
    for name, audience, text in (
        ("safe", "role:shop", "Only the shift lead opens the safe of the shop."),
        ("fees", "everyone", "The late fee is nine dollars and fifty cents per bill."),
        ("route", "partner:FieldPro", "Couriers leave the depot of the district at seven in the morning."),
        ("rota", "channel:C1", "The rota of the harbour counter is printed every Thursday."),
    ):
        shelf.write(f"{name}.md", f"---\ntitle: {name}\naudience: {audience}\nowner: returns\n---\n{text}\n")
    shelf.reindex()
    return Assistant(shelf.library, Owners({"returns": Team("returns", "Returns team", "#returns", ())}))


def asked(person: Person, question: Question, *readers: Person) -> Asked:
    """A question in channel C1, read by these people; by the asker alone where there are none."""
    shared = shared_audiences(readers, channel="C1") if readers else None
    return Asked(person, question, channel="C1", thread="1.0", readers=shared)


def test_a_page_that_all_readers_may_see_is_quoted_to_all(assistant: Assistant) -> None:
    reply = assistant.ask(asked(MAYA, Question("how much is the late fee?"), MAYA, SAM), today=TODAY)
    assert (reply.answer.answered, reply.private) == (True, False)
    assert reply.answer.quotes[0].citation.source == "fees.md"
    assert reply.answer.quotes[0].citation.owner == "Returns team"


def test_a_page_that_only_the_asker_may_see_is_quoted_to_the_asker_alone(assistant: Assistant) -> None:
    reply = assistant.ask(asked(MAYA, SAFE, MAYA, SAM), today=TODAY)
    assert (reply.answer.quotes[0].citation.source, reply.private) == ("safe.md", True)


def test_nobody_is_quoted_a_page_that_only_another_reader_may_see(assistant: Assistant) -> None:
    reply = assistant.ask(asked(SAM, SAFE, MAYA, SAM), today=TODAY)
    named = (*reply.answer.see_also, *(quote.citation for quote in reply.answer.quotes))
    assert "safe.md" not in {citation.source for citation in named}


def test_a_direct_question_is_answered_from_all_that_the_asker_may_see(assistant: Assistant) -> None:
    reply = assistant.ask(asked(MAYA, SAFE), today=TODAY)
    assert (reply.answer.quotes[0].citation.source, reply.private) == ("safe.md", False)


def test_whoever_may_see_nothing_is_told_so(assistant: Assistant) -> None:
    reply = assistant.ask(asked(Person("U9", "Eve", frozenset({"public"})), SAFE), today=TODAY)
    assert reply.answer.reason is Reason.EMPTY_INDEX


def test_a_page_for_a_channel_answers_in_that_channel(assistant: Assistant) -> None:
    reply = assistant.ask(asked(MAYA, Question("when is the rota of the counter printed?"), MAYA, SAM), today=TODAY)
    assert reply.answer.answered
    assert (reply.answer.quotes[0].citation.source, reply.private) == ("rota.md", False)


def test_a_reply_survives_being_stored(assistant: Assistant) -> None:
    for question in (SAFE, Question("what do zebras eat in the savanna?")):
        reply = assistant.ask(asked(MAYA, question, MAYA, COURIER), today=TODAY)
        assert reply_from(reply_value(reply)) == reply
