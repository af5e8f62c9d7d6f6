"""Modals on the page of the local workspace: filled in, sent and closed by hand, in a real browser."""

import re

import pytest
from bot.simulator import Workspace
from playwright.sync_api import expect

pytest_plugins = ["simulator_fixtures"]

HARBOUR = "?as=U0MAYA&channel=C0HARBOUR"
REQUIRED = "Please complete this required field."
PHONE = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture
def workspace():
    return Workspace(shortcuts=("log_friction",), global_shortcuts=("report_friction",))


def plain(text):
    return {"type": "plain_text", "text": text}


def option(label):
    return {"text": plain(label), "value": label.lower()}


def asking(block_id, label, kind, *, optional=True, **element):
    whole = {"type": kind, "action_id": f"{block_id}_in", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": whole, "optional": optional}


def button(label, action_id):
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": action_id}


WORDS = asking("words", "Your words", "plain_text_input", multiline=True, optional=False) | {
    "hint": plain("One sentence is enough.")
}
FIELDS = (
    WORDS,
    asking("kind", "Kind", "static_select", options=[option("Typed twice"), option("Too slow")]),
    asking(
        "site",
        "Site",
        "static_select",
        option_groups=[{"label": plain("Shops"), "options": [option("Harbour"), option("Mill Lane")]}],
    ),
    asking("tools", "Tools", "multi_static_select", options=[option("Orion"), option("Tally"), option("CareDesk")]),
    asking("minutes", "Minutes", "radio_buttons", options=[option("2"), option("15")], initial_option=option("2")),
    asking("also", "Also", "checkboxes", options=[option("Customer waited"), option("Phone")]),
    asking("day", "Day", "datepicker"),
    asking("boxes", "Boxes", "number_input", is_decimal_allowed=False, min_value="1"),
    asking("mail", "Mail", "email_text_input"),
    asking("who", "Who else", "users_select"),
    asking("owners", "Owners", "multi_users_select", max_selected_items=1),
    asking("where", "Where", "conversations_select", filter={"include": ["public", "im"]}),
)
FORM = {
    "type": "modal",
    "callback_id": "friction",
    "title": plain("Report friction"),
    "submit": plain("Send report"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*FR-31* Orion forgets the serial"},
            "accessory": button("Me too", "me_too"),
        },
        *FIELDS,
    ],
}
SECOND = {"type": "modal", "title": plain("Me too"), "submit": plain("Count me in"), "blocks": [FIELDS[6]]}


@pytest.fixture
def sent(app, connect):
    """Opens the form on a shortcut, pushes a second one by its button. What it was sent is in the list."""
    got = []

    def door(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    def submitted(ack, body):
        values = body["view"]["state"]["values"]
        got.append({block_id: next(iter(inner.values())) for block_id, inner in values.items()})
        if "Dana" in got[-1]["words"]["value"]:
            ack(response_action="errors", errors={"words": "Please leave the customer's name out."})
        elif "quietly" not in got[-1]["words"]["value"]:
            ack()

    def me_too(ack, body, client):
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=SECOND)

    def closed(ack):
        ack()
        got.append("closed")

    app.shortcut(re.compile("friction"))(door)
    app.view("friction")(submitted)
    app.view_closed("friction")(closed)
    app.action("me_too")(me_too)
    connect()
    return got


def opened(page):
    """The modal, opened by the shortcut of the newest message."""
    message = page.locator("#stream .msg").last
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Log friction").locator("visible=true").click()
    dialog = page.get_by_role("dialog", name="Report friction")
    expect(dialog).to_be_visible()
    return dialog


