"""Several workspaces behind one front: each call, event and press is of one of them, and nothing is mixed."""

import json
import socket
import time
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest
from bot.simulator import Clock, LocalSlack, SlackFront, Workspace, harborside, tidewater
from bot.simulator.errors import NotInWorkspace, PortTaken, RequestUrlRefused
from bot.simulator.faults import Mishap
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

import fronts
from fronts import REDIRECT, SECRET, installed
from offices import until
from wsgi_apps import Listener

pytest_plugins = ["simulator_fixtures"]


@pytest.fixture
def front():
    """The first workspace has the app, the second has not."""
    with fronts.opened() as served:
        yield served


@pytest.fixture
def both(front):
    """Both have it. One client for each."""
    second = installed(front, scope=ALL)
    return WebClient(base_url=front.api_url, token=front.slacks[0].bot_token), second


ALL = (
    "app_mentions:read,channels:history,channels:read,chat:write,commands,groups:history,groups:read,im:history,im:read,"
    "im:write,reactions:read,team:read,usergroups:read,users:read,users:read.email"
)
WORDS = {"type": "plain_text", "text": "Words"}
FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": WORDS,
    "submit": WORDS,
    "notify_on_close": True,
    "blocks": [{"type": "actions", "elements": [{"type": "button", "action_id": "in_form", "text": WORDS}]}],
}
PRESSABLE = [{"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": WORDS, "value": "1"}]}]


def teams(front):
    return [slack.workspace for slack in front.slacks]


def quiet(slack: LocalSlack) -> None:
    """Wait until nothing is on its way to the app."""
    for _ in range(500):
        if not slack.envelopes_under_way():
            return
        time.sleep(0.02)
    raise AssertionError("Something is on its way for ten seconds.")


def error_of(call: Callable) -> str:
    with pytest.raises(SlackApiError) as refused:
        call()
    return refused.value.response["error"]


def test_the_same_ids_are_other_people_and_channels_in_the_other_workspace():
    first, second = tidewater(), harborside()
    names = [{one.id: one.name for one in seed.people} for seed in (first, second)]
    shared = names[0].keys() & names[1].keys()
    assert {"U0MAYA", "U0SAM", "U0RUTH", "U0NOOR"} <= shared
    assert all(names[0][one] != names[1][one] for one in shared)
    channels = [{one.id: one.name for one in seed.channels if one.id[0] != "D"} for seed in (first, second)]
    shared = channels[0].keys() & channels[1].keys()
    assert {"C0HARBOUR", "G0SUPER"} <= shared
    assert all(channels[0][one] != channels[1][one] for one in shared)
    emails = [{one.email: one.id for one in seed.people} for seed in (first, second)]
    same = emails[0].keys() & emails[1].keys()
    assert same
    assert all(emails[0][one] != emails[1][one] for one in same)
    assert first.installation.bot.user_id != second.installation.bot.user_id
    assert first.installation.bot.app_id == second.installation.bot.app_id


def test_whose_token_comes_says_which_workspace_answers(both, front):
    seen = [
        (
            client.auth_test()["team_id"],
            client.users_info(user="U0MAYA")["user"]["real_name"],
            client.team_info()["team"],
        )
        for client in both
    ]
    assert [one[:2] for one in seen] == [("T0TIDE", "Maya Okafor"), ("T0HARB", "Mayra Lindqvist")]
    assert [one[2]["email_domain"] for one in seen] == ["tidewater.example"] * 2
    first, second = both
    email = "elif.kaya@tidewater.example"
    assert first.users_lookupByEmail(email=email)["user"]["id"] == "U0ELIF"
    assert second.users_lookupByEmail(email=email)["user"]["id"] == "U0HELIF"
    assert second.users_lookupByEmail(email=email)["user"]["is_admin"] is True
    assert error_of(lambda: second.users_info(user="U0JONAS")) == "user_not_found"


def test_the_token_may_come_among_the_arguments_as_slack_takes_it(both, front):
    for client, team in zip(both, ("T0TIDE", "T0HARB"), strict=True):
        url = f"{front.api_url}auth.test"
        assert httpx.post(url, data={"token": client.token}).json()["team_id"] == team
        assert httpx.get(url, params={"token": client.token}).json()["team_id"] == team


