"""What people say that is no question."""

import pytest
from bot.handlers.smalltalk import Talk, asks, asks_the_room, talk_in


@pytest.mark.parametrize("said", ["hi", "Hello there!", "hey team", "Good morning", "hey Throughline"])
def test_a_greeting_is_a_greeting(said: str) -> None:
    assert talk_in(said) is Talk.GREETING


@pytest.mark.parametrize(
    "said", ["help", "Help!", "?", "what can you do?", "how does this work", "What are you?", "are you human?"]
)
def test_who_wants_to_know_how_it_works_asks_for_help(said: str) -> None:
    assert talk_in(said) is Talk.HELP


@pytest.mark.parametrize(
    "said",
    ["what changed since my shift", "What's new?", "what has changed since my last shift?", "what did I miss?"],
)
def test_who_wants_to_know_what_changed_asks_for_news(said: str) -> None:
    assert talk_in(said) is Talk.NEWS


@pytest.mark.parametrize(
    "said", ["thanks", "Thank you so much!", "ok great, thanks", "got it", "perfect", "that’s great, ta"]
)
def test_thanks_are_thanks(said: str) -> None:
    assert talk_in(said) is Talk.THANKS


@pytest.mark.parametrize(
    "said",
    [
        "good customers get a late fee waived",
        "is it ok?",
        "help a customer who lost the modem",
        "thanks, and after 30 days",
        "hello, how much is the late fee",
        "late fee",
        "what changed in the late fee rules?",
        "what are you allowed to waive?",
        "all good will be returned",
        "",
    ],
)
def test_whatever_may_be_a_question_is_nothing_else(said: str) -> None:
    assert talk_in(said) is Talk.OTHER


@pytest.mark.parametrize("said", ["and after 30 days", "what about partners", "is that also true for Gold", "30 days?"])
def test_a_reply_may_ask_without_a_mark(said: str) -> None:
    assert asks(said)


@pytest.mark.parametrize("said", ["I think a supervisor may waive it", "She paid yesterday", ""])
def test_what_people_tell_each_other_asks_nothing(said: str) -> None:
    assert not asks(said)


@pytest.mark.parametrize(
    "said", ["how long do customers have to bring the box back?", "Can I waive it? The customer is waiting."]
)
def test_a_question_to_the_room_has_a_mark_and_some_words(said: str) -> None:
    assert asks_the_room(said)


@pytest.mark.parametrize(
    "said", ["coffee anyone?", "how long do customers have", "I left. Really? Yes, at six.", "why?"]
)
def test_what_may_be_no_question_to_the_room_is_left_alone(said: str) -> None:
    assert not asks_the_room(said)
