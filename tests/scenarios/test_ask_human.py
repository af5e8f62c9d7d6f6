"""[Ask a human] from the press to the answer, as each person sees it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from bot import channels, outbox, requests
from bot import request_wording as wording
from bot import wording as said
from bot.channels import ChannelSettings
from bot.handlers.blocks import ASK_HUMAN_ACTION
from bot.handlers.requests.cards import CARD
from bot.handlers.requests.reminding import Reminding
from bot.outbox import OutboxRow
from bot.requests import Request, RequestRow, State
from bot.simulator.messages import SeenMessage
from sqlalchemy import select, update

from offices import PATIENCE_SECONDS, Office, hire, until

RETURNS_PAGE = """---
title: Equipment returns
owner: returns
---
Equipment returned within 30 days of disconnection is not charged. Scan every box at the counter.
"""
SUPERVISOR_PAGE = """---
title: Return waivers for supervisors
audience: role:supervisor
owner: returns
---
A supervisor waives the fee for equipment returned late, once a year for each account.
"""
NOBODYS_PAGE = """---
title: Parking
---
Employees park on deck 3 of the Foundry garage. The barrier opens with the badge.
"""
FIELD_PAGE = """---
title: Installer vans
owner: field-operations
---
Installers fuel their vans at the depot on Mill Road before seven in the morning.
"""
PAGES = {
    "returns.md": RETURNS_PAGE,
    "waivers.md": SUPERVISOR_PAGE,
    "parking.md": NOBODYS_PAGE,
    "vans.md": FIELD_PAGE,
}
QUESTION = "Is equipment returned within 30 days of disconnection charged?"


@pytest.fixture(scope="module")
def office(office_with: Callable[[dict[str, str]], Office]) -> Office:
    return office_with(PAGES)


def press(office: Office, person: str, channel: str, message: SeenMessage, name: str) -> None:
    button = message.button(name)
    assert button is not None, message.buttons
    office.workspace.click(person, channel, message.ts, button.action_id, button.value)
    office.settle()


def open_form(office: Office, person: str, channel: str, message: SeenMessage, name: str = wording.ASK_HUMAN) -> str:
    """Press a button that opens a form; returns what there is to read."""
    button = message.button(name)
    assert button is not None, message.buttons
    office.workspace.click(person, channel, message.ts, button.action_id, button.value)
    return office.workspace.wait_for(lambda: office.workspace.open_modal(person), timeout=PATIENCE_SECONDS).words


def submit(office: Office, person: str, **values: str) -> None:
    office.workspace.submit(person, values)
    office.settle()


def ask_human(office: Office, person: str, channel: str, answer: SeenMessage, **values: str) -> int:
    """Ask people about an answer; returns the number of the request."""
    open_form(office, person, channel, answer)
    submit(office, person, **values)
    return newest(office).number


def newest(office: Office) -> Request:
    with office.house.database.reading() as session:
        found = session.scalars(select(RequestRow.id).order_by(RequestRow.id.desc())).first()
        assert found is not None
        request = requests.own(session, found, asker=session.get_one(RequestRow, found).asker)
    assert request is not None
    return request


def seen(office: Office, person: str, channel: str, words: str) -> SeenMessage:
    """The newest message of the bot in which this person reads these words; where many were posted it takes a while."""
    return office.workspace.wait_for(
        lambda: [one for one in office.replies(person, channel) if words in one.words], timeout=PATIENCE_SECONDS
    )[-1]


def card_of(office: Office, number: int, *, person: str = "U0JONAS", channel: str = "C0RETURNS") -> SeenMessage:
    return seen(office, person, channel, f"equest {number} for")


def test_the_button_is_under_answers_and_refusals_and_not_where_there_was_no_question(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    refusal = office.ask("U0MAYA", "C0HARBOUR", "@Throughline Who won the chess world championship in 1972?")
    foreign = office.ask(
        "U0MAYA", "C0HARBOUR", "@Throughline ¿Puedo devolver el equipo en la tienda sin pagar nada más?"
    )
    nothing = office.ask("U0MAYA", "C0HARBOUR", "@Throughline ???")
    assert [bool(one.button(ASK_HUMAN_ACTION)) for one in (answer, refusal, foreign, nothing)] == [
        True,
        True,
        True,
        False,
    ]
    assert refusal.words.startswith(said.NOTHING)


def test_the_form_shows_the_question_masked_and_says_where_it_goes(office: Office) -> None:
    answer = office.ask_directly("U0MAYA", f"{QUESTION} Her mail is dana@example.org")
    words = open_form(office, "U0MAYA", "D0MAYA", answer)
    assert "Ask the Returns team" in words
    assert "Her mail is [e-mail]" in words
    assert "dana@example.org" not in words
    assert wording.goes_to("Returns team", "#returns") in words
    submit(office, "U0MAYA", question="  ")
    modal = office.workspace.open_modal("U0MAYA")
    assert modal is not None
    assert (
        list(modal.errors.values()) in ([wording.NO_QUESTION], ["Please complete this required field."]) or modal.errors
    )
    office.workspace.close_modal("U0MAYA")


def test_a_request_goes_from_the_asker_to_the_team_and_the_answer_back_to_the_thread(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION} For box 7 that is.")
    number = ask_human(
        office, "U0MAYA", "C0HARBOUR", answer, added="She waits at the counter. Her number is 617-555-0834."
    )

    card = card_of(office, number)
    assert card.thread_ts is None
    for words in (
        f"Request {number} for the Returns team",
        "Maya Okafor (shift-lead, shop, Harbour Street shop) asks:",
        "For box 7 that is.",
        "Maya Okafor adds:",
        "She waits at the counter. Her number is [phone]",
        "The pages that were quoted: Equipment returns",
        "others read too",
    ):
        assert words in card.words
    assert "617-555" not in card.words + card.text
    told = seen(office, "U0MAYA", "C0HARBOUR", f"(request {number})")
    assert told.text == f"I asked the Returns team in #returns (request {number}). Their answer comes to this thread."
    assert office.who_sees("C0HARBOUR", told) == {"U0MAYA"}

    office.workspace.say("U0JONAS", "C0RETURNS", "No fee. *Not* even <b>one</b> @channel. Call 617-555-0834.", card.ts)
    office.settle()
    reply = seen(office, "U0MAYA", "C0HARBOUR", "answers request")
    assert reply.thread_ts == answer.thread_ts
    assert reply.words.startswith(f"@Maya Okafor Jonas Weber (Billing IT) answers request {number}:")
    assert "No fee. *Not* even <b>one</b> @channel. Call [phone]" in reply.words
    passed = seen(office, "U0JONAS", "C0RETURNS", "Passed on to Maya Okafor")
    assert passed.thread_ts == card.ts
    assert passed.button(wording.SAVE)
    assert "Answered in the thread." in card_of(office, number).words


def test_what_was_asked_alone_is_answered_alone_and_whole(office: Office) -> None:
    answer = office.ask_directly("U0SAM", f"{QUESTION} In my case.")
    number = ask_human(office, "U0SAM", "D0SAM", answer)
    told = seen(office, "U0SAM", "D0SAM", f"(request {number})")
    assert told.text.endswith("Their answer comes to you here.")
    assert not told.ephemeral
    card = card_of(office, number)
    assert "goes to Sam Tran alone" in card.words
    office.workspace.say("U0JONAS", "C0RETURNS", "No. Mail dana@example.org the label.", card.ts)
    office.settle()
    reply = seen(office, "U0SAM", "D0SAM", "answers your request")
    assert "No. Mail dana@example.org the label." in reply.words
    assert "You asked: Is equipment returned" in reply.words


def test_a_question_by_command_is_answered_in_the_direct_message(office: Office) -> None:
    answer = office.slash("U0RUTH", "C0OUTAGES", f"{QUESTION} For Ruth.")
    number = ask_human(office, "U0RUTH", "C0OUTAGES", answer)
    told = seen(office, "U0RUTH", "C0OUTAGES", f"(request {number})")
    assert told.text.endswith("Their answer comes to you in a direct message.")
    assert office.who_sees("C0OUTAGES", told) == {"U0RUTH"}
    office.workspace.say("U0ELIF", "C0RETURNS", "No.", card_of(office, number).ts)
    office.settle()
    assert "Elif Kaya (Billing policy) answers your request" in seen(office, "U0RUTH", "D0RUTH", "answers").words
    assert not any("answers" in one.words for one in office.replies("U0RUTH", "C0OUTAGES"))


def test_pages_that_not_everybody_in_the_channel_may_read_are_counted_and_not_named(office: Office) -> None:
    answer = office.ask_directly("U0NIAMH", "How often does a supervisor waive the fee for equipment returned late?")
    number = ask_human(office, "U0NIAMH", "D0NIAMH", answer)
    card = card_of(office, number)
    assert "that not everybody here may read" in card.words
    assert "waivers" not in card.words.casefold().replace("waive the fee", "")


def test_who_presses_twice_makes_one_request(office: Office) -> None:
    answer = office.ask("U0RUTH", "C0HARBOUR", f"@Throughline {QUESTION} Twice.")
    number = ask_human(office, "U0RUTH", "C0HARBOUR", answer)
    again = ask_human(office, "U0RUTH", "C0HARBOUR", answer, added="It is urgent.")
    assert again == number
    told = seen(office, "U0RUTH", "C0HARBOUR", "You asked this before")
    assert told.text == (
        f"You asked this before: it is request {number}, and waits for the Returns team in #returns. "
        "I passed on what you added."
    )
    card = card_of(office, number)
    added = seen(office, "U0JONAS", "C0RETURNS", "It is urgent.")
    assert added.thread_ts == card.ts
    tops = [one for one in office.replies("U0JONAS", "C0RETURNS") if one.thread_ts is None and "Twice." in one.words]
    assert len(tops) == 1


def test_who_takes_it_is_on_the_card_and_the_asker_hears(office: Office) -> None:
    answer = office.ask("U0SAM", "C0HARBOUR", f"@Throughline {QUESTION} Take it.")
    number = ask_human(office, "U0SAM", "C0HARBOUR", answer)
    card = card_of(office, number)
    press(office, "U0JONAS", "C0RETURNS", card, wording.TAKE)
    taken = card_of(office, number)
    assert taken.ts == card.ts
    assert "Jonas Weber takes this request." in taken.words
    assert taken.button(wording.TAKE) is None
    assert seen(office, "U0SAM", "D0SAM", f"has taken your request {number}").words.startswith(
        "Jonas Weber (Billing IT)"
    )


def test_asides_and_words_to_each_other_stay_in_the_thread(office: Office) -> None:
    answer = office.ask("U0SAM", "C0HARBOUR", f"@Throughline {QUESTION} Asides.")
    number = ask_human(office, "U0SAM", "C0HARBOUR", answer)
    card = card_of(office, number)
    before = len(office.replies("U0SAM", "C0HARBOUR"))
    office.workspace.say("U0JONAS", "C0RETURNS", "(aside) who knows this?", card.ts)
    office.workspace.say("U0ELIF", "C0RETURNS", "@Jonas Weber you do", card.ts)
    office.settle()
    assert len(office.replies("U0SAM", "C0HARBOUR")) == before
    assert newest(office).state is State.OPEN
    office.workspace.say("U0JONAS", "C0RETURNS", "@Sam Tran no, never", card.ts)
    office.settle()
    assert "@Sam Tran no, never" in seen(office, "U0SAM", "C0HARBOUR", f"answers request {number}").words


def test_further_replies_follow_in_order_and_an_edit_is_a_correction(office: Office) -> None:
    answer = office.ask("U0SAM", "C0HARBOUR", f"@Throughline {QUESTION} Edits.")
    number = ask_human(office, "U0SAM", "C0HARBOUR", answer)
    card = card_of(office, number)
    first = office.workspace.say("U0JONAS", "C0RETURNS", "Reply 0", card.ts)
    for place in range(1, 4):
        office.workspace.say("U0JONAS", "C0RETURNS", f"Reply {place}", card.ts)
    office.settle()
    thread = office.replies("U0SAM", "C0HARBOUR", answer.thread_ts)
    replies = [one.words for one in thread if f"answers request {number}" in one.words]
    assert [words.split("Reply ")[1][0] for words in replies] == ["0", "1", "2", "3"]
    office.workspace.edit("U0JONAS", "C0RETURNS", first, "Reply 0, but only for boxes")
    office.settle()
    correction = seen(office, "U0SAM", "C0HARBOUR", f"corrects an answer to request {number}")
    assert "Reply 0, but only for boxes" in correction.words
    assert wording.correction_passed_on("Sam Tran") in seen(office, "U0JONAS", "C0RETURNS", "correction").words


def test_the_asker_says_that_it_helps_or_what_is_still_open(office: Office) -> None:
    answer = office.ask("U0SAM", "C0HARBOUR", f"@Throughline {QUESTION} Verdicts.")
    number = ask_human(office, "U0SAM", "C0HARBOUR", answer)
    card = card_of(office, number)
    office.workspace.say("U0JONAS", "C0RETURNS", "No.", card.ts)
    office.settle()
    reply = seen(office, "U0SAM", "C0HARBOUR", f"answers request {number}")
    press(office, "U0MAYA", "C0HARBOUR", reply, wording.HELPS)
    assert seen(office, "U0MAYA", "C0HARBOUR", wording.ONLY_THE_ASKER)
    assert newest(office).state is State.ANSWERED

    open_form(office, "U0SAM", "C0HARBOUR", reply, wording.STILL_OPEN)
    submit(office, "U0SAM", still="And after 30 days? Mail dana@example.org")
    assert newest(office).state is State.REOPENED
    line = seen(office, "U0JONAS", "C0RETURNS", "says that this is still open:")
    assert (line.thread_ts, "And after 30 days? Mail [e-mail]" in line.words) == (card.ts, True)
    assert card_of(office, number).button(wording.TAKE)

    office.workspace.say("U0JONAS", "C0RETURNS", "Then $100.", card.ts)
    office.settle()
    press(office, "U0SAM", "C0HARBOUR", reply, wording.HELPS)
    assert newest(office).state is State.ACCEPTED
    assert seen(office, "U0JONAS", "C0RETURNS", wording.helped("Sam Tran"))
    assert seen(office, "U0SAM", "C0HARBOUR", wording.THANKS)


def test_who_no_longer_needs_an_answer_says_so_and_the_team_hears(office: Office) -> None:
    answer = office.ask("U0SAM", "C0HARBOUR", f"@Throughline {QUESTION} Withdrawn.")
    number = ask_human(office, "U0SAM", "C0HARBOUR", answer)
    told = seen(office, "U0SAM", "C0HARBOUR", f"(request {number})")
    press(office, "U0SAM", "C0HARBOUR", told, wording.NO_LONGER)
    assert newest(office).state is State.CLOSED
    assert seen(office, "U0JONAS", "C0RETURNS", wording.not_needed("Sam Tran"))
    assert "Closed." in card_of(office, number).words


def test_without_a_channel_the_people_of_the_team_are_asked_and_the_asker_is_told_so(office: Office) -> None:
    answer = office.ask("U0SAM", "C0HARBOUR", "@Throughline Where do installers fuel their vans in the morning?")
    number = ask_human(office, "U0SAM", "C0HARBOUR", answer)
    told = seen(office, "U0SAM", "C0HARBOUR", f"(request {number})")
    assert told.words.startswith(
        f"I asked Jonas Weber in a direct message, because I am not in #field-operations (request {number})."
    )
    card = card_of(office, number, channel="D0JONAS")
    office.workspace.say("U0JONAS", "D0JONAS", "At the depot on Mill Road.", card.ts)
    office.settle()
    assert "At the depot on Mill Road." in seen(office, "U0SAM", "C0HARBOUR", f"answers request {number}").words


@pytest.fixture
def escalated(office: Office) -> Iterator[str]:
    """A channel whose questions go to #billing-policy, for as long as a test takes."""
    set_escalation(office, "C0OUTAGES", "C0BILLING")
    yield "C0OUTAGES"
    set_escalation(office, "C0OUTAGES", "")


