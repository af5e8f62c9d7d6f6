"""Modals: opened by a trigger, filled in and sent by people, answered by a real Bolt app over Socket Mode."""

import httpx
import pytest
from bot.simulator import Clock, Workspace
from bot.simulator.errors import NotInWorkspace
from slack_sdk.errors import SlackApiError

pytest_plugins = ["simulator_fixtures"]

FAST = pytest.mark.parametrize("workspace", [10.0], indirect=True)
# What a person can read below a field that has to be filled in.
REQUIRED = "Please complete this required field."


@pytest.fixture
def workspace(request):
    return Workspace(clock=Clock(speed=getattr(request, "param", 1.0)))


def plain(text):
    return {"type": "plain_text", "text": text}


def option(value):
    return {"text": plain(value.title()), "value": value}


def asking(block_id, element, **fields):
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id.title()),
        "element": {"action_id": f"{block_id}_in", **element},
        **fields,
    }


def modal(*blocks, title="Tell us more", **fields):
    return {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": list(blocks), **fields}


WHY = asking("why", {"type": "plain_text_input", "multiline": True, "min_length": 3, "max_length": 20})
KIND = asking("kind", {"type": "static_select", "options": [option("wrong"), option("stale")]}, optional=True)
FORM = modal(WHY, KIND, callback_id="reason", private_metadata="7")


@pytest.fixture
def trigger(open_socket, workspace):
    """A function that presses something and returns the trigger id that the app was sent."""
    socket = open_socket()
    socket.read()

    def press(person="U0MAYA"):
        workspace.slash(person, "C0HARBOUR", "/ask", "x")
        envelope = socket.read()
        socket.ack(envelope)
        return envelope["payload"]["trigger_id"]

    press.socket = socket
    return press


def error_of(call, **arguments):
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return refused.value.response["error"]


def sent(trigger):
    """The next thing that the app is told, acked with nothing."""
    envelope = trigger.socket.read()
    trigger.socket.ack(envelope)
    return envelope["payload"]


def test_a_modal_is_seen_by_whoever_pressed_and_by_nobody_else(client, trigger, workspace):
    view = client.views_open(trigger_id=trigger(), view=FORM)["view"]
    seen = workspace.open_modal("U0MAYA")
    assert (seen.title, seen.submit, seen.close, seen.stack) == ("Tell us more", "Send", "Cancel", ("Tell us more",))
    assert seen.words.split("\n") == ["Tell us more", "Why", "Kind", "Cancel", "Send"]
    assert [(one.label, one.kind, one.options) for one in seen.fields] == [
        ("Why", "plain_text_input", ()),
        ("Kind", "static_select", ("Wrong", "Stale")),
    ]
    assert workspace.open_modal("U0SAM") is None
    assert (view["root_view_id"], view["previous_view_id"], view["state"]["values"]["why"]["why_in"]) == (
        view["id"],
        None,
        {"type": "plain_text_input", "value": None},
    )


def test_a_trigger_is_good_for_one_modal(client, trigger):
    used = trigger()
    client.views_open(trigger_id=used, view=FORM)
    assert error_of(client.views_open, trigger_id=used, view=FORM) == "exchanged_trigger_id"
    assert error_of(client.views_open, trigger_id="123.456.abc", view=FORM) == "invalid_trigger_id"
    assert error_of(client.views_open, trigger_id="rubbish", view=FORM) == "invalid_trigger_id"


@pytest.mark.parametrize("workspace", [100_000.0], indirect=True)
def test_a_trigger_lives_three_seconds(client, slack, workspace):
    # A hundred thousand times as fast, three seconds are over before a request arrives.
    used = workspace._trigger("U0MAYA")
    assert error_of(client.views_open, trigger_id=used, view=FORM) == "expired_trigger_id"


def test_a_form_that_was_filled_in_arrives_with_every_answer(client, trigger, workspace):
    client.views_open(trigger_id=trigger(), view=FORM)
    workspace.submit("U0MAYA", {"Why": "out of date", "kind": "Stale"})
    payload = sent(trigger)
    assert (payload["type"], payload["user"]["id"], payload["view"]["callback_id"]) == (
        "view_submission",
        "U0MAYA",
        "reason",
    )
    assert payload["view"]["private_metadata"] == "7"
    assert payload["view"]["state"]["values"] == {
        "why": {"why_in": {"type": "plain_text_input", "value": "out of date"}},
        "kind": {
            "kind_in": {
                "type": "static_select",
                "selected_option": {"text": {"type": "plain_text", "text": "Stale", "emoji": True}, "value": "stale"},
            }
        },
    }
    assert "channel" not in payload
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA") is None)


@pytest.mark.parametrize(
    ("element", "given", "empty", "filled"),
    [
        ({"type": "plain_text_input"}, "x", {"value": None}, {"value": "x"}),
        ({"type": "number_input", "is_decimal_allowed": False}, "7", {"value": None}, {"value": "7"}),
        ({"type": "email_text_input"}, "a@b.example", {"value": None}, {"value": "a@b.example"}),
        ({"type": "url_text_input"}, "https://a.example", {"value": None}, {"value": "https://a.example"}),
        (
            {"type": "multi_static_select", "options": [option("a"), option("b")]},
            ["b", "A"],
            {"selected_options": []},
            {
                "selected_options": [
                    {"text": {"type": "plain_text", "text": "B", "emoji": True}, "value": "b"},
                    {"text": {"type": "plain_text", "text": "A", "emoji": True}, "value": "a"},
                ]
            },
        ),
        ({"type": "users_select"}, "U0SAM", {"selected_user": None}, {"selected_user": "U0SAM"}),
        ({"type": "multi_users_select"}, ["U0SAM"], {"selected_users": []}, {"selected_users": ["U0SAM"]}),
        ({"type": "channels_select"}, "C0LOBBY", {"selected_channel": None}, {"selected_channel": "C0LOBBY"}),
        (
            {"type": "conversations_select"},
            "G0SUPER",
            {"selected_conversation": None},
            {"selected_conversation": "G0SUPER"},
        ),
        ({"type": "datepicker"}, "2026-11-30", {"selected_date": None}, {"selected_date": "2026-11-30"}),
        ({"type": "timepicker"}, "14:00", {"selected_time": None}, {"selected_time": "14:00"}),
        (
            {"type": "checkboxes", "options": [option("a")]},
            "a",
            {"selected_options": []},
            {"selected_options": [{"text": {"type": "plain_text", "text": "A", "emoji": True}, "value": "a"}]},
        ),
        (
            {"type": "radio_buttons", "options": [option("a")]},
            "a",
            {"selected_option": None},
            {"selected_option": {"text": {"type": "plain_text", "text": "A", "emoji": True}, "value": "a"}},
        ),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) and "type" in value else "",
)
def test_every_kind_of_field_has_slacks_shape_empty_and_filled(
    client, trigger, workspace, element, given, empty, filled
):
    view = client.views_open(trigger_id=trigger(), view=modal(asking("a", element, optional=True)))["view"]
    assert view["state"]["values"]["a"]["a_in"] == {"type": element["type"], **empty}
    workspace.submit("U0MAYA", {"a": given})
    assert sent(trigger)["view"]["state"]["values"]["a"]["a_in"] == {"type": element["type"], **filled}


@pytest.mark.parametrize(
    ("element", "given", "complaint"),
    [
        ({"type": "plain_text_input"}, "", REQUIRED),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "Please use at least 3 characters."),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "Please use no more than 3 characters."),
        ({"type": "plain_text_input"}, "x" * 3001, "Please use no more than 3000 characters."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a whole number."),
        ({"type": "number_input", "is_decimal_allowed": True}, "many", "Please enter a number."),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "9"},
            "9.5",
            "Please enter a number of at most 9.",
        ),
        ({"type": "email_text_input"}, "maya", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "a.example", "Please enter a valid URL, including http:// or https://."),
        ({"type": "users_select"}, None, REQUIRED),
        ({"type": "checkboxes", "options": [option("a")]}, [], REQUIRED),
    ],
)
def test_slacks_client_keeps_a_faulty_form_back_and_says_why(client, trigger, workspace, element, given, complaint):
    client.views_open(trigger_id=trigger(), view=modal(asking("a", element)))
    workspace.submit("U0MAYA", {"a": given})
    assert workspace.open_modal("U0MAYA").errors == {"a": complaint}
    assert complaint in workspace.open_modal("U0MAYA").words
    workspace.say("U0MAYA", "C0HARBOUR", "the next thing that the app hears")
    assert sent(trigger)["type"] == "event_callback"


