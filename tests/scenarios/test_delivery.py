"""Never lost, never twice: what people see when Slack, the network or the bot itself gives out."""

import gc
import platform
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from bot import inbox, outbox
from bot.app import House
from bot.handlers import blocks
from bot.leases import Claim, replica_in
from bot.outbox import Destination
from bot.simulator import LocalSlack, Workspace, hooks
from bot.simulator.faults import Mishap
from slack_bolt import BoltRequest
from sqlalchemy import func, select

from offices import PATIENCE_SECONDS, Office, hire, until

QUESTION = "@Throughline Can I waive a late fee without a supervisor?"
SOURCE = "Late fees and late-fee waivers"
PAUSE_QUESTION = "How long may a seasonal pause last?"
PAUSE_ANSWER = "at most 180 days"
# For staff only, so in a channel with an installer it is answered for whoever asked.
STAFF_QUESTION = "@Throughline How long may a seasonal pause last?"


def test_an_event_that_slack_delivers_twice_is_answered_once(office: Office) -> None:
    office.workspace.faults.deliver_twice = True
    asked = office.workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    direct = office.ask_directly("U0SAM", PAUSE_QUESTION)
    office.settle()
    assert len(office.replies("U0MAYA", "C0HARBOUR", asked)) == 1
    assert office.replies("U0SAM", "D0SAM") == (direct,)


def test_an_event_that_comes_four_times_at_once_is_answered_once_whatever_its_headers_say(office: Office) -> None:
    """Slack sends again what it has no ack for; after a restart that may be the only time it comes."""
    channel = office.workspace.open_dm("U0SAM")
    app = office.bot._line._connections[0].app
    said = {"type": "message", "channel": channel, "channel_type": "im", "user": "U0SAM", "ts": "1763719860.000100"}
    body = {"type": "event_callback", "event_id": "Ev1", "event": {**said, "text": PAUSE_QUESTION}}

    def come(attempt: int) -> int:
        headers = {"x-slack-retry-num": [str(attempt)], "x-slack-retry-reason": ["timeout"]}
        return app.dispatch(BoltRequest(mode="socket_mode", body=body, headers=headers)).status

    with ThreadPoolExecutor(4) as connections:
        assert list(connections.map(come, range(1, 5))) == [200] * 4
    office.wait_for_replies(1, "U0SAM", channel)
    office.settle()
    assert len(office.replies("U0SAM", channel)) == 1


def test_the_two_events_that_slack_sends_for_one_mention_are_answered_once(shared_office: Office) -> None:
    asked = shared_office.workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    shared_office.wait_for_replies(1, "U0MAYA", "C0HARBOUR", asked)
    shared_office.settle()
    assert len(shared_office.replies("U0MAYA", "C0HARBOUR", asked)) == 1


def test_while_slack_limits_calls_an_answer_waits_and_then_comes_once(office: Office) -> None:
    office.workspace.faults.strike_next(Mishap.RATE_LIMITED, 3)
    asked = office.workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    private = office.slash("U0SAM", "C0HARBOUR", PAUSE_QUESTION)
    [answer] = office.wait_for_replies(1, "U0MAYA", "C0HARBOUR", asked)
    office.settle()
    assert SOURCE in answer.words
    assert PAUSE_ANSWER in private.words
    assert len(office.replies("U0MAYA", "C0HARBOUR", asked)) == 1
    assert office.workspace.faults.count(Mishap.RATE_LIMITED) == 3


def test_an_answer_that_slack_limits_is_posted_later_and_once(office: Office) -> None:
    office.ask("U0MAYA", "C0HARBOUR", QUESTION)  # who reads here is known from now on
    office.workspace.faults.strike_next(Mishap.RATE_LIMITED, method="chat.postMessage")
    office.ask("U0MAYA", "C0HARBOUR", QUESTION)
    office.settle()
    assert office.workspace.faults.count(Mishap.RATE_LIMITED) == 1
    assert len(office.workspace.journal.calls("chat.postMessage")) == 3
    assert len(office.replies("U0MAYA", "C0HARBOUR")) == 2


def test_a_slow_slack_gets_its_answers_once(office: Office) -> None:
    office.workspace.faults.slow_by = 0.5
    answer = office.ask_directly("U0MAYA", QUESTION)
    office.settle()
    assert SOURCE in answer.words
    assert office.replies("U0MAYA", "D0MAYA") == (answer,)