def set_escalation(office: Office, channel: str, chosen: str) -> None:
    with office.house.database.writing.begin() as session:
        channels.save(session, channel, ChannelSettings(escalation=chosen), by="Elif Kaya", now=datetime.now(UTC))


def test_the_channel_that_an_admin_chose_is_asked_instead(office: Office, escalated: str) -> None:
    answer = office.ask("U0SAM", escalated, f"@Throughline {QUESTION} Elsewhere.")
    assert "This goes to the people in #billing-policy" in open_form(office, "U0SAM", escalated, answer)
    submit(office, "U0SAM")
    told = seen(office, "U0SAM", escalated, "I asked the people in #billing-policy")
    assert f"(request {newest(office).number})" in told.words
    assert "Elsewhere." in card_of(office, newest(office).number, channel="C0BILLING").words


def test_what_people_write_while_the_bot_is_down_reaches_the_asker_once(open_office: Callable[..., Office]) -> None:
    office = open_office()
    answer = office.ask("U0SAM", "C0HARBOUR", "@Throughline Can I waive a late fee without a supervisor?")
    number = ask_human(office, "U0SAM", "C0HARBOUR", answer)
    card = card_of(office, number, channel="C0BILLING")
    office.bot.stop()
    office.workspace.say("U0JONAS", "C0BILLING", "Once a year you can.", card.ts)
    office.bot = hire(office.house, office.slack)
    office.workspace.wait_for(
        lambda: [one for one in office.replies("U0SAM", "C0HARBOUR") if "Once a year you can." in one.words], timeout=90
    )
    office.settle()
    heard = [one for one in office.replies("U0SAM", "C0HARBOUR") if "Once a year you can." in one.words]
    assert len(heard) == 1


