"""Words as the lexical index sees them."""

from bot.retrieval.words import content_words, stem, stems, words


def test_words_are_lower_case_with_apostrophes_inside() -> None:
    assert words("Don’t bill O'Brien's RF-1 (2x $9.50) — café_über!") == [
        "don't", "bill", "o'brien's", "rf", "1", "2x", "9", "50", "cafe", "uber",
    ]  # fmt: skip


def test_function_words_carry_no_content() -> None:
    assert content_words("How do I waive what the customer's late fee is?") == ["waive", "customer's", "late", "fee"]


def test_forms_of_one_word_share_a_stem() -> None:
    assert {stem(word) for word in ("return", "returns", "returned", "returning")} == {"return"}
    assert stems("The returned boxes, returning") == {"return", "box"}


def test_nothing_is_left_of_signs() -> None:
    assert words("?! — …") == []
