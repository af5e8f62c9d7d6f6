"""How much of a week friction takes, from what people say of it, and how much of that anybody may read."""

from dataclasses import dataclass

from bot.friction.kinds import Frequency
from bot.friction.suppression import FEWEST
from bot.metrics import hours

# Of one person, in a working week. How often customers come nobody says: ten a week is what people of a shop told of
# theirs. What happened once counts for the week in which it did.
TIMES_A_WEEK = {
    Frequency.ONCE: 1.0,
    Frequency.PER_CUSTOMER: 10.0,
    Frequency.HOURLY: 40.0,
    Frequency.DAILY: 5.0,
    Frequency.WEEKLY: 1.0,
    Frequency.MONTHLY: 0.25,
}

# From so many hours on they are told whole, below by halves: one more report does not tell its own minutes.
_WHOLE_FROM = 10.0


@dataclass(frozen=True, slots=True)
class Weight:
    """What everybody may read of a ticket: how many reported it, hours a week, customers. None of few people."""

    people: int | None = None
    hours: float | None = None
    customers: int | None = None

    @classmethod
    def of(cls, exact: "Exact") -> "Weight":
        if exact.sure < FEWEST:
            return cls()
        return cls(exact.people, rounded(exact.hours), exact.customers)


@dataclass(frozen=True, slots=True)
class Exact:
    """What a ticket weighs: for thresholds and for its owner, never for what everybody reads.

    `sure` is how many people there are at least: who reported two merged tickets, once without a name, may count twice.
    """

    people: int
    hours: float
    customers: int
    sure: int


def rounded(hours: float) -> float:
    """As hours are told."""
    return float(round(hours)) if hours >= _WHOLE_FROM else round(hours * 2) / 2


def minutes_a_week(minutes: float | None, frequency: Frequency | None) -> float | None:
    """What one person loses in a working week; None where they did not say."""
    return None if minutes is None or frequency is None else hours.minutes_a_week(minutes, TIMES_A_WEEK[frequency])
