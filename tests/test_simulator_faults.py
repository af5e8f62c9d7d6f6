"""The switches that make Slack misbehave: what a client meets, what took effect all the same, and what was counted."""

import http.client
import time
import urllib.error

import httpx
import pytest
from bot.simulator import Clock, Workspace
from bot.simulator.faults import Mishap
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from websockets.exceptions import ConnectionClosed

pytest_plugins = ["simulator_fixtures"]


@pytest.fixture
def workspace(request):
    return Workspace(clock=Clock(speed=getattr(request, "param", 1.0)))


@pytest.fixture
def client(slack):
    """Slack's own client, which here tries nothing twice by itself."""
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def post(client, text="x"):
    return client.chat_postMessage(channel="C0RETURNS", text=text)


def said(workspace):
    return [one.words for one in workspace.seen_by("U0SAM", "C0RETURNS")]


@pytest.mark.parametrize(
    ("mishap", "status"),
    [
        (Mishap.RATE_LIMITED, 429),
        (Mishap.SERVER_ERROR, 500),
        (Mishap.BAD_GATEWAY, 502),
        (Mishap.UNAVAILABLE, 503),
        (Mishap.GATEWAY_TIMEOUT, 504),
    ],
)
def test_a_call_that_is_refused_takes_no_effect(client, workspace, mishap, status):
    workspace.faults.strike_next(mishap, 2, method="chat.postMessage")
    client.auth_test()
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            post(client)
        assert refused.value.response.status_code == status
    assert said(workspace) == []
    post(client, "at last")
    assert said(workspace) == ["at last"]
    assert workspace.faults.count(mishap) == workspace.faults.count(mishap, "chat.postMessage") == 2
    assert sum(workspace.faults.ambiguous.values()) == 0
    assert [one.mishap for one in workspace.journal.calls("chat.postMessage")] == [mishap.value, mishap.value, ""]


def test_a_gateway_answers_with_a_page_and_no_json(slack, workspace):
    workspace.faults.strike_next(Mishap.BAD_GATEWAY)
    answer = httpx.post(f"{slack.api_url}auth.test", headers={"Authorization": f"Bearer {slack.bot_token}"})
    assert (answer.headers["content-type"], "Bad Gateway" in answer.text) == ("text/html; charset=utf-8", True)


@pytest.mark.parametrize(
    ("mishap", "meets"),
    [
        (Mishap.LOST_ANSWER, SlackApiError),
        (Mishap.DROPPED_AFTER, (urllib.error.URLError, ConnectionError, http.client.RemoteDisconnected)),
        (Mishap.HALF_ANSWER, http.client.IncompleteRead),
    ],
)
def test_an_answer_that_is_lost_hides_what_took_effect(client, workspace, mishap, meets):
    workspace.faults.strike_next(mishap)
    with pytest.raises(meets):
        post(client, "once")
    workspace.wait_for(lambda: said(workspace) == ["once"])
    assert workspace.faults.ambiguous == {"chat.postMessage": 1}
    assert workspace.faults.count(mishap) == 1
    post(client, "and on")
    assert said(workspace) == ["once", "and on"]


def test_a_connection_that_is_dropped_before_takes_no_effect(client, workspace):
    workspace.faults.strike_next(Mishap.DROPPED_BEFORE)
    with pytest.raises((urllib.error.URLError, ConnectionError, http.client.RemoteDisconnected)):
        post(client)
    assert said(workspace) == []
    assert not workspace.faults.ambiguous


def test_slacks_own_client_posts_twice_when_the_answer_to_the_first_is_dropped(slack, workspace):
    workspace.faults.strike_next(Mishap.DROPPED_AFTER)
    post(WebClient(token=slack.bot_token, base_url=slack.api_url), "hello")
    assert said(workspace) == ["hello", "hello"]


def test_a_retry_after_is_what_was_set(slack, workspace):
    workspace.faults.retry_after = 2
    workspace.faults.strike_next(Mishap.RATE_LIMITED)
    handlers = [RateLimitErrorRetryHandler(max_retry_count=1)]
    start = time.monotonic()
    post(WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=handlers))
    assert time.monotonic() - start >= 2


