"""Socket Mode of the local workspace: envelopes, acks, redelivery, and the ways a connection ends."""

import threading

import httpx
import pytest
from bot.simulator import Clock, Workspace
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as connect_websocket

pytest_plugins = ["simulator_fixtures"]


@pytest.fixture
def workspace(request):
    """Slack's time runs as fast as the test asks for with `@pytest.mark.parametrize("workspace", [...])`."""
    return Workspace(clock=Clock(speed=getattr(request, "param", 1.0)))


FAST = pytest.mark.parametrize("workspace", [30.0], indirect=True)
FASTER = pytest.mark.parametrize("workspace", [600.0], indirect=True)


def test_a_connection_begins_with_hello(open_socket, workspace):
    hello = open_socket().read()
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["debug_info"]["approximate_connection_time"] > 0
    assert open_socket().read()["num_connections"] == 2
    assert workspace.wait_for(lambda: workspace.connections == 2)


def test_an_event_travels_in_an_envelope_and_an_ack_ends_it(open_socket, workspace, slack):
    socket = open_socket()
    socket.read()
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    envelope = socket.read()
    assert envelope["type"] == "events_api"
    assert envelope["payload"]["event"]["text"] == "hello"
    assert (envelope["accepts_response_payload"], envelope["retry_attempt"], envelope["retry_reason"]) == (False, 0, "")
    assert slack.envelopes_under_way() == 1
    socket.ack(envelope)
    workspace.say("U0MAYA", "C0HARBOUR", "again")
    assert socket.read()["payload"]["event"]["text"] == "again"


