"""The direct message with an agent: status, suggestions and growing answers, and the same where Slack has none."""

from collections.abc import Callable

import pytest
from bot import wording
from bot.simulator.faults import Mishap
from bot.simulator.journal import ApiCall

from offices import PATIENCE_SECONDS, Office

MAYA, DIRECT, PLACE = "U0MAYA", "D0MAYA", "C0HARBOUR"
RETURNED = "customer brought the modem back after 20 days, do we still bill the return fee?"
AI_METHODS = (
    "assistant.threads.setStatus",
    "assistant.threads.setSuggestedPrompts",
    "chat.startStream",
    "chat.stopStream",
)


def calls(office: Office, method: str) -> tuple[ApiCall, ...]:
    return office.workspace.journal.calls(method)


def test_an_answer_in_a_thread_of_the_direct_message_grows(office: Office) -> None:
    root = office.workspace.say(MAYA, DIRECT, RETURNED)
    office.wait_for_replies(1, MAYA, DIRECT)
    office.workspace.say(MAYA, DIRECT, "and after 30 days?", root)
    answer = office.wait_for_replies(1, MAYA, DIRECT, root)[-1]
    office.settle()
    answer = office.replies(MAYA, DIRECT, root)[-1]
    assert "[1]" in answer.words
    assert answer.button("Helpful") is not None
    [begun] = calls(office, "chat.startStream")
    [ended] = calls(office, "chat.stopStream")
    assert begun.answer["ts"] == ended.answer["ts"] == answer.ts
    assert not begun.error
    assert not ended.error
    assert len(office.replies(MAYA, DIRECT, root)) == 1


@pytest.mark.parametrize("mishap", [Mishap.SERVER_ERROR, Mishap.LOST_ANSWER, Mishap.DROPPED_BEFORE])
def test_a_stream_that_breaks_off_becomes_the_whole_answer_in_its_place(office: Office, mishap: Mishap) -> None:
    root = office.workspace.say(MAYA, DIRECT, "how high is the late fee?")
    office.wait_for_replies(1, MAYA, DIRECT)
    office.workspace.faults.strike_next(mishap, method="chat.stopStream")
    office.workspace.say(MAYA, DIRECT, RETURNED, root)
    office.wait_for_replies(1, MAYA, DIRECT, root)
    office.settle()
    [answer] = office.replies(MAYA, DIRECT, root)
    assert "pays no fee" in answer.words
    assert answer.button("Helpful") is not None


def test_while_it_is_looked_up_slack_says_so_and_after_the_answer_no_more(office: Office) -> None:
    ts = office.workspace.say(MAYA, PLACE, f"@Throughline {RETURNED}")
    office.wait_for_replies(1, MAYA, PLACE, ts)
    [asked] = calls(office, "assistant.threads.setStatus")
    assert asked.arguments["status"] == wording.LOOKING_UP
    assert asked.arguments["thread_ts"] == ts


def test_after_an_answer_beside_a_direct_message_slack_no_longer_says_that_it_is_looked_up(office: Office) -> None:
    ts = office.workspace.say(MAYA, DIRECT, RETURNED)
    office.wait_for_replies(1, MAYA, DIRECT)
    office.workspace.wait_for(lambda: not office.workspace.status_seen_by(MAYA, DIRECT, ts))
    assert [one.arguments["status"] for one in calls(office, "assistant.threads.setStatus")] == [wording.LOOKING_UP, ""]


def test_whoever_opens_the_direct_message_sees_what_to_ask(office: Office) -> None:
    office.workspace.open_dm(MAYA)
    office.workspace.wait_for(lambda: calls(office, "assistant.threads.setSuggestedPrompts"), timeout=PATIENCE_SECONDS)
    [shown] = calls(office, "assistant.threads.setSuggestedPrompts")
    assert not shown.error
    assert "thread_ts" not in shown.arguments


def test_where_slack_knows_no_such_calls_everything_is_answered_all_the_same(
    open_office: Callable[..., Office],
) -> None:
    office = open_office()
    office.workspace.faults.no_ai_methods = True
    root = office.ask_directly(MAYA, RETURNED)
    assert "pays no fee" in root.words
    start = office.workspace.say(MAYA, DIRECT, "how high is the late fee?")
    office.wait_for_replies(2, MAYA, DIRECT)
    office.workspace.say(MAYA, DIRECT, RETURNED, start)
    assert "pays no fee" in office.wait_for_replies(1, MAYA, DIRECT, start)[-1].words
    assert "pays no fee" in office.ask(MAYA, PLACE, f"@Throughline {RETURNED}").words
    assert "pays no fee" in office.slash(MAYA, PLACE, RETURNED).words
    office.settle()
    for method in AI_METHODS:
        assert len(calls(office, method)) <= 1, "what was refused for good is left alone"
        assert all(one.error == "unknown_method" for one in calls(office, method))


@pytest.mark.parametrize("method", AI_METHODS[:2])
def test_a_status_that_fails_costs_no_answer(office: Office, method: str) -> None:
    office.workspace.faults.strike_next(Mishap.SERVER_ERROR, method=method)
    assert "pays no fee" in office.ask_directly(MAYA, RETURNED).words
