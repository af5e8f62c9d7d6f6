"""What the app shows beside its messages, and what hangs below them, on the workspace's page."""

import re

import pytest
from bot.simulator import Clock, Workspace
from playwright.sync_api import expect

pytest_plugins = ["simulator_fixtures"]

HARBOUR = "?as=U0MAYA&channel=C0HARBOUR"
DIRECT = "?as=U0MAYA&channel=D0MAYA"
PROMPTS = [
    {"title": "Return fee", "message": "do we bill the fee after 20 days?"},
    {"title": "Waivers", "message": "who may waive it?"},
]


@pytest.fixture
def workspace(request):
    return Workspace(clock=Clock(speed=getattr(request, "param", 1.0)))


@pytest.mark.parametrize("width", [1280, 390])
def test_a_suggestion_is_asked_by_one_press_and_then_suggestions_are_gone(visit, client, workspace, width):
    page = visit(DIRECT, width=width)
    client.assistant_threads_setSuggestedPrompts(channel_id="D0MAYA", title="Try one of these", prompts=PROMPTS)
    suggestions = page.get_by_role("form", name="Suggestions")
    expect(suggestions).to_contain_text("Try one of these")
    expect(suggestions.get_by_role("button")).to_have_text(["Return fee", "Waivers"])
    expect(suggestions.get_by_role("button", name="Waivers")).to_be_in_viewport(ratio=1)
    suggestions.get_by_role("button", name="Waivers").click()
    expect(page.locator("#stream .msg").last).to_contain_text("who may waive it?")
    expect(suggestions).to_have_count(0)


def test_suggestions_stand_in_the_direct_message_only(visit, client):
    client.assistant_threads_setSuggestedPrompts(channel_id="D0MAYA", prompts=PROMPTS)
    expect(visit(DIRECT).get_by_role("button", name="Waivers")).to_be_visible()
    expect(visit(HARBOUR).get_by_role("button", name="Waivers")).to_have_count(0)
    expect(visit("?as=U0SAM&channel=D0SAM").get_by_role("button", name="Waivers")).to_have_count(0)


def test_a_status_stands_below_the_question_and_in_its_thread_until_the_answer(visit, client, workspace):
    page = visit(HARBOUR)
    ts = workspace.say("U0MAYA", "C0HARBOUR", "fee?")
    status = page.get_by_role("status").filter(has_text="Throughline is looking it up …")
    expect(page.locator("#stream .msg").last).to_contain_text("fee?")
    client.assistant_threads_setStatus(channel_id="C0HARBOUR", thread_ts=ts, status="is looking it up …")
    expect(page.locator("#stream .msg").last.get_by_role("status")).to_have_text("Throughline is looking it up …")
    thread = visit(f"{HARBOUR}&thread={ts}", width=390)
    expect(thread.locator("#thread-status")).to_have_text("Throughline is looking it up …")
    expect(thread.locator("#thread-status")).to_be_in_viewport(ratio=1)
    client.chat_postMessage(channel="C0HARBOUR", thread_ts=ts, text="Here it is.")
    expect(thread.locator("#thread-stream")).to_contain_text("Here it is.")
    expect(thread.locator("#thread-status")).to_have_text("")
    expect(status).to_have_count(0)


@pytest.mark.parametrize("workspace", [40.0], indirect=True)
def test_a_status_that_nobody_takes_back_goes_by_itself(visit, client, workspace):
    page = visit(HARBOUR)
    ts = workspace.say("U0MAYA", "C0HARBOUR", "fee?")
    client.assistant_threads_setStatus(channel_id="C0HARBOUR", thread_ts=ts, status="is thinking")
    status = page.locator("#stream .msg").last.get_by_role("status")
    expect(status).to_have_count(1)
    expect(status).to_have_count(0)


def test_an_answer_is_seen_while_it_grows_and_is_a_message_when_it_is_whole(visit, client, workspace):
    ts = workspace.say("U0MAYA", "C0HARBOUR", "fee?")
    page = visit(f"{HARBOUR}&thread={ts}")
    where = {"channel": "C0HARBOUR", "thread_ts": ts, "recipient_user_id": "U0MAYA", "recipient_team_id": "T0TIDE"}
    stream = client.chat_startStream(**where, markdown_text="**Returned** within")
    answer = page.locator("#thread-stream .msg").last
    expect(answer).to_contain_text("Returned within")
    expect(answer).to_contain_text("is writing")
    client.chat_appendStream(channel="C0HARBOUR", ts=stream["ts"], markdown_text=" 30 days")
    expect(answer).to_contain_text("Returned within 30 days")
    expect(page.locator("#stream .open")).to_have_text(re.compile("1 reply"))
    client.chat_stopStream(channel="C0HARBOUR", ts=stream["ts"], markdown_text=" is free.")
    expect(answer).to_contain_text("Returned within 30 days is free.")
    expect(answer).not_to_contain_text("is writing")
    expect(answer).not_to_contain_text("(edited)")


