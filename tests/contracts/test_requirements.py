"""Promises have one row each, with tests that exist and what is missing."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

PROJECT = Path(__file__).parents[2]
KEPT, IN_PART, MISSING = "kept", "in part", "missing"
PROVED_BY = re.compile(r"`([\w/]+\.py)::(\w+)`")


class Row(NamedTuple):
    """`tests` are files below tests/ with a function each."""

    promise: str
    state: str
    tests: tuple[tuple[str, str], ...]
    missing: str


def rows_of(text: str) -> list[tuple[str, Row]]:
    """Raises ValueError for a row that has not its five cells."""
    found = []
    for line in text.splitlines():
        if not re.match(r"\| *R\d", line):
            continue
        key, promise, state, tests, missing = (cell.strip() for cell in line.strip().strip("|").split("|"))
        proved = tuple(PROVED_BY.findall(tests))
        if len(proved) != tests.count("::"):
            raise ValueError(f"{key}: write each test as `folder/test_file.py::test_name`")
        found.append((key, Row(promise, state, proved, missing)))
    return found


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, Row]]:
    return rows_of((PROJECT / "docs" / "requirements.md").read_text(encoding="utf-8"))


def functions_in(path: Path) -> set[str]:
    """The tests that pytest finds by name at the top of a file: one below a class would have another name."""
    if not path.is_file():
        return set()
    return {
        one.name
        for one in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_promise_has_exactly_one_row_in_order(rows: list[tuple[str, Row]]) -> None:
    assert [key for key, _ in rows] == [f"R{number}" for number in range(1, 63)]
    assert all(row.promise for _, row in rows)


def test_each_state_is_one_of_three_and_says_what_is_missing(rows: list[tuple[str, Row]]) -> None:
    assert {row.state for _, row in rows} <= {KEPT, IN_PART, MISSING}
    assert [key for key, row in rows if bool(row.missing) is (row.state == KEPT)] == []
    assert [key for key, row in rows if bool(row.tests) is (row.state == MISSING)] == []


def test_every_test_that_is_named_exists(rows: list[tuple[str, Row]]) -> None:
    named = {test for _, row in rows for test in row.tests}
    there = {path: functions_in(PROJECT / "tests" / path) for path, _ in named}
    assert len(named) > 60
    assert sorted(f"{path}::{name}" for path, name in named if name not in there[path]) == []


def test_a_row_whose_test_is_written_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="R7: write each test as"):
        rows_of("| R7 | All channels | kept | test_customers.py::test_it | |")
