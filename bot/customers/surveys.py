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
    found = [
        (one, match, float(match["score"]))
        for one in interactions
        if one.channel == Channel.SURVEY and (match := _STARS.search(one.outcome) or _SCORE.search(one.outcome))
    ]
    of_ten = {one.source for one, _, score in found if score > _OF_FIVE}
    given = []
    for one, match, score in found:
        most = float(match.groupdict().get("most") or (2 * _OF_FIVE if one.source in of_ten else _OF_FIVE))
        if score <= most:
            given.append(Score(match[0], score / most, one.at))
    return given
