"""Which promises of a ticket are broken, and until when the others are to be kept."""

from datetime import datetime, tzinfo
from typing import Any, Protocol

from bot.friction.due import Promise, breached
from bot.friction.moves import State


class Promised(Protocol):
    """A ticket, as a row or as a value."""

    @property
    def state(self) -> str: ...
    @property
    def acknowledged_at(self) -> datetime | None: ...
    @property
    def acknowledge_by(self) -> datetime | None: ...
    @property
    def resolve_by(self) -> datetime | None: ...
    @property
    def held_since(self) -> datetime | None: ...


def running(one: Promised) -> dict[Promise, datetime]:
    """Until when what is not done yet is promised; nothing of what is over, or was taken over from elsewhere."""
    if not State(one.state).open:
        return {}
    acknowledge = one.acknowledge_by if one.acknowledged_at is None else None
    times = {Promise.ACKNOWLEDGE: acknowledge, Promise.RESOLVE: one.resolve_by}
    return {promise: by for promise, by in times.items() if by is not None}


def late(one: Promised, *, now: datetime) -> list[Promise]:
    """What waits is late only if it was before."""
    return [promise for promise, by in running(one).items() if breached(by, now=now, held_since=one.held_since)]


def as_json(one: Promised, *, now: datetime, zone: tzinfo | None) -> dict[str, Any]:
    """Days: an hour would tell the one at which it was reported."""
    times = running(one)
    return {
        "acknowledge_by": _day(times.get(Promise.ACKNOWLEDGE), zone),
        "resolve_by": _day(times.get(Promise.RESOLVE), zone),
        "late": [promise.value for promise in late(one, now=now)],
    }


def _day(at: datetime | None, zone: tzinfo | None) -> str | None:
    return at.astimezone(zone).date().isoformat() if at else None
