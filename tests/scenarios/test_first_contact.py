"""First contact: whoever is new hears once what to try, and the bot says hello where it is invited."""

from collections.abc import Callable

import pytest
from bot import exchanges, wording
from bot.handlers.blocks import TRY_ACTION

from offices import Office

MAYA = "U0MAYA"


@pytest.fixture
def new_office(open_office: Callable[..., Office]) -> Office:
    return open_office(all_are_new=True)


def test_whoever_opens_the_direct_message_is_welcomed_once_with_three_things_to_try(new_office: Office) -> None:
    direct = new_office.workspace.open_dm(MAYA)
    welcome = new_office.wait_for_replies(1, MAYA, direct)[0]
    assert welcome.words.startswith(wording.welcome("Maya Okafor"))
    tries = [button for button in welcome.buttons if button.action_id == TRY_ACTION]
    assert len(tries) == 3
    assert new_office.workspace.prompts_of(MAYA) is None, "the same questions stand in the welcome"
    new_office.workspace.open_dm(MAYA)
    new_office.workspace.wait_for(lambda: new_office.workspace.prompts_of(MAYA) is not None)
    new_office.settle()
    assert len(new_office.replies(MAYA, direct)) == 1


def test_a_thing_to_try_is_asked_by_pressing_it(new_office: Office) -> None:
    direct = new_office.workspace.open_dm(MAYA)
    welcome = new_office.wait_for_replies(1, MAYA, direct)[0]
    question = next(button.value for button in welcome.buttons if button.action_id == TRY_ACTION)
    new_office.workspace.click(MAYA, direct, welcome.ts, TRY_ACTION, question)
    answer = new_office.wait_for_replies(2, MAYA, direct)[-1]
    assert answer.words.startswith(wording.tried(question))
    assert "[1]" in answer.words


def test_whoever_asks_in_a_channel_first_is_welcomed_where_only_they_see_it(new_office: Office) -> None:
    ts = new_office.workspace.say(MAYA, "C0HARBOUR", "@Throughline how high is the late fee?")
    seen = new_office.wait_for_replies(2, MAYA, "C0HARBOUR", None)
    new_office.settle()
    welcome = next(one for one in seen if wording.WELCOME in one.words)
    assert new_office.who_sees("C0HARBOUR", welcome) == {MAYA}
    assert len(new_office.replies("U0SAM", "C0HARBOUR", ts)) == 1


@pytest.mark.parametrize(
    ("said", "heard"), [("hello", wording.HOW_TO_ASK), ("thanks!", wording.GLAD), ("what's new?", wording.WHERE_NEWS)]
)
def test_small_talk_to_the_bot_gets_a_word_and_is_no_gap(office: Office, said: str, heard: str) -> None:
    assert office.ask_directly(MAYA, said).words == heard.replace("`", "")
    with office.house.database.reading() as session:
        assert exchanges.gaps(session) == 0


def test_a_question_on_the_shortcut_is_answered_to_whoever_chose_it_alone(office: Office) -> None:
    ts = office.workspace.say("U0SAM", "C0HARBOUR", "Box came back after 20 days, do we bill the return fee?")
    office.workspace.shortcut(MAYA, "ask_about_this", "C0HARBOUR", ts)
    answer = office.wait_for_replies(1, MAYA, "C0HARBOUR")[-1]
    assert answer.words.startswith(wording.tried("Box came back after 20 days, do we bill the return fee?"))
    assert "not charged" in answer.words
    assert office.who_sees("C0HARBOUR", answer) == {MAYA}