def test_what_is_posted_in_one_is_not_in_the_other(both, front):
    for client, words in zip(both, ("first", "second"), strict=True):
        client.conversations_open(users="U0MAYA")
        client.chat_postMessage(channel="U0MAYA", text=words)
    assert [one.seen_by("U0MAYA", "D0MAYA")[-1].words for one in teams(front)] == ["first", "second"]
    assert len(teams(front)[0].seen_by("U0MAYA", "D0MAYA")) == 1


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "xoxb-local-nobody", "invalid_auth"),
        ("auth.test", "", "not_authed"),
        ("auth.jest", "", "unknown_method"),
        ("oauth.v2.access", "", "invalid_client_id"),
    ],
)
def test_what_belongs_to_no_workspace_is_refused(front, method, token, error):
    assert error_of(lambda: WebClient(base_url=front.api_url, token=token).api_call(method)) == error


def test_a_body_that_cannot_be_read_is_refused(front):
    said = httpx.post(f"{front.api_url}auth.test", content=b"{", headers={"Content-Type": "application/json"})
    assert said.json() == {"ok": False, "error": "invalid_json"}


def test_faults_rates_and_the_journal_are_of_one_workspace(both, front):
    first, second = both
    teams(front)[0].faults.strike_next(Mishap.DROPPED_BEFORE, method="auth.test", count=5)
    second.auth_test()
    with pytest.raises(Exception, match=r"Remote end closed|reset|aborted"):
        first.auth_test()
    teams(front)[1].faults.limit_calls(5)
    assert error_of(second.users_list) == "ratelimited"
    first.users_list()
    assert [call.method for call in teams(front)[1].journal.calls()][-2:] == ["auth.test", "users.list"]
    assert "users.list" in [call.method for call in teams(front)[0].journal.calls()]


def test_a_workspace_keeps_its_own_page_and_api(both, front):
    for slack, client, name in zip(front.slacks, both, ("harbour-street", "front-desk"), strict=True):
        assert name in httpx.get(f"{slack.url}?channel=C0HARBOUR").text
        own = WebClient(base_url=slack.api_url, token=client.token)
        assert own.auth_test()["team_id"] == slack.workspace.installation.team.id
    other = WebClient(base_url=front.slacks[0].api_url, token=both[1].token)
    assert error_of(other.auth_test) == "invalid_auth"


def test_a_workspace_that_does_not_run_says_so_and_the_other_goes_on(both, front):
    front.slacks[1].stop()
    away = httpx.post(f"{front.api_url}auth.test", headers={"Authorization": f"Bearer {both[1].token}"})
    assert away.status_code == 503
    both[0].auth_test()
    front.slacks[1].start()
    both[1].auth_test()


def test_a_front_can_be_stopped_and_found_again_where_it_was(front):
    url = front.api_url
    front.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    front.start()
    assert front.api_url == url
    WebClient(base_url=url, token=front.slacks[0].bot_token).auth_test()


def test_a_front_whose_port_is_taken_leaves_nothing_running():
    slack = LocalSlack(Workspace())
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortTaken):
        SlackFront(slack, redirect_urls=(REDIRECT,), port=taken.getsockname()[1]).start()
    assert not slack.is_running


def test_workspaces_of_one_front_are_of_one_app_and_of_different_teams():
    with pytest.raises(ValueError, match="same team"):
        SlackFront(LocalSlack(Workspace()), LocalSlack(Workspace()), redirect_urls=(REDIRECT,))
    with pytest.raises(ValueError, match="not of one app"):
        SlackFront(redirect_urls=(REDIRECT,))


def test_a_workspace_without_the_app_has_nothing_of_it():
    workspace = Workspace(harborside(), installed=False)
    bot = workspace.installation.bot.user_id
    assert all(bot not in one.members for one in workspace.channels)
    assert not any(one.id.startswith("D") for one in workspace.channels)
    assert (workspace.commands, workspace.shortcuts, workspace.tokens.bot) == ((), (), "")
    ts = workspace.say("U0MAYA", "C0HARBOUR", "@Throughline hello")
    workspace.react("U0SAM", "C0HARBOUR", ts, "eyes")
    workspace.change_profile("U0PIET", title="Lead")
    assert workspace.take_envelopes() == []
    assert workspace.message("C0HARBOUR", ts).text == "@Throughline hello"
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    assert "is not a valid command" in workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].words
    for act in (
        lambda: workspace.open_dm("U0MAYA"),
        lambda: workspace.say("U0MAYA", "D0MAYA", "hello"),
        lambda: workspace.shortcut("U0MAYA", "ask_about_this", "C0HARBOUR", ts),
        lambda: workspace.join(bot, "C0HARBOUR", inviter="U0MAYA"),
        workspace.uninstall,
    ):
        with pytest.raises(NotInWorkspace):
            act()


