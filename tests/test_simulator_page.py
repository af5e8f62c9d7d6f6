"""The page of the local workspace, used with a real browser as a person would."""

import re
import time

import pytest
from playwright.sync_api import expect

pytest_plugins = ["simulator_fixtures"]

HARBOUR = "?as=U0MAYA&channel=C0HARBOUR"
QUESTION = "@Throughline customer brought the modem back after 20 days?"


def test_a_question_typed_in_a_channel_is_answered_in_its_thread_beside_it(visit, answering_bot):
    page = visit(HARBOUR)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#thread-stream blockquote")).to_contain_text("Returned within 30 days is not charged.")
    expect(page.locator("#stream .open")).to_have_text(re.compile("1 reply"))
    expect(page).to_have_url(re.compile(r"as=U0MAYA&channel=C0HARBOUR&thread=\d+\.\d{6}"))


def test_an_answer_is_on_the_screen_well_before_anyone_could_miss_it(visit, answering_bot, workspace):
    page = visit("?as=U0MAYA&channel=D0MAYA")
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
        asked = time.time()
        workspace.say("U0MAYA", "D0MAYA", "and now?")
        expect(page.locator("#stream blockquote")).to_have_count(number)
        posted = float(workspace.messages("D0MAYA")[-1].ts)
        shown = next(at for at, count in page.evaluate("window.arrived") if count == number) / 1000
        delays.append((shown - asked, shown - posted))
    print(delays)
    assert sorted(delay for _, delay in delays)[2] < 0.1
