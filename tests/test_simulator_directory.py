"""Who is who and who is where in the local workspace, and what the app is told while it changes."""

import pytest
from bot.simulator import Workspace
from bot.simulator.errors import NotInWorkspace
from slack_sdk.errors import SlackApiError

pytest_plugins = ["simulator_fixtures"]


@pytest.fixture
def workspace():
    return Workspace()


@pytest.fixture
def heard(open_socket):
    """A function that returns the next events that the app is told, in order."""
    socket = open_socket()
    socket.read()

    def read(count):
        envelopes = [socket.read() for _ in range(count)]
        for envelope in envelopes:
            socket.ack(envelope)
        return [envelope["payload"]["event"] for envelope in envelopes]

    return read


def test_user_groups_come_with_their_people_where_that_is_asked_for(client):
    plain = client.usergroups_list()["usergroups"]
    assert [(one["id"], one["handle"]) for one in plain] == [("S0SHOP", "shop-floor"), ("S0SUPER", "supervisors")]
    assert "users" not in plain[0]
    whole = client.usergroups_list(include_users=True, include_count=True)["usergroups"][0]
    assert (whole["users"], whole["user_count"]) == (["U0MAYA", "U0SAM"], 2)
    assert client.usergroups_users_list(usergroup="S0SUPER")["users"] == ["U0NIAMH"]
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        client.usergroups_users_list(usergroup="S0NONE")


def test_a_user_group_that_changes_is_told_as_a_difference_and_as_a_whole(client, workspace, heard):
    workspace.set_group("@shop-floor", ("U0SAM", "U0RUTH"))
    changed, updated = heard(2)
    assert (changed["type"], changed["subteam_id"]) == ("subteam_members_changed", "S0SHOP")
    assert (changed["added_users"], changed["removed_users"]) == (["U0RUTH"], ["U0MAYA"])
    assert changed["date_update"] > changed["date_previous_update"]
    assert (updated["type"], updated["subteam"]["users"]) == ("subteam_updated", ["U0SAM", "U0RUTH"])
    assert client.usergroups_users_list(usergroup="S0SHOP")["users"] == ["U0SAM", "U0RUTH"]


def test_a_user_group_can_be_named_in_a_message(workspace, heard):
    workspace.say("U0MAYA", "C0HARBOUR", "@shop-floor do we bill?")
    assert heard(1)[0]["text"] == "<!subteam^S0SHOP> do we bill?"
    assert workspace.seen_by("U0SAM", "C0HARBOUR")[-1].words == "@shop-floor do we bill?"


def test_who_joins_and_leaves_a_channel_is_told_where_the_bot_is(workspace, heard):
    workspace.join("U0TOMAS", "C0LOBBY", inviter="U0MAYA")
    joined, said = heard(2)
    assert (joined["type"], joined["user"], joined["channel"], joined["team"], joined["inviter"]) == (
        "member_joined_channel",
        "U0TOMAS",
        "C0LOBBY",
        "T0FIELD",
        "U0MAYA",
    )
    assert (said["subtype"], said["text"]) == ("channel_join", "<@U0TOMAS> has joined the channel")
    workspace.leave("U0TOMAS", "C0LOBBY")
    left, said = heard(2)
    assert (left["type"], left["user"], left["channel_type"], said["subtype"]) == (
        "member_left_channel",
        "U0TOMAS",
        "C",
        "channel_leave",
    )
    assert not workspace.may_read("U0TOMAS", "C0LOBBY")


def test_nobody_joins_or_leaves_twice(workspace, heard):
    workspace.join("U0MAYA", "C0LOBBY")
    workspace.leave("U0TOMAS", "C0LOBBY")
    workspace.say("U0MAYA", "C0LOBBY", "the first that the app hears")
    assert heard(1)[0]["type"] == "message"


def test_the_bot_hears_that_it_joined_but_not_that_it_left(workspace, heard):
    workspace.leave("U0BOT", "C0LOBBY")
    workspace.join("U0BOT", "C0LOBBY", inviter="U0ELIF")
    joined, said = heard(2)
    assert (joined["type"], joined["user"], said["subtype"]) == ("member_joined_channel", "U0BOT", "channel_join")


def test_a_changed_profile_is_told_with_the_flags_that_users_info_shows(client, workspace, heard):
    workspace.change_profile("U0SAM", title="Shop associate", guest=True)
    changed = heard(1)[0]
    assert (changed["type"], changed["user"]["profile"]["title"]) == ("user_change", "Shop associate")
    assert changed["user"]["is_restricted"] is True
    workspace.change_profile("U0SAM", deleted=True)
    assert client.users_info(user="U0SAM")["user"]["deleted"] is True