def test_a_request_that_reaches_nobody_is_closed_and_its_asker_hears(open_office: Callable[..., Office]) -> None:
    office = open_office()
    answer = office.ask("U0SAM", "C0HARBOUR", "@Throughline Can I waive a late fee without a supervisor?")
    open_form(office, "U0SAM", "C0HARBOUR", answer)
    office.workspace.submit("U0SAM")
    until(lambda: card_row(office) is not None)
    office.settle()  # else a courier who is at it would say that it arrived after all
    with office.house.database.writing.begin() as session:
        row = card_row(office)
        assert row is not None
        outbox.bury(session, row, fault="is_archived", now=datetime.now(UTC))
        session.execute(update(OutboxRow).where(OutboxRow.id == row).values(state=outbox.State.DEAD, ts=""))
    Reminding(office.house.database, office.house.owners)()
    office.settle()
    assert newest(office).state is State.CLOSED
    assert "nobody has seen it" in seen(office, "U0SAM", "D0SAM", "could not deliver your request").words


def card_row(office: Office) -> int | None:
    """The id of the message that shows the newest request."""
    with office.house.database.reading() as session:
        rows = select(OutboxRow.id).where(OutboxRow.kind == CARD).order_by(OutboxRow.id.desc())
        return session.scalars(rows.limit(1)).first()