def test_when_the_network_cuts_the_connections_the_bot_comes_back_and_answers(office: Office) -> None:
    office.slack.drop_connections()
    office.workspace.wait_for(lambda: office.workspace.connections < 2)
    assert SOURCE in office.ask("U0MAYA", "C0HARBOUR", QUESTION).words
    office.workspace.wait_for(lambda: office.workspace.connections == 2, timeout=PATIENCE_SECONDS)


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_when_slack_was_away_the_bot_comes_back_and_answers(office: Office) -> None:
    office.slack.stop()
    office.slack.start()
    assert SOURCE in office.ask("U0MAYA", "C0HARBOUR", QUESTION).words
    office.workspace.wait_for(lambda: office.workspace.connections == 2, timeout=PATIENCE_SECONDS)
    gc.collect()  # websocket-client leaves closing a socket that the server closed to the garbage collector


def test_while_slack_refreshes_the_connections_nothing_is_missed(office: Office) -> None:
    office.slack.refresh_connections()
    asked = [office.workspace.say("U0MAYA", "C0HARBOUR", QUESTION) for _ in range(3)]
    answers = [office.wait_for_replies(1, "U0MAYA", "C0HARBOUR", ts) for ts in asked]
    office.settle()
    assert all(SOURCE in answer.words for [answer] in answers)
    assert [len(office.replies("U0MAYA", "C0HARBOUR", ts)) for ts in asked] == [1, 1, 1]


def test_after_a_refresh_no_connection_stays_deaf(office: Office) -> None:
    """Slack may ask all connections at once: those that opened together end together."""
    for _ in range(3):
        office.slack.refresh_connections()
        office.workspace.wait_for(lambda: office.workspace.connections == 0)
        office.workspace.wait_for(lambda: office.workspace.connections == 2, timeout=3)
    assert SOURCE in office.ask("U0MAYA", "C0HARBOUR", QUESTION).words


def test_questions_in_one_thread_are_answered_in_the_order_they_came(shared_office: Office) -> None:
    thread = str(shared_office.ask("U0MAYA", "C0HARBOUR", QUESTION).thread_ts)
    for number in range(20):
        question = QUESTION if number % 2 == 0 else f"@Throughline {PAUSE_QUESTION}"
        shared_office.workspace.say("U0MAYA", "C0HARBOUR", question, thread)
        until(lambda number=number: _came(shared_office, thread) == number + 2)
    answers = shared_office.wait_for_replies(21, "U0SAM", "C0HARBOUR", thread)[1:]
    in_order = [SOURCE if number % 2 == 0 else PAUSE_ANSWER for number in range(20)]
    assert all(expected in answer.words for expected, answer in zip(in_order, answers, strict=True))


def _came(office: Office, thread: str) -> int:
    """How many questions of a thread have reached the bot."""
    with office.house.database.reading() as session:
        here = inbox.InboxRow.conversation == f"C0HARBOUR:{thread}"
        return session.scalar(select(func.count()).select_from(inbox.InboxRow).where(here)) or 0


def test_a_conversation_that_waits_does_not_hold_up_another(office: Office) -> None:
    """What is asked in one thread waits for its turn there; a thread beside it does not."""
    with office.house.database.writing.begin() as session:
        inbox.accept(
            session, key="held", kind="question", conversation="C0HARBOUR:1.0", value={}, now=datetime.now(UTC)
        )
        held = inbox.take(session, Claim("another", now=datetime.now(UTC)))
    assert held is not None
    assert SOURCE in office.ask("U0MAYA", "C0HARBOUR", QUESTION).words
    with office.house.database.writing.begin() as session:
        inbox.finish(session, held)


def test_an_answer_reaches_somebody_who_has_left_the_channel_as_a_direct_message(office: Office) -> None:
    office.ask_where_others_read(
        "U0MAYA", "C0FIELD", "how high is the late fee?"
    )  # who reads here is known from now on
    office.workspace.faults.limit_calls(1.0)
    office.workspace.say("U0MAYA", "C0FIELD", STAFF_QUESTION)
    office.workspace.leave("U0MAYA", "C0FIELD")
    [answer] = office.wait_for_replies(1, "U0MAYA", "D0MAYA")
    assert PAUSE_ANSWER in answer.words


