"""What the app shows while it works: status, suggestions, and answers that people read while they are written."""

import pytest
from bot.simulator import Clock, Workspace
from bot.simulator.errors import NotInWorkspace
from slack_sdk.errors import SlackApiError

pytest_plugins = ["simulator_fixtures"]

# Five minutes in Slack are over in no time.
INSTANT = pytest.mark.parametrize("workspace", [1_000_000.0], indirect=True)


@pytest.fixture
def workspace(request):
    return Workspace(clock=Clock(speed=getattr(request, "param", 1.0)))


def error_of(call, **arguments):
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return refused.value.response["error"]


@pytest.fixture
def question(workspace, slack):
    """Where and in which thread somebody asked, and for whom an answer is."""
    ts = workspace.say("U0MAYA", "C0HARBOUR", "do we bill?")
    return {"channel": "C0HARBOUR", "thread_ts": ts, "recipient_user_id": "U0MAYA", "recipient_team_id": "T0TIDE"}


def test_an_answer_is_read_while_it_is_written_and_whole_at_the_end(client, workspace, question):
    stream = client.chat_stream(buffer_size=1, **question)
    words = []
    for part in ("Returned within ", "30 days ", "is not charged."):
        stream.append(markdown_text=part)
        seen = workspace.seen_by("U0SAM", "C0HARBOUR")[-1]
        assert seen.streaming
        words.append(seen.words)
    assert words == ["Returned within", "Returned within 30 days", "Returned within 30 days is not charged."]
    metadata = {"event_type": "answer", "event_payload": {"id": "7"}}
    source = {"type": "context", "elements": [{"type": "mrkdwn", "text": "Equipment returns"}]}
    answer = stream.stop(blocks=[source], metadata=metadata)
    assert answer["message"]["text"] == "Returned within 30 days is not charged."
    seen = workspace.seen_by("U0SAM", "C0HARBOUR")[-1]
    assert (seen.streaming, seen.edited_ts, seen.thread_ts) == (False, None, question["thread_ts"])
    assert seen.words.split("\n") == ["Returned within 30 days is not charged.", "Equipment returns"]
    found = client.conversations_replies(channel="C0HARBOUR", ts=question["thread_ts"], include_all_metadata=True)
    assert found["messages"][-1]["metadata"] == metadata


def test_two_versions_of_a_growing_message_are_not_the_same(client, workspace, question):
    ts = client.chat_startStream(markdown_text="one", **question)["ts"]
    before = workspace.seen_by("U0SAM", "C0HARBOUR")[-1]
    client.chat_appendStream(channel="C0HARBOUR", ts=ts, markdown_text=" two")
    assert workspace.seen_by("U0SAM", "C0HARBOUR")[-1] != before


@INSTANT
def test_a_stream_lives_five_minutes_and_can_be_updated_afterwards(client, workspace, question):
    ts = client.chat_startStream(markdown_text="one", **question)["ts"]
    growing = {"channel": "C0HARBOUR", "ts": ts}
    assert error_of(client.chat_appendStream, markdown_text="x", **growing) == "message_not_in_streaming_state"
    assert error_of(client.chat_stopStream, **growing) == "message_not_in_streaming_state"
    client.chat_update(text="whole", blocks=[], **growing)
    assert workspace.seen_by("U0SAM", "C0HARBOUR")[-1].words == "whole"


def test_a_stream_that_was_stopped_takes_nothing_more(client, workspace, question):
    ts = client.chat_startStream(markdown_text="one", **question)["ts"]
    growing = {"channel": "C0HARBOUR", "ts": ts}
    assert error_of(client.chat_update, text="x", **growing) == "streaming_state_conflict"
    client.chat_stopStream(**growing)
    assert error_of(client.chat_appendStream, markdown_text="x", **growing) == "message_not_in_streaming_state"


def test_a_reader_may_stop_an_answer(client, workspace, question):
    ts = client.chat_startStream(markdown_text="one", **question)["ts"]
    workspace.stop_stream("U0MAYA", "C0HARBOUR", ts)
    assert error_of(client.chat_appendStream, channel="C0HARBOUR", ts=ts, markdown_text="x") == "stopped_by_user"
    with pytest.raises(NotInWorkspace, match="Nothing is being written"):
        workspace.stop_stream("U0MAYA", "C0HARBOUR", ts)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"recipient_user_id": None}, "missing_recipient_user_id"),
        ({"recipient_team_id": None}, "missing_recipient_team_id"),
        ({"recipient_user_id": "U0WHO"}, "user_not_found"),
        ({"recipient_team_id": "T0FIELD"}, "team_not_found"),
        ({"thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "C0NONE"}, "channel_not_found"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"chunks": [{"type": "dance"}]}, "invalid_chunks"),
        ({"chunks": [{"type": "markdown_text", "text": "x" * 6000}] * 3}, "msg_too_long"),
    ],
)
def test_a_stream_that_slack_would_refuse_is_refused(client, question, change, error):
    given = {name: value for name, value in {**question, **change}.items() if value is not None}
    assert error_of(client.api_call, api_method="chat.startStream", json=given) == error