@PHONE
def test_a_form_is_filled_in_by_its_labels_and_sent(visit, sent, workspace, width):
    page = visit(HARBOUR, width=width)
    dialog = opened(page)
    dialog.get_by_label("Your words").fill("typed twice\nwhile somebody waited")
    dialog.get_by_label("Kind").select_option("Too slow")
    dialog.get_by_label("Site").select_option("Mill Lane")
    tools = dialog.get_by_role("group", name="Tools")
    for tool in ("Tally", "Orion"):
        tools.get_by_label(tool).check()
    dialog.get_by_role("group", name="Minutes").get_by_label("15").check()
    dialog.get_by_role("group", name="Also").get_by_label("Phone").check()
    dialog.get_by_label("Day").fill("2026-11-22")
    dialog.get_by_label("Boxes").fill("3")
    dialog.get_by_label("Mail").fill("maya@tidewater.example")
    dialog.get_by_label("Who else").select_option("Sam Tran")
    dialog.get_by_label("Where").select_option("# returns")
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog).to_have_count(0)
    (values,) = sent
    assert values["words"]["value"] == "typed twice\nwhile somebody waited"
    assert values["kind"]["selected_option"]["value"] == "too slow"
    assert values["site"]["selected_option"]["value"] == "mill lane"
    assert [one["value"] for one in values["tools"]["selected_options"]] == ["tally", "orion"]
    assert values["minutes"]["selected_option"]["value"] == "15"
    assert [one["value"] for one in values["also"]["selected_options"]] == ["phone"]
    assert values["day"]["selected_date"] == "2026-11-22"
    assert (values["boxes"]["value"], values["mail"]["value"]) == ("3", "maya@tidewater.example")
    assert (values["who"]["selected_user"], values["where"]["selected_conversation"]) == ("U0SAM", "C0RETURNS")
    assert values["owners"]["selected_users"] == []
    assert workspace.open_modal("U0MAYA") is None


def test_a_form_with_a_fault_is_kept_back_and_the_first_faulty_field_has_the_keyboard(visit, sent):
    page = visit(HARBOUR)
    dialog = opened(page)
    dialog.get_by_label("Boxes").fill("many")
    dialog.get_by_role("button", name="Send report").click()
    words = dialog.get_by_label("Your words")
    expect(words).to_be_focused()
    expect(words).to_have_accessible_description(f"One sentence is enough. {REQUIRED}")
    expect(dialog.get_by_label("Boxes")).to_have_accessible_description("Please enter a whole number.")
    words.fill("Dana waited")
    dialog.get_by_label("Boxes").fill("2")
    dialog.get_by_role("button", name="Send report").click()
    expect(words).to_have_accessible_description(re.compile("leave the customer's name out"))
    expect(words).to_have_value("Dana waited")
    words.fill("A customer waited")
    dialog.get_by_label("Boxes").press("Enter")
    expect(dialog).to_have_count(0)
    assert [values["words"]["value"] for values in sent] == ["Dana waited", "A customer waited"]


def test_the_keyboard_is_in_the_field_that_the_app_wants_it_in_else_in_the_first(visit, client, app, connect):
    views = [
        {**FORM, "blocks": [WORDS, asking("mail", "Mail", "email_text_input", focus_on_load=True)]},
        {**FORM, "blocks": [asking("minutes", "Minutes", "radio_buttons", options=[option("2")]), WORDS]},
        {**FORM, "blocks": [{"type": "section", "text": plain("Nothing to fill in.")}]},
    ]

    @app.shortcut("log_friction")
    def door(ack, body):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=views.pop(0))

    app.view_closed("friction")(lambda ack: ack())
    connect()
    page = visit(HARBOUR)
    for wanted in ("Mail", "2"):
        expect(opened(page).get_by_label(wanted)).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opened(page).get_by_role("heading", name="Report friction")).to_be_focused()


def test_no_more_than_allowed_can_be_chosen(visit, sent):
    dialog = opened(visit(HARBOUR))
    owners = dialog.get_by_role("group", name="Owners")
    owners.get_by_label("Sam Tran").check()
    expect(owners.get_by_label("Jonas Weber")).to_be_disabled()
    owners.get_by_label("Sam Tran").uncheck()
    expect(owners.get_by_label("Jonas Weber")).to_be_enabled()