def test_a_form_that_the_app_refuses_stays_open_with_the_reason_below_its_field(client, trigger, workspace):
    client.views_open(trigger_id=trigger(), view=FORM)
    workspace.submit("U0MAYA", {"why": "bad words"})
    envelope = trigger.socket.read()
    assert workspace.open_modal("U0MAYA").sending
    trigger.socket.ack(envelope, {"response_action": "errors", "errors": {"why": "Please be kind."}})
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA").errors)
    seen = workspace.open_modal("U0MAYA")
    assert (seen.errors, seen.field("why").fault, seen.sending) == (
        {"why": "Please be kind."},
        "Please be kind.",
        False,
    )
    assert seen.field("why").value == "bad words"
    workspace.fill("U0MAYA", {"why": "good words"})
    assert workspace.open_modal("U0MAYA").errors == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors"},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
        {"text": "thanks"},
    ],
)
def test_an_answer_to_a_form_that_slack_does_not_understand_is_seen_as_trouble(client, trigger, workspace, answer):
    client.views_open(trigger_id=trigger(), view=FORM)
    workspace.submit("U0MAYA", {"why": "because"})
    trigger.socket.ack(trigger.socket.read(), answer)
    trouble = "We had some trouble connecting. Try again?"
    assert workspace.wait_for(lambda: workspace.open_modal("U0MAYA").trouble == trouble)
    assert trouble in workspace.open_modal("U0MAYA").words


