"""Keys as they are compared."""

import random

import phonenumbers
import pytest
from bot.customers import normal

FORMS = ("({}) {}-{}", "({}){}{}", "{}-{}-{}", "{}.{}.{}", "{} {} {}", "{}{}{}", "1{}{}{}", "+1 {} {} {}", "{}) {}-{}")


@pytest.mark.parametrize("form", FORMS)
def test_a_phone_number_is_read_as_the_library_of_phone_numbers_reads_it(form: str) -> None:
    draw = random.Random(1)
    for _ in range(500):
        digits = "".join(draw.choice("0123456789") for _ in range(10))
        written = form.format(digits[:3], digits[3:6], digits[6:])
        assert normal.phone(written, "US") == as_the_library(written), written


def as_the_library(written: str) -> str | None:
    number = phonenumbers.parse(written, "US")
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    ("written", "known"), [("#W2378156", "w2378156"), ("mei_kovacs_8020", "mei_kovacs_8020"), ("Ä-12 b", "a12b")]
)
def test_a_reference_is_known_without_signs(written: str, known: str) -> None:
    assert normal.reference(written) == known
