"""A notice stands on top of what it is about, and not on top of the rest: measured on pairs that people might type.

The bar and the weights were chosen on the half `choose`; the half `check` says what they are worth.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot.app import House
from bot.people import ORDINARY_EMPLOYEE
from bot.retrieval import notices
from bot.retrieval.about import shares_a_name
from bot.retrieval.documents import Question
from sqlalchemy.orm import Session

PAIRS = Path(__file__).parent / "data" / "notice_pairs.csv"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def pairs() -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def shown(house: House, pair: dict[str, str]) -> bool:
    """Whether the notice, as the only one that stands, is told with the answer to the question."""
    with house.database.writing.begin() as session:
        number = post(session, pair["notice"])
    answer = house.library.answer(
        Question(pair["question"]), audiences=ORDINARY_EMPLOYEE.audiences, today=NOW.date(), now=NOW
    )
    with house.database.writing.begin() as session:
        notices.end(session, number, now=NOW)
    return bool(answer.notices)


def post(session: Session, text: str) -> int:
    until = NOW + timedelta(hours=1)
    return notices.post(session, text, until=until, said="", audiences=["everyone"], by="", now=NOW).number


def rate(house: House, pairs: Iterator[dict[str, str]]) -> float:
    told = [shown(house, pair) for pair in pairs]
    return sum(told) / len(told)


def test_notices_are_told_with_what_they_are_about_and_seldom_with_the_rest(
    house: House, pairs: list[dict[str, str]]
) -> None:
    check = [pair for pair in pairs if pair["half"] == "check"]
    assert min(sum(pair["about"] == kind for pair in check) for kind in ("yes", "no")) >= 15
    about = rate(house, (pair for pair in check if pair["about"] == "yes"))
    aside = rate(house, (pair for pair in check if pair["about"] == "no"))
    print(f"told with {about:.2f} of the questions a notice is about, with {aside:.2f} of the others")  # noqa: T201
    assert about >= 0.9
    assert aside <= 0.1


def test_a_name_is_what_a_page_writes_large_inside_a_sentence() -> None:
    assert shares_a_name("Orion is down", "Type the serial into Orion at the counter.")
    assert not shares_a_name("Number porting is slow", "Number the boxes. Number them twice.")
    assert not shares_a_name("Orion is down", "The story of orion.")