@FAST
def test_an_event_that_nobody_acks_comes_again_with_its_event_id_and_ends_with_the_first_ack(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    sent = [socket.read() for _ in range(2)]
    assert [one["retry_attempt"] for one in sent] == [0, 1]
    assert [one["retry_reason"] for one in sent] == ["", "timeout"]
    assert len({one["payload"]["event_id"] for one in sent}) == 1
    assert len({one["envelope_id"] for one in sent}) == 2
    socket.ack(sent[1])
    workspace.say("U0MAYA", "C0HARBOUR", "next")
    assert socket.read()["payload"]["event"]["text"] == "next"


@FASTER
def test_slack_gives_up_after_the_third_retry(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    assert [socket.read()["retry_attempt"] for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(TimeoutError):
        socket.read(timeout=0.2)


@FASTER
def test_an_ack_that_comes_too_late_does_not_count(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    first, _second = socket.read(), socket.read()
    socket.ack(first)
    assert socket.read()["retry_attempt"] == 2


@FAST
def test_a_retry_goes_to_another_connection_where_there_is_one(open_socket, workspace):
    first, second = open_socket(), open_socket()
    first.read()
    second.read()
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    assert [first.read()["retry_attempt"], second.read()["retry_attempt"]] in ([0, 1], [1, 0])


def test_several_connections_take_turns(open_socket, workspace):
    first, second = open_socket(), open_socket()
    first.read()
    second.read()
    for number in range(4):
        workspace.say("U0MAYA", "C0HARBOUR", str(number))
    heard = [[one.read()["payload"]["event"]["text"] for _ in range(2)] for one in (first, second)]
    assert sorted(heard) == [["0", "2"], ["1", "3"]]


def test_what_happened_while_nobody_was_connected_is_told_in_order_when_somebody_is(open_socket, workspace, slack):
    for number in range(3):
        workspace.say("U0MAYA", "C0HARBOUR", str(number))
    socket = open_socket()
    socket.read()
    assert [socket.read()["payload"]["event"]["text"] for _ in range(3)] == ["0", "1", "2"]


def test_the_bot_hears_its_own_messages_edits_and_deletions_as_slack_tells_them(open_socket, client):
    socket = open_socket()
    socket.read()
    ts = client.chat_postMessage(channel="C0HARBOUR", text="one")["ts"]
    client.chat_update(channel="C0HARBOUR", ts=ts, text="two")
    client.chat_delete(channel="C0HARBOUR", ts=ts)
    said, changed, deleted = (socket.read()["payload"]["event"] for _ in range(3))
    assert (said["bot_id"], said["user"], "subtype" in said) == ("B0BOT", "U0BOT", False)
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "two")
    assert changed["previous_message"]["text"] == "one"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)


def test_nothing_is_told_of_a_channel_without_the_bot(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.leave("U0BOT", "C0RETURNS")
    workspace.say("U0MAYA", "C0RETURNS", "@Throughline psst")
    workspace.say("U0MAYA", "C0HARBOUR", "loud")
    assert socket.read()["payload"]["event"]["text"] == "loud"


def test_every_event_can_be_made_to_come_twice(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.faults.deliver_twice = True
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    twice = [socket.read() for _ in range(2)]
    assert len({one["payload"]["event_id"] for one in twice}) == 1
    assert {one["retry_attempt"] for one in twice} == {0}


@FAST
def test_a_refresh_says_so_and_closes_the_connection_some_seconds_later(open_socket, workspace, slack):
    socket = open_socket()
    socket.read()
    slack.refresh_connections()
    goodbye = socket.read()
    assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "refresh_requested")
    workspace.wait_for(lambda: workspace.connections == 0)
    with pytest.raises(ConnectionClosed):
        socket.read()


def test_a_dropped_connection_ends_without_a_word(open_socket, workspace, slack):
    socket = open_socket()
    socket.read()
    slack.drop_connections()
    with pytest.raises(ConnectionClosed) as ended:
        socket.read()
    assert ended.value.rcvd is None
    workspace.wait_for(lambda: workspace.connections == 0)


def test_a_websocket_address_is_good_for_one_connection(slack, client):
    url = client.apps_connections_open(app_token=slack.app_token)["url"]
    with connect_websocket(url) as websocket:
        websocket.recv(5)
    with pytest.raises(InvalidStatus), connect_websocket(url):
        pass


def test_an_eleventh_connection_is_one_too_many(open_socket):
    first_words = [open_socket().read() for _ in range(11)]
    assert [one["type"] for one in first_words] == ["hello"] * 10 + ["disconnect"]
    assert first_words[-1]["reason"] == "too_many_websockets"


def test_a_command_carries_what_slack_sends_and_its_ack_may_answer_the_typer(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "do we bill?")
    envelope = socket.read()
    payload = envelope["payload"]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert {
        name: payload[name] for name in ("command", "text", "user_id", "channel_name", "team_id", "api_app_id")
    } == {
        "command": "/ask",
        "text": "do we bill?",
        "user_id": "U0MAYA",
        "channel_name": "harbour-street",
        "team_id": "T0TIDE",
        "api_app_id": "A0THROUGHLINE",
    }
    socket.ack(envelope, {"text": "one moment"})
    answer = workspace.wait_for(lambda: [one for one in workspace.seen_by("U0MAYA", "C0HARBOUR") if one.ephemeral])[0]
    assert (answer.words, answer.after) == ("one moment", "/ask do we bill?")
    assert not any(one.ephemeral for one in workspace.seen_by("U0SAM", "C0HARBOUR"))


def test_an_ack_may_answer_everyone(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    socket.ack(socket.read(), {"text": "for all", "response_type": "in_channel"})
    assert workspace.wait_for(lambda: workspace.seen_by("U0SAM", "C0HARBOUR")[-1].words == "for all")


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"blocks": [{"type": "sect"}]}, "invalid_command_response"),
        ({"response_type": "in_channel"}, "invalid_command_response"),
    ],
)
def test_an_ack_that_slack_would_not_show_is_a_failed_command(open_socket, workspace, payload, error):
    socket = open_socket()
    socket.read()
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    socket.ack(socket.read(), payload)
    assert workspace.wait_for(lambda: error in workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].words)


@FAST
def test_who_typed_a_command_that_nobody_acks_is_told_and_the_command_is_not_sent_again(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    socket.read()
    failed = '/ask failed with the error "operation_timeout"'
    assert workspace.wait_for(lambda: workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].words == failed)
    with pytest.raises(TimeoutError):
        socket.read(timeout=0.2)


def test_who_types_a_command_while_no_bot_is_connected_is_told_at_once(slack, workspace):
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    assert workspace.wait_for(lambda: "dispatch_failed" in workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].words)


def test_a_response_url_takes_five_posts(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    envelope = socket.read()
    socket.ack(envelope)
    url = envelope["payload"]["response_url"]
    answers = [httpx.post(url, json={"text": str(number)}) for number in range(6)]
    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "ok")] * 5 + [(404, "used_url")]
    seen = [one.words for one in workspace.seen_by("U0MAYA", "C0HARBOUR") if one.ephemeral]
    assert seen == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("workspace", [1_000_000.0], indirect=True)