def test_an_app_that_was_installed_is_there_and_in_no_channel_until_it_is_invited(both, front):
    second = teams(front)[1]
    assert [one["id"] for one in both[1].users_conversations(types="public_channel,private_channel")["channels"]] == []
    assert "U0HARBBOT" in [one["id"] for one in both[1].users_list()["members"]]
    assert error_of(lambda: both[1].chat_postMessage(channel="C0HARBOUR", text="hello")) == "not_in_channel"
    second.join("U0HARBBOT", "C0HARBOUR", inviter="U0MAYA")
    both[1].chat_postMessage(channel="C0HARBOUR", text="hello")
    assert second.open_dm("U0MAYA") == "D0MAYA"


# What the app hears


@pytest.fixture
def listener(serve, both, front):
    """An app by hand at the one request URL of the front; the bot is in the channels of the second workspace too."""
    listening = Listener()
    front.set_request_url(serve(listening))
    for channel in ("C0HARBOUR", "G0SUPER"):
        teams(front)[1].join("U0HARBBOT", channel)
    quiet(front.slacks[1])
    while not listening.posts.empty():
        listening.next()
    return listening


def of(body: bytes, kind: str) -> dict:
    """The payload of a post: an event's, an interaction's, or a command's form."""
    if kind == "application/json":
        return json.loads(body)
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return json.loads(form["payload"]) if "payload" in form else form


def everything_that_people_do(workspace: Workspace, client: WebClient) -> None:
    """What the workspace tells an app of, at least once in every way that it can."""
    bot = workspace.installation.bot.name
    ts = workspace.say("U0MAYA", "C0HARBOUR", f"@{bot} hello")
    workspace.edit("U0MAYA", "C0HARBOUR", ts, "edited")
    workspace.react("U0SAM", "C0HARBOUR", ts, "eyes")
    workspace.unreact("U0SAM", "C0HARBOUR", ts, "eyes")
    workspace.shortcut("U0MAYA", "ask_about_this", "C0HARBOUR", ts)
    workspace.shortcut("U0MAYA", "global")
    workspace.take_back("U0MAYA", "C0HARBOUR", ts)
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    workspace.say("U0MAYA", "D0MAYA", "direct")
    workspace.join("U0NOOR", "C0HARBOUR", inviter="U0MAYA")
    workspace.leave("U0NOOR", "C0HARBOUR")
    workspace.set_group("S0SHOP", ("U0MAYA",))
    workspace.change_profile("U0SAM", title="Lead")
    pressable = client.chat_postMessage(channel="C0HARBOUR", text="x", blocks=PRESSABLE)["ts"]
    workspace.click("U0MAYA", "C0HARBOUR", pressable, "go")
    client.views_publish(user_id="U0MAYA", view={"type": "home", "blocks": PRESSABLE})
    workspace.open_home("U0MAYA")
    workspace.press_in_home("U0MAYA", "go")
    client.views_open(trigger_id=workspace._trigger("U0MAYA"), view=FORM)
    workspace.press_in_modal("U0MAYA", "in_form")
    workspace.submit("U0MAYA")
    client.views_open(trigger_id=workspace._trigger("U0SAM"), view=FORM)
    workspace.close_modal("U0SAM")


KINDS = {
    "app_home_opened",
    "app_mention",
    "block_actions",
    "command",
    "member_joined_channel",
    "member_left_channel",
    "message",
    "message_action",
    "reaction_added",
    "reaction_removed",
    "shortcut",
    "subteam_members_changed",
    "subteam_updated",
    "user_change",
    "view_closed",
    "view_submission",
}


def kind_of(payload: dict) -> str:
    return payload["event"]["type"] if "event" in payload else payload.get("type", "command")


@pytest.fixture
def busy(serve):
    """Workspaces with everything registered, both with the app."""
    seeds = (tidewater(), harborside())
    slacks = [LocalSlack(Workspace(seed, global_shortcuts=("global",))) for seed in seeds]
    front = SlackFront(*slacks, redirect_urls=(REDIRECT,), signing_secret=SECRET).start()
    yield front
    front.stop()