def test_where_slack_takes_nothing_more_at_the_address_of_a_command_the_answer_comes_another_way(
    office: Office,
) -> None:
    office.workspace.faults.slow_by = 0.5
    office.workspace.slash("U0SAM", "C0HARBOUR", "/ask", PAUSE_QUESTION)
    for hook in office.workspace.hooks._by_secret.values():
        hook.posts = hooks.MAX_POSTS
    [answer] = office.wait_for_replies(1, "U0SAM", "C0HARBOUR")
    assert PAUSE_ANSWER in answer.words
    assert office.who_sees("C0HARBOUR", answer) == {"U0SAM"}


def test_an_answer_that_can_never_be_delivered_does_not_hold_up_the_next(office: Office) -> None:
    with office.house.database.writing.begin() as session:
        for number, channel in enumerate(("C0NOWHERE", "C0HARBOUR")):
            outbox.owe(
                session,
                key=f"test:{number}",
                kind=blocks.WORDS,
                to=Destination(channel=channel),
                value={"text": "Late, but there."},
                now=datetime.now(UTC),
            )
    assert SOURCE in office.ask("U0MAYA", "C0HARBOUR", QUESTION).words
    office.settle()
    assert "Late, but there." in [one.words for one in office.replies("U0MAYA", "C0HARBOUR")]
    with office.house.database.reading() as session:
        assert outbox.dead(session) == 1


@pytest.fixture
def away(house: House) -> Iterator[tuple[Workspace, Callable[[], Office]]]:
    """A workspace in which the bot is not running yet, and how to start it."""
    with ExitStack() as closing:
        slack = LocalSlack(Workspace()).start()
        closing.callback(slack.stop)

        def start() -> Office:
            bot = hire(house, slack)
            closing.callback(bot.stop)
            return Office(house, slack.workspace, slack, bot)

        yield slack.workspace, start


def test_what_was_asked_while_the_bot_was_down_is_answered_when_it_is_back(
    away: tuple[Workspace, Callable[[], Office]],
) -> None:
    workspace, start = away
    start().bot.stop()
    workspace.wait_for(lambda: workspace.connections == 0)
    asked = workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    office = start()
    [answer] = office.wait_for_replies(1, "U0SAM", "C0HARBOUR", asked)
    office.settle()
    assert SOURCE in answer.words
    assert len(office.replies("U0SAM", "C0HARBOUR", asked)) == 1


def test_work_that_a_killed_bot_left_half_done_is_answered_once_by_the_next(
    house: House, away: tuple[Workspace, Callable[[], Office]]
) -> None:
    workspace, start = away
    asked = workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    with house.database.writing.begin() as session:
        inbox.accept(
            session,
            key=f"message:C0HARBOUR:{asked}",
            kind="question",
            conversation=f"C0HARBOUR:{asked}",
            value={
                "person": "U0MAYA",
                "text": PAUSE_QUESTION,
                "channel": "C0HARBOUR",
                "thread": asked,
                "only_asker": False,
                "addressed": True,
            },
            now=datetime.now(UTC),
        )
        replica = replica_in(house.settings.data_dir, machine=platform.node())
        assert inbox.take(session, Claim(replica, now=datetime.now(UTC))) is not None
    office = start()
    [answer] = office.wait_for_replies(1, "U0SAM", "C0HARBOUR", asked)
    office.settle()  # Slack has delivered the same message again by now
    assert PAUSE_ANSWER in answer.words
    assert len(office.replies("U0SAM", "C0HARBOUR", asked)) == 1


def test_an_answer_that_a_killed_bot_still_owed_is_posted_by_the_next(
    house: House, away: tuple[Workspace, Callable[[], Office]]
) -> None:
    _, start = away
    with house.database.writing.begin() as session:
        outbox.owe(
            session,
            key="test",
            kind=blocks.WORDS,
            to=Destination(channel="C0HARBOUR"),
            value={"text": "As promised."},
            now=datetime.now(UTC),
        )
    office = start()
    [posted] = office.wait_for_replies(1, "U0MAYA", "C0HARBOUR")
    assert posted.words == "As promised."
