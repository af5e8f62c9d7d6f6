"""What each person of the local workspace sees, and what their hands do, without a server."""

import pytest
from bot.simulator import Workspace
from bot.simulator.encoding import encoded
from bot.simulator.errors import NotInWorkspace, Unmet
from bot.simulator.messages import Message


@pytest.fixture
def workspace():
    return Workspace()


def events_of(workspace):
    return [envelope.payload["event"] for envelope in workspace.take_envelopes()]


def test_a_mention_arrives_twice_as_message_and_as_app_mention_with_one_ts_and_two_event_ids(workspace):
    ts = workspace.say("U0MAYA", "C0HARBOUR", "@Throughline do we bill?")
    payloads = [envelope.payload for envelope in workspace.take_envelopes()]
    assert [payload["event"]["type"] for payload in payloads] == ["message", "app_mention"]
    assert {payload["event"]["ts"] for payload in payloads} == {ts}
    assert {payload["event"]["text"] for payload in payloads} == {"<@U0BOT> do we bill?"}
    assert len({payload["event_id"] for payload in payloads}) == 2
    assert {payload["team_id"] for payload in payloads} == {"T0TIDE"}


@pytest.mark.parametrize(
    ("person", "channel", "channel_type"),
    [
        ("U0MAYA", "C0HARBOUR", "channel"),
        ("U0NIAMH", "G0SUPER", "group"),
        ("U0MAYA", "D0MAYA", "im"),
    ],
)
def test_a_message_says_what_kind_of_channel_it_is_in(workspace, person, channel, channel_type):
    workspace.say(person, channel, "hello")
    assert [event["channel_type"] for event in events_of(workspace)] == [channel_type]


def test_naming_the_bot_in_a_direct_message_is_no_app_mention(workspace):
    workspace.say("U0MAYA", "D0MAYA", "@Throughline hello")
    assert [event["type"] for event in events_of(workspace)] == ["message"]


def test_a_reply_names_its_thread_and_who_began_it(workspace):
    ts = workspace.say("U0MAYA", "C0HARBOUR", "first")
    workspace.say("U0SAM", "C0HARBOUR", "second", ts)
    reply = events_of(workspace)[-1]
    assert (reply["thread_ts"], reply["parent_user_id"]) == (ts, "U0MAYA")


def test_someone_of_another_organization_is_marked_as_such(workspace):
    workspace.say("U0TOMAS", "C0FIELD", "hello")
    assert events_of(workspace)[0]["user_team"] == "T0FIELD"


def test_opening_the_direct_message_tells_the_app_which_tab(workspace):
    assert workspace.open_dm("U0SAM") == "D0SAM"
    opened = events_of(workspace)[0]
    assert (opened["type"], opened["tab"], opened["channel"]) == ("app_home_opened", "messages", "D0SAM")


def test_the_ts_of_messages_never_repeat_and_always_rise(workspace):
    stamps = [workspace.say("U0MAYA", "C0HARBOUR", "again") for _ in range(500)]
    assert stamps == sorted(set(stamps))
    assert {len(stamp.partition(".")[2]) for stamp in stamps} == {6}


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@Throughline hi", "<@U0BOT> hi"),
        ("ask @Maya Okafor, not @Sam", "ask <@U0MAYA>, not @Sam"),
        ("@throughline hi", "<@U0BOT> hi"),
        ("see #returns", "see <#C0RETURNS|returns>"),
        ("2 < 3 & 4 > 1", "2 &lt; 3 &amp; 4 &gt; 1"),
        ("<@U0BOT>", "&lt;@U0BOT&gt;"),
        ("https://a.example/x?y=1&z=2.", "<https://a.example/x?y=1&amp;z=2>."),
        ("me@Throughline.example", "me@Throughline.example"),
        ("@here now", "<!here> now"),
    ],
)
def test_typed_text_is_encoded_as_slack_encodes_it(typed, sent):
    names = {
        "@Throughline": "<@U0BOT>",
        "@Maya Okafor": "<@U0MAYA>",
        "#returns": "<#C0RETURNS|returns>",
        "@here": "<!here>",
    }
    assert encoded(typed, names) == sent