@FAST
def test_a_form_that_nobody_acks_stays_open_and_can_be_sent_again(client, open_socket, workspace):
    socket = open_socket()
    socket.read()
    client.views_open(trigger_id=workspace._trigger("U0MAYA"), view=FORM)
    workspace.submit("U0MAYA", {"why": "because"})
    socket.read()
    assert workspace.wait_for(lambda: workspace.open_modal("U0MAYA").trouble)
    workspace.submit("U0MAYA")
    socket.ack(socket.read())
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA") is None)


def test_an_answer_may_change_the_view_push_another_or_close_everything(client, trigger, workspace):
    client.views_open(trigger_id=trigger(), view=FORM)
    answers = [
        ({"response_action": "update", "view": modal(WHY, title="Two")}, ("Two",)),
        ({"response_action": "push", "view": modal(title="Three")}, ("Two", "Three")),
        ({}, ("Two",)),
        ({"response_action": "push", "view": modal(title="Four")}, ("Two", "Four")),
    ]
    for answer, stack in answers:
        workspace.submit("U0MAYA", {"why": "because"} if workspace.open_modal("U0MAYA").field("why") else {})
        trigger.socket.ack(trigger.socket.read(), answer)
        assert workspace.wait_for(lambda stack=stack: workspace.open_modal("U0MAYA").stack == stack)
    workspace.submit("U0MAYA")
    trigger.socket.ack(trigger.socket.read(), {"response_action": "clear"})
    assert workspace.wait_for(lambda: workspace.open_modal("U0MAYA") is None)


