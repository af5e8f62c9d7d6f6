"""What customers answered to surveys, as scores that can be compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.customers.kinds import Channel

_OF_FIVE = 5
_SCORE = re.compile(r"(?<![\d.])(?P<score>\d{1,2}(?:\.\d)?)(?:\s*(?:/|of|out of)\s*(?P<most>5|10))?(?!\d)")
_STARS = re.compile(r"(?P<score>\d)[- ]stars?\b", re.IGNORECASE)


class Answered(Protocol):
    """What is asked of an interaction that may be an answer to a survey."""

    @property
    def at(self) -> datetime: ...
    @property
    def channel(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def source(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Score:
    """What a customer answered to a survey, as a share of the most that could be given."""

    said: str
    share: float
    at: datetime


def scores(interactions: Iterable[Answered]) -> list[Score]:
    """What was given in surveys: "2", "4/5", "9 of 10", "1 star"; in the order of the interactions.

    Of a survey that got more than five, ten is most.
    """
    answers = [one for one in interactions if one.channel == Channel.SURVEY]
    read = _read((one.source, one.outcome) for one in answers)
    return [Score(*found, one.at) for one in answers if (found := read.get((one.source, one.outcome)))]


def shares(answers: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """(survey, answer) -> the share of the most that could be given, for those answers that are a score."""
    return {answer: share for answer, (_, share) in _read(answers).items()}


def _read(answers: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, float]]:
    """Of each answer to a survey that is a score, what was said and the share."""
    found = {
        (source, outcome): (match, float(match["score"]))
        for source, outcome in set(answers)
        if (match := _STARS.search(outcome) or _SCORE.search(outcome))
    }
    of_ten = {source for (source, _), (_, score) in found.items() if score > _OF_FIVE}
    given: dict[tuple[str, str], tuple[str, float]] = {}
    for (source, outcome), (match, score) in found.items():
        most = float(match.groupdict().get("most") or (2 * _OF_FIVE if source in of_ten else _OF_FIVE))
        if score <= most:
            given[source, outcome] = match[0], score / most
    return given