def test_someone_of_another_organization_is_a_stranger_only_without_a_channel_in_common(client, workspace):
    marks = ("is_stranger", "team_id")
    shown = client.users_info(user="U0TOMAS")["user"]
    assert [shown[name] for name in marks] == [False, "T0FIELD"]
    workspace.leave("U0TOMAS", "C0FIELD")
    shown = client.users_info(user="U0TOMAS")["user"]
    assert [shown[name] for name in marks] == [True, "T0FIELD"]


def test_the_channels_of_a_person_are_those_that_the_bot_can_see(client, workspace):
    def names(**arguments):
        found = client.users_conversations(types="public_channel,private_channel", **arguments)["channels"]
        return [one["name"] for one in found]

    assert names(user="U0NIAMH") == ["harbour-street", "returns", "outages", "billing-policy", "supervisors"]
    assert len(names()) == 8
    workspace.leave("U0BOT", "G0SUPER")
    assert "supervisors" not in names(user="U0NIAMH")


def test_an_event_from_a_channel_with_outsiders_says_so(workspace):
    workspace.say("U0MAYA", "C0FIELD", "x")
    workspace.say("U0MAYA", "C0HARBOUR", "x")
    assert [one.payload["is_ext_shared_channel"] for one in workspace.take_envelopes()] == [True, False]


def test_a_group_that_is_not_there_is_named_with_those_that_are(workspace):
    with pytest.raises(NotInWorkspace, match=r"There are: S0SHOP \(@shop-floor\)"):
        workspace.set_group("S0NONE", ())


def test_a_reaction_is_seen_told_counted_and_taken_back(client, workspace, heard):
    ts = workspace.say("U0SAM", "C0HARBOUR", "x")
    heard(1)
    client.reactions_add(channel="C0HARBOUR", timestamp=ts, name="eyes")
    workspace.react("U0MAYA", "C0HARBOUR", ts, "eyes")
    assert workspace.seen_by("U0RUTH", "C0HARBOUR")[-1].reactions == (("eyes", ("U0BOT", "U0MAYA")),)
    told = heard(2)
    assert [(one["type"], one["user"], one["item_user"], one["item"]["ts"]) for one in told] == [
        ("reaction_added", "U0BOT", "U0SAM", ts),
        ("reaction_added", "U0MAYA", "U0SAM", ts),
    ]
    shown = client.reactions_get(channel="C0HARBOUR", timestamp=ts)["message"]["reactions"]
    assert shown == [{"name": "eyes", "users": ["U0BOT", "U0MAYA"], "count": 2}]
    client.reactions_remove(channel="C0HARBOUR", timestamp=ts, name="eyes")
    workspace.unreact("U0MAYA", "C0HARBOUR", ts, "eyes")
    assert workspace.seen_by("U0RUTH", "C0HARBOUR")[-1].reactions == ()
    assert {one["type"] for one in heard(2)} == {"reaction_removed"}


def test_reactions_are_refused_with_slacks_words(client, workspace):
    ts = workspace.say("U0SAM", "C0HARBOUR", "x")

    def error(call, name):
        with pytest.raises(SlackApiError) as refused:
            call(channel="C0HARBOUR", timestamp=ts, name=name)
        return refused.value.response["error"]

    client.reactions_add(channel="C0HARBOUR", timestamp=ts, name="eyes")
    assert error(client.reactions_add, "eyes") == "already_reacted"
    assert error(client.reactions_add, "no such emoji") == "invalid_name"
    assert error(client.reactions_remove, "tada") == "no_reaction"
    for number in range(22):
        client.reactions_add(channel="C0HARBOUR", timestamp=ts, name=f"emoji{number}")
    assert error(client.reactions_add, "tada") == "too_many_emoji"


def test_an_attached_file_comes_with_its_name_and_kind(workspace, heard):
    workspace.say("U0MAYA", "C0HARBOUR", "@Throughline what is this?", files=("till.png", "notes.pdf"))
    message, mention = heard(2)
    assert (message["subtype"], message["upload"]) == ("file_share", False)
    assert [(one["name"], one["mimetype"], one["filetype"]) for one in message["files"]] == [
        ("till.png", "image/png", "png"),
        ("notes.pdf", "application/pdf", "pdf"),
    ]
    assert (mention["type"], "subtype" in mention, len(mention["files"])) == ("app_mention", False, 2)
    assert [one.name for one in workspace.seen_by("U0SAM", "C0HARBOUR")[-1].files] == ["till.png", "notes.pdf"]


def test_people_edit_and_delete_only_what_they_said(workspace, heard):
    ts = workspace.say("U0MAYA", "C0HARBOUR", "one")
    workspace.edit("U0MAYA", "C0HARBOUR", ts, "@Throughline two")
    assert heard(2)[-1]["message"]["text"] == "<@U0BOT> two"
    with pytest.raises(NotInWorkspace, match="Sam Tran did not write message"):
        workspace.take_back("U0SAM", "C0HARBOUR", ts)
    workspace.take_back("U0MAYA", "C0HARBOUR", ts)
    assert heard(1)[-1]["subtype"] == "message_deleted"
