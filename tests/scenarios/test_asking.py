"""What people see in Slack when they ask, over real HTTP and WebSocket through the local workspace."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from bot import wording

from offices import BOT, PROJECT, Office

PAGE = PROJECT / "knowledge/policies/late-fees.md"
QUESTION = "Can I waive a late fee without a supervisor?"
ANSWER = "may be waived only by a supervisor"
SOURCE = "Late fees and late-fee waivers"
OTHER_QUESTION = "How long may a seasonal pause last?"
OTHER_ANSWER = "at most 180 days"
# On its own this finds nothing about late fees.
FOLLOW_UP = "and a third one?"
STAFF = {"U0MAYA", "U0SAM", "U0JONAS", "U0ELIF", "U0RUTH", "U0NIAMH", "U0FEMI"}


def test_a_mention_is_answered_in_its_thread_where_everybody_in_the_channel_reads_it(shared_office: Office) -> None:
    asked = shared_office.workspace.say("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    [answer] = shared_office.wait_for_replies(1, "U0SAM", "C0HARBOUR", asked)
    assert answer.thread_ts == asked
    assert ANSWER in answer.words
    assert shared_office.who_sees("C0HARBOUR", answer) == STAFF


def test_an_answer_names_page_section_team_and_age_behind_a_number(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    verified = re.search(r"^verified: (\S+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert verified is not None
    age = wording.days_ago((datetime.now(UTC).date() - date.fromisoformat(verified[1])).days)
    [cited] = [line for line in answer.words.splitlines() if line.startswith("[1] ")]
    assert re.match(rf"\[1\] {SOURCE} › .+ · Billing policy · verified {age}", cited)


def test_every_quoted_word_stands_in_the_page_that_is_cited(shared_office: Office) -> None:
    answer = shared_office.ask("U0SAM", "C0HARBOUR", f"@Throughline {QUESTION}")
    quoted = [line for line in answer.words.splitlines() if re.search(r" \[\d\]$", line)]
    page = " ".join(re.sub(r"[*_`|]", " ", PAGE.read_text(encoding="utf-8")).split())
    assert quoted
    assert all(" ".join(line.rpartition(" [")[0].split()) in page for line in quoted)


@pytest.mark.parametrize("words", ["{} @Throughline", "Quick one, @Throughline: {}"])
def test_it_does_not_matter_where_in_the_message_the_bot_is_named(shared_office: Office, words: str) -> None:
    assert SOURCE in shared_office.ask("U0MAYA", "C0HARBOUR", words.format(QUESTION)).words


def test_a_mention_inside_a_thread_is_answered_in_that_thread(shared_office: Office) -> None:
    thread = shared_office.workspace.say("U0NIAMH", "C0RETURNS", "A customer is at the counter about a late fee.")
    answer = shared_office.ask("U0MAYA", "C0RETURNS", f"@Throughline {QUESTION}", thread)
    assert answer.thread_ts == thread
    assert SOURCE in answer.words


def test_a_slash_command_is_answered_for_the_asker_alone(shared_office: Office) -> None:
    others = STAFF - {"U0SAM"}
    before = {person: shared_office.workspace.seen_by(person, "C0HARBOUR") for person in others}
    answer = shared_office.slash("U0SAM", "C0HARBOUR", QUESTION)
    shared_office.settle()
    assert SOURCE in answer.words
    assert answer.ephemeral
    assert shared_office.who_sees("C0HARBOUR", answer) == {"U0SAM"}
    assert {person: shared_office.workspace.seen_by(person, "C0HARBOUR") for person in others} == before


def test_a_slash_command_is_answered_where_the_bot_is_not_a_member(office: Office) -> None:
    office.workspace.leave(BOT, "C0BILLING")
    answer = office.slash("U0JONAS", "C0BILLING", QUESTION)
    assert SOURCE in answer.words
    assert office.who_sees("C0BILLING", answer) == {"U0JONAS"}


def test_a_slash_command_without_a_question_shows_how_to_ask(shared_office: Office) -> None:
    answer = shared_office.slash("U0RUTH", "C0HARBOUR", "")
    assert answer.words.startswith("Type the question behind the command")
    assert wording.TRY in answer.words
    assert shared_office.who_sees("C0HARBOUR", answer) == {"U0RUTH"}


def test_a_direct_message_is_answered_beside_it(shared_office: Office) -> None:
    answer = shared_office.ask_directly("U0SAM", QUESTION)
    assert SOURCE in answer.words
    assert answer.thread_ts is None
    assert not answer.ephemeral


def test_a_thread_in_a_direct_message_is_answered_in_the_thread(shared_office: Office) -> None:
    root = shared_office.workspace.say("U0JONAS", "D0JONAS", OTHER_QUESTION)
    shared_office.wait_for_replies(1, "U0JONAS", "D0JONAS")
    answer = shared_office.ask("U0JONAS", "D0JONAS", QUESTION, root)
    assert SOURCE in answer.words
    assert answer.thread_ts == root


def test_a_follow_up_needs_no_mention_and_is_read_with_what_was_asked_before(shared_office: Office) -> None:
    thread = shared_office.workspace.say("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    shared_office.wait_for_replies(1, "U0MAYA", "C0HARBOUR", thread)
    answer = shared_office.ask("U0SAM", "C0HARBOUR", FOLLOW_UP, thread)
    assert SOURCE in answer.words
    assert ANSWER in answer.words


def test_the_same_words_without_a_conversation_before_them_are_not_answered_from_it(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {FOLLOW_UP}")
    assert ANSWER not in answer.words


def test_a_direct_message_is_read_with_the_one_before_it(shared_office: Office) -> None:
    shared_office.ask_directly("U0ELIF", QUESTION)
    assert ANSWER in shared_office.ask_directly("U0ELIF", FOLLOW_UP).words


def test_a_follow_up_is_answered_even_if_it_comes_before_the_first_answer(shared_office: Office) -> None:
    thread = shared_office.workspace.say("U0MAYA", "C0RETURNS", f"@Throughline {QUESTION}")
    shared_office.workspace.say("U0MAYA", "C0RETURNS", OTHER_QUESTION, thread)
    first, second = shared_office.wait_for_replies(2, "U0SAM", "C0RETURNS", thread)
    assert ANSWER in first.words
    assert OTHER_ANSWER in second.words


@pytest.mark.parametrize(
    "words", ["(aside) I think we always did.", "(Aside) lunch?", "@Sam Tran do you know?", "@Sam Tran @Ruth Adeyemi ?"]
)
def test_an_aside_and_a_word_to_somebody_else_stay_unanswered(shared_office: Office, words: str) -> None:
    thread = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}").thread_ts
    shared_office.workspace.say("U0MAYA", "C0HARBOUR", words, thread)
    shared_office.settle()
    assert len(shared_office.replies("U0SAM", "C0HARBOUR", thread)) == 1


def test_a_colleague_named_later_in_a_question_does_not_keep_the_bot_quiet(shared_office: Office) -> None:
    thread = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}").thread_ts
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", f"{OTHER_QUESTION} @Sam Tran asks", thread)
    assert OTHER_ANSWER in answer.words


def test_a_thread_in_which_the_bot_was_never_asked_stays_unanswered(shared_office: Office) -> None:
    thread = shared_office.workspace.say("U0MAYA", "C0HARBOUR", "Does anybody know about late fees?")
    shared_office.workspace.say("U0SAM", "C0HARBOUR", QUESTION, thread)
    shared_office.settle()
    assert shared_office.replies("U0MAYA", "C0HARBOUR", thread) == ()


def test_what_another_app_says_is_not_answered(
    shared_office: Office, other_app_says: Callable[[str, str | None], None]
) -> None:
    thread = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}").thread_ts
    before = shared_office.replies("U0MAYA", "C0HARBOUR")
    other_app_says(f"<@{BOT}> {QUESTION}", None)
    other_app_says(QUESTION, thread)
    shared_office.settle()
    assert shared_office.replies("U0MAYA", "C0HARBOUR") == before


@pytest.fixture(params=[{"subtype": "bot_message"}, {"user": "U0CAREDESK"}], ids=["classic app", "app with a user"])
def other_app_says(shared_office: Office, request: pytest.FixtureRequest) -> Callable[[str, str | None], None]:
    """Post into harbour-street as CareDesk's own app, in one of the two ways in which Slack tells of that."""
    workspace = shared_office.workspace

    def say(text: str, thread: str | None) -> None:
        ts = f"{time.time():.6f}"
        for kind in ("message", "app_mention"):
            body = {"type": kind, "channel": "C0HARBOUR", "channel_type": "channel", "ts": ts, "event_ts": ts}
            body |= {"text": text, "bot_id": "B0CAREDESK", **request.param}
            body |= {"thread_ts": thread} if thread else {}
            workspace._tell_event(body, channel=workspace.channel("C0HARBOUR"))

    return say


def test_the_bot_does_not_answer_itself(shared_office: Office) -> None:
    thread = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}").thread_ts
    shared_office.settle()
    shared_office.settle()  # its own words have come back to it as events by now
    assert len(shared_office.replies("U0MAYA", "C0HARBOUR", thread)) == 1


def test_an_edited_question_is_not_answered_again(shared_office: Office) -> None:
    thread = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}").thread_ts
    before = shared_office.workspace.message("C0HARBOUR", str(thread))
    assert before is not None
    shared_office.workspace.update(before, replace(before, text=f"<@{BOT}> {OTHER_QUESTION}"))
    shared_office.settle()
    assert len(shared_office.replies("U0MAYA", "C0HARBOUR", thread)) == 1
