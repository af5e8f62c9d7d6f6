"""What a text asks of a customer besides naming them."""

import pytest
from bot.customers.identity.naming import question_without, refers


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Dana Ruiz may she return a box after 20 days?", "may she return a box after 20 days?"),
        ("Ruiz, Dana: when is the bill due?", "when is the bill due?"),
        ("what did we promise Dana?", "what did we promise the customer?"),
        ("is Dana's bill due?", "is the customer's bill due?"),
        ("Dana's bill, when is it due?", "the customer's bill, when is it due?"),
        ("has dana ruiz sent the modem back?", "has the customer sent the modem back?"),
        ("dana@example.org what did we promise her?", "what did we promise her?"),
        ("may a gold customer pay later?", "may a gold customer pay later?"),
        ("Dana Ruiz", ""),
        ("customer Dana Ruiz, zip 78701", ""),
    ],
)
def test_the_question_is_what_is_left_without_the_name(text: str, asked: str) -> None:
    assert question_without(text, "Dana Ruiz", country="US") == asked


def test_a_name_that_is_a_word_of_questions_stays_where_it_asks() -> None:
    assert question_without("May she pay later?", "May Brown", country="US") == "May she pay later?"
    assert question_without("May Brown, may she pay later?", "May Brown", country="US") == "may she pay later?"
    assert question_without("Will Ruiz get a refund?", "Dana Ruiz", country="US") == "Will the customer get a refund?"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("what did we promise her?", True),
        ("is Dana's call back overdue?", True),
        ("did the customer write?", True),
        ("how long are refunds?", False),
        ("is Danas shop open?", False),
    ],
)
def test_a_text_goes_on_about_whom_it_calls_by_pronoun_or_name(text: str, same: bool) -> None:
    assert refers(text, "Dana Ruiz") is same
