"""Delivery by HTTP: signed posts to a request URL, their retries, and what the answers to them do."""

import json
import threading
import time
from queue import Queue
from urllib.parse import parse_qs

import pytest
from bot.simulator import Clock, LocalSlack, Workspace
from bot.simulator.errors import NotLoopback, RequestUrlRefused
from bot.simulator.request_url import THREADS
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from offices import PATIENCE_SECONDS
from wsgi_apps import Listener

pytest_plugins = ["simulator_fixtures"]

SECRET = "a local signing secret"
FORM = {
    "type": "modal",
    "callback_id": "reason",
    "title": {"type": "plain_text", "text": "Why?"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "words"},
        }
    ],
}


@pytest.fixture
def workspace(request):
    return Workspace(clock=Clock(speed=getattr(request, "param", 1.0)))


@pytest.fixture
def slack(workspace):
    served = LocalSlack(workspace, signing_secret=SECRET).start()
    yield served
    served.stop()


@pytest.fixture
def listener(serve, slack):
    listening = Listener()
    slack.set_request_url(serve(listening))
    return listening


def test_an_event_is_posted_as_json_with_a_signature_that_slacks_own_verifier_takes(listener, workspace):
    workspace.say("U0MAYA", "C0HARBOUR", "2 < 3 — ünïcode")
    body, headers, kind = listener.next()
    assert kind == "application/json"
    assert json.loads(body)["event"]["text"] == "2 &lt; 3 — ünïcode"
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert not SignatureVerifier("another secret").is_valid_request(body, headers)
    assert "x-slack-retry-num" not in headers


def test_a_command_is_a_form_and_its_answer_is_seen_by_the_typer(listener, workspace):
    listener.body = json.dumps({"text": "one moment"}).encode()
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "do we bill?")
    body, headers, kind = listener.next()
    assert kind == "application/x-www-form-urlencoded"
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    form = parse_qs(body.decode())
    assert (form["command"], form["text"], form["user_id"]) == (["/ask"], ["do we bill?"], ["U0MAYA"])
    assert workspace.wait_for(lambda: workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].words == "one moment")


def test_plain_words_answer_a_command_too(listener, workspace):
    listener.kind, listener.body = "text/plain", b"just words"
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    assert workspace.wait_for(lambda: workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].words == "just words")


def test_a_form_travels_as_a_payload_and_the_answer_may_refuse_it(listener, workspace, slack):
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    client.views_open(trigger_id=workspace._trigger("U0MAYA"), view=FORM)
    listener.body = json.dumps({"response_action": "errors", "errors": {"why": "Say more."}}).encode()
    workspace.submit("U0MAYA", {"why": "x"})
    payload = json.loads(parse_qs(listener.next()[0].decode())["payload"][0])
    assert payload["type"] == "view_submission"
    assert workspace.wait_for(lambda: workspace.open_modal("U0MAYA").errors == {"why": "Say more."})


@pytest.mark.parametrize("workspace", [50.0], indirect=True)  # 6 s for the longest pause
def test_an_event_that_is_not_taken_is_posted_three_times_more_with_the_reason(listener, workspace):
    listener.status = "500 Internal Server Error"
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    posts = [listener.next() for _ in range(4)]
    assert [headers.get("x-slack-retry-num") for _, headers, _ in posts] == [None, "1", "2", "3"]
    assert {headers.get("x-slack-retry-reason") for _, headers, _ in posts[1:]} == {"http_error"}
    assert len({json.loads(body)["event_id"] for body, _, _ in posts}) == 1


@pytest.mark.parametrize("workspace", [30.0], indirect=True)
def test_no_event_is_given_up_before_it_was_posted(serve, slack, workspace):
    posts = Queue()
    inner = Listener(posts=posts)

    def application(environ, respond):
        answered = inner(environ, respond)
        if posts.qsize():
            time.sleep(0.5)  # every thread of the workspace is busy, and the rest wait longer than an app may take
        return answered

    slack.set_request_url(serve(application))
    said = {f"number {number}" for number in range(4 * THREADS)}
    for words in said:
        workspace.say("U0MAYA", "C0HARBOUR", words)
    first = set()
    while first != said:
        body, headers, _ = posts.get(timeout=PATIENCE_SECONDS)
        if "x-slack-retry-num" not in headers:
            first.add(json.loads(body)["event"]["text"])


