"""The Home that the app draws for each person, and the shortcuts in the menus around it."""

import pytest
from bot.simulator import Workspace
from bot.simulator.errors import NotInWorkspace

pytest_plugins = ["simulator_fixtures"]


@pytest.fixture
def workspace():
    return Workspace(shortcuts=("ask_about_this",), global_shortcuts=("report_friction",))


@pytest.fixture
def socket(open_socket):
    opened = open_socket()
    opened.read()
    return opened


def plain(text):
    return {"type": "plain_text", "text": text}


HOME = {
    "type": "home",
    "private_metadata": "v1",
    "blocks": [
        {"type": "header", "text": plain("Your questions")},
        {
            "type": "actions",
            "block_id": "row",
            "elements": [
                {"type": "button", "action_id": "ask", "text": plain("Fees?"), "value": "fees"},
                {"type": "button", "action_id": "again", "text": plain("Again"), "value": "2"},
                {
                    "type": "static_select",
                    "action_id": "since",
                    "options": [{"text": plain("This week"), "value": "week"}],
                },
            ],
        },
    ],
}


def heard(socket):
    envelope = socket.read()
    socket.ack(envelope)
    return envelope["payload"]


def test_opening_the_home_tells_the_app_what_it_drew_last(client, socket, workspace):
    workspace.open_home("U0MAYA")
    first = heard(socket)["event"]
    assert (first["type"], first["tab"], first["channel"], "view" in first) == (
        "app_home_opened",
        "home",
        "D0MAYA",
        False,
    )
    drawn = client.views_publish(user_id="U0MAYA", view=HOME)["view"]
    workspace.open_home("U0MAYA")
    assert heard(socket)["event"]["view"] == drawn
    workspace.open_home("U0SAM")
    assert "view" not in heard(socket)["event"]


def test_everybody_sees_their_own_home(client, workspace):
    client.views_publish(user_id="U0MAYA", view=HOME)
    seen = workspace.home_of("U0MAYA")
    assert seen.words.split("\n") == ["Your questions", "Fees?", "Again"]
    assert seen.button("ask").label == "Fees?"
    assert workspace.home_of("U0SAM") is None


def test_a_button_in_the_home_carries_the_view_and_a_trigger_and_no_channel(client, socket, workspace):
    drawn = client.views_publish(user_id="U0MAYA", view=HOME)["view"]
    workspace.press_in_home("U0MAYA", "ask")
    payload = heard(socket)
    assert payload["container"] == {"type": "view", "view_id": drawn["id"]}
    assert (payload["view"]["type"], payload["view"]["private_metadata"]) == ("home", "v1")
    assert (payload["actions"][0]["value"], payload["actions"][0]["block_id"]) == ("fees", "row")
    assert not {"channel", "message", "response_url"} & payload.keys()
    form = {"type": "modal", "title": plain("Fees"), "blocks": []}
    client.views_open(trigger_id=payload["trigger_id"], view=form)
    assert workspace.open_modal("U0MAYA").title == "Fees"


def test_a_choice_in_the_home_is_told_at_once_and_stays(client, socket, workspace):
    client.views_publish(user_id="U0MAYA", view=HOME)
    workspace.fill_in_home("U0MAYA", {"since": "This week"})
    payload = heard(socket)
    assert payload["actions"][0]["selected_option"]["value"] == "week"
    assert payload["view"]["state"]["values"]["row"]["since"]["selected_option"]["value"] == "week"
    assert workspace.home_of("U0MAYA").field("since").value == "This week"


def test_a_home_that_is_drawn_again_keeps_its_id_and_gets_a_new_hash(client):
    first = client.views_publish(user_id="U0MAYA", view=HOME)["view"]
    second = client.views_publish(user_id="U0MAYA", view=HOME, hash=first["hash"])["view"]
    assert first["id"] == second["id"]
    assert first["hash"] != second["hash"]


def test_nobody_can_press_in_a_home_that_was_never_drawn(workspace):
    with pytest.raises(NotInWorkspace, match="has not drawn a Home for Sam Tran"):
        workspace.press_in_home("U0SAM", "ask")