def test_a_share_of_calls_is_struck_the_same_way_with_the_same_seed():
    def struck(seed):
        faults = Workspace().faults
        faults.strike_share({Mishap.RATE_LIMITED: 0.2, Mishap.LOST_ANSWER: 0.1}, seed=seed, methods=("chat.update",))
        return [faults.draw("chat.update") for _ in range(1000)], faults

    drawn, faults = struck(7)
    assert drawn == struck(7)[0]
    assert drawn != struck(8)[0]
    assert 150 < faults.count(Mishap.RATE_LIMITED) < 250
    assert 60 < faults.count(Mishap.LOST_ANSWER) < 140
    assert faults.draw("auth.test") is None


def test_a_response_url_can_fail_too(workspace, open_socket):
    socket = open_socket()
    socket.read()
    workspace.slash("U0MAYA", "C0RETURNS", "/ask", "x")
    url = socket.read()["payload"]["response_url"]
    workspace.faults.strike_next(Mishap.BAD_GATEWAY, method="response_url")
    assert httpx.post(url, json={"text": "lost"}).status_code == 502
    workspace.faults.strike_next(Mishap.LOST_ANSWER, method="response_url")
    with pytest.raises(httpx.TransportError):
        httpx.post(url, json={"text": "kept"})
    assert [one.words for one in workspace.seen_by("U0MAYA", "C0RETURNS")] == ["kept"]
    assert workspace.faults.ambiguous == {"response_url": 1}


def test_a_workspace_without_ai_methods_does_not_know_them(client, workspace):
    workspace.faults.no_ai_methods = True
    for method in ("assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts", "chat.startStream"):
        with pytest.raises(SlackApiError, match="unknown_method"):
            client.api_call(method)
    assert client.auth_test()["ok"]


@pytest.mark.parametrize("workspace", [30.0], indirect=True)
def test_an_ack_that_is_lost_brings_the_event_again(open_socket, workspace):
    socket = open_socket()
    socket.read()
    workspace.faults.strike_next(Mishap.LOST_ACK)
    workspace.say("U0MAYA", "C0RETURNS", "hello")
    first = socket.read()
    socket.ack(first)
    second = socket.read()
    socket.ack(second)
    assert (second["retry_attempt"], second["payload"]["event_id"]) == (1, first["payload"]["event_id"])
    assert workspace.faults.count(Mishap.LOST_ACK) == 1


def test_a_silent_socket_stays_open_brings_nothing_and_answers_no_ping(open_socket, workspace, slack):
    socket = open_socket()
    socket.read()
    assert socket.websocket.ping().wait(5)
    slack.silence_connections()
    workspace.wait_for(lambda: workspace.connections == 1)
    assert not socket.websocket.ping().wait(0.3)
    workspace.say("U0MAYA", "C0RETURNS", "hello")
    with pytest.raises(TimeoutError):
        socket.read(timeout=0.3)
    assert workspace.faults.silenced == 1


@pytest.mark.parametrize("workspace", [30.0], indirect=True)
def test_what_went_to_a_silent_socket_comes_again_on_another(open_socket, workspace, slack):
    dead = open_socket()
    dead.read()
    slack.silence_connections()
    workspace.say("U0MAYA", "C0RETURNS", "hello")
    alive = open_socket()
    alive.read()
    again = alive.read()
    assert (again["retry_attempt"], again["payload"]["event"]["text"]) == (1, "hello")
    alive.ack(again)
    # In the end Slack notices.
    workspace.wait_for(lambda: workspace.connections == 1)
    with pytest.raises(ConnectionClosed):
        dead.read()


def test_every_new_socket_is_silent_while_that_is_switched_on(open_socket, workspace):
    workspace.faults.silent_sockets = True
    socket = open_socket()
    assert socket.read()["type"] == "hello"
    assert not socket.websocket.ping().wait(0.3)


def test_what_is_on_is_named_and_ends_together(workspace):
    faults = workspace.faults
    faults.strike_next(Mishap.UNAVAILABLE, 3, method="chat.update")
    faults.strike_share({Mishap.RATE_LIMITED: 0.25}, seed=1)
    faults.no_ai_methods = True
    assert faults.names == ("no AI methods", "503 for 3 chat.update", "25% of calls by chance")
    faults.clear()
    assert faults.names == ()
    assert faults.draw("chat.update") is None


def test_doubled_events_are_counted(workspace):
    workspace.faults.deliver_twice = True
    workspace.say("U0MAYA", "C0RETURNS", "hello")
    assert (len(workspace.take_envelopes()), workspace.faults.doubled) == (2, 1)