@pytest.mark.parametrize("workspace", [60.0], indirect=True)
def test_an_answer_after_three_seconds_is_no_answer(serve, slack, workspace):
    said, slow = threading.Event(), threading.Event()
    posts = Queue()
    inner = Listener(posts=posts)

    def application(environ, respond):
        answered = inner(environ, respond)
        if "HTTP_X_SLACK_RETRY_NUM" not in environ and said.is_set():
            slow.wait(PATIENCE_SECONDS)
        return answered

    slack.set_request_url(serve(application))
    said.set()
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    first, second = posts.get(timeout=PATIENCE_SECONDS), posts.get(timeout=PATIENCE_SECONDS)
    slow.set()
    assert "x-slack-retry-num" not in first[1]
    assert (second[1]["x-slack-retry-num"], second[1]["x-slack-retry-reason"]) == ("1", "http_timeout")


def test_an_app_may_say_that_it_wants_no_retry(listener, workspace, slack):
    listener.status, listener.extra = "503 Busy", [("X-Slack-No-Retry", "1")]
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    listener.next()
    for _ in range(100):
        if not slack.envelopes_under_way():
            break
        time.sleep(0.02)
    # The first retry would have come at once.
    assert slack.envelopes_under_way() == 0
    assert listener.posts.empty()


def test_who_typed_a_command_that_the_app_refuses_is_told(listener, workspace):
    listener.status = "401 Unauthorized"
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    failed = '/ask failed with the error "dispatch_failed"'
    assert workspace.wait_for(lambda: workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].words == failed)


def test_an_address_where_nobody_answers_the_challenge_is_refused(serve, slack):
    def deaf(environ, respond):
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        respond("200 OK", [("Content-Type", "text/plain")])
        return [b"hello"]

    with pytest.raises(RequestUrlRefused, match="another answer came"):
        slack.set_request_url(serve(deaf))
    with pytest.raises(RequestUrlRefused, match="connection_failed"):
        slack.set_request_url("http://127.0.0.1:1/slack/events")


def test_nothing_is_posted_to_another_computer(slack):
    with pytest.raises(NotLoopback, match="this computer only"):
        slack.set_request_url("https://hooks.example.org/slack")


def test_a_workspace_can_be_started_with_the_address(serve, workspace):
    listening = Listener()
    slack = LocalSlack(workspace, request_url=serve(listening), signing_secret=SECRET).start()
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    assert json.loads(listening.next()[0])["event"]["text"] == "hello"
    slack.stop()
    with pytest.raises(RequestUrlRefused):
        LocalSlack(Workspace(), request_url="http://127.0.0.1:1/", signing_secret=SECRET).start()


def test_a_real_bolt_app_works_over_http(serve, slack, workspace):
    app = App(client=WebClient(token=slack.bot_token, base_url=slack.api_url), signing_secret=SECRET)

    @app.event("app_mention")
    def mention(event, say):
        say(text="Not charged.", thread_ts=event["ts"])

    @app.event("message")
    def message():
        return None

    @app.command("/ask")
    def ask(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("reason")
    def reason(ack):
        ack(response_action="errors", errors={"why": "Say more."})

    slack.set_request_url(serve(SlackRequestHandler(app)))
    ts = workspace.say("U0MAYA", "C0HARBOUR", "@Throughline do we bill?")
    answers = workspace.wait_for(lambda: workspace.seen_by("U0SAM", "C0HARBOUR", ts)[1:])
    assert answers[0].words == "Not charged."
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "")
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA"))
    workspace.submit("U0MAYA", {"why": "x"})
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA").errors)
