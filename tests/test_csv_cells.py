"""CSV that a spreadsheet shows and does not run."""

import csv
import io

import pytest
from bot.csv_cells import cell, csv_of


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1 555 is dead", "'+1 555 is dead"),
        ("-hidden", "'-hidden"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("-12.5", "-12.5"),
        (-12.5, "-12.5"),
        (-3, "-3"),
        (-1e-07, "-1e-07"),
        ("+7", "+7"),
        ("till froze", "till froze"),
        (None, ""),
        (["orion", "caredesk"], "orion; caredesk"),
        (["=1", "x"], "'=1; x"),
    ],
)
def test_a_formula_becomes_words_and_a_number_stays_one(value: object, written: str) -> None:
    assert cell(value) == written


def test_what_is_written_reads_as_it_was_with_commas_quotes_and_lines() -> None:
    rows = [{"a": 'x, "y"\nz', "b": 1.5}, {"a": "=2", "b": None}]
    read = list(csv.DictReader(io.StringIO(csv_of(["a", "b"], rows))))
    assert read == [{"a": 'x, "y"\nz', "b": "1.5"}, {"a": "'=2", "b": ""}]
