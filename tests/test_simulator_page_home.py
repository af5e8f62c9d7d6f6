"""The app's Home, the menus of messages and of the message box, and who one can be, on the workspace's page."""

import re

import pytest
from bot.simulator import Workspace
from playwright.sync_api import expect

pytest_plugins = ["simulator_fixtures"]

HARBOUR = "?as=U0MAYA&channel=C0HARBOUR"
HOME = "?as=U0MAYA&channel=D0MAYA&tab=home"
PHONE = pytest.mark.parametrize("width", [1280, 390])
LONG = "How much is the autopay discount if the customer pays by credit card?"


@pytest.fixture
def workspace():
    return Workspace(commands=("/ask",), shortcuts=("ask_about_this",), global_shortcuts=("report_friction",))


def plain(text):
    return {"type": "plain_text", "text": text}


def home(*said):
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Things to try")},
            {
                "type": "actions",
                "elements": [{"type": "button", "text": plain(LONG), "action_id": "try", "value": "1"}],
            },
            *({"type": "section", "text": plain(one)} for one in said),
            {
                "type": "section",
                "text": plain("Show questions of"),
                "accessory": {
                    "type": "static_select",
                    "action_id": "team",
                    "placeholder": plain("Team"),
                    "options": [{"text": plain(one), "value": one.lower()} for one in ("Returns", "Billing")],
                },
            },
        ],
    }


@pytest.fixture
def homely(app, connect):
    """Draws a Home when it is opened, and what was done there into it and into the list that it is."""
    chosen = []

    @app.event("app_home_opened")
    def opened(event, client):
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=home())

    @app.action(re.compile("try|team"))
    def did(ack, body, client):
        ack()
        action = body["actions"][0]
        what = action.get("value") or action["selected_option"]["value"]
        chosen.append(what)
        client.views_publish(user_id=body["user"]["id"], view=home(f"You chose {what}."))

    connect()
    return chosen


def menu_of(page, message):
    message.hover()
    message.get_by_role("button", name="More actions").click()
    return page.locator(".pop:popover-open")


def test_the_app_in_the_rail_opens_at_its_home_and_its_messages_are_beside_it(visit, homely):
    page = visit(HARBOUR)
    page.get_by_role("navigation", name="Apps").get_by_role("link", name="Throughline").click()
    expect(page.get_by_role("heading", name="Things to try")).to_be_visible()
    tabs = page.get_by_role("navigation", name="Throughline")
    expect(tabs.get_by_role("link", name="Home")).to_have_attribute("aria-current", "page")
    tabs.get_by_role("link", name="Messages").click()
    expect(page.get_by_placeholder("Message, or / for commands")).to_be_focused()
    expect(page.get_by_text("Your page. Only you can see it.")).to_have_count(0)


def test_messages_that_wait_bring_the_rail_to_the_messages(visit, homely, client):
    page = visit(HARBOUR)
    client.chat_postMessage(channel="U0MAYA", text="News for you")
    app = page.get_by_role("navigation", name="Apps").get_by_role("link")
    expect(app).to_contain_text("1 unread")
    visit(HOME)
    expect(app).to_contain_text("1 unread")
    app.click()
    expect(page.locator("#stream")).to_contain_text("News for you")
    expect(app).not_to_contain_text("unread")


def test_a_home_that_was_never_drawn_says_what_to_do(visit):
    page = visit(HOME)
    expect(page.get_by_role("heading", name="Throughline has shown you no Home yet")).to_be_visible()
    page.get_by_role("link", name="Ask in Messages").click()
    expect(page.get_by_placeholder("Message, or / for commands")).to_be_visible()


@PHONE
def test_buttons_and_menus_of_the_home_reach_the_app_and_nothing_is_cut_off(visit, homely, width):
    page = visit(HOME, width=width)
    page.get_by_role("button", name=LONG).click()
    expect(page.locator("#home")).to_contain_text("You chose 1.")
    page.get_by_label("Team").select_option("Billing")
    expect(page.locator("#home")).to_contain_text("You chose billing.")
    assert page.locator("#home").evaluate("home => home.scrollWidth <= home.clientWidth")
    box = page.get_by_role("button", name=LONG).bounding_box()
    assert box["x"] + box["width"] <= width


def test_without_scripts_the_home_can_be_read_and_pressed(visit, homely, workspace):
    visit(HOME)
    workspace.wait_for(lambda: workspace.home_of("U0MAYA"))
    page = visit(HOME, javascript=False)
    page.get_by_role("button", name=LONG).click()
    assert workspace.wait_for(lambda: homely == ["1"])


