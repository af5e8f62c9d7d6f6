"""Which of the found passages hold for the customer that a question is about."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.conditions import Facts, Judged, Standing, all_of, judged, unjudged
from bot.retrieval.passages import FoundPassage


@dataclass(frozen=True, slots=True)
class Apt:
    """Passages that hold, or may hold, for the customer, and those that do not; each with its conditions judged."""

    passages: Mapping[int, FoundPassage]
    unmet: Mapping[int, FoundPassage]


def apt(passages: Mapping[int, FoundPassage], facts: Facts | None, *, today: date) -> Apt:
    """Without `facts` all of them, with conditions that nobody judged."""
    holding: dict[int, FoundPassage] = {}
    unmet: dict[int, FoundPassage] = {}
    for key, found in passages.items():
        if not found.conditions:
            holding[key] = found
        elif facts is None:
            holding[key] = replace(found, judged=unjudged(found.conditions))
        else:
            own = replace(found, judged=judged(found.conditions, facts, today=today))
            (unmet if standing_of(own.judged) is Standing.NOT_MET else holding)[key] = own
    return Apt(holding, unmet)


def standing_of(conditions: tuple[Judged, ...]) -> Standing:
    """How a clause stands as a whole; met where nobody is in focus."""
    return all_of(one.standing for one in conditions if one.standing is not None)