def test_all_that_is_posted_to_the_one_address_names_its_workspace_and_no_other(busy, serve):
    listening = Listener()
    busy.set_request_url(serve(listening))
    for slack in busy.slacks:
        everything_that_people_do(slack.workspace, WebClient(base_url=busy.api_url, token=slack.workspace.tokens.bot))
    for slack in busy.slacks:
        quiet(slack)
    posts = [listening.posts.get_nowait() for _ in range(listening.posts.qsize())]
    assert all(SignatureVerifier(SECRET).is_valid_request(body, headers) for body, headers, _ in posts)
    payloads = [of(body, kind) for body, _, kind in posts]
    heard = {"T0TIDE": set(), "T0HARB": set()}
    for payload in payloads:
        team = payload["team_id"] if "team_id" in payload else payload["team"]["id"]
        heard[team].add(kind_of(payload))
        assert payload["api_app_id"] == "A0THROUGHLINE"
        ours, theirs = (("T0TIDE", "U0BOT"), ("T0HARB", "U0HARBBOT"))[:: 1 if team == "T0TIDE" else -1]
        if "event" in payload:
            assert [(one["team_id"], one["user_id"]) for one in payload["authorizations"]] == [ours]
        whole = json.dumps(payload)
        assert not [foreign for foreign in theirs if f'"{foreign}"' in whole]
        if "response_url" in payload:
            mine = next(one for one in busy.slacks if one.workspace.installation.team.id == team)
            assert payload["response_url"].startswith(mine.workspace.address)
    assert heard == {"T0TIDE": KINDS, "T0HARB": KINDS}


def test_one_address_must_answer_for_all(front):
    with pytest.raises(RequestUrlRefused):
        front.set_request_url("http://127.0.0.1:1/slack/events")


def test_a_real_bolt_app_serves_both_workspaces(both, front, serve):
    tokens = {"T0TIDE": (both[0].token, "U0BOT"), "T0HARB": (both[1].token, "U0HARBBOT")}

    def authorize(team_id):
        token, user = tokens[team_id]
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=token, bot_user_id=user)

    app = App(client=WebClient(base_url=front.api_url), signing_secret=SECRET, authorize=authorize)

    @app.event("message")
    def message(event, client, context):
        who = client.users_info(user=event["user"])["user"]["real_name"]
        client.chat_postMessage(channel=event["channel"], text=f"{who} of {context.team_id}", thread_ts=event["ts"])

    front.set_request_url(serve(SlackRequestHandler(app)))
    for workspace, words in zip(teams(front), ("Maya Okafor of T0TIDE", "Mayra Lindqvist of T0HARB"), strict=True):
        ts = workspace.say("U0MAYA", "D0MAYA", "hello")
        answers = workspace.wait_for(lambda workspace=workspace, ts=ts: workspace.seen_by("U0MAYA", "D0MAYA", ts)[1:])
        assert [one.words for one in answers] == [words]


# The end of an installation


def endings(listener: Listener, count: int) -> dict[str, dict]:
    payloads = [of(body, kind) for body, _, kind in (listener.next() for _ in range(count))]
    assert all((one["team_id"], one["api_app_id"]) == ("T0HARB", "A0THROUGHLINE") for one in payloads)
    assert all(one["type"] == "event_callback" and one["event_id"] and "authorizations" not in one for one in payloads)
    return {one["event"]["type"]: one["event"] for one in payloads}


REVOKED = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0HARBBOT"]}}
GONE = {"app_uninstalled": {"type": "app_uninstalled"}, "tokens_revoked": REVOKED}
WAYS = {
    "by hand": (lambda workspace, _client: workspace.uninstall(), GONE),
    "by the app": (lambda _workspace, client: client.apps_uninstall(client_id="1.2", client_secret="hush"), GONE),
    "by giving the token back": (lambda _workspace, client: client.auth_revoke(), {"tokens_revoked": REVOKED}),
}


