"""The pair of buttons under an answer: what the person sees who presses one, and what is kept of it."""

from bot import wording
from bot.exchanges import ExchangeRow, FeedbackRow
from bot.handlers.blocks import FEEDBACK_ACTION
from bot.simulator.messages import SeenMessage
from sqlalchemy import delete, select

from offices import Office

QUESTION = "@Throughline Can I waive a late fee without a supervisor?"


def press(office: Office, person: str, answer: SeenMessage, label: str, channel: str = "C0HARBOUR") -> None:
    button = answer.button(label)
    assert button is not None
    office.workspace.click(person, channel, answer.ts, FEEDBACK_ACTION, button.value)
    office.settle()


def thanks_for(office: Office, person: str, answer: SeenMessage, channel: str = "C0HARBOUR") -> list[str]:
    """What the bot said to this person, and nobody else, since the answer."""
    since = [one for one in office.replies(person, channel, answer.thread_ts) if one.ts > answer.ts]
    assert all(office.who_sees(channel, one) == {person} for one in since)
    return [one.words for one in since]


def verdicts(office: Office, answer: SeenMessage) -> dict[str, bool]:
    """Who found the answer helpful, as it is kept."""
    with office.house.database.reading() as session:
        rows = session.scalars(select(FeedbackRow).where(FeedbackRow.exchange == _exchange(answer))).all()
    return {row.person: row.helpful for row in rows}


def _exchange(answer: SeenMessage) -> int:
    return int(answer.buttons[0].value.partition(":")[0])


def test_who_presses_helpful_is_thanked_where_only_they_see_it(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", QUESTION)
    press(shared_office, "U0SAM", answer, "Helpful")
    assert thanks_for(shared_office, "U0SAM", answer) == [wording.STEP_HELPFUL]
    assert thanks_for(shared_office, "U0MAYA", answer) == []
    assert verdicts(shared_office, answer) == {"U0SAM": True}


def test_who_presses_not_helpful_hears_that_the_owner_will_know(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", QUESTION)
    press(shared_office, "U0MAYA", answer, "Not helpful")
    assert thanks_for(shared_office, "U0MAYA", answer) == [wording.STEP_NOT_HELPFUL]
    assert verdicts(shared_office, answer) == {"U0MAYA": False}


def test_a_second_press_changes_the_verdict(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", QUESTION)
    press(shared_office, "U0MAYA", answer, "Helpful")
    press(shared_office, "U0MAYA", answer, "Not helpful")
    assert thanks_for(shared_office, "U0MAYA", answer) == [wording.STEP_HELPFUL, wording.STEP_NOT_HELPFUL]
    assert verdicts(shared_office, answer) == {"U0MAYA": False}


def test_a_double_press_counts_once_and_another_person_counts_too(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", QUESTION)
    press(shared_office, "U0MAYA", answer, "Helpful")
    press(shared_office, "U0MAYA", answer, "Helpful")
    press(shared_office, "U0SAM", answer, "Not helpful")
    assert verdicts(shared_office, answer) == {"U0MAYA": True, "U0SAM": False}


def test_an_answer_that_only_the_asker_sees_takes_feedback_too(shared_office: Office) -> None:
    answer = shared_office.slash("U0NIAMH", "C0RETURNS", QUESTION.removeprefix("@Throughline "))
    press(shared_office, "U0NIAMH", answer, "Helpful", channel="C0RETURNS")
    assert shared_office.replies("U0NIAMH", "C0RETURNS")[-1].words == wording.STEP_HELPFUL
    assert verdicts(shared_office, answer) == {"U0NIAMH": True}


def test_an_answer_in_a_direct_message_takes_feedback_too(shared_office: Office) -> None:
    answer = shared_office.ask_directly("U0NIAMH", QUESTION.removeprefix("@Throughline "))
    press(shared_office, "U0NIAMH", answer, "Not helpful", channel="D0NIAMH")
    assert shared_office.replies("U0NIAMH", "D0NIAMH")[-1].words == wording.STEP_NOT_HELPFUL
    assert verdicts(shared_office, answer) == {"U0NIAMH": False}


def test_feedback_on_an_answer_that_is_not_kept_any_more_says_so(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", QUESTION)
    with shared_office.house.database.writing.begin() as session:
        session.execute(delete(ExchangeRow).where(ExchangeRow.id == _exchange(answer)))
    press(shared_office, "U0MAYA", answer, "Helpful")
    assert thanks_for(shared_office, "U0MAYA", answer) == [wording.FEEDBACK_LOST]