def test_a_long_answer_is_shown_from_its_beginning_and_what_comes_after_it_too(visit, client, workspace):
    ts = workspace.say("U0MAYA", "C0HARBOUR", "fee?")
    page = visit(f"{HARBOUR}&thread={ts}", width=390)
    client.chat_postMessage(channel="C0HARBOUR", thread_ts=ts, text="\n".join(f"line {n}" for n in range(80)))
    expect(page.locator("#thread-stream .msg").last.get_by_text("Throughline")).to_be_in_viewport(ratio=1)
    client.chat_postMessage(channel="C0HARBOUR", thread_ts=ts, text="a word more")
    expect(page.get_by_text("a word more")).to_be_in_viewport()


def test_an_answer_that_grows_can_be_stopped(visit, client, workspace):
    ts = workspace.say("U0MAYA", "C0HARBOUR", "fee?")
    page = visit(f"{HARBOUR}&thread={ts}")
    where = {"channel": "C0HARBOUR", "thread_ts": ts, "recipient_user_id": "U0MAYA", "recipient_team_id": "T0TIDE"}
    stream = client.chat_startStream(**where, markdown_text="Returned within")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    assert not workspace.streams.is_live("C0HARBOUR", stream["ts"])


def test_a_conversation_that_the_app_named_has_its_name_above_the_thread(visit, client, workspace):
    ts = workspace.say("U0MAYA", "D0MAYA", "fee?")
    page = visit(f"{DIRECT}&thread={ts}")
    expect(page.locator("#thread-title")).to_have_text("Thread")
    client.assistant_threads_setTitle(channel_id="D0MAYA", thread_ts=ts, title="Return fee")
    expect(page.locator("#thread-title")).to_have_text("Return fee")


def test_reactions_are_counted_and_given_and_taken_away(visit, workspace):
    page = visit(HARBOUR)
    ts = workspace.say("U0SAM", "C0HARBOUR", "box 7 is back")
    workspace.react("U0SAM", "C0HARBOUR", ts, "tada")
    message = page.locator("#stream .msg").last
    tada = message.get_by_role("button", name=re.compile("tada, "))
    expect(tada).to_have_attribute("title", "Sam Tran")
    tada.click()
    expect(tada).to_have_attribute("aria-pressed", "true")
    expect(tada).to_have_attribute("title", "Sam Tran, Maya Okafor")
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.locator(".pop:popover-open").get_by_role("button", name="React with eyes").click()
    expect(message.get_by_role("button", name="eyes, 1")).to_be_visible()
    tada.click()
    expect(tada).to_have_attribute("aria-pressed", "false")
    assert dict(workspace.messages("C0HARBOUR")[-1].reactions) == {"tada": ("U0SAM",), "eyes": ("U0MAYA",)}


@pytest.mark.parametrize("width", [1280, 390])
def test_a_picture_is_attached_named_taken_away_and_sent(visit, workspace, width):
    page = visit(HARBOUR, width=width)
    form = page.locator("main .compose")

    def choose(name):
        page.get_by_role("button", name="Attach, shortcuts and commands").click()
        picture = {"name": name, "mimeType": "image/png", "buffer": b"not looked at"}
        page.get_by_label("Attach a picture").set_input_files(files=[picture])

    choose("wrong.png")
    expect(form.get_by_text("wrong.png")).to_be_visible()
    form.get_by_role("button", name="Do not attach it").click()
    expect(form.get_by_text("wrong.png")).to_be_hidden()
    choose("box label.png")
    page.get_by_placeholder("Message, or / for commands").fill("what does it say?")
    form.get_by_role("button", name="Send").click()
    sent = page.locator("#stream .msg").last
    expect(sent).to_contain_text("what does it say?")
    expect(sent.get_by_role("list", name="Files")).to_have_text("box label.png image/png")
    expect(form.locator(".attached")).to_be_hidden()
    assert [file.name for file in workspace.messages("C0HARBOUR")[-1].files] == ["box label.png"]
    page.get_by_placeholder("Message, or / for commands").fill("no picture any more")
    form.get_by_role("button", name="Send").click()
    expect(sent).to_contain_text("no picture any more")
    assert workspace.messages("C0HARBOUR")[-1].files == ()
