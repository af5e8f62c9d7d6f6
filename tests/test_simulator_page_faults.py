"""The fault panel of the workspace's page: what it breaks, what it counts, and what it shows of the app."""

import re

import pytest
from bot.simulator.faults import Mishap
from playwright.sync_api import expect
from slack_sdk.errors import SlackApiError

pytest_plugins = ["simulator_fixtures"]

HARBOUR = "?as=U0MAYA&channel=C0HARBOUR"
PANEL = f"{HARBOUR}&panel=faults"
PHONE = pytest.mark.parametrize("width", [1280, 390])


def board(page):
    return page.get_by_role("complementary", name="Faults")


def press(page, name):
    board(page).get_by_role("button", name=name, exact=True).click()


@PHONE
def test_the_panel_opens_from_the_rail_and_closes_again(visit, width):
    page = visit(HARBOUR, width=width)
    if width == 390:
        page.get_by_role("link", name="Channels and people").click()
    page.get_by_role("link", name="Faults: none on").click()
    expect(board(page)).to_contain_text("Slack behaves.")
    expect(page.locator("#stream")).to_be_visible(visible=width == 1280)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#faults").evaluate("board => board.scrollWidth <= board.clientWidth")
    page.get_by_role("link", name="Close the faults").click()
    expect(board(page)).to_have_count(0)
    expect(page.locator("#stream")).to_be_visible()


def test_the_panel_stays_beside_whatever_is_opened(visit, answering_bot):
    page = visit(PANEL)
    page.get_by_role("link", name="# returns").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("# returns")
    expect(board(page)).to_be_visible()
    page.get_by_placeholder("Message, or / for commands").fill("@Throughline fee?")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-stream blockquote")).to_be_visible()
    expect(board(page)).to_contain_text("chat.postMessage")


def test_what_befalls_the_next_calls_is_said_counted_and_seen_in_the_calls(visit, client):
    page = visit(PANEL)
    board(page).get_by_label("How many calls").fill("2")
    press(page, "503")
    expect(board(page)).to_contain_text("On now: 503 for 2 calls.")
    expect(page.get_by_role("link", name="Faults: 503 for 2 calls")).to_be_visible()
    for _ in range(2):
        with pytest.raises(SlackApiError):
            client.chat_postMessage(channel="C0RETURNS", text="lost")
    client.chat_postMessage(channel="C0RETURNS", text="arrived")
    expect(board(page)).to_contain_text("Slack behaves.")
    expect(board(page).get_by_role("listitem")).to_have_text(["2 × 503"])
    rows = board(page).get_by_role("row").filter(has_text="chat.postMessage")
    expect(rows.locator("td:last-child")).to_have_text(["ok", "503", "503"])
    expect(rows.first).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    press(page, "Count anew")
    expect(board(page)).to_contain_text("Nothing.")


def test_every_mishap_has_a_button_and_one_button_makes_all_well_again(visit, workspace):
    page = visit(PANEL)
    for mishap in Mishap:
        press(page, mishap.value)
        expect(board(page)).to_contain_text(re.compile(f"On now: .*{mishap.value} for 3"))
    press(page, "All well again")
    expect(board(page)).to_contain_text("Slack behaves.")
    assert workspace.faults.names == ()


def test_switches_stay_on_until_they_are_pressed_again(visit, workspace):
    page = visit(PANEL)
    faults = workspace.faults
    for name in ("Each event twice", "No AI methods", "New ones silent too", "one in four, by chance", "by 3 s"):
        press(page, name)
        expect(board(page).get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    assert (faults.deliver_twice, faults.no_ai_methods, faults.silent_sockets, faults.slow_by) == (True, True, True, 3)
    assert faults.is_by_chance
    expect(board(page)).to_contain_text("25% of calls by chance")
    expect(page.get_by_role("link", name="Faults: 5 on")).to_be_in_viewport(ratio=1)
    for name in ("Each event twice", "by 3 s"):
        press(page, name)
        expect(board(page).get_by_role("button", name=name)).to_have_attribute("aria-pressed", "false")
    assert (faults.deliver_twice, faults.slow_by) == (False, 0)
    press(page, "All well again")
    expect(board(page).locator("[aria-pressed=true]")).to_have_count(0)


def test_a_rate_limit_counts_down_and_can_be_ended(visit, workspace, client):
    page = visit(PANEL)
    press(page, "for 30 s")
    expect(board(page)).to_contain_text("429 to every call, for another 28 s")
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.auth_test()
    expect(board(page).get_by_role("row").filter(has_text="auth.test")).to_contain_text("ratelimited")
    press(page, "no more")
    expect(board(page)).to_contain_text("Slack behaves.")
    client.auth_test()


def test_sockets_are_cut_refreshed_and_silenced_and_the_app_is_seen_to_come_back(visit, workspace, connect):
    connect()
    page = visit(PANEL)
    expect(board(page)).to_contain_text("1 socket open · 0 not acked yet")
    press(page, "Cut the sockets")
    expect(board(page)).to_contain_text("1 × socket cut")
    workspace.wait_for(lambda: workspace.connections == 1, timeout=20)
    press(page, "Refresh them")
    expect(board(page)).to_contain_text("1 × socket refreshed")
    workspace.wait_for(lambda: workspace.connections == 1, timeout=20)
    press(page, "Silence them")
    expect(board(page)).to_contain_text("1 × socket silenced")
    workspace.say("U0MAYA", "C0HARBOUR", "who hears this?")
    expect(board(page)).to_contain_text(re.compile("[1-9] not acked yet"))


def test_the_bot_is_seen_to_cope(visit, answering_bot, workspace):
    page = visit(PANEL)
    press(page, "Each event twice")
    press(page, "by 1 s")
    workspace.say("U0MAYA", "C0HARBOUR", "@Throughline fee?")
    expect(page.locator("#stream .open")).to_have_text(re.compile("2 replies"), timeout=10_000)
    expect(board(page)).to_contain_text("× event sent twice")


def test_without_scripts_the_panel_can_be_used(visit, workspace):
    page = visit(PANEL, javascript=False)
    press(page, "Each event twice")
    expect(board(page)).to_contain_text("On now: events twice.")
    assert workspace.faults.deliver_twice


def test_a_number_that_is_none_is_refused_in_words(visit):
    page = visit(PANEL)
    board(page).get_by_label("How many calls").fill("some")
    press(page, "502")
    expect(page.get_by_role("alert").filter(has_text="no such switch or number")).to_be_visible()
