"""People notice no difference: the workspace signs what it sends over HTTP, and the bot answers as over a socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bot import wording
from bot.app import House
from bot.handlers.blocks import FEEDBACK_ACTION
from bot.handlers.http import EVENTS_PATH
from bot.retrieval.embedding import Embedder
from bot.simulator import Clock, LocalSlack
from bot.simulator.errors import RequestUrlRefused
from bot.simulator.faults import Mishap

import offices
from offices import PATIENCE_SECONDS, Office

QUESTION = "Can I waive a late fee without a supervisor?"
SOURCE = "Late fees and late-fee waivers"
PAUSE_QUESTION = "How long may a seasonal pause last?"
PAUSE_ANSWER = "at most 180 days"
ADMIN = "U0ELIF"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    house = offices.house_in(offices.furnish(tmp_path_factory.mktemp("office") / "var", starter_data), encoder)
    opened = offices.open_office(house, connect=offices.hire_over_http)
    yield opened
    opened.close()
    house.database.close()


def test_it_opens_no_socket(office: Office) -> None:
    assert office.workspace.connections == 0


def test_a_mention_is_answered_in_its_thread_and_so_is_what_follows(office: Office) -> None:
    asked = office.workspace.say("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    [answer] = office.wait_for_replies(1, "U0MAYA", "C0HARBOUR", asked)
    assert SOURCE in answer.words
    assert "late fee" in office.ask("U0MAYA", "C0HARBOUR", "and how much is it?", thread=asked).words
    office.settle()
    assert len(office.replies("U0MAYA", "C0HARBOUR", asked)) == 2


def test_a_direct_message_and_a_command_are_answered(office: Office) -> None:
    assert PAUSE_ANSWER in office.ask_directly("U0SAM", PAUSE_QUESTION).words
    assert PAUSE_ANSWER in office.slash("U0SAM", "C0HARBOUR", PAUSE_QUESTION).words


def test_a_pressed_button_is_thanked_for(office: Office) -> None:
    answer = office.ask("U0SAM", "C0HARBOUR", f"@Throughline {QUESTION}")
    button = answer.button("Helpful")
    assert button is not None
    office.workspace.click("U0SAM", "C0HARBOUR", answer.ts, FEEDBACK_ACTION, button.value)
    office.settle()
    assert office.replies("U0SAM", "C0HARBOUR", answer.thread_ts)[-1].words == wording.STEP_HELPFUL


def test_a_form_opens_and_is_sent(office: Office) -> None:
    office.workspace.slash(ADMIN, "C0BILLING", "/throughline", "settings")
    form = office.workspace.wait_for(lambda: office.workspace.open_modal(ADMIN), timeout=PATIENCE_SECONDS)
    assert "#billing-policy" in form.words
    office.workspace.submit(ADMIN, {"folders": ["policies"], "unasked": ["on"], "escalation": "C0RETURNS"})
    office.settle()
    assert office.workspace.open_modal(ADMIN) is None
    assert "Here I answer from policies" in office.replies(ADMIN, "C0BILLING")[-1].words


def test_an_event_whose_ack_is_lost_comes_again_and_is_answered_once(house: House) -> None:
    place = offices.workplace(clock=Clock(speed=20))
    opened = offices.open_office(house, place, connect=offices.hire_over_http)
    try:
        place.faults.strike_next(Mishap.LOST_ACK, 2)
        asked = place.say("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
        opened.wait_for_replies(1, "U0MAYA", "C0HARBOUR", asked)
        opened.settle()
        assert place.faults.count(Mishap.LOST_ACK) == 2
        assert len(opened.replies("U0MAYA", "C0HARBOUR", asked)) == 1
    finally:
        opened.close()


def test_what_is_said_while_the_bot_is_away_is_answered_when_it_is_back(house: House) -> None:
    place = offices.workplace(clock=Clock(speed=20))
    opened = offices.open_office(house, place, connect=offices.hire_over_http)
    try:
        port = int(opened.bot._line.address.rpartition(":")[2])
        opened.bot.stop()
        asked = place.say("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
        opened.bot = offices.listening_bot(house, opened.slack, port=port)
        opened.wait_for_replies(1, "U0MAYA", "C0HARBOUR", asked)
        opened.settle()
        assert len(opened.replies("U0MAYA", "C0HARBOUR", asked)) == 1
    finally:
        opened.close()


def test_a_workspace_with_another_signing_secret_is_not_heard(office: Office) -> None:
    stranger = LocalSlack(offices.workplace(), signing_secret="another secret of sixteen").start()
    try:
        with pytest.raises(RequestUrlRefused, match="did not answer Slack's challenge"):
            stranger.set_request_url(f"{office.bot._line.address}{EVENTS_PATH}")
    finally:
        stranger.stop()
