"""The local Web API over real HTTP, with Slack's own client, answering as Slack answers."""

import json

import httpx
import pytest
from bot.simulator import Clock, LocalSlack, Workspace
from slack_sdk.errors import SlackApiError

pytest_plugins = ["simulator_fixtures"]


def error_of(call, **arguments):
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return refused.value.response["error"]


def test_a_posted_message_is_seen_returned_and_journaled(client, workspace):
    answer = client.chat_postMessage(channel="C0HARBOUR", text="hello")
    assert answer["message"]["bot_id"] == "B0BOT"
    assert workspace.seen_by("U0SAM", "C0HARBOUR")[-1].ts == answer["ts"]
    assert client.conversations_history(channel="C0HARBOUR")["messages"][0]["text"] == "hello"
    assert workspace.journal.calls("chat.postMessage")[-1].arguments["text"] == "hello"


@pytest.mark.parametrize("how", ["json", "data", "params"])
def test_arguments_may_come_as_json_form_or_query(slack, workspace, how):
    blocks = [{"type": "divider"}]
    arguments = {"channel": "C0HARBOUR", "text": "x", "blocks": blocks if how == "json" else json.dumps(blocks)}
    answer = httpx.post(
        f"{slack.api_url}chat.postMessage", headers={"Authorization": f"Bearer {slack.bot_token}"}, **{how: arguments}
    ).json()
    assert answer["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-wrong", "invalid_auth"),
        ("apps.connections.open", "bot", "not_allowed_token_type"),
        ("chat.postMessage", "app", "not_allowed_token_type"),
        ("agents.sessions.setStatus", "bot", "unknown_method"),
        ("chat.unfurl", "bot", "unknown_method"),
        ("no.such.method", "", "unknown_method"),
    ],
)
def test_the_token_and_the_method_are_checked_first(slack, method, token, error):
    token = {"bot": slack.bot_token, "app": slack.app_token}.get(token, token)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx.post(slack.api_url + method, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["error"] == error


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0HARBOUR"}, "no_text"),
        ({"channel": "C0HARBOUR", "blocks": "not json"}, "invalid_blocks_format"),
        ({"channel": "C0HARBOUR", "blocks": {}, "text": "x"}, None),
        ({"channel": "C0HARBOUR", "blocks": {"type": "divider"}, "text": "x"}, "invalid_blocks_format"),
        ({"channel": "C0HARBOUR", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "C0HARBOUR", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "x"}, "invalid_arguments"),
    ],
)
def test_a_message_that_slack_would_refuse_is_refused(client, arguments, error):
    if error:
        assert error_of(client.api_call, api_method="chat.postMessage", json=arguments) == error
    else:
        assert client.api_call("chat.postMessage", json=arguments)["ok"]


def test_a_bot_that_is_not_in_a_channel_cannot_speak_there(client, workspace):
    workspace.leave("U0BOT", "C0BILLING")
    assert error_of(client.chat_postMessage, channel="C0BILLING", text="x") == "not_in_channel"
    workspace.leave("U0BOT", "G0SUPER")
    assert error_of(client.chat_postMessage, channel="G0SUPER", text="x") == "channel_not_found"


def test_text_beyond_forty_thousand_characters_is_cut_off(client):
    assert len(client.chat_postMessage(channel="C0HARBOUR", text="x" * 40_001)["message"]["text"]) == 40_000


def test_an_ephemeral_message_goes_to_a_member_and_comes_back_by_no_method(client, workspace):
    ts = client.chat_postEphemeral(channel="C0HARBOUR", user="U0MAYA", text="just you")["message_ts"]
    assert workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].ts == ts
    assert ts not in [one["ts"] for one in client.conversations_history(channel="C0HARBOUR")["messages"]]
    assert error_of(client.chat_update, channel="C0HARBOUR", ts=ts, text="x") == "message_not_found"
    ephemeral = client.chat_postEphemeral
    assert error_of(ephemeral, channel="C0HARBOUR", user="U0TOMAS", text="x") == "user_not_in_channel"
    assert error_of(ephemeral, channel="C0HARBOUR", user="U0WHO", text="x") == "user_not_found"


