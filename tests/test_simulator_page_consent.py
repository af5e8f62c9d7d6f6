"""The page on which an admin lets the app into a workspace, and what the workspaces' own pages show of it."""

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from bot.simulator import LocalSlack, SlackFront, Workspace, harborside
from playwright.sync_api import expect

from fronts import exchanged, query
from offices import PATIENCE_SECONDS

pytest_plugins = ["simulator_fixtures"]

PHONE = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture
def came_back():
    """An app's redirect URL: its address, and the queries that browsers brought there."""
    queries = []

    class Redirected(BaseHTTPRequestHandler):
        def do_GET(self):
            where = urlsplit(self.path)
            if where.path == "/slack/oauth_redirect":
                queries.append({name: values[0] for name, values in parse_qs(where.query).items()})
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Back at the app</title>")

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Redirected)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/slack/oauth_redirect", queries
    server.shutdown()
    server.server_close()


@pytest.fixture
def front(came_back):
    """The first workspace has the app, the second has not."""
    slacks = LocalSlack(Workspace()), LocalSlack(Workspace(harborside(), installed=False))
    served = SlackFront(*slacks, client_id="1.2", client_secret="hush", redirect_urls=(came_back[0],)).start()
    yield served
    served.stop()


@pytest.fixture
def slack(front):
    return front.slacks[1]


@pytest.fixture
def look(chromium, front, came_back):
    """Open the consent page in a window of its own. A script error or a refusal by the browser fails the test."""
    faults, contexts = [], []

    def open_page(*, width=1280, javascript=True, **more):
        context = chromium.new_context(viewport={"width": width, "height": 844}, java_script_enabled=javascript)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE_SECONDS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(f"{front.authorize_url}?{urlencode(query(redirect_uri=came_back[0]) | more)}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [one for one in faults if "status of 400" not in one] == []


@PHONE
def test_it_says_which_app_asks_for_what_and_allow_leads_back_with_a_code(look, front, came_back, width):
    page = look(width=width)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Throughline asks to be installed in Tidewater")
    expect(page.get_by_role("region", name="What it could do").get_by_role("listitem")).to_have_text(
        [
            "See messages that mention it where it is",
            "See messages in public channels where it is",
            "Send messages as itself",
            "Add commands and shortcuts that people can use",
            "See the people of the workspace",
        ]
    )
    expect(page.get_by_text("It is installed there already.")).to_be_visible()
    page.get_by_role("link", name="Tidewater Harborside").click()
    expect(heading).to_have_text("Throughline asks to be installed in Tidewater Harborside")
    expect(page.get_by_text("It is installed there already.")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("radio", name="Elif Kaya").check()
    page.get_by_role("button", name="Allow").click()
    expect(page).to_have_title("Back at the app")
    (back,) = came_back[1]
    assert back["state"] == "a state"
    said = exchanged(front, back["code"], redirect_uri=came_back[0])
    assert (said["team"]["id"], said["authed_user"]["id"]) == ("T0HARB", "U0HELIF")


@PHONE
def test_cancel_leads_back_with_the_refusal(look, front, came_back, width):
    page = look(width=width, javascript=False)
    page.get_by_role("button", name="Cancel").click()
    expect(page).to_have_title("Back at the app")
    assert came_back[1] == [{"error": "access_denied", "state": "a state"}]
    assert not front.slacks[1].workspace.is_installed


def test_who_is_no_admin_is_shown_and_cannot_be_chosen(look):
    page = look(team="T0HARB")
    expect(page.get_by_text("Only admins may install apps here.")).to_be_visible()
    people = page.get_by_role("group", name="You are")
    expect(people.get_by_role("radio", name="Mayra Lindqvist")).to_be_disabled()
    expect(people.get_by_role("radio", name="Nora Haas")).to_be_disabled()
    expect(people.get_by_role("radio", name="Samir Patel")).to_be_checked()
    expect(people.get_by_role("radio", name="Samir Patel")).to_be_enabled()


def test_it_can_be_used_by_the_keyboard_alone(look, came_back):
    page = look(team="T0HARB")
    page.get_by_role("radio", name="Samir Patel").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Elif Kaya")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Back at the app")
    assert "code" in came_back[1][0]


@PHONE
def test_a_request_that_is_wrong_is_said_in_words(look, came_back, width):
    page = look(width=width, client_id="9.9")
    expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong when authorizing this app")
    expect(page.get_by_role("alert")).to_have_text("No app has the client id of this link.")
    expect(page.get_by_role("button")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert came_back[1] == []


def test_what_a_link_says_is_shown_as_words_and_nothing_else(look):
    page = look(redirect_uri="http://127.0.0.1/<img src=x onerror=alert(1)>")
    expect(page.get_by_role("alert")).to_contain_text("<img src=x")
    expect(page.locator("img")).to_have_count(0)
    page = look(state='"><script>alert(1)</script>')
    expect(page.locator('input[name="state"]')).to_have_value('"><script>alert(1)</script>')


# The workspaces' own pages


@PHONE
def test_a_page_without_the_app_shows_that_and_takes_it_in_as_soon_as_it_is_installed(visit, front, slack, width):
    page = visit("?as=U0MAYA&channel=C0HARBOUR", width=width)
    banner = page.get_by_role("status").filter(has_text="not installed")
    expect(banner).to_contain_text("Throughline is not installed in Tidewater Harborside.")
    expect(page.locator("#stream")).to_contain_text("Two modems came in wet.")
    expect(page.get_by_role("navigation", name="Apps")).to_have_count(0)
    page.get_by_role("button", name="Members of # front-desk").click()
    expect(page.get_by_role("button", name="Add Piet de Groot")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove Piet de Groot")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Throughline"))).to_have_count(0)
    page.keyboard.press("Escape")
    slack.workspace.install(("chat:write",))
    expect(banner).to_have_count(0)
    page.get_by_role("button", name="Members of # front-desk").click()
    page.get_by_role("button", name="Add Throughline").click()
    expect(page.locator("#stream")).to_contain_text("@Throughline has joined the channel")


def test_the_app_is_uninstalled_from_the_fault_panel_and_its_messages_stay_to_be_read(visit, front, slack):
    slack.workspace.install()
    slack.workspace.say("U0MAYA", "D0MAYA", "are you there?")
    page = visit("?as=U0MAYA&channel=D0MAYA&panel=faults")
    page.get_by_role("button", name="Uninstall Throughline").click()
    expect(page.get_by_role("status").filter(has_text="not installed")).to_be_visible()
    expect(page.get_by_role("button", name="Uninstall Throughline")).to_have_count(0)
    assert not slack.workspace.is_installed
    expect(page.locator("#stream")).to_contain_text("are you there?")
    page.get_by_placeholder("Message, or / for commands").fill("hello?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Throughline is not installed in Tidewater")).to_be_visible()


def test_an_app_that_cannot_come_again_has_no_button_to_uninstall_it(visit, front):
    front.slacks[1].workspace.client = None
    front.slacks[1].workspace.install()
    page = visit("?as=U0MAYA&channel=C0HARBOUR&panel=faults")
    expect(page.get_by_role("button", name="Each event twice")).to_be_visible()
    expect(page.get_by_role("button", name="Uninstall Throughline")).to_have_count(0)


def test_whose_workspace_it_is_is_in_the_rail_and_in_the_title(visit):
    page = visit("?as=U0MAYA&channel=C0HARBOUR")
    expect(page).to_have_title("# front-desk · Tidewater Harborside")
    expect(page.get_by_role("heading", name="Channels in Tidewater Harborside")).to_be_visible()
