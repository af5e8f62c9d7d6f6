"""Until when a ticket is promised to be acknowledged and resolved, and how that stands.

How soon is said by its priority, from how bad it is and how many people have it lately, in working time of the place
where the owning team works. While a ticket waits for somebody else its clock stands still.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.friction.kinds import Severity
from bot.working_time import Calendar

LATELY = timedelta(days=7)
# Of the working time there is: when its owner is warned.
WARNED_AFTER = 0.8


class Reach(StrEnum):
    """How many people reported it within `LATELY`."""

    ONE = "1"
    FEW = "2-4"
    MANY = "5-14"
    WIDE = "15+"

    @classmethod
    def of(cls, people: int) -> "Reach":
        """Nobody lately is as few as one."""
        return next(reach for least, reach in _FROM if people >= least)


_FROM = ((15, Reach.WIDE), (5, Reach.MANY), (2, Reach.FEW), (0, Reach.ONE))


class Priority(StrEnum):
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Promise(StrEnum):
    """What is promised of a ticket."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


class Standing(StrEnum):
    """How a promise stands at a moment."""

    IN_TIME = "in_time"
    PAUSED = "paused"
    WARNED = "warned"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Working time from when the ticket was filed."""

    acknowledge: timedelta
    resolve: timedelta


@dataclass(frozen=True, slots=True)
class Promises:
    """`config/friction.yaml`, checked: the priority by severity and reach, and how soon each is dealt with."""

    priorities: Mapping[Severity, Mapping[Reach, Priority]]
    allowances: Mapping[Priority, Allowance]

    def priority(self, severity: Severity, reach: Reach) -> Priority:
        return self.priorities[severity][reach]


@dataclass(frozen=True, slots=True)
class Due:
    acknowledge_by: datetime
    resolve_by: datetime


def reporters_lately(reports: Iterable[tuple[str, datetime]], *, now: datetime) -> int:
    """How many different people reported it within `LATELY`: of reports, what tells people apart and when each was."""
    return len({person for person, at in reports if now - LATELY < at <= now})


def due_times(allowed: Allowance, *, filed: datetime, calendar: Calendar, held: timedelta = timedelta()) -> Due:
    """In aware UTC; `held` is the working time for which the ticket has waited. Nobody waits to be acknowledged."""
    return Due(calendar.after(filed, allowed.acknowledge), calendar.after(filed, allowed.resolve + held))


def sooner(due: datetime, allowed: timedelta, *, now: datetime, calendar: Calendar) -> datetime:
    """When something is due once it has become more urgent.

    The shorter time runs from now and not from when it was filed: a colleague's me-too makes nobody late at once.
    """
    return min(due, calendar.after(now, allowed))


def moved_by_hold(due: datetime, *, since: datetime, until: datetime, calendar: Calendar) -> datetime:
    """When something is due whose clock stood still between two moments: what was left then is left now.

    What was late before it was held stays late.
    """
    return due if since >= due else calendar.after(until, calendar.between(since, due))


def warned_at(due: datetime, *, start: datetime, calendar: Calendar, held: timedelta = timedelta()) -> datetime:
    """When `WARNED_AFTER` of the working time between the two is over, not counting what it was `held`."""
    allowed = max(calendar.between(start, due) - held, timedelta())
    return calendar.after(start, allowed * WARNED_AFTER + held)


def breached(due: datetime, *, now: datetime, held_since: datetime | None = None) -> bool:
    """Whether it is late; what is held is only if it was late before."""
    return due < (held_since or now)


def standing(
    due: datetime,
    *,
    start: datetime,
    now: datetime,
    calendar: Calendar,
    held: timedelta = timedelta(),
    held_since: datetime | None = None,
) -> Standing:
    """How a promise stands that began at `start`; `held_since` is when its clock was last stopped, None if it runs."""
    if breached(due, now=now, held_since=held_since):
        return Standing.BREACHED
    if held_since is not None:
        return Standing.PAUSED
    if now >= warned_at(due, start=start, calendar=calendar, held=held):
        return Standing.WARNED
    return Standing.IN_TIME
