"""What people write stays out of the log, also when everything goes wrong: `promises.py` reads along."""

import logging

import pytest
from bot import wording
from bot.assistant import Assistant
from bot.simulator.faults import Mishap

from logtap import TAP
from offices import Office
from slack_requests import CANARIES

# Names, an account, an address: what a customer's case is full of.
CASE = "{} of " + CANARIES[0] + f", account {CANARIES[1]}, mail {CANARIES[2]}: can I waive the late fee?"


def test_questions_about_a_customer_leave_no_word_in_the_log(office: Office) -> None:
    """What the tap finds fails the test; here stands that it listens, and that all three were answered."""
    assert TAP in logging.getLogger().handlers
    office.ask_where_others_read("U0MAYA", "C0HARBOUR", CASE.format("mother"))
    office.ask_directly("U0SAM", CASE.format("father"))
    office.slash("U0MAYA", "C0HARBOUR", CASE.format("uncle"))
    office.settle()


@pytest.mark.parametrize(
    "mishap", [Mishap.HALF_ANSWER, Mishap.DROPPED_BEFORE, Mishap.DROPPED_AFTER, Mishap.BAD_GATEWAY]
)
def test_nor_do_slacks_half_answers_and_silences(
    office: Office, mishap: Mishap, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("users.info", "conversations.members", "chat.postMessage"):
        office.workspace.faults.strike_next(mishap, 2, method=method)
    office.ask_where_others_read("U0MAYA", "C0HARBOUR", CASE.format("sister"))
    office.ask_directly("U0SAM", CASE.format("brother"))
    office.settle()
    assert caplog.records  # it was told that something failed


def test_nor_does_a_fault_that_quotes_the_question(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_self: object, asked: object, **_others: object) -> None:
        raise ValueError(f"cannot understand {asked}")

    monkeypatch.setattr(Assistant, "ask", fail)
    told = office.ask_directly("U0SAM", CASE.format("aunt"))
    office.settle()
    assert told.words.startswith(wording.FAULT[:40])
    faults = [record for record in caplog.records if record.levelno >= logging.ERROR and record.exc_info]
    assert len(faults) == 3  # one an attempt
