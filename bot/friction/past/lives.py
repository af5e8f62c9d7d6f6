"""What happened to an old ticket, in the order of time: the same events as of a ticket that was filed here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.customers.feeds.rows import Rejected
from bot.friction.moves import OPEN, Event, State
from bot.friction.past.mapping import Waits

_HELD = {Waits.REPORTER: State.WAITING_REPORTER, Waits.PARTNER: State.WAITING_PARTNER}
_WAITS = {Waits.REPORTER: Event.ASK, Waits.PARTNER: Event.HOLD_FOR_PARTNER}
_GOES_ON = {State.WAITING_REPORTER: Event.ANSWER, State.WAITING_PARTNER: Event.RESUME}
# Of the same moment: what begins a thing stands before what ends it.
_ORDER = list(Event)


@dataclass(frozen=True, slots=True)
class Wait:
    """`until` is None where it waits still, or was resolved while it waited."""

    whom: Waits
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What an export says of the life of a ticket. `over` is None where it does not say.

    `reopened_times` counts how often it was opened again where only that is said.
    """

    filed: datetime
    state: State
    acknowledged: datetime | None = None
    waits: tuple[Wait, ...] = ()
    resolved: tuple[datetime, ...] = ()
    reopened: tuple[datetime, ...] = ()
    reopened_times: int = 0
    over: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, as the history has it."""

    at: datetime
    event: Event
    source: State
    target: State


@dataclass(frozen=True, slots=True)
class Life:
    """How a ticket stands, and what led there, the oldest first. `held` are the times in which it waited.

    `before` is the state to go back to from a waiting one, `changed_at` the last time that anything happened.
    """

    state: State
    before: State
    changed_at: datetime
    resolved_at: datetime | None
    reopened: int
    held: tuple[tuple[datetime, datetime], ...]
    held_since: datetime | None
    events: tuple[Happened, ...]


def life(told: Told) -> Life:
    """Raises `Rejected` where what is told cannot have happened."""
    state = before = State.NEW
    held: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    events: list[Happened] = []
    for at, event, leads_to in sorted(_moves(told), key=lambda one: (one[0], _ORDER.index(one[1]))):
        ends_waiting = event in _GOES_ON.values()
        if ends_waiting and (state is not leads_to or since is None):  # it was resolved while it waited
            continue
        if not ends_waiting and not _may(event, state):
            raise Rejected(_REFUSED[event])
        target = before if ends_waiting else leads_to
        if state.waits and since is not None:
            held.append((since, at))
            since = None
        if target.waits:
            before, since = state, at
        events.append(Happened(at, event, state, target))
        state = target
    return _as_it_stands(told, state, before, held, since, events)


def _moves(told: Told) -> Iterator[tuple[datetime, Event, State]]:
    if told.acknowledged is not None:
        yield told.acknowledged, Event.ACKNOWLEDGE, State.ACKNOWLEDGED
    for one in told.waits:
        yield one.since, _WAITS[one.whom], _HELD[one.whom]
        if one.until is not None:
            yield one.until, _GOES_ON[_HELD[one.whom]], _HELD[one.whom]
    for at in (*told.resolved, *_resolved_at_the_end(told)):
        yield at, Event.RESOLVE, State.RESOLVED
    for at in told.reopened:
        yield at, Event.REOPEN, State.IN_PROGRESS
    if told.over is not None and told.state in _ENDS:
        yield told.over, _ENDS[told.state], told.state


_ENDS = {State.CLOSED: Event.CLOSE, State.WITHDRAWN: Event.WITHDRAW, State.REJECTED: Event.REJECT}


def _resolved_at_the_end(told: Told) -> Iterable[datetime]:
    """Where only the end is told it was resolved then."""
    ended = told.state in {State.RESOLVED, State.CLOSED} and len(told.resolved) == len(told.reopened)
    return (told.over,) if ended and told.over is not None else ()


def _may(event: Event, state: State) -> bool:
    if event is Event.REOPEN:
        return state is State.RESOLVED
    if event is Event.CLOSE:
        return state is State.RESOLVED
    if event is Event.ACKNOWLEDGE:
        return state is State.NEW
    return state in OPEN and (event not in _WAITS.values() or not state.waits)


_REFUSED = {
    Event.ACKNOWLEDGE: "something else was done with it before it was acknowledged; look at `acknowledged`",
    Event.ASK: "it waited while it waited already, or was over; look at the columns of `waiting`",
    Event.HOLD_FOR_PARTNER: "it waited while it waited already, or was over; look at the columns of `waiting`",
    Event.RESOLVE: "it was resolved twice and not reopened between; look at the columns of `resolved` and `reopened`",
    Event.REOPEN: "it was reopened before it was resolved; look at the columns of `resolved` and `reopened`",
    Event.CLOSE: "it is closed, and was reopened after it was resolved last; look at the columns of `resolved`",
    Event.WITHDRAW: "it was withdrawn after it was resolved; look at the columns of `resolved` and `over`",
    Event.REJECT: "it was rejected after it was resolved; look at the columns of `resolved` and `over`",
}


def _as_it_stands(
    told: Told,
    state: State,
    before: State,
    held: list[tuple[datetime, datetime]],
    since: datetime | None,
    events: list[Happened],
) -> Life:
    changed = events[-1].at if events else told.over or told.filed
    if told.state.waits and state is not told.state:
        raise Rejected("it waits, and does not say since when; add `from:` to `waiting:`")
    if told.state in OPEN and state is State.RESOLVED:
        raise Rejected("it was resolved and is open, and does not say when it was reopened; look at `reopened`")
    if told.state not in OPEN and told.reopened and state in OPEN:
        raise Rejected("it was reopened and is over, and does not say since when; look at `resolved` and `over`")
    resolved = [one.at for one in events if one.event is Event.RESOLVE]
    over = told.state not in OPEN
    standing = state if not over and (state.waits or told.state is State.NEW) else told.state
    return Life(
        state=standing,
        before=before if standing.waits else State.NEW,
        changed_at=changed,
        resolved_at=resolved[-1] if resolved else (changed if over else None),
        reopened=len(told.reopened) or told.reopened_times,
        held=tuple(held),
        held_since=since if standing.waits else None,
        events=tuple(events),
    )