@pytest.mark.parametrize("way", WAYS)
def test_who_is_uninstalled_hears_that_and_nothing_after_it(both, front, listener, way):
    act, told = WAYS[way]
    first, second = teams(front)
    second.homes["U0MAYA"] = None
    act(second, both[1])
    assert endings(listener, len(told)) == told
    assert error_of(both[1].auth_test) == "account_inactive"
    assert error_of(lambda: both[1].apps_uninstall(client_id="1.2", client_secret="hush")) == "account_inactive"
    second.say("U0MAYA", "C0HARBOUR", "@Throughline still there?")
    second.change_profile("U0PIET", title="Lead")
    assert "U0HARBBOT" not in second.channel("C0HARBOUR").members
    assert second.homes == {}
    with pytest.raises(NotInWorkspace, match="not installed in Tidewater Harborside"):
        second.say("U0MAYA", "D0MAYA", "hello?")
    first.say("U0MAYA", "C0HARBOUR", "the first goes on")
    for slack in front.slacks:
        quiet(slack)
    assert of(*listener.next()[::2])["team_id"] == "T0TIDE"
    assert listener.posts.empty()
    both[0].auth_test()


def test_who_is_installed_again_finds_its_direct_messages_and_hears_again(both, front, listener):
    second = teams(front)[1]
    both[1].chat_postMessage(channel="U0MAYA", text="before")
    listener.next()
    second.uninstall()
    endings(listener, 2)
    assert second.seen_by("U0MAYA", "D0MAYA")[-1].words == "before"
    again = installed(front, scope=ALL)
    second.say("U0MAYA", "D0MAYA", "after")
    assert of(*listener.next()[::2])["event"]["text"] == "after"
    history = again.conversations_history(channel="D0MAYA")["messages"]
    assert [one["text"] for one in history] == ["after", "before"]


def test_an_app_that_did_not_subscribe_to_its_end_does_not_hear_of_it():
    workspace = Workspace(subscriptions=("message.channels", "tokens_revoked"))
    workspace.uninstall()
    assert [one.payload["event"]["type"] for one in workspace.take_envelopes()] == ["tokens_revoked"]


def test_giving_a_token_back_can_be_tried(both, front):
    assert both[1].auth_revoke(test=True)["revoked"] is False
    assert both[1].auth_test()["ok"]


@pytest.mark.parametrize(
    ("given", "error"),
    [(("9.9", "hush"), "invalid_client_id"), (("1.2", "loud"), "bad_client_secret")],
)
def test_only_the_app_itself_can_uninstall_itself(both, given, error):
    client_id, secret = given
    assert error_of(lambda: both[1].apps_uninstall(client_id=client_id, client_secret=secret)) == error
    both[1].auth_test()


def test_an_app_without_oauth_has_no_client_to_uninstall_it_by():
    slack = LocalSlack(Workspace()).start()
    client = WebClient(base_url=slack.api_url, token=slack.bot_token)
    assert error_of(lambda: client.apps_uninstall(client_id="1", client_secret="2")) == "client_id_token_mismatch"
    slack.stop()


def test_response_urls_and_forms_of_an_app_that_is_gone_lead_nowhere(both, front, listener):
    second = teams(front)[1]
    second.slash("U0MAYA", "C0HARBOUR", "/ask", "x")
    url = of(*listener.next()[::2])["response_url"]
    both[1].views_open(trigger_id=second._trigger("U0MAYA"), view=FORM)
    second.uninstall()
    assert httpx.post(url, json={"text": "late"}).status_code == 404
    assert second.open_modal("U0MAYA") is None


def takes(slack: LocalSlack, address: str) -> bool:
    """Whether the app answers the challenge in time; where three seconds last ten milliseconds, not at once."""
    try:
        slack.set_request_url(address)
    except RequestUrlRefused:
        return False
    return True


def test_an_event_of_before_is_not_sent_again_once_the_app_is_gone(serve):
    workspace = Workspace(clock=Clock(speed=300.0))
    slack = LocalSlack(workspace, signing_secret=SECRET).start()
    listening = Listener(status="500 Internal Server Error")
    address = serve(listening)
    until(lambda: takes(slack, address))
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    assert of(*listening.next()[::2])["event"]["type"] == "message"
    workspace.uninstall()
    listening.status = "200 OK"
    quiet(slack)
    slack.stop()
    rest = [of(*listening.posts.get_nowait()[::2]) for _ in range(listening.posts.qsize())]
    # Its first retry comes at once and may be on its way already; the next ones would come a fifth of a second later.
    assert sum(one["event"]["type"] == "message" for one in rest) <= 1
    assert {one["event"]["type"] for one in rest} - {"message"} == {"app_uninstalled", "tokens_revoked"}
