"""Slack's documented limits on blocks: what is just allowed is taken, one more is refused in Slack's words."""

import pytest
from bot.simulator.errors import SlackError
from bot.simulator.limits import check_blocks
from bot.simulator.view_limits import check_home
from slack_sdk.errors import SlackApiError

pytest_plugins = ["simulator_fixtures"]


def plain(length):
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length):
    return {"type": "mrkdwn", "text": "x" * length}


def section(**fields):
    return {"type": "section", **fields}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def button(label=5, **fields):
    return {"type": "button", "text": plain(label), **fields}


def feedback(label=5, value=5):
    one = {"text": plain(label), "value": "x" * value}
    return {"type": "feedback_buttons", "positive_button": one, "negative_button": one}


def rich(*elements):
    return {"type": "rich_text", "elements": list(elements)}


def rich_section(*parts):
    return {"type": "rich_text_section", "elements": list(parts)}


def table(rows, cells):
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * cells] * rows}


LIMITS = [
    ("blocks", lambda n: [{"type": "divider"}] * n, 50),
    ("section text", lambda n: [section(text=mrkdwn(n))], 3000),
    ("section fields", lambda n: [section(fields=[plain(1)] * n)], 10),
    ("section field", lambda n: [section(fields=[mrkdwn(n)])], 2000),
    ("header", lambda n: [{"type": "header", "text": plain(n)}], 150),
    ("context elements", lambda n: [{"type": "context", "elements": [mrkdwn(1)] * n}], 10),
    ("actions", lambda n: [actions(*[button()] * n)], 25),
    ("button text", lambda n: [actions(button(n))], 75),
    ("button value", lambda n: [actions(button(value="x" * n))], 2000),
    ("button url", lambda n: [actions(button(url="x" * n))], 3000),
    ("action_id", lambda n: [actions(button(action_id="x" * n))], 255),
    ("block_id", lambda n: [{"type": "divider", "block_id": "x" * n}], 255),
    ("context_actions", lambda n: [{"type": "context_actions", "elements": [feedback()] * n}], 5),
    ("feedback text", lambda n: [{"type": "context_actions", "elements": [feedback(label=n)]}], 75),
    ("feedback value", lambda n: [{"type": "context_actions", "elements": [feedback(value=n)]}], 2000),
    ("markdown", lambda n: [{"type": "markdown", "text": "x" * n}], 12_000),
    (
        "all markdown",
        lambda n: [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * (n - 6000)}],
        12_000,
    ),
    ("table rows", lambda n: [table(n, 1)], 100),
    ("table cells", lambda n: [table(1, n)], 20),
    ("tables", lambda n: [table(1, 1)] * n, 1),
    ("image alternative", lambda n: [{"type": "image", "image_url": "https://a", "alt_text": "x" * n}], 2000),
    (
        "list indent",
        lambda n: [rich({"type": "rich_text_list", "style": "bullet", "indent": n, "elements": [rich_section()]})],
        8,
    ),
]


@pytest.mark.parametrize(("blocks", "most"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_the_most_is_taken_and_one_more_is_refused(blocks, most):
    assert check_blocks(blocks(most))
    with pytest.raises(SlackError) as refused:
        check_blocks(blocks(most + 1))
    assert refused.value.code == "invalid_blocks"
    assert all("[json-pointer:/blocks" in message for message in refused.value.messages)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"type": "sect"}, "unsupported type: sect [json-pointer:/blocks/0/type]"),
        ({}, "missing required field: type [json-pointer:/blocks/0]"),
        ("divider", "must provide an object [json-pointer:/blocks/0]"),
        (section(), "must define either `text` or `fields` [json-pointer:/blocks/0]"),
        (section(text=mrkdwn(0)), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (section(text="x"), "must provide an object [json-pointer:/blocks/0/text]"),
        (
            section(text={**mrkdwn(1), "emoji": True}),
            "invalid additional property: emoji [json-pointer:/blocks/0/text]",
        ),
        (section(text=plain(1), color="red"), "invalid additional property: color [json-pointer:/blocks/0]"),
        ({"type": "header", "text": mrkdwn(1)}, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
        (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (actions(button(style="loud")), "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]"),
        (
            actions(button(action_id="a"), button(action_id="a")),
            "action_id `a` already exists [json-pointer:/blocks/0/elements]",
        ),
        (actions(feedback()), "unsupported type: feedback_buttons [json-pointer:/blocks/0/elements/0/type]"),
        (
            rich(rich_section({"type": "text"})),
            "missing required field: text [json-pointer:/blocks/0/elements/0/elements/0]",
        ),
        (rich({"type": "text", "text": "x"}), "unsupported type: text [json-pointer:/blocks/0/elements/0/type]"),
        (
            rich(rich_section({"type": "text", "text": "x", "style": {"bold": 1}})),
            "must provide a boolean [json-pointer:/blocks/0/elements/0/elements/0/style/bold]",
        ),
        ({"type": "image", "alt_text": "x"}, "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]"),
    ],
)
def test_a_malformed_block_is_refused_with_the_place_of_the_fault(block, message):
    with pytest.raises(SlackError) as refused:
        check_blocks([block])
    assert refused.value.messages == (message,)


def test_two_blocks_cannot_have_one_block_id():
    with pytest.raises(SlackError) as refused:
        check_blocks([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}])
    assert refused.value.messages == ("block_id `a` already exists [json-pointer:/blocks]",)


def test_all_blocks_together_have_a_limit_of_their_own():
    with pytest.raises(SlackError) as refused:
        check_blocks([section(text=mrkdwn(2700))] * 5)
    assert refused.value.code == "msg_blocks_too_long"


@pytest.mark.parametrize("blocks", [{}, "x", 7])
def test_what_is_not_a_list_is_no_blocks(blocks):
    with pytest.raises(SlackError, match="invalid_blocks_format"):
        check_blocks(blocks)


def test_a_home_may_have_a_hundred_blocks():
    assert check_home({"type": "home", "blocks": [{"type": "divider"}] * 100})
    with pytest.raises(SlackError, match="invalid_arguments") as refused:
        check_home({"type": "home", "blocks": [{"type": "divider"}] * 101})
    assert refused.value.messages == ("no more than 100 items allowed [json-pointer:/view/blocks]",)


def test_a_client_reads_the_reasons_where_slack_puts_them(client):
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C0HARBOUR", text="x", blocks=[actions(button(76))])
    message = "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"
    assert refused.value.response["errors"] == [message]
    assert refused.value.response["response_metadata"]["messages"] == [f"[ERROR] {message}"]
