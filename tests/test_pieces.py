"""Thousands of pieces are found in bytes exactly where brute force finds them."""

import io

import pytest
from bot.customers.identity.identifying import Trait, Value
from bot.erasure import pieces as searching
from bot.erasure.pieces import Pieces, written_forms
from bot.erasure.wanted import Masker, stands_alone
from hypothesis import given
from hypothesis import strategies as st

FEW = st.binary(min_size=1, max_size=40).map(lambda raw: bytes(b"abAB1\x00"[byte % 6] for byte in raw))


def by_force(wanted: list[bytes], data: bytes) -> set[tuple[int, bytes]]:
    small = data.lower()
    return {
        (at, piece.lower())
        for piece in wanted
        if len(piece) >= searching.SHORTEST
        for at in range(len(data))
        if small.startswith(piece.lower(), at)
    }


@given(wanted=st.lists(FEW, max_size=30), data=st.lists(FEW, max_size=30).map(b"".join))
def test_every_piece_is_found_wherever_it_stands(wanted: list[bytes], data: bytes) -> None:
    assert set(Pieces(wanted).find(data)) == by_force(wanted, data)


@given(wanted=st.lists(FEW, max_size=10), data=st.lists(FEW, max_size=30).map(b"".join), size=st.integers(1, 50))
def test_a_file_is_searched_in_parts_as_if_it_were_whole(wanted: list[bytes], data: bytes, size: int) -> None:
    before = searching.CHUNK
    searching.CHUNK = size
    try:
        found = list(Pieces(wanted).find_in(io.BytesIO(data)))
    finally:
        searching.CHUNK = before
    assert len(found) == len(set(found))
    assert set(found) == by_force(wanted, data)


@pytest.mark.parametrize(
    "stored",
    [
        "José Ruíz".encode(),
        "JOSÉ RUÍZ".encode(),
        "José Ruíz".encode("utf-16-le"),
        b'{"name": "Jos\\u00e9 Ru\\u00edz"}',
        b'{"name": "JOS\\u00c9 RU\\u00cdZ"}',
    ],
)
def test_a_name_is_found_however_a_program_wrote_it(stored: bytes) -> None:
    assert list(Pieces(written_forms("José Ruíz")).find(stored)) != []


@pytest.mark.parametrize(
    "written",
    [
        "+15125550147",
        "(512) 555-0147",
        "512.555.0147",
        "512 555 0147",
        "5125550147",
        "+1 512-555-0147",
        "1-512-555-0147",
    ],
)
def test_a_phone_number_has_all_forms_in_which_people_write_it(written: str) -> None:
    assert any(form in written for form in Value(Trait.PHONE, "+15125550147").forms)


@pytest.mark.parametrize(
    ("text", "alone"),
    [(b"see a1b2c3.", True), (b"xa1b2c3", False), (b"a1b2c34", False), (b"a\\na1b2c3", True), (b"\\u2014a1b2c3", True)],
)
def test_a_number_stands_alone_where_no_letter_touches_it(text: bytes, alone: bool) -> None:
    assert stands_alone(text, text.index(b"a1b2c3"), 6) is alone


def test_what_is_masked_is_masked_inside_lists_and_pairs_too() -> None:
    mask = Masker({"dana@example.org", "Dana Ruiz"})
    told = {"to": ["DANA@example.org", 7], "said": "Dana Ruiz's; Dana Ruizo"}
    assert mask(told) == {"to": ["[erased]", 7], "said": "[erased]'s; Dana Ruizo"}