def test_a_stream_in_a_direct_message_needs_no_recipient(client, workspace):
    ts = workspace.say("U0MAYA", "D0MAYA", "hello")
    client.chat_startStream(channel="D0MAYA", thread_ts=ts, markdown_text="hi")
    assert workspace.seen_by("U0MAYA", "D0MAYA")[-1].words == "hi"


def test_only_the_apps_own_stream_grows(client, workspace, question):
    append = client.chat_appendStream
    assert error_of(append, channel="C0HARBOUR", ts=question["thread_ts"], markdown_text="x") == (
        "message_not_owned_by_app"
    )
    plain = client.chat_postMessage(channel="C0HARBOUR", text="x")["ts"]
    assert error_of(append, channel="C0HARBOUR", ts=plain, markdown_text="x") == "message_not_in_streaming_state"
    assert error_of(append, channel="C0HARBOUR", ts="1.000001", markdown_text="x") == "message_not_found"


def test_a_status_stands_under_a_thread_until_the_app_answers(client, workspace, question):
    where = {"channel_id": "C0HARBOUR", "thread_ts": question["thread_ts"]}
    client.assistant_threads_setStatus(status="is looking it up", **where)
    see = ("C0HARBOUR", question["thread_ts"])
    assert workspace.status_seen_by("U0SAM", *see) == "is looking it up"
    assert workspace.status_seen_by("U0TOMAS", *see) == ""
    client.assistant_threads_setStatus(status="", **where)
    assert workspace.status_seen_by("U0SAM", *see) == ""
    client.assistant_threads_setStatus(status="is looking it up", **where)
    client.chat_postMessage(channel="C0HARBOUR", thread_ts=question["thread_ts"], text="No.")
    assert workspace.status_seen_by("U0SAM", *see) == ""


@INSTANT
def test_a_status_ends_by_itself_after_two_minutes(client, workspace, question):
    client.assistant_threads_setStatus(channel_id="C0HARBOUR", thread_ts=question["thread_ts"], status="is busy")
    assert workspace.status_seen_by("U0SAM", "C0HARBOUR", question["thread_ts"]) == ""


def test_a_status_needs_a_thread(client, slack):
    status = client.assistant_threads_setStatus
    assert error_of(status, channel_id="C0HARBOUR", thread_ts="1.000001", status="x") == "invalid_thread_ts"
    assert error_of(status, channel_id="C0NONE", thread_ts="1.000001", status="x") == "channel_not_found"


PROMPTS = [{"title": "Fees", "message": "Do we bill the fee?"}, {"title": "Outages", "message": "What is down?"}]


def test_suggestions_are_seen_in_the_direct_message_until_somebody_writes(client, workspace):
    client.assistant_threads_setSuggestedPrompts(channel_id="D0MAYA", prompts=PROMPTS, title="Try")
    suggested = workspace.prompts_of("U0MAYA")
    assert (suggested.title, [one.title for one in suggested.prompts]) == ("Try", ["Fees", "Outages"])
    assert workspace.prompts_of("U0SAM") is None
    with pytest.raises(NotInWorkspace, match="There are: 'Fees', 'Outages'"):
        workspace.take_prompt("U0MAYA", "Weather")
    workspace.take_prompt("U0MAYA", "Outages")
    assert workspace.seen_by("U0MAYA", "D0MAYA")[-1].words == "What is down?"
    assert workspace.prompts_of("U0MAYA") is None


def test_suggestions_for_a_thread_are_taken_and_never_shown(client, workspace):
    ts = workspace.say("U0MAYA", "D0MAYA", "hello")
    assert client.assistant_threads_setSuggestedPrompts(channel_id="D0MAYA", thread_ts=ts, prompts=PROMPTS)["ok"]
    assert workspace.prompts_of("U0MAYA") is None


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel_id": "D0MAYA", "prompts": PROMPTS * 3}, "invalid_arguments"),
        ({"channel_id": "D0MAYA", "prompts": []}, "invalid_arguments"),
        ({"channel_id": "D0MAYA", "prompts": [{"title": "x"}]}, "invalid_arguments"),
        ({"channel_id": "C0HARBOUR", "prompts": PROMPTS}, "channel_not_found"),
    ],
)
def test_suggestions_that_slack_would_refuse_are_refused(client, slack, arguments, error):
    assert error_of(client.assistant_threads_setSuggestedPrompts, **arguments) == error


def test_a_conversation_in_the_direct_message_can_be_named(client, workspace):
    ts = workspace.say("U0MAYA", "D0MAYA", "hello")
    client.assistant_threads_setTitle(channel_id="D0MAYA", thread_ts=ts, title="Fees")
    assert workspace.title_of("D0MAYA", ts) == "Fees"