def test_only_the_bots_own_messages_can_be_changed_and_deleted(client, workspace):
    ts = client.chat_postMessage(channel="C0HARBOUR", text="one")["ts"]
    client.chat_update(channel="C0HARBOUR", ts=ts, text="two")
    seen = workspace.seen_by("U0SAM", "C0HARBOUR")[-1]
    assert (seen.words, seen.edited_ts is not None) == ("two", True)
    theirs = workspace.say("U0SAM", "C0HARBOUR", "mine")
    assert error_of(client.chat_update, channel="C0HARBOUR", ts=theirs, text="x") == "cant_update_message"
    assert error_of(client.chat_delete, channel="C0HARBOUR", ts=theirs) == "cant_delete_message"
    assert error_of(client.chat_update, channel="C0HARBOUR", ts=ts, text="x" * 4001) == "msg_too_long"
    client.chat_delete(channel="C0HARBOUR", ts=ts)
    assert workspace.seen_by("U0SAM", "C0HARBOUR")[-1].words == "mine"
    assert error_of(client.chat_delete, channel="C0HARBOUR", ts=ts) == "message_not_found"


def test_an_update_without_blocks_keeps_them_and_with_an_empty_list_removes_them(client, workspace):
    ts = client.chat_postMessage(channel="C0HARBOUR", text="x", blocks=[{"type": "divider"}])["ts"]
    client.chat_update(channel="C0HARBOUR", ts=ts, text="y")
    assert workspace.seen_by("U0SAM", "C0HARBOUR")[-1].blocks[0]["type"] == "divider"
    client.chat_update(channel="C0HARBOUR", ts=ts, text="y", blocks=[])
    assert workspace.seen_by("U0SAM", "C0HARBOUR")[-1].blocks == ()


def test_a_thread_is_read_from_its_first_message_and_counted_there(client, workspace):
    ts = workspace.say("U0MAYA", "C0HARBOUR", "question")
    reply = client.chat_postMessage(channel="C0HARBOUR", thread_ts=ts, text="answer")["ts"]
    client.chat_postMessage(channel="C0HARBOUR", thread_ts=reply, text="more")
    texts = [one["text"] for one in client.conversations_replies(channel="C0HARBOUR", ts=ts)["messages"]]
    assert texts == ["question", "answer", "more"]
    first = client.conversations_history(channel="C0HARBOUR", limit=1)["messages"][0]
    assert (first["reply_count"], first["reply_users"]) == (2, ["U0BOT"])
    assert error_of(client.conversations_replies, channel="C0HARBOUR", ts="1.000001") == "thread_not_found"


def test_metadata_is_kept_and_returned_only_when_asked_for(client):
    metadata = {"event_type": "answer", "event_payload": {"id": "7"}}
    client.chat_postMessage(channel="C0HARBOUR", text="x", metadata=metadata)
    plain = client.conversations_history(channel="C0HARBOUR", limit=1)["messages"][0]
    asked = client.conversations_history(channel="C0HARBOUR", limit=1, include_all_metadata=True)["messages"][0]
    assert ("metadata" in plain, asked["metadata"]) == (False, metadata)


def test_history_is_cut_by_time_newest_first(client, workspace):
    stamps = [workspace.say("U0MAYA", "C0RETURNS", str(number)) for number in range(5)]
    history = client.conversations_history(channel="C0RETURNS", oldest=stamps[1], latest=stamps[3])
    assert [one["text"] for one in history["messages"]] == ["2"]
    history = client.conversations_history(channel="C0RETURNS", oldest=stamps[1], latest=stamps[3], inclusive=True)
    assert [one["text"] for one in history["messages"]] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("call", "wanted", "whole"),
    [
        (lambda client, **page: client.users_list(**page)["members"], "id", 10),
        (lambda client, **page: client.conversations_members(channel="C0HARBOUR", **page)["members"], None, 8),
        (lambda client, **page: client.conversations_list(**page)["channels"], "id", 7),
    ],
)
def test_long_answers_come_in_parts(client, call, wanted, whole):
    everything = call(client)
    assert len(everything) == whole
    first = call(client, limit=2)
    rest = call(client, limit=100, cursor="bmV4dDoy")
    assert [*first, *rest] == everything


def test_a_cursor_leads_on_until_there_is_no_more(client):
    assert [len(page["members"]) for page in client.users_list(limit=4)] == [4, 4, 2]
    assert error_of(client.users_list, cursor="rubbish") == "invalid_cursor"


@pytest.mark.parametrize(
    ("user", "marks"),
    [
        ("U0MAYA", {"is_stranger": False, "is_restricted": False, "team_id": "T0TIDE", "is_bot": False}),
        ("U0TOMAS", {"is_stranger": False, "is_restricted": False, "team_id": "T0FIELD"}),
        ("U0NOOR", {"is_restricted": True, "is_ultra_restricted": True, "team_id": "T0TIDE"}),
        ("U0BOT", {"is_bot": True}),
    ],
)
def test_people_are_told_apart_by_what_users_info_says(client, user, marks):
    shown = client.users_info(user=user)["user"]
    assert {name: shown[name] for name in marks} == marks


