"""The record of everything that anybody could ever read: a leak stays a leak when it is taken back."""

import pytest
from bot.simulator import Workspace
from bot.simulator.sightings import Surface

pytest_plugins = ["simulator_fixtures"]


@pytest.fixture
def workspace():
    return Workspace()


def plain(text):
    return {"type": "plain_text", "text": text}


def words(workspace, person, surface=Surface.MESSAGE):
    return [one.words for one in workspace.ever_seen_by(person) if one.surface is surface]


def test_what_was_changed_or_taken_back_was_seen_all_the_same(client, workspace):
    ts = client.chat_postMessage(channel="C0RETURNS", text="a secret")["ts"]
    client.chat_update(channel="C0RETURNS", ts=ts, text="nothing")
    client.chat_delete(channel="C0RETURNS", ts=ts)
    assert words(workspace, "U0SAM") == ["a secret", "nothing"]
    assert workspace.seen_by("U0SAM", "C0RETURNS") == ()


def test_a_message_was_seen_by_those_who_could_read_it_then(client, workspace):
    client.chat_postMessage(channel="C0FIELD", text="before")
    workspace.leave("U0TOMAS", "C0FIELD")
    client.chat_postMessage(channel="C0FIELD", text="after")
    client.chat_postEphemeral(channel="C0FIELD", user="U0MAYA", text="just you")
    assert words(workspace, "U0TOMAS") == ["before"]
    assert words(workspace, "U0NOOR") == []
    assert words(workspace, "U0MAYA")[-2:] == ["after", "just you"]
    assert "just you" not in words(workspace, "U0JONAS")


def test_every_part_of_a_stream_was_seen(client, workspace):
    ts = workspace.say("U0MAYA", "D0MAYA", "hello")
    stream = client.chat_startStream(channel="D0MAYA", thread_ts=ts, markdown_text="one")["ts"]
    client.chat_appendStream(channel="D0MAYA", ts=stream, markdown_text=" two")
    client.chat_stopStream(channel="D0MAYA", ts=stream, markdown_text=" three")
    assert words(workspace, "U0MAYA")[1:] == ["one", "one two", "one two three", "one two three"]


def test_modals_homes_suggestions_and_statuses_belong_to_the_record(client, workspace):
    form = {"type": "modal", "title": plain("About account 7"), "blocks": []}
    client.views_open(trigger_id=workspace._trigger("U0MAYA"), view=form)
    workspace.close_modal("U0MAYA")
    client.views_publish(
        user_id="U0MAYA", view={"type": "home", "blocks": [{"type": "section", "text": plain("Your questions")}]}
    )
    client.assistant_threads_setSuggestedPrompts(channel_id="D0MAYA", prompts=[{"title": "Fees", "message": "Fees?"}])
    ts = workspace.say("U0MAYA", "D0MAYA", "hello")
    client.assistant_threads_setStatus(channel_id="D0MAYA", thread_ts=ts, status="is reading about account 7")
    assert words(workspace, "U0MAYA", Surface.MODAL) == ["About account 7\nCancel"]
    assert words(workspace, "U0MAYA", Surface.HOME) == ["Your questions"]
    assert words(workspace, "U0MAYA", Surface.PROMPTS) == ["Fees\nFees?"]
    assert words(workspace, "U0MAYA", Surface.STATUS) == ["is reading about account 7"]
    assert [one.words for one in workspace.ever_seen_by("U0SAM")] == []