def test_a_message_for_one_person_is_seen_by_nobody_else(workspace):
    workspace.post(Message("C0HARBOUR", "", "U0BOT", "your customer", only_for="U0MAYA"))
    assert [one.words for one in workspace.seen_by("U0MAYA", "C0HARBOUR") if one.ephemeral] == ["your customer"]
    assert not any(one.ephemeral for one in workspace.seen_by("U0SAM", "C0HARBOUR"))
    assert events_of(workspace) == []


@pytest.mark.parametrize(
    ("person", "channel", "sees"),
    [
        ("U0NIAMH", "G0SUPER", True),
        ("U0MAYA", "G0SUPER", False),
        ("U0SAM", "C0LOBBY", True),
        ("U0NOOR", "C0LOBBY", True),
        ("U0NOOR", "C0HARBOUR", False),
        ("U0TOMAS", "C0FIELD", True),
        ("U0TOMAS", "C0HARBOUR", False),
        ("U0SAM", "D0MAYA", False),
    ],
)
def test_who_may_not_read_a_channel_sees_nothing_of_it(workspace, person, channel, sees):
    workspace.post(Message(channel, "", "U0BOT", "hello"))
    assert bool(workspace.seen_by(person, channel)) is sees


def test_a_thread_can_be_looked_at_alone(workspace):
    ts = workspace.say("U0MAYA", "C0HARBOUR", "first")
    workspace.say("U0SAM", "C0HARBOUR", "elsewhere")
    workspace.say("U0SAM", "C0HARBOUR", "second", ts)
    assert [one.words for one in workspace.seen_by("U0RUTH", "C0HARBOUR", ts)] == ["first", "second"]
    assert [one.words for one in workspace.seen_by("U0RUTH", "C0HARBOUR")][-3:] == ["first", "elsewhere", "second"]


def test_the_words_of_a_message_are_what_a_person_reads(workspace):
    blocks = (
        {"type": "header", "text": {"type": "plain_text", "text": "Fee"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Not* charged, <https://a.example|see> &amp; ask <@U0ELIF>"},
            "fields": [{"type": "mrkdwn", "text": "one\ntwo"}],
        },
        {"type": "divider"},
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "A < B"}]},
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [
                                {"type": "user", "user_id": "U0MAYA"},
                                {"type": "channel", "channel_id": "C0RETURNS"},
                            ],
                        },
                        {"type": "rich_text_section", "elements": [{"type": "emoji", "name": "warning"}]},
                    ],
                },
            ],
        },
        {"type": "markdown", "text": "**bold** `code`"},
        {
            "type": "table",
            "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 1, "text": "1"}]],
        },
        {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "a chart"},
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "positive_button": {"text": {"type": "plain_text", "text": "Yes"}, "value": "y"},
                    "negative_button": {"text": {"type": "plain_text", "text": "No"}, "value": "n"},
                }
            ],
        },
    )
    workspace.post(Message("C0HARBOUR", "", "U0BOT", "fallback", blocks))
    assert workspace.seen_by("U0MAYA", "C0HARBOUR")[-1].words.split("\n") == [
        "Fee",
        "Not charged, see & ask @Elif Kaya",
        "one",
        "two",
        "A < B",
        "@Maya Okafor#returns",
        "\N{WARNING SIGN}\ufe0f",
        "bold code",
        "a | 1",
        "a chart",
        "Yes",
        "No",
    ]


def test_waiting_ends_with_what_was_waited_for_or_with_an_error(workspace):
    workspace.say("U0MAYA", "C0HARBOUR", "now")
    found = workspace.wait_for(lambda: [one for one in workspace.seen_by("U0SAM", "C0HARBOUR") if one.words == "now"])
    assert found[0].author == "U0MAYA"
    with pytest.raises(Unmet, match=r"within 0\.01 s"):
        workspace.wait_for(lambda: False, timeout=0.01)