def test_people_are_found_by_their_e_mail_address_within_the_team(client):
    assert client.users_lookupByEmail(email="Maya.Okafor@tidewater.example")["user"]["id"] == "U0MAYA"
    assert error_of(client.users_lookupByEmail, email="tomas.brand@fieldpro.example") == "users_not_found"


def test_channels_say_what_they_are(client):
    shared = client.conversations_info(channel="C0FIELD")["channel"]
    private = client.conversations_info(channel="G0SUPER", include_num_members=True)["channel"]
    direct = client.conversations_open(users="U0MAYA", return_im=True)["channel"]
    assert (shared["is_ext_shared"], shared["is_private"]) == (True, False)
    assert (private["is_private"], private["num_members"]) == (True, 3)
    assert (direct["id"], direct["is_im"], direct["user"]) == ("D0MAYA", True, "U0MAYA")
    kinds = client.conversations_list(types="private_channel,im", limit=20)["channels"]
    assert [one["id"][0] for one in kinds].count("D") == 9


def test_a_message_to_a_person_goes_to_their_direct_message(client, workspace):
    assert client.chat_postMessage(channel="U0SAM", text="psst")["channel"] == "D0SAM"
    assert workspace.seen_by("U0SAM", "D0SAM")[-1].words == "psst"


def test_the_permalink_of_a_message_opens_it_on_the_page(client, slack):
    ts = client.chat_postMessage(channel="C0HARBOUR", text="x")["ts"]
    link = client.chat_getPermalink(channel="C0HARBOUR", message_ts=ts)["permalink"]
    assert link.startswith(slack.url)
    assert httpx.get(link).status_code == 200


def test_a_home_is_kept_and_a_stale_hash_is_refused(client, workspace):
    view = {"type": "home", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Home"}}]}
    published = client.views_publish(user_id="U0MAYA", view=view)["view"]
    assert workspace.home_of("U0MAYA").words == "Home"
    client.views_publish(user_id="U0MAYA", view=view, hash=published["hash"])
    assert error_of(client.views_publish, user_id="U0MAYA", view=view, hash=published["hash"]) == "hash_conflict"
    assert error_of(client.views_publish, user_id="U0MAYA", view={"type": "home"}) == "invalid_arguments"


def test_who_the_token_belongs_to(client):
    answer = client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0BOT", "B0BOT", "T0TIDE")
    assert client.bots_info(bot="B0BOT")["bot"]["app_id"] == "A0THROUGHLINE"
    assert client.team_info()["team"]["name"] == "Tidewater"


def test_a_reaction_needs_a_message(client, workspace):
    ts = workspace.say("U0SAM", "C0HARBOUR", "x")
    assert client.reactions_add(channel="C0HARBOUR", timestamp=ts, name="eyes")["ok"]
    assert error_of(client.reactions_add, channel="C0HARBOUR", timestamp="1.000001", name="eyes") == "message_not_found"


def test_who_posts_faster_than_slack_allows_is_told_when_to_come_back(workspace):
    slack = LocalSlack(workspace, burst=3).start()
    headers = {"Authorization": f"Bearer {slack.bot_token}"}

    def post(channel):
        return httpx.post(f"{slack.api_url}chat.postMessage", headers=headers, json={"channel": channel, "text": "x"})

    answers = [post("C0HARBOUR") for _ in range(4)]
    elsewhere = post("C0RETURNS")
    slack.stop()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (answers[-1].json()["error"], answers[-1].headers["retry-after"]) == ("ratelimited", "1")
    assert elsewhere.status_code == 200


def test_the_rate_limit_fills_again_at_slacks_pace():
    workspace = Workspace(clock=Clock(speed=1000))
    slack = LocalSlack(workspace, burst=1).start()
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    body = {"channel": "C0HARBOUR", "text": "x"}
    # A thousand times Slack's pace, one post a millisecond may go; a round trip over HTTP takes that long.
    answers = [httpx.post(f"{slack.api_url}chat.postMessage", headers=headers, json=body) for _ in range(5)]
    slack.stop()
    assert {answer.status_code for answer in answers} == {200}


def test_the_faults_answer_429_to_everything_while_they_are_on(client, workspace):
    workspace.faults.limit_calls(30)
    assert error_of(client.auth_test) == "ratelimited"
    workspace.faults.limit_calls(0)
    assert client.auth_test()["ok"]


def test_a_body_that_is_not_json_is_called_so(slack):
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
    assert httpx.post(f"{slack.api_url}auth.test", headers=headers, content=b"{").json()["error"] == "invalid_json"
    assert httpx.post(f"{slack.api_url}auth.test", headers=headers, content=b"[]").json()["error"] == "json_not_object"
