"""What is asked, and which question is somebody's turn. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Question(StrEnum):
    """`EASE`: how easy a tool is, 1 to 7. `DONE`: it was easy to get this done, 1 to 7, after something that one
    reported was closed. `RECOMMEND`: would you recommend working here, 0 to 10, of which eNPS is made."""

    EASE = "ease"
    DONE = "done"
    RECOMMEND = "enps"

    @property
    def scale(self) -> range:
        return range(11) if self is Question.RECOMMEND else range(1, 8)


# Nobody is asked twice within it, whatever the question; and so long an answer is taken, and may be changed.
WEEK = timedelta(days=7)
# The same question about the same thing: in another quarter, and not so soon after the last time.
AGAIN_AFTER = timedelta(weeks=8)
# The second month of each quarter, so that many are asked at about the same time.
_RECOMMEND_IN = frozenset({2, 5, 8, 11})


@dataclass(frozen=True, slots=True)
class Choice:
    """`tool` is an id of the touchpoint map, "" for a question about none."""

    question: Question
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """That somebody was asked before, in the week of a Monday."""

    choice: Choice
    monday: date
    at: datetime


def rested(before: Sequence[Asked], *, now: datetime) -> bool:
    return all(now - asked.at >= WEEK for asked in before)


def choose(
    before: Sequence[Asked], *, closed: Sequence[str], tools: Sequence[str], recommend: bool, monday: date
) -> Choice | None:
    """What to ask somebody in a week; None where nothing is their turn.

    `closed` are the tools of what they reported and what was closed lately; `tools` those that may be asked about, in
    an order that is the same for everybody. Each week begins at another of them, so that those who work with the same
    tools are asked about the same one: the more are asked, the less an answer says of each. `recommend`: enough people
    are there for that question.
    """
    first = monday.toordinal() // 7 % len(tools) if tools else 0
    possible = [
        *(Choice(Question.DONE, tool) for tool in closed),
        *([Choice(Question.RECOMMEND)] if recommend and monday.month in _RECOMMEND_IN else []),
        *(Choice(Question.EASE, tool) for tool in (*tools[first:], *tools[:first])),
    ]
    return next((choice for choice in possible if _again(choice, before, monday)), None)


def _again(choice: Choice, before: Collection[Asked], monday: date) -> bool:
    """At most once in each quarter: so within one, all answers about a thing are of different people."""
    return all(
        quarter_of(one.monday) != quarter_of(monday) and monday - one.monday >= AGAIN_AFTER
        for one in before
        if one.choice == choice
    )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> str:
    """ "2026-11"."""
    return f"{day:%Y-%m}"


def quarter_of(day: date) -> str:
    """ "2026-Q4"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
