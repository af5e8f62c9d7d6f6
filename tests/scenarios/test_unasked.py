"""Follow-ups and questions to the room: the bot joins in where it helps, and keeps out of people's talk."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from bot import exchanges, wording
from bot.channels import ChannelSettings, save

from offices import Office

MAYA, SAM = "U0MAYA", "U0SAM"
PLACE = "C0RETURNS"
RETURNED = "customer brought the modem back after 20 days, do we still bill the return fee?"


def set_here(office: Office, settings: ChannelSettings, channel: str = PLACE) -> None:
    with office.house.database.writing.begin() as session:
        save(session, channel, settings, by="Elif Kaya", now=datetime.now(UTC))


@pytest.fixture
def unasked(shared_office: Office) -> Iterator[Office]:
    set_here(shared_office, ChannelSettings(unasked=True))
    yield shared_office
    set_here(shared_office, ChannelSettings())


def silence_after(office: Office, person: str, said: str, thread: str | None = None, channel: str = PLACE) -> bool:
    """Whether the bot says nothing to anybody about a message."""
    everybody = [one.id for one in office.workspace.people]
    before = {who: len(office.replies(who, channel)) for who in everybody}
    office.workspace.say(person, channel, said, thread)
    office.settle()
    return before == {who: len(office.replies(who, channel)) for who in everybody}


def test_a_question_to_the_room_is_answered_in_its_thread_where_an_admin_allowed_it(unasked: Office) -> None:
    ts = unasked.workspace.say(MAYA, PLACE, RETURNED)
    answer = unasked.wait_for_replies(1, SAM, PLACE, ts)[0]
    assert "pays no fee" in answer.words
    assert wording.UNASKED in answer.words
    assert answer.thread_ts == ts


def test_where_nobody_allowed_it_a_question_to_the_room_is_for_people(shared_office: Office) -> None:
    assert silence_after(shared_office, MAYA, RETURNED)


@pytest.mark.parametrize(
    "said",
    [
        "who won the chess world championship in 1972?",
        "The modem came back after 20 days, and no fee was billed.",
        "coffee anyone?",
        "@Sam Tran do we bill the return fee after 20 days?",
        "(aside) do we bill the return fee after 20 days?",
    ],
)
def test_it_keeps_out_of_what_it_cannot_answer_and_of_what_is_no_question_to_all(unasked: Office, said: str) -> None:
    assert silence_after(unasked, MAYA, said)


def test_nothing_that_was_not_asked_is_recorded_as_a_gap(unasked: Office) -> None:
    with unasked.house.database.reading() as session:
        before = exchanges.gaps(session)
    assert silence_after(unasked, MAYA, "who won the chess world championship in 1972?")
    with unasked.house.database.reading() as session:
        assert exchanges.gaps(session) == before


def test_thanks_in_a_thread_are_not_answered(shared_office: Office) -> None:
    answer = shared_office.ask(MAYA, PLACE, f"@Throughline {RETURNED}")
    assert silence_after(shared_office, MAYA, "thanks, perfect!", answer.thread_ts)
    assert silence_after(shared_office, SAM, "thank you", answer.thread_ts)


def test_what_a_colleague_tells_the_asker_is_not_answered(shared_office: Office) -> None:
    answer = shared_office.ask(MAYA, PLACE, f"@Throughline {RETURNED}")
    assert silence_after(
        shared_office, SAM, "I think the unreturned-equipment fee can be waived once", answer.thread_ts
    )


def test_a_colleague_who_asks_on_in_the_thread_is_answered(shared_office: Office) -> None:
    answer = shared_office.ask(MAYA, PLACE, f"@Throughline {RETURNED}")
    assert "[1]" in shared_office.ask(SAM, PLACE, "who may waive the unreturned-equipment fee?", answer.thread_ts).words


def test_the_asker_goes_on_in_half_a_sentence(shared_office: Office) -> None:
    answer = shared_office.ask(MAYA, PLACE, f"@Throughline {RETURNED}")
    assert "[1]" in shared_office.ask(MAYA, PLACE, "and after 30 days", answer.thread_ts).words


def test_a_channel_answers_only_from_its_folders(shared_office: Office) -> None:
    set_here(shared_office, ChannelSettings(folders=("tools",)))
    try:
        said = shared_office.ask(MAYA, PLACE, f"@Throughline {RETURNED}").words
        assert "pays no fee" not in said
        assert wording.only_from(("tools",)) in said
        elsewhere = shared_office.ask(MAYA, "C0HARBOUR", f"@Throughline {RETURNED}").words
        assert "pays no fee" in elsewhere
    finally:
        set_here(shared_office, ChannelSettings())
