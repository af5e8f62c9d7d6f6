"""How much one person, and all together, may ask in a minute. Counted in the inbox, so the same for every replica."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import inbox

WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """Questions in a minute: of one person, and of everybody together."""

    person: int
    everybody: int


@dataclass(frozen=True, slots=True)
class TooMany:
    """`seconds` until there is room again; `crowd` where not the person but all together asked too much."""

    seconds: int
    crowd: bool


def verdict(session: Session, limits: Limits, *, kind: str, person: str, now: datetime) -> TooMany | None:
    """Whether one more of a kind is too many just now; None where it is not. What was refused does not count."""
    for limit, whose, crowd in ((limits.person, person, False), (limits.everybody, None, True)):
        # The one that has to leave the window before there is room.
        first = inbox.nth_newest(session, kind, n=limit, since=now - WINDOW, person=whose)
        if first is not None:
            return TooMany(max(1, math.ceil((first + WINDOW - now).total_seconds())), crowd)
    return None