def test_a_response_url_lives_half_an_hour(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    # A million times as fast, half an hour is over in two thousandths of a second.
    answer = httpx.post(socket.read()["payload"]["response_url"], json={"text": "late"})
    assert (answer.status_code, answer.text) == (404, "expired_url")


@pytest.mark.parametrize(
    ("body", "error"), [({}, "no_text"), ({"text": "x", "blocks": [{"type": "sect"}]}, "invalid_blocks")]
)
def test_a_response_url_refuses_what_slack_refuses(open_socket, workspace, body, error):
    socket = open_socket()
    socket.read()
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    answer = httpx.post(socket.read()["payload"]["response_url"], json=body)
    assert (answer.status_code, answer.text) == (400, error)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"text": "new", "replace_original": True}, ["new"]),
        ({"delete_original": True}, []),
        ({"text": "new", "replace_original": False}, ["old", "new"]),
    ],
)
def test_the_answer_to_a_button_may_replace_or_delete_even_a_message_for_one_person(
    open_socket, client, workspace, answer, expected
):
    socket = open_socket()
    socket.read()
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "old"}, "accessory": button}]
    ts = client.chat_postEphemeral(channel="C0RETURNS", user="U0MAYA", text="old", blocks=blocks)["message_ts"]
    workspace.click("U0MAYA", "C0RETURNS", ts, "go")
    envelope = socket.read()
    assert envelope["type"] == "interactive"
    socket.ack(envelope)
    assert httpx.post(envelope["payload"]["response_url"], json=answer).text == "ok"
    assert [one.words.split("\n")[0] for one in workspace.seen_by("U0MAYA", "C0RETURNS")] == expected


@FAST
def test_who_presses_a_button_that_nobody_answers_is_told(open_socket, client, workspace):
    socket = open_socket()
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ts = client.chat_postMessage(channel="C0RETURNS", text="x", blocks=[{"type": "actions", "elements": [button]}])[
        "ts"
    ]
    workspace.click("U0SAM", "C0RETURNS", ts, "go")
    told = "Throughline did not answer the button “Go” in time."
    assert workspace.wait_for(lambda: workspace.seen_by("U0SAM", "C0RETURNS")[-1].words == told)
    assert workspace.seen_by("U0MAYA", "C0RETURNS")[-1].words != told
    assert socket.read()["type"] == "hello"


def test_only_the_app_token_opens_connections(slack, client):
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client.apps_connections_open(app_token=slack.bot_token)


def test_a_real_bolt_app_answers_a_mention_a_command_and_a_button(answering_bot, workspace):
    ts = workspace.say("U0MAYA", "C0HARBOUR", "@Throughline do we bill?")
    answer = workspace.wait_for(lambda: workspace.seen_by("U0SAM", "C0HARBOUR", ts)[1:])[0]
    assert "Returned within 30 days is not charged." in answer.words
    workspace.click("U0SAM", "C0HARBOUR", answer.ts, "feedback", value="bad")
    thanks = workspace.wait_for(lambda: [one for one in workspace.seen_by("U0SAM", "C0HARBOUR", ts) if one.ephemeral])
    assert thanks[0].words == "Thanks for bad."
    workspace.slash("U0RUTH", "C0HARBOUR", "/ask", "fee?")
    assert workspace.wait_for(lambda: workspace.seen_by("U0RUTH", "C0HARBOUR")[-1].ephemeral)


def test_a_real_bolt_app_is_back_after_its_connection_was_cut(answering_bot, workspace, slack):
    # After a refresh it is back too, but now and then only after ten seconds: it does not notice that it closed its
    # own old socket.
    slack.drop_connections()
    workspace.wait_for(lambda: workspace.connections == 0)
    workspace.wait_for(lambda: workspace.connections == 1, timeout=20)
    ts = workspace.say("U0MAYA", "C0HARBOUR", "@Throughline and now?")
    assert workspace.wait_for(lambda: workspace.seen_by("U0SAM", "C0HARBOUR", ts)[1:])


def test_two_connections_of_a_real_bolt_app_share_the_work(app, connect, workspace):
    heard = []
    enough = threading.Event()

    @app.event("message")
    def message(event):
        heard.append(event["text"])
        if len(heard) == 6:
            enough.set()

    connect()
    connect()
    for number in range(6):
        workspace.say("U0MAYA", "C0HARBOUR", str(number))
    assert enough.wait(5)
    assert sorted(heard) == ["0", "1", "2", "3", "4", "5"]