@pytest.mark.parametrize(
    ("act", "remedy"),
    [
        (lambda workspace: workspace.say("U0SAM", "G0SUPER", "x"), "Their channels are"),
        (lambda workspace: workspace.say("U0WHO", "C0HARBOUR", "x"), "There are: U0MAYA"),
        (lambda workspace: workspace.say("U0SAM", "C0WHERE", "x"), "There are: C0HARBOUR"),
        (lambda workspace: workspace.click("U0SAM", "C0HARBOUR", "1.000001", "x"), "Buttons there: none"),
    ],
)
def test_a_hand_that_cannot_do_something_says_what_it_can(workspace, act, remedy):
    with pytest.raises(NotInWorkspace, match=remedy):
        act(workspace)


def test_a_pressed_button_says_which_where_and_by_whom(workspace):
    pair = [
        {"type": "button", "action_id": "vote", "text": {"type": "plain_text", "text": name}, "value": name}
        for name in ("yes",)
    ]
    shown = workspace.post(Message("C0HARBOUR", "", "U0BOT", "x", ({"type": "actions", "elements": pair},)))
    workspace.take_envelopes()
    workspace.click("U0SAM", "C0HARBOUR", shown.ts, "vote")
    payload = workspace.take_envelopes()[0].payload
    assert payload["type"] == "block_actions"
    assert payload["user"]["id"] == "U0SAM"
    assert payload["container"]["message_ts"] == payload["message"]["ts"] == shown.ts
    assert payload["actions"][0]["value"] == "yes"
    assert payload["actions"][0]["block_id"] == shown.blocks[0]["block_id"]


def test_a_button_of_an_ephemeral_message_is_named_by_its_container_alone(workspace):
    button = {"type": "button", "text": {"type": "plain_text", "text": "go"}}
    draft = Message("C0HARBOUR", "", "U0BOT", "x", ({"type": "actions", "elements": [button]},), only_for="U0SAM")
    shown = workspace.post(draft)
    action_id = workspace.seen_by("U0SAM", "C0HARBOUR")[-1].buttons[0].action_id
    workspace.click("U0SAM", "C0HARBOUR", shown.ts, action_id)
    payload = workspace.take_envelopes()[0].payload
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    with pytest.raises(NotInWorkspace):
        workspace.click("U0MAYA", "C0HARBOUR", shown.ts, action_id)


def test_a_command_that_nobody_registered_is_answered_by_slackbot_for_the_typer_alone(workspace):
    workspace.slash("U0SAM", "C0HARBOUR", "/dance", "now")
    answer = workspace.seen_by("U0SAM", "C0HARBOUR")[-1]
    assert answer.words.startswith("/dance is not a valid command.")
    assert (answer.author, answer.ephemeral) == ("USLACKBOT", True)
    assert workspace.take_envelopes() == []


def test_slack_has_no_commands_in_threads(workspace):
    ts = workspace.say("U0SAM", "C0HARBOUR", "x")
    workspace.slash("U0SAM", "C0HARBOUR", "/ask", "y", thread_ts=ts)
    assert workspace.seen_by("U0SAM", "C0HARBOUR", ts)[-1].words == "/ask is not supported in threads. Sorry!"


def test_history_counts_as_read_and_what_others_say_does_not_until_it_is_looked_at(workspace):
    assert workspace.unread("U0MAYA", "C0HARBOUR") == 0
    workspace.say("U0SAM", "C0HARBOUR", "x")
    workspace.say("U0MAYA", "C0HARBOUR", "y")
    assert workspace.unread("U0MAYA", "C0HARBOUR") == 1
    workspace.mark_read("U0MAYA", "C0HARBOUR")
    assert workspace.unread("U0MAYA", "C0HARBOUR") == 0