def test_a_form_that_the_app_does_not_take_says_so_and_keeps_what_was_typed(visit, sent):
    dialog = opened(visit(HARBOUR))
    dialog.get_by_label("Your words").fill("quietly ignored")
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog.get_by_role("status", name="Sending")).to_be_visible()
    expect(dialog.get_by_role("button", name="Send report")).to_be_disabled()
    expect(dialog.get_by_role("alert")).to_contain_text("We had some trouble connecting.", timeout=10_000)
    expect(dialog.get_by_label("Your words")).to_have_value("quietly ignored")
    expect(dialog.get_by_role("button", name="Send report")).to_be_enabled()


@PHONE
def test_the_keyboard_stays_in_a_modal_and_escape_goes_back_view_by_view(visit, sent, workspace, width):
    page = visit(HARBOUR, width=width)
    dialog = opened(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    dialog.get_by_label("Your words").fill("half a sen")
    dialog.get_by_role("button", name="Me too").click()
    second = page.get_by_role("dialog", name="Me too")
    expect(second.get_by_role("button", name="Back to Report friction")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog.get_by_label("Your words")).to_have_value("half a sen")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    workspace.wait_for(lambda: sent == ["closed"])
    page.locator("main .compose textarea").fill("the page is itself again")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#stream .msg").last).to_contain_text("the page is itself again")


def test_typing_in_a_form_goes_on_while_messages_arrive(visit, sent, client):
    page = visit(HARBOUR)
    words = opened(page).get_by_label("Your words")
    words.press_sequentially("half a sen")
    client.chat_postMessage(channel="C0HARBOUR", text="something else")
    expect(page.locator("#stream .msg").last).to_contain_text("something else")
    words.press_sequentially("tence")
    expect(words).to_have_value("half a sentence")
    expect(words).to_be_focused()


def test_a_modal_is_there_again_with_what_was_filled_in_when_the_page_is_opened_anew(visit, sent):
    page = visit(HARBOUR)
    dialog = opened(page)
    dialog.get_by_label("Kind").select_option("Too slow")
    dialog.get_by_role("group", name="Minutes").get_by_label("15").check()
    expect(dialog.locator("option:checked", has_text="Too slow")).to_have_attribute("selected", "")
    page.reload()
    expect(dialog.get_by_label("Kind")).to_have_value("too slow")
    expect(dialog.get_by_label("15")).to_be_checked()
    expect(visit("?as=U0SAM&channel=C0HARBOUR").get_by_role("dialog")).to_have_count(0)


def test_without_scripts_a_form_can_be_filled_in_sent_and_closed(visit, sent, workspace):
    workspace.shortcut("U0MAYA", "report_friction")
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA"))
    page = visit(HARBOUR, javascript=False)
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_label("Your words")).to_have_accessible_description(re.compile(REQUIRED))
    page.get_by_label("Your words").fill("by hand")
    page.get_by_role("button", name="Send report").click()
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA") is None)
    assert [values["words"]["value"] for values in sent] == ["by hand"]
    workspace.shortcut("U0MAYA", "report_friction")
    workspace.wait_for(lambda: workspace.open_modal("U0MAYA"))
    page.reload()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


@PHONE
def test_nothing_of_a_modal_is_cut_off(visit, sent, width):
    page = visit(HARBOUR, width=width)
    dialog = opened(page)
    box = dialog.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    if width == 390:
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert dialog.locator(".body").evaluate("body => body.scrollWidth <= body.clientWidth")
    expect(dialog.get_by_role("button", name="Send report")).to_be_in_viewport(ratio=1)
    small = dialog.evaluate(
        "dialog => [...dialog.querySelectorAll('button:not(.vh), select, .opts span')]"
        ".filter(one => one.offsetHeight < 30).map(one => one.outerHTML)"
    )
    assert small == []
