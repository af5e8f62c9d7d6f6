"""The page of the local workspace, used with a real browser as a person would."""

import re
from contextlib import suppress

import httpx
import pytest
from playwright.sync_api import expect

pytest_plugins = ["simulator_fixtures"]

HARBOUR = "?as=U0MAYA&channel=C0HARBOUR"
DIRECT = "?as=U0MAYA&channel=D0MAYA"
QUESTION = "@Throughline customer brought the modem back after 20 days?"
QUOTE = "Returned within 30 days is not charged."


def test_a_question_typed_in_a_channel_is_answered_in_its_thread_beside_it(visit, answering_bot):
    page = visit(HARBOUR)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#thread-stream blockquote")).to_contain_text(QUOTE)
    expect(page.locator("#stream .open")).to_have_text(re.compile("1 reply"))
    expect(page).to_have_url(re.compile(r"as=U0MAYA&channel=C0HARBOUR&thread=\d+\.\d{6}"))
    expect(page.get_by_placeholder("Message, or / for commands")).to_be_focused()
    expect(page.get_by_placeholder("Message, or / for commands")).to_have_value("")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_message_that_nobody_answered_yet_can_be_answered_in_its_thread(visit, workspace, width):
    page = visit(HARBOUR, width=width)
    message = page.locator("#stream .msg").nth(1)
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Reply in thread").click()
    expect(page.locator("#thread-stream")).to_contain_text("Three calls about the same return box since eight.")
    expect(page.locator("[popover]:popover-open")).to_have_count(0)
    page.get_by_placeholder("Reply in this thread").fill("Here too.")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-stream .msg")).to_have_count(2)
    assert workspace.messages("C0HARBOUR")[-1].thread_ts == workspace.messages("C0HARBOUR")[1].ts
    page.locator("#thread-stream .msg").first.hover()
    page.locator("#thread-stream").get_by_role("button", name="More actions").first.click()
    expect(page.get_by_role("button", name="React with eyes").locator("visible=true")).to_have_count(1)
    expect(page.get_by_role("link", name="Reply in thread").locator("visible=true")).to_have_count(0)


def test_the_columns_reach_down_to_the_edge_of_the_window(visit):
    page = visit("?as=U0MAYA&channel=C0RETURNS")
    page.set_viewport_size({"width": 1280, "height": 1100})
    bottoms = page.evaluate(
        "['#rail', '.channel'].map(one => document.querySelector(one).getBoundingClientRect().bottom)"
    )
    assert bottoms == [1100, 1100]