def test_a_modal_has_at_most_three_views_pushed_by_triggers_from_inside(client, trigger, workspace):
    button = {"type": "button", "action_id": "more", "text": plain("More"), "value": "1"}
    form = modal({"type": "actions", "block_id": "row", "elements": [button]})
    assert error_of(client.views_push, trigger_id=trigger(), view=form) == "not_found"
    first = client.views_open(trigger_id=trigger(), view=form)["view"]

    def press():
        workspace.press_in_modal("U0MAYA", "more")
        return sent(trigger)

    payload = press()
    assert payload["container"] == {"type": "view", "view_id": first["id"]}
    assert (payload["actions"][0]["action_id"], payload["actions"][0]["value"]) == ("more", "1")
    assert not {"channel", "message", "response_url"} & payload.keys()
    second = client.views_push(trigger_id=payload["trigger_id"], view=form)["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    client.views_push(trigger_id=press()["trigger_id"], view=form)
    assert error_of(client.views_push, trigger_id=press()["trigger_id"], view=form) == "push_limit_reached"
    assert len(workspace.open_modal("U0MAYA").stack) == 3


def test_an_update_keeps_what_was_filled_in_and_needs_the_latest_hash(client, trigger, workspace):
    view = client.views_open(trigger_id=trigger(), view=FORM)["view"]
    workspace.fill("U0MAYA", {"why": "because"})
    changed = client.views_update(view_id=view["id"], hash=view["hash"], view=modal(WHY, title="Working"))["view"]
    assert changed["id"] == view["id"]
    assert changed["state"]["values"]["why"]["why_in"]["value"] == "because"
    assert workspace.open_modal("U0MAYA").title == "Working"
    assert error_of(client.views_update, view_id=view["id"], hash=view["hash"], view=FORM) == "hash_conflict"
    assert error_of(client.views_update, view_id="V0NONE", view=FORM) == "not_found"
    workspace.close_modal("U0MAYA")
    assert error_of(client.views_update, view_id=view["id"], view=FORM) == "not_found"


def test_a_view_can_be_named_by_the_apps_own_id_which_no_other_open_view_has(client, trigger, workspace):
    mine = modal(external_id="mine")
    client.views_open(trigger_id=trigger(), view=mine)
    assert error_of(client.views_open, trigger_id=trigger("U0SAM"), view=mine) == "duplicate_external_id"
    client.views_update(external_id="mine", view=modal(title="Mine", external_id="mine"))
    assert workspace.open_modal("U0MAYA").title == "Mine"


def test_the_app_is_told_of_a_closed_view_only_where_it_asked_to_be(client, trigger, workspace):
    for notify in (False, True):
        client.views_open(trigger_id=trigger(), view=modal(notify_on_close=notify, callback_id=str(notify)))
        workspace.close_modal("U0MAYA")
        assert workspace.open_modal("U0MAYA") is None
    payload = sent(trigger)
    assert (payload["type"], payload["view"]["callback_id"], payload["is_cleared"]) == ("view_closed", "True", False)
    assert "trigger_id" not in payload


def test_the_app_hears_at_once_of_a_field_for_which_it_asked_that(client, trigger, workspace):
    where = asking("where", {"type": "channels_select"}, dispatch_action=True)
    client.views_open(trigger_id=trigger(), view=modal(where, WHY))
    workspace.fill("U0MAYA", {"where": "C0LOBBY", "why": "because"})
    payload = sent(trigger)
    assert payload["type"] == "block_actions"
    assert payload["actions"][0]["selected_channel"] == "C0LOBBY"
    assert payload["view"]["state"]["values"]["why"]["why_in"]["value"] == "because"
    workspace.submit("U0MAYA")
    assert sent(trigger)["type"] == "view_submission"


def test_a_chosen_channel_comes_with_a_response_url_where_the_app_wants_one(client, trigger, workspace):
    where = asking("where", {"type": "conversations_select", "response_url_enabled": True})
    client.views_open(trigger_id=trigger(), view=modal(where))
    workspace.submit("U0MAYA", {"where": "C0RETURNS"})
    given = sent(trigger)["response_urls"][0]
    assert (given["channel_id"], given["block_id"], given["action_id"]) == ("C0RETURNS", "where", "where_in")
    assert httpx.post(given["response_url"], json={"text": "hi", "response_type": "in_channel"}).text == "ok"
    assert workspace.seen_by("U0SAM", "C0RETURNS")[-1].words == "hi"


@pytest.mark.parametrize(
    ("act", "remedy"),
    [
        (lambda workspace: workspace.submit("U0SAM", {}), "Sam Tran has no modal open"),
        (lambda workspace: workspace.fill("U0MAYA", {"colour": "red"}), r"There are: why_in \(Why\), kind_in \(Kind\)"),
        (lambda workspace: workspace.fill("U0MAYA", {"kind": "new"}), "There are: 'wrong', 'stale'"),
        (lambda workspace: workspace.press_in_modal("U0MAYA", "go"), "Buttons there: none"),
    ],
)
def test_a_hand_that_cannot_do_something_says_what_it_can(client, trigger, workspace, act, remedy):
    client.views_open(trigger_id=trigger(), view=FORM)
    with pytest.raises(NotInWorkspace, match=remedy):
        act(workspace)


def test_a_modal_without_a_button_to_send_it_cannot_be_sent(client, trigger, workspace):
    client.views_open(trigger_id=trigger(), view={"type": "modal", "title": plain("Hello"), "blocks": []})
    with pytest.raises(NotInWorkspace, match="can only be closed"):
        workspace.submit("U0MAYA")


def test_a_real_bolt_app_opens_a_form_refuses_it_and_takes_it(app, connect, workspace):
    taken = []

    @app.command("/ask")
    def ask(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("reason")
    def reason(ack, view):
        said = view["state"]["values"]["why"]["why_in"]["value"]
        if said == "nope":
            ack(response_action="errors", errors={"why": "Say more."})
        else:
            ack()
            taken.append(said)

    connect()
    workspace.slash("U0MAYA", "C0HARBOUR", "/ask", "")
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA"))
    workspace.submit("U0MAYA", {"why": "nope"})
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA").errors == {"why": "Say more."})
    workspace.submit("U0MAYA", {"why": "because"})
    workspace.wait_for(lambda: not workspace.open_modal("U0MAYA"))
    assert taken == ["because"]
