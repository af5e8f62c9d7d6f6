"""Slack's documented limits on Homes and modals: what is just allowed is taken, one more is refused with its place."""

import pytest
from bot.simulator.errors import SlackError
from bot.simulator.view_limits import check_home, check_modal


def plain(length=5):
    return {"type": "plain_text", "text": "x" * length}


def options(count, *, label=5, value=0):
    return [{"text": plain(label), "value": "v" * value if value else str(number)} for number in range(count)]


def asking(element, **fields):
    return {"type": "input", "label": plain(), "element": element, **fields}


def modal(*blocks, **fields):
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **fields}


def writing(**fields):
    return asking({"type": "plain_text_input", **fields})


def menu(**fields):
    return asking({"type": "static_select", **fields})


LIMITS = [
    ("blocks", lambda n: modal(*[{"type": "divider"}] * n), 100),
    ("title", lambda n: modal(title=plain(n)), 24),
    ("submit", lambda n: modal(submit=plain(n)), 24),
    ("close", lambda n: modal(close=plain(n)), 24),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255),
    ("external_id", lambda n: modal(external_id="x" * n), 255),
    ("label", lambda n: modal({**writing(), "label": plain(n)}), 2000),
    ("hint", lambda n: modal({**writing(), "hint": plain(n)}), 2000),
    ("placeholder", lambda n: modal(writing(placeholder=plain(n))), 150),
    ("longest text", lambda n: modal(writing(max_length=n)), 3000),
    ("initial text", lambda n: modal(writing(initial_value="x" * n)), 3000),
    ("options", lambda n: modal(menu(options=options(n))), 100),
    ("option text", lambda n: modal(menu(options=options(1, label=n))), 75),
    ("option value", lambda n: modal(menu(options=options(1, value=n))), 150),
    ("option groups", lambda n: modal(menu(option_groups=[{"label": plain(), "options": [
        {"text": plain(), "value": str(number)}]} for number in range(n)])), 100),
    ("radio buttons", lambda n: modal(asking({"type": "radio_buttons", "options": options(n)})), 10),
    ("checkboxes", lambda n: modal(asking({"type": "checkboxes", "options": options(n)})), 10),
    ("lines behind three dots", lambda n: modal(
        {"type": "actions", "elements": [{"type": "overflow", "options": options(n)}]}), 5),
    ("fields in focus", lambda n: modal(*[writing(focus_on_load=True)] * n), 1),
]  # fmt: skip


@pytest.mark.parametrize(("view", "most"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_the_most_is_taken_and_one_more_is_refused(view, most):
    assert check_modal(view(most))
    with pytest.raises(SlackError) as refused:
        check_modal(view(most + 1))
    assert refused.value.code == "invalid_arguments"
    assert all("[json-pointer:/view" in message for message in refused.value.messages)


@pytest.mark.parametrize(
    "element",
    [
        {"type": "plain_text_input", "multiline": True, "min_length": 3, "max_length": 9},
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"},
        {"type": "email_text_input"},
        {"type": "url_text_input", "placeholder": plain()},
        {"type": "static_select", "options": options(2), "initial_option": options(2)[1]},
        {"type": "multi_static_select", "options": options(2), "initial_options": options(1), "max_selected_items": 2},
        {"type": "radio_buttons", "options": options(2)},
        {"type": "checkboxes", "options": options(2), "initial_options": options(2)},
        {"type": "users_select", "initial_user": "U0MAYA"},
        {"type": "multi_users_select", "max_selected_items": 3},
        {"type": "conversations_select", "default_to_current_conversation": True, "response_url_enabled": True},
        {"type": "conversations_select", "filter": {"include": ["public", "private"], "exclude_bot_users": True}},
        {"type": "channels_select", "initial_channel": "C0HARBOUR"},
        {"type": "multi_channels_select"},
        {"type": "datepicker", "initial_date": "2026-10-01"},
        {"type": "timepicker", "initial_time": "09:30"},
    ],
    ids=lambda element: element["type"],
)
def test_every_kind_of_field_is_taken(element):
    assert check_modal(modal(asking(element)))


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ({"type": "modal", "title": plain(), "blocks": [writing()]}, "`submit` is required when an input block is"),
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        ({"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
        (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown [json-pointer:/view/blocks/0/type]"),
        (modal(menu(options=[])), "no fewer than 1 items allowed"),
        (modal(menu()), "must define either `options` or `option_groups`"),
        (modal(menu(options=options(2), initial_option=options(3)[2])), "initial option is not among the options"),
        (modal(menu(options=options(1) * 2)), "option values must be unique"),
        (modal(writing(min_length=5, max_length=4)), "min_length must not be more than max_length"),
        (modal(asking({"type": "number_input"})), "missing required field: is_decimal_allowed"),
        (modal(asking({"type": "number_input", "is_decimal_allowed": True, "min_value": 1})), "must be a number as"),
        (modal(asking({"type": "datepicker", "initial_date": "1 May"})), "must be a date as YYYY-MM-DD"),
        (modal(asking({"type": "button", "text": plain()})), "unsupported type: button"),
        (modal({"type": "actions", "elements": [{"type": "plain_text_input"}]}), "unsupported type: plain_text_input"),
        (modal({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}), "block_id `a` already"),
        (modal(submit_label=plain()), "invalid additional property: submit_label"),
    ],
)
def test_a_malformed_modal_is_refused_with_the_place_of_the_fault(view, message):
    with pytest.raises(SlackError) as refused:
        check_modal(view)
    assert any(message in words for words in refused.value.messages)


def test_a_home_takes_fields_without_a_button_to_send_them_and_no_title():
    assert check_home({"type": "home", "blocks": [writing()]})
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_home({"type": "home", "title": plain(), "blocks": []})


def test_a_view_beyond_a_quarter_of_a_megabyte_is_too_large():
    section = {"type": "section", "fields": [plain(2000)] * 10}
    assert check_modal(modal(*[section] * 12))
    with pytest.raises(SlackError, match="view_too_large"):
        check_modal(modal(*[section] * 13))