def test_who_presses_in_a_home_while_no_bot_is_connected_is_told(client, workspace):
    client.views_publish(user_id="U0MAYA", view=HOME)
    workspace.press_in_home("U0MAYA", "ask")
    told = "Throughline did not answer the button “Fees?” in time."
    assert workspace.wait_for(lambda: [one.words for one in workspace.seen_by("U0MAYA", "D0MAYA")] == [told])


def test_a_shortcut_of_a_message_carries_the_message_and_ways_to_answer(client, socket, workspace):
    ts = workspace.say("U0SAM", "C0HARBOUR", "do we bill?")
    heard(socket)
    workspace.shortcut("U0MAYA", "ask_about_this", "C0HARBOUR", ts)
    payload = heard(socket)
    assert (payload["type"], payload["callback_id"], payload["user"]["id"]) == (
        "message_action",
        "ask_about_this",
        "U0MAYA",
    )
    assert (payload["message"]["text"], payload["message"]["user"], payload["message_ts"]) == (
        "do we bill?",
        "U0SAM",
        ts,
    )
    assert payload["channel"] == {"id": "C0HARBOUR", "name": "harbour-street"}
    assert payload["response_url"].startswith(workspace.address)
    client.views_open(trigger_id=payload["trigger_id"], view={"type": "modal", "title": plain("Ask"), "blocks": []})
    assert workspace.open_modal("U0MAYA").title == "Ask"


def test_a_shortcut_works_on_messages_of_channels_where_the_bot_is_not(socket, workspace):
    workspace.leave("U0BOT", "C0BILLING")
    ts = workspace.say("U0SAM", "C0BILLING", "psst")
    workspace.shortcut("U0SAM", "ask_about_this", "C0BILLING", ts)
    assert heard(socket)["type"] == "message_action"


def test_a_global_shortcut_knows_who_and_nothing_of_where(socket, workspace):
    workspace.shortcut("U0MAYA", "report_friction")
    payload = heard(socket)
    assert (payload["type"], payload["callback_id"], payload["user"]["id"]) == (
        "shortcut",
        "report_friction",
        "U0MAYA",
    )
    assert payload["trigger_id"]
    assert not {"channel", "message", "response_url"} & payload.keys()


@pytest.mark.parametrize(
    ("use", "remedy"),
    [
        (lambda w, ts: w.shortcut("U0MAYA", "dance", "C0HARBOUR", ts), "There are: ask_about_this"),
        (lambda w, _ts: w.shortcut("U0MAYA", "ask_about_this"), "There are: report_friction"),
        (lambda w, ts: w.shortcut("U0TOMAS", "ask_about_this", "C0HARBOUR", ts), "is not in C0HARBOUR"),
        (lambda w, _ts: w.shortcut("U0MAYA", "ask_about_this", "C0HARBOUR", "1.000001"), "no message 1.000001"),
    ],
)
def test_only_what_is_in_the_menu_can_be_used(workspace, use, remedy):
    ts = workspace.say("U0SAM", "C0HARBOUR", "x")
    with pytest.raises(NotInWorkspace, match=remedy):
        use(workspace, ts)


def test_what_only_one_person_sees_has_no_menu_of_shortcuts(client, workspace):
    ts = client.chat_postEphemeral(channel="C0HARBOUR", user="U0MAYA", text="just you")["message_ts"]
    with pytest.raises(NotInWorkspace, match="has a menu of shortcuts"):
        workspace.shortcut("U0MAYA", "ask_about_this", "C0HARBOUR", ts)


def test_who_uses_a_shortcut_while_no_bot_is_connected_is_told(slack, workspace):
    ts = workspace.say("U0SAM", "C0HARBOUR", "x")
    workspace.shortcut("U0MAYA", "ask_about_this", "C0HARBOUR", ts)
    told = "Throughline did not answer the shortcut in time."
    assert workspace.wait_for(lambda: workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].words == told)
    assert workspace.seen_by("U0SAM", "C0HARBOUR")[-1].words == "x"