@PHONE
def test_a_message_has_a_menu_with_the_shortcuts_of_the_app(visit, app, connect, width):
    used = []

    @app.shortcut("ask_about_this")
    def asked(ack, body, respond):
        ack()
        used.append(body["message"]["text"])
        respond("An answer for you.")

    connect()
    page = visit(HARBOUR, width=width)
    pop = menu_of(page, page.locator("#stream .msg").nth(1))
    expect(pop).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(pop).to_have_count(0)
    menu_of(page, page.locator("#stream .msg").nth(1)).get_by_role("button", name="Ask about this").click()
    expect(page.get_by_label("Only you can see this")).to_contain_text("An answer for you.")
    expect(pop).to_have_count(0)
    assert [text.partition(" ")[0] for text in used] == ["Three"]
    expect(page.get_by_label("Only you can see this").locator("xpath=..").get_by_label("More actions")).to_have_count(0)


def test_the_menu_beside_the_box_has_shortcuts_and_commands(visit, app, connect, workspace):
    used = []

    @app.shortcut("report_friction")
    def reported(ack, body):
        ack()
        used.append(body["user"]["id"])

    connect()
    page = visit(HARBOUR)
    page.get_by_role("button", name="Attach, shortcuts and commands").click()
    page.get_by_role("button", name="Report friction").click()
    workspace.wait_for(lambda: used == ["U0MAYA"])
    page.get_by_role("button", name="Attach, shortcuts and commands").click()
    page.get_by_role("button", name="/ask", exact=True).click()
    expect(page.get_by_placeholder("Message, or / for commands")).to_have_value("/ask ")
    expect(page.get_by_placeholder("Message, or / for commands")).to_be_focused()


def test_one_s_own_message_can_be_edited_and_deleted_and_no_other(visit, workspace):
    page = visit(HARBOUR)
    workspace.say("U0MAYA", "C0HARBOUR", "teh box for @Sam Tran")
    own = page.locator("#stream .msg").last
    expect(own).to_contain_text("teh box")
    pop = menu_of(page, own)
    pop.get_by_text("Edit message").click()
    expect(pop.get_by_label("New words")).to_have_value("teh box for @Sam Tran")
    pop.get_by_label("New words").fill("the box for @Sam Tran")
    pop.get_by_role("button", name="Save").click()
    expect(own).to_contain_text("the box")
    expect(own).to_contain_text("(edited)")
    assert workspace.messages("C0HARBOUR")[-1].text == "the box for <@U0SAM>"
    page.on("dialog", lambda dialog: dialog.accept())
    menu_of(page, own).get_by_role("button", name="Delete message").click()
    expect(page.get_by_text("the box")).to_have_count(0)
    other = menu_of(page, page.locator("#stream .msg").last)
    expect(other.get_by_role("button", name="Ask about this")).to_be_visible()
    expect(other.get_by_role("button", name="Delete message")).to_have_count(0)


def test_what_the_workspace_refuses_is_said(visit, workspace):
    page = visit(HARBOUR)
    ts = workspace.say("U0MAYA", "C0HARBOUR", "soon gone")
    message = page.locator("#stream .msg").last
    expect(message).to_contain_text("soon gone")
    pop = menu_of(page, message)
    page.route("**/menu", lambda route: (workspace.take_back("U0MAYA", "C0HARBOUR", ts), route.continue_()))
    with page.expect_response("**/menu"):
        pop.get_by_role("button", name="Ask about this").click()
    expect(page.get_by_role("alert").filter(has_text="There is no message")).to_be_visible()


def test_who_is_a_guest_or_from_outside_and_who_is_in_which_group_is_shown(visit, workspace):
    page = visit(HARBOUR)
    people = page.get_by_role("navigation", name="People you can be")
    expect(people.get_by_role("link", name="Tomas Brand")).to_contain_text("outside")
    expect(people.get_by_role("link", name="Noor Haddad")).to_contain_text("guest")
    expect(people.get_by_role("link", name="Maya Okafor")).to_contain_text("@shop-floor")
    expect(people.get_by_role("link", name="Maya Okafor")).not_to_contain_text("outside")
    people.get_by_role("link", name="Noor Haddad").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("# lobby")


@PHONE
def test_people_and_the_app_are_added_to_a_channel_and_removed_from_it(visit, workspace, width):
    page = visit(HARBOUR, width=width)
    page.get_by_role("button", name="Members of # harbour-street").click()
    page.get_by_role("button", name="Add Noor Haddad").click()
    expect(page.get_by_role("button", name="Remove Noor Haddad")).to_be_visible()
    page.get_by_role("button", name="Remove Throughline").click()
    expect(page.get_by_role("button", name="Add Throughline")).to_be_visible()
    expect(page.locator("#stream")).to_contain_text("@Noor Haddad has joined the channel")
    assert workspace.seen_by("U0NOOR", "C0HARBOUR")
    assert "U0BOT" not in workspace.channel("C0HARBOUR").members


def test_somebody_else_finds_their_own_home_and_messages(visit, homely):
    page = visit("?as=U0MAYA&channel=D0MAYA")
    page.get_by_role("link", name="Sam Tran").click()
    expect(page).to_have_url(re.compile("as=U0SAM"))
    page.get_by_placeholder("Message, or / for commands").fill("mine")
    page.keyboard.press("Enter")
    expect(page.locator("#stream .msg").last).to_contain_text("Sam Tran")