def test_where_no_page_names_an_owner_the_admins_are_asked(office: Office) -> None:
    answer = office.ask("U0SAM", "C0HARBOUR", "@Throughline On which deck of the garage do employees park?")
    number = ask_human(office, "U0SAM", "C0HARBOUR", answer)
    told = seen(office, "U0SAM", "C0HARBOUR", f"(request {number})")
    assert "I asked Elif Kaya in a direct message, because no page that comes near names an owner" in told.words
    assert seen(office, "U0ELIF", "D0ELIF", f"Request {number}")


def test_an_admin_who_is_the_only_one_is_told_that_nobody_was_asked(office: Office) -> None:
    answer = office.ask_directly("U0ELIF", "On which deck of the garage do employees park?")
    open_form(office, "U0ELIF", "D0ELIF", answer)
    submit(office, "U0ELIF")
    assert seen(office, "U0ELIF", "D0ELIF", "I could not pass your question on")


def test_a_request_that_waits_a_working_day_is_said_once_more_and_can_be_answered_there(office: Office) -> None:
    answer = office.ask("U0RUTH", "C0HARBOUR", f"@Throughline {QUESTION} Reminder.")
    number = ask_human(office, "U0RUTH", "C0HARBOUR", answer)
    card = card_of(office, number)
    with office.house.database.writing.begin() as session:
        session.get_one(RequestRow, number).changed_at = datetime.now(UTC) - timedelta(days=4)
    remind = Reminding(office.house.database, office.house.owners)
    remind()
    remind()
    office.settle()
    again = seen(office, "U0JONAS", "C0RETURNS", f"Still waiting: request {number} for")
    assert again.ts != card.ts
    assert "nobody has taken this request yet" in again.words
    tops = [one for one in office.replies("U0JONAS", "C0RETURNS") if "Reminder." in one.words and not one.thread_ts]
    assert len(tops) == 2
    office.workspace.say("U0JONAS", "C0RETURNS", "Sorry. No.", again.ts)
    office.settle()
    assert "Sorry. No." in seen(office, "U0RUTH", "C0HARBOUR", f"answers request {number}").words


def test_a_question_to_the_bot_in_the_thread_of_a_card_is_not_passed_on(office: Office) -> None:
    answer = office.ask("U0RUTH", "C0HARBOUR", f"@Throughline {QUESTION} Bot in thread.")
    number = ask_human(office, "U0RUTH", "C0HARBOUR", answer)
    card = card_of(office, number)
    office.ask("U0JONAS", "C0RETURNS", f"@Throughline {QUESTION}", card.ts)
    office.settle()
    assert newest(office).state is State.OPEN
    office.workspace.say("U0JONAS", "C0RETURNS", "No, see the page.", card.ts)
    office.settle()
    assert newest(office).state is State.ANSWERED
