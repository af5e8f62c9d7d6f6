"""An app calls and hears what it was granted and subscribed to, and nothing else."""

import pytest
from bot.simulator import Workspace
from slack_sdk.errors import SlackApiError

pytest_plugins = ["simulator_fixtures"]

SCOPES = ("channels:history", "channels:read", "chat:write", "users:read")
SUBSCRIPTIONS = ("app_mention", "message.groups", "user_change")


@pytest.fixture
def workspace():
    return Workspace(scopes=SCOPES, subscriptions=SUBSCRIPTIONS)


def test_a_call_without_its_scope_is_refused_with_the_one_that_it_needs(client):
    with pytest.raises(SlackApiError) as refused:
        client.reactions_add(channel="C0HARBOUR", timestamp="1.0", name="eyes")
    answer = refused.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "reactions:write",
        ",".join(sorted(SCOPES)),
    )


@pytest.mark.parametrize(
    ("call", "needed"),
    [
        (lambda client: client.conversations_history(channel="G0SUPER"), "groups:history"),
        (lambda client: client.conversations_info(channel="D0MAYA"), "im:read"),
        (lambda client: client.conversations_list(types="public_channel,private_channel"), "groups:read"),
        (lambda client: client.usergroups_list(), "usergroups:read"),
        (lambda client: client.users_lookupByEmail(email="maya.okafor@tidewater.example"), "users:read.email"),
    ],
)
def test_some_scopes_depend_on_the_kind_of_channel(client, call, needed):
    client.conversations_history(channel="C0HARBOUR")
    with pytest.raises(SlackApiError) as refused:
        call(client)
    assert refused.value.response["needed"] == needed


def test_an_address_is_shown_only_with_its_own_scope(client):
    assert "email" not in client.users_info(user="U0MAYA")["user"]["profile"]


def test_every_answer_lists_the_scopes(client):
    assert client.auth_test().headers["x-oauth-scopes"] == ",".join(sorted(SCOPES))


def heard_from(workspace):
    """What the app is told of what people do."""
    workspace.say("U0MAYA", "C0HARBOUR", "hello")
    workspace.say("U0MAYA", "C0HARBOUR", "@Throughline hello")
    workspace.say("U0NIAMH", "G0SUPER", "hello")
    workspace.open_dm("U0MAYA")
    workspace.change_profile("U0MAYA", title="Lead")
    told = [one.payload["event"] for one in workspace.take_envelopes()]
    return [(one["type"], one.get("channel")) for one in told]


def test_only_what_was_subscribed_to_is_told():
    scopes = (*SCOPES, "app_mentions:read", "groups:history")
    assert heard_from(Workspace(scopes=scopes, subscriptions=SUBSCRIPTIONS)) == [
        ("app_mention", "C0HARBOUR"),
        ("message", "G0SUPER"),
        ("user_change", None),
    ]


def test_what_was_subscribed_to_without_its_scope_is_not_told():
    assert heard_from(Workspace(scopes=SCOPES, subscriptions=SUBSCRIPTIONS)) == [("user_change", None)]
    assert ("message", "C0HARBOUR") in heard_from(Workspace(scopes=SCOPES))
    assert heard_from(Workspace(scopes=("chat:write",))) == [("app_home_opened", "D0MAYA")]
