"""The rows that metrics are counted from: plain frozen values without a database behind them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What one person says of one problem: minutes that they lose a week, None where they do not say.

    `severity` is S1 to S4, `touches` whether it does something to customers, `over` whether it happens no more.
    """

    person: str
    problem: str
    minutes: float | None
    severity: str = "S3"
    touches: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Waiting for somebody else: a partner, by its id, or "" for who reported it. `until` is None while it lasts."""

    since: datetime
    until: datetime | None = None
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """A ticket from when it was filed or opened again until it ended, None while it is open.

    `resolved` is False where it ended otherwise: merged, withdrawn, rejected.
    """

    began: datetime
    acknowledged: datetime | None = None
    ended: datetime | None = None
    resolved: bool = False
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """`legs` in the order of time, the first from when it was filed."""

    number: int
    team: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """One who reported something that was resolved: whether they were told, and what they said then (yes, no or "")."""

    told: bool
    still: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the bot to a person. `touchpoint` is "" where nobody knows at which they stood."""

    person: str
    at: datetime
    touchpoint: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What a customer gave, 1 to 5. `touchpoint` is "" where it was asked of the whole journey."""

    touchpoint: str
    value: float
    at: datetime
