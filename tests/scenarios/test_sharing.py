"""[Share with the thread]: what only the asker saw, for the others, if all of them may read it."""

from bot import wording
from bot.handlers.blocks import SHARE_ACTION
from bot.simulator.messages import SeenMessage

from offices import Office

MAYA, SAM, PLACE = "U0MAYA", "U0SAM", "C0HARBOUR"
RETURNED = "customer brought the modem back after 20 days, do we still bill the return fee?"


def share(office: Office, person: str, answer: SeenMessage, channel: str = PLACE) -> str:
    """Press the button; what only this person hears of it."""
    button = answer.button(SHARE_ACTION)
    assert button is not None
    office.workspace.click(person, channel, answer.ts, SHARE_ACTION, button.value)
    office.settle()
    return [one.words for one in office.replies(person, channel) if one.ephemeral][-1]


def test_an_answer_to_a_command_is_shared_with_everybody_in_the_channel(shared_office: Office) -> None:
    answer = shared_office.slash(MAYA, PLACE, RETURNED)
    assert answer.button(wording.SHARE_IN_CHANNEL) is not None, "a command stands in no thread"
    assert share(shared_office, MAYA, answer) == wording.SHARED
    shared = shared_office.replies(SAM, PLACE)[-1]
    assert shared.words.startswith(wording.shared("Maya Okafor", RETURNED))
    assert "pays no fee" in shared.words
    assert shared.button("Helpful") is not None


def test_pressed_twice_it_is_shared_once(shared_office: Office) -> None:
    answer = shared_office.slash(MAYA, PLACE, "how long may a customer keep the modem after disconnection?")
    before = len(shared_office.replies(SAM, PLACE))
    share(shared_office, MAYA, answer)
    share(shared_office, MAYA, answer)
    assert len(shared_office.replies(SAM, PLACE)) == before + 1


def test_what_stands_on_a_page_for_few_is_not_shared_with_many(shared_office: Office) -> None:
    question = "What's my monthly budget for waivers and goodwill?"
    answer = shared_office.slash("U0NIAMH", PLACE, question)
    assert "$2,500" in answer.words
    before = [one.words for one in shared_office.replies(SAM, PLACE)]
    told = share(shared_office, "U0NIAMH", answer)
    after = [one.words for one in shared_office.replies(SAM, PLACE)]
    assert not any("$2,500" in words for words in after[len(before) :])
    assert told in {wording.NOT_SHARED, wording.SHARED}
    assert (told == wording.SHARED) == (len(after) > len(before))


def test_a_customers_data_is_masked_in_what_is_shared(shared_office: Office) -> None:
    answer = shared_office.slash(
        MAYA, PLACE, "dana.ruiz@example.org brought the modem back after 20 days, do we bill a fee?"
    )
    share(shared_office, MAYA, answer)
    shared = shared_office.replies(SAM, PLACE)[-1].words
    assert "[e-mail] brought the modem back" in shared
    assert not any("dana.ruiz" in one.words for one in shared_office.replies(SAM, PLACE))


def test_an_answer_that_everybody_saw_has_no_such_button(shared_office: Office) -> None:
    assert shared_office.ask(MAYA, PLACE, f"@Throughline {RETURNED}").button(SHARE_ACTION) is None
    assert shared_office.ask_directly(MAYA, RETURNED).button(SHARE_ACTION) is None


def test_a_question_that_names_a_customer_is_answered_to_the_asker_alone_who_is_told_why(shared_office: Office) -> None:
    question = "dana.ruiz@example.org brought the modem back after 20 days, do we still bill the return fee?"
    answer = shared_office.ask_where_others_read(MAYA, PLACE, question)
    assert shared_office.who_sees(PLACE, answer) == {MAYA}
    assert wording.confidential("an e-mail address") in answer.words
    assert answer.button(wording.SHARE) is not None
    asked = shared_office.workspace.messages(PLACE)[-1].ts
    shared_office.workspace.wait_for(lambda: not shared_office.workspace.status_seen_by(MAYA, PLACE, asked))
    assert "pays no fee" in answer.words
