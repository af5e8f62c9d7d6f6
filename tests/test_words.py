"""Words as the lexical index sees them."""

import sys
from concurrent.futures import ThreadPoolExecutor

from bot.words import content_words, stem, stems, words


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


def test_threads_that_stem_at_once_each_get_the_stem_of_their_own_word() -> None:
    """The stemmer holds the word it is at, so that two threads once gave each other half a word, and it was kept."""
    asked = [
        f"{first}{second}ing"
        for first in ("bill", "return", "discuss", "lend", "ship")
        for second in map(chr, range(97, 123))
    ]
    alone = [stem.__wrapped__(word) for word in asked]
    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(lambda _: [stem.__wrapped__(word) for word in asked], range(40)))
    finally:
        sys.setswitchinterval(often)
    assert together == [alone] * 40