def test_an_answer_for_the_asker_alone_stays_in_sight_in_the_channel_on_a_phone_too(visit, app, connect, workspace):
    @app.event("app_mention")
    def whisper(event, client):
        client.chat_postEphemeral(channel=event["channel"], user=event["user"], text="For you alone.")

    app.event("message")(lambda: None)
    connect()
    page = visit(HARBOUR)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("main .compose textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_text("For you alone.")).to_be_in_viewport()
    expect(page.get_by_text("Only you can see this")).to_be_in_viewport()


def test_an_answer_is_on_the_screen_well_before_anyone_could_miss_it(visit, answering_bot, workspace):
    page = visit(DIRECT)
    page.evaluate(
        """() => {
            window.arrived = [];
            new MutationObserver(() => window.arrived.push(
                [Date.now(), document.querySelectorAll('#stream blockquote').length]
            )).observe(document.getElementById('stream'), {childList: true, subtree: true});
        }"""
    )
    delays = []
    for number in range(1, 6):
        workspace.say("U0MAYA", "D0MAYA", "and now?")
        expect(page.locator("#stream blockquote")).to_have_count(number)
        posted = float(workspace.messages("D0MAYA")[-1].ts)
        shown = next(at for at, count in page.evaluate("window.arrived") if count == number) / 1000
        delays.append(shown - posted)
    assert sorted(delays)[2] < 0.1


def test_pressing_send_twice_sends_once(visit, workspace):
    page = visit(HARBOUR)
    page.get_by_placeholder("Message, or / for commands").fill("once is enough")
    page.locator("main .compose").get_by_role("button", name="Send").dblclick()
    expect(page.locator("#stream .msg").last).to_contain_text("once is enough")
    form = dict(page.evaluate("[...new FormData(document.querySelector('main .compose'))]")) | {"text": "again"}
    origin = {"Origin": workspace.address, "HX-Request": "true"}
    for _ in range(2):
        assert httpx.post(f"{workspace.address}/say", data=form, headers=origin).status_code == 204
    texts = [message.text for message in workspace.messages("C0HARBOUR")]
    assert (texts.count("once is enough"), texts.count("again")) == (1, 1)


def test_enter_sends_shift_enter_begins_a_line_and_nothing_sends_nothing(visit, workspace):
    page = visit(HARBOUR)
    before = len(workspace.messages("C0HARBOUR"))
    page.keyboard.press("Enter")
    page.keyboard.type("first")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second")
    page.keyboard.press("Enter")
    expect(page.locator("#stream .msg").last).to_contain_text("first\nsecond", use_inner_text=True)
    assert [message.text for message in workspace.messages("C0HARBOUR")[before:]] == ["first\nsecond"]


def test_a_fast_typist_loses_no_letter(visit, workspace):
    page = visit(HARBOUR)
    for text in ("first", "second", "third"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.keyboard.type("&")
        expect(page.locator("#stream .msg").last).to_contain_text(text)
    expect(page.get_by_placeholder("Message, or / for commands")).to_have_value("&")
    assert [one.words for one in workspace.seen_by("U0MAYA", "C0HARBOUR")][-3:] == ["first", "&second", "&third"]


def test_a_message_appears_for_everyone_and_counts_as_unread_until_it_is_looked_at(visit):
    maya, sam = visit(HARBOUR), visit("?as=U0SAM&channel=C0RETURNS")
    maya.keyboard.type("box 7 is back")
    maya.keyboard.press("Enter")
    harbour = sam.get_by_role("link", name="# harbour-street")
    expect(harbour).to_contain_text("1 unread")
    harbour.click()
    expect(sam.locator("#stream .msg").last).to_contain_text("box 7 is back")
    expect(harbour).not_to_contain_text("unread")


def test_a_channel_that_somebody_left_is_no_longer_read_by_them(visit, workspace):
    page = visit("?as=U0SAM&channel=C0RETURNS")
    page.get_by_role("link", name="# outages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("# outages")

    def two_are_unread() -> bool:
        workspace.say("U0MAYA", "C0RETURNS", "box 7")
        with suppress(AssertionError):
            expect(page.get_by_role("link", name="# returns")).to_contain_text("2 unread", timeout=1000)
            return True
        return False

    # The browser's goodbye is under way; what arrives before it was still in front of somebody.
    assert any(two_are_unread() for _ in range(20))


def test_an_edit_and_a_deletion_are_seen_at_once(visit, client):
    page = visit(HARBOUR)
    first, second = (client.chat_postMessage(channel="C0HARBOUR", text=text)["ts"] for text in ("one", "two"))
    expect(page.locator("#stream .msg").last).to_contain_text("two")
    client.chat_update(channel="C0HARBOUR", ts=first, text="changed")
    client.chat_delete(channel="C0HARBOUR", ts=second)
    expect(page.locator("#stream .msg").last).to_contain_text("changed")
    expect(page.locator("#stream .msg").last).to_contain_text("(edited)")


def test_what_only_one_person_sees_is_framed_for_them_and_absent_for_the_others(visit, client):
    maya, sam = visit(HARBOUR), visit("?as=U0SAM&channel=C0HARBOUR")
    client.chat_postEphemeral(channel="C0HARBOUR", user="U0MAYA", text="Dana Ruiz, third contact")
    client.chat_postMessage(channel="C0HARBOUR", text="for all")
    expect(maya.get_by_label("Only you can see this")).to_contain_text("Dana Ruiz")
    expect(sam.locator("#stream .msg").last).to_contain_text("for all")
    expect(sam.get_by_text("Dana Ruiz")).to_have_count(0)


def test_buttons_reach_the_bot_and_a_chosen_feedback_stays_visible(visit, answering_bot):
    page = visit(DIRECT)
    page.keyboard.type("fee?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Not helpful").click()
    expect(page.locator("#stream .msg").last).to_contain_text("Thanks for bad.")
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Ask a human").click()
    expect(page.locator("#stream .msg").last).to_contain_text("Thanks for a human.")


def test_a_line_that_begins_with_a_slash_is_a_command(visit, answering_bot):
    page = visit(HARBOUR)
    page.keyboard.type("/ask fee?")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Only you can see this")).to_contain_text(QUOTE)
    expect(page.locator(".msg", has=page.get_by_label("Only you can see this"))).to_contain_text("after /ask fee?")
    page.keyboard.type("/dance ")
    page.keyboard.press("Enter")
    expect(page.locator("#stream .msg").last).to_contain_text("/dance is not a valid command")


def test_a_guest_finds_only_their_own_channels(visit):
    page = visit("?as=U0NOOR&channel=C0HARBOUR")
    expect(page.get_by_role("heading", level=1)).to_have_text("# lobby")
    expect(page.get_by_role("navigation", name="Channels").get_by_role("link")).to_have_count(1)


def test_the_person_and_the_channel_can_be_changed_and_the_back_button_goes_back(visit, client):
    page = visit(HARBOUR)
    page.get_by_role("link", name="Jonas Weber").click()
    expect(page).to_have_url(re.compile("as=U0JONAS&channel=C0HARBOUR"))
    page.get_by_role("link", name="# returns").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("# returns")
    expect(page).to_have_url(re.compile("as=U0JONAS&channel=C0RETURNS"))
    client.chat_postMessage(channel="C0RETURNS", text="live after a change of place")
    expect(page.get_by_text("live after a change of place")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("# harbour-street")


def test_a_banner_says_that_no_bot_is_connected_until_one_is(visit, connect):
    page = visit(HARBOUR)
    expect(page.get_by_role("status")).to_contain_text("Throughline is not connected. Start it with make run")
    connect()
    expect(page.get_by_role("status")).to_have_count(0)


def test_an_empty_direct_message_offers_questions_that_fill_the_box(visit):
    page = visit(DIRECT)
    page.get_by_role("button", name=re.compile("brought the modem back")).click()
    expect(page.get_by_placeholder("Message, or / for commands")).to_have_value(re.compile("after 20 days"))
    expect(page.get_by_placeholder("Message, or / for commands")).to_be_focused()


def test_names_and_commands_are_completed_from_the_keyboard(visit, workspace):
    page = visit(HARBOUR)
    box = page.get_by_placeholder("Message, or / for commands")
    page.keyboard.type("ask @thr")
    expect(page.get_by_role("option", name="@Throughline")).to_be_visible()
    page.keyboard.press("Enter")
    expect(box).to_have_value("ask @Throughline ")
    box.fill("")
    page.keyboard.type("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(box).to_have_value("/customer ")
    box.fill("")
    page.get_by_role("button", name="Mention Throughline").click()
    expect(box).to_have_value("@Throughline ")


def test_the_newest_message_stays_in_view_unless_somebody_reads_further_up(visit, client):
    page = visit(HARBOUR)
    stream = page.locator("#stream")
    for number in range(30):
        client.chat_postMessage(channel="C0HARBOUR", text=f"number {number}")
    expect(page.get_by_text("number 29")).to_be_in_viewport()
    stream.evaluate("stream => stream.scrollTo(0, 200)")
    client.chat_postMessage(channel="C0HARBOUR", text="number 30")
    expect(page.get_by_text("number 30")).to_be_attached()
    assert stream.evaluate("stream => stream.scrollTop") == 200


def test_typing_goes_on_undisturbed_while_messages_arrive(visit, client):
    page = visit(HARBOUR)
    page.keyboard.type("half a sen")
    client.chat_postMessage(channel="C0HARBOUR", text="something else")
    expect(page.get_by_text("something else")).to_be_visible()
    page.keyboard.type("tence")
    expect(page.get_by_placeholder("Message, or / for commands")).to_have_value("half a sentence")


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_thread_replaces_the_channel_and_nothing_is_cut_off(visit, answering_bot, width):
    page = visit(HARBOUR, width=width)
    page.get_by_placeholder("Message, or / for commands").fill(QUESTION)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#thread-stream blockquote")).to_be_visible()
    expect(page.locator("#stream")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name=re.compile("back to # harbour-street")).click()
    expect(page.locator("#stream")).to_be_visible()
    page.get_by_role("link", name="Channels and people").click()
    page.get_by_role("link", name="# returns").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("# returns")
    expect(page.get_by_role("complementary", name="Workspace")).to_be_hidden()
    small = page.evaluate(
        "[...document.querySelectorAll('main a, main button')].filter(one => one.offsetHeight && one.offsetHeight < 44)"
        ".map(one => one.outerHTML)"
    )
    assert small == []


def test_markup_that_somebody_types_is_text(visit, client, workspace):
    page = visit(HARBOUR)
    page.keyboard.type('<script>document.title="x"</script><img src=x onerror=alert(1)>')
    page.keyboard.press("Enter")
    expect(page.locator("#stream .msg").last).to_contain_text('<script>document.title="x"</script><img')
    client.chat_postMessage(channel="C0HARBOUR", text="<javascript:alert(1)|press me> &lt;b&gt;")
    expect(page.locator("#stream .msg").last).to_contain_text("press me <b>")
    expect(page.locator("#stream .msg").last.get_by_role("link")).to_have_count(0)
    expect(page).to_have_title(re.compile("harbour-street"))


def test_without_scripts_the_page_can_still_be_read_and_written(visit, workspace):
    page = visit(HARBOUR, javascript=False)
    page.get_by_placeholder("Message, or / for commands").fill("by hand")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#stream .msg").last).to_contain_text("by hand")


def test_the_page_catches_up_by_itself_when_the_workspace_was_restarted(visit, slack, workspace):
    page = visit(HARBOUR)
    slack.stop()
    expect(page.get_by_role("alert")).to_contain_text("The workspace has stopped.")
    workspace.say("U0SAM", "C0HARBOUR", "said while it was away")
    slack.start()
    expect(page.get_by_text("said while it was away")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_nothing_is_loaded_from_elsewhere_and_no_token_is_shown(visit, slack, answering_bot, workspace):
    page = visit(HARBOUR)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    page.locator("#stream .open").click()
    expect(page.locator("#thread-stream blockquote")).to_be_visible()
    page.reload()
    assert {url.startswith(slack.url) for url in asked} == {True}
    assert slack.bot_token not in page.content()
    assert slack.app_token not in page.content()
    policy = httpx.get(slack.url).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_all_that_can_be_done_can_be_done_from_the_keyboard(visit, answering_bot):
    page = visit(DIRECT)
    page.keyboard.type("fee?")
    page.keyboard.press("Enter")
    helpful = page.get_by_role("button", name="Helpful", exact=True)
    expect(helpful).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if helpful.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#stream .msg").last).to_contain_text("Thanks for good.")
