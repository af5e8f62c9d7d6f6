"""What a text is found by: stems, counted; the same for pages and for questions."""

from collections import Counter

import pytest
from bot.retrieval import terms
from bot.retrieval.documents import Question
from hypothesis import given
from hypothesis import strategies as st


def test_title_and_headings_count_three_times_keywords_and_text_once() -> None:
    found = terms.terms_of(
        title="Late fees", headings=("Waivers",), keywords=("dunning",), text="A late fee is waived once."
    )
    assert found == Counter({"late": 4, "fee": 4, "waiver": 3, "waiv": 1, "dun": 1})


def test_a_question_without_earlier_turns_counts_each_word_once() -> None:
    assert terms.question_terms(Question("Is the modem late? Late modems!")) == Counter({"modem": 2, "late": 2})


def test_the_last_turn_counts_twice_beside_the_two_turns_before_it() -> None:
    question = Question("offline", history=("shop", "late modem", "offline fee"))
    assert terms.question_terms(question) == Counter({"offlin": 3, "late": 1, "modem": 1, "fee": 1})


def test_a_question_of_function_words_only_is_left_to_its_meaning() -> None:
    assert terms.question_terms(Question("who are you")) == Counter()


def test_a_pasted_mail_is_cut_to_its_first_words() -> None:
    mail = " ".join(f"word{number}" for number in range(1000))
    assert terms.question_terms(Question(mail)).total() == terms.MAX_TERMS


@pytest.mark.parametrize("word", ["return", "returns", "Returned", "RETURNING"])
def test_forms_of_a_word_are_one_term(word: str) -> None:
    assert terms.question_terms(Question(word)) == Counter({"return": 1})


@pytest.mark.parametrize("word", ["cafe", "café", "CAFÉ", "cafe\u0301"])
def test_accents_make_no_difference(word: str) -> None:
    assert terms.question_terms(Question(word)) == Counter({"cafe": 1})


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 400)))
def test_what_is_packed_is_unpacked(counted: dict[str, int]) -> None:
    keys, counts = terms.unpacked(terms.packed(counted))
    assert keys.tolist() == [terms.key_of(word) for word in counted]
    assert counts.tolist() == [min(count, 255) for count in counted.values()]


def test_the_number_of_a_stem_stays_what_it_is_in_stored_indexes() -> None:
    assert terms.key_of("modem") == 16083572364833167216
