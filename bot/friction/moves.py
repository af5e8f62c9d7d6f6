"""The life of a ticket as one table: what may happen in which state, who may do it, what they must say.

Anything that is not in the table is refused; nothing else in the house decides it.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import MoveRefused

# Whoever comes back later has a new ticket, linked to the old one.
REOPENED_WITHIN = timedelta(days=30)
# A merge can be taken back so long.
UNMERGED_WITHIN = timedelta(days=7)


class State(StrEnum):
    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    IN_PROGRESS = "in_progress"
    WAITING_REPORTER = "waiting_reporter"
    WAITING_PARTNER = "waiting_partner"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"

    @property
    def waits(self) -> bool:
        """Whether the owner's clock stands still."""
        return self in {State.WAITING_REPORTER, State.WAITING_PARTNER}

    @property
    def open(self) -> bool:
        return self in OPEN


class Event(StrEnum):
    ME_TOO = "me_too"
    ACKNOWLEDGE = "acknowledge"
    TRIAGE = "triage"
    ASSIGN = "assign"
    SET = "set"
    START = "start"
    ASK = "ask"
    ANSWER = "answer"
    HOLD_FOR_PARTNER = "hold_for_partner"
    RESUME = "resume"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    STILL_HAPPENS = "still_happens"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Role(StrEnum):
    """What somebody is to a ticket. One person may be several of these."""

    SYSTEM = "system"
    EMPLOYEE = "employee"  # who has not reported it
    REPORTER = "reporter"
    SOLE_REPORTER = "sole_reporter"
    OWNER = "owner"  # belongs to the team whose tool, touchpoint or page it is, or was assigned to it
    TRIAGER = "triager"  # steers all tickets


class Need(StrEnum):
    """What has to be said with a move."""

    KIND = "kind"
    SEVERITY = "severity"
    SUBJECT = "tool or touchpoint"
    TEAM = "owner"
    QUESTION = "question"
    PARTNER = "partner"
    RESOLUTION = "resolution"
    WORDS = "what was done, in at least ten characters"
    REASON = "reason"
    OTHER = "the other ticket"
    REPORTS = "which reports"
    ASSIGNEE = "who"
    PAGE = "that its page was clarified"


class Goes(StrEnum):
    """Where a move leads that leads to no state of its own."""

    NOWHERE = "as it was"
    BACK = "as before"


@dataclass(frozen=True, slots=True)
class Move:
    event: Event
    sources: frozenset[State]
    target: State | Goes
    who: frozenset[Role]
    needs: frozenset[Need] = frozenset()


OPEN = frozenset(
    {
        State.NEW,
        State.ACKNOWLEDGED,
        State.TRIAGED,
        State.IN_PROGRESS,
        State.WAITING_REPORTER,
        State.WAITING_PARTNER,
    }
)
_WORKED_ON = OPEN - {State.NEW}
_CARE = frozenset({Role.OWNER, Role.TRIAGER})
_TRIAGER = frozenset({Role.TRIAGER})
_THEIRS = frozenset({Role.REPORTER, Role.SOLE_REPORTER})
_SYSTEM = frozenset({Role.SYSTEM})


def _states(*states: State) -> frozenset[State]:
    return frozenset(states)


def _needs(*needs: Need) -> frozenset[Need]:
    return frozenset(needs)


MOVES: tuple[Move, ...] = (
    Move(Event.ME_TOO, OPEN | {State.RESOLVED}, Goes.NOWHERE, frozenset({Role.EMPLOYEE})),
    Move(Event.ACKNOWLEDGE, _states(State.NEW), State.ACKNOWLEDGED, _CARE),
    Move(
        Event.TRIAGE,
        _states(State.NEW, State.ACKNOWLEDGED),
        State.TRIAGED,
        _CARE,
        _needs(Need.KIND, Need.SEVERITY, Need.SUBJECT, Need.TEAM),
    ),
    Move(Event.ASSIGN, OPEN, Goes.NOWHERE, _CARE, _needs(Need.ASSIGNEE)),
    Move(Event.SET, OPEN | {State.RESOLVED}, Goes.NOWHERE, _CARE),
    Move(Event.START, _states(State.ACKNOWLEDGED, State.TRIAGED), State.IN_PROGRESS, _CARE),
    Move(
        Event.ASK,
        _states(State.ACKNOWLEDGED, State.TRIAGED, State.IN_PROGRESS),
        State.WAITING_REPORTER,
        _CARE,
        _needs(Need.QUESTION),
    ),
    Move(Event.ANSWER, _states(State.WAITING_REPORTER), Goes.BACK, _THEIRS, _needs(Need.WORDS)),
    Move(
        Event.HOLD_FOR_PARTNER,
        _states(State.TRIAGED, State.IN_PROGRESS),
        State.WAITING_PARTNER,
        _CARE,
        _needs(Need.PARTNER),
    ),
    Move(Event.RESUME, _states(State.WAITING_REPORTER, State.WAITING_PARTNER), Goes.BACK, _CARE),
    Move(Event.RESOLVE, _WORKED_ON, State.RESOLVED, _CARE, _needs(Need.RESOLUTION, Need.WORDS)),
    # A question that nobody answers: it cannot be looked into.
    Move(Event.RESOLVE, _states(State.WAITING_REPORTER), State.RESOLVED, _SYSTEM, _needs(Need.RESOLUTION, Need.WORDS)),
    # Its page was changed, and what was asked then is answered now.
    Move(Event.RESOLVE, OPEN, State.RESOLVED, _SYSTEM, _needs(Need.RESOLUTION, Need.WORDS, Need.PAGE)),
    Move(Event.CONFIRM, _states(State.RESOLVED), State.CLOSED, _THEIRS),
    Move(Event.STILL_HAPPENS, _states(State.RESOLVED), Goes.NOWHERE, _THEIRS),
    Move(Event.CLOSE, _states(State.RESOLVED), State.CLOSED, _SYSTEM),
    Move(
        Event.REOPEN, _states(State.RESOLVED, State.CLOSED), State.IN_PROGRESS, _THEIRS | _TRIAGER, _needs(Need.REASON)
    ),
    # Enough of those who have it say that it still happens.
    Move(Event.REOPEN, _states(State.RESOLVED), State.IN_PROGRESS, _SYSTEM, _needs(Need.REASON)),
    Move(Event.REOPEN, _states(State.REJECTED), State.NEW, _THEIRS, _needs(Need.REASON)),
    Move(Event.MERGE, OPEN, State.MERGED, _TRIAGER | {Role.OWNER, Role.SOLE_REPORTER}, _needs(Need.OTHER)),
    Move(Event.UNMERGE, _states(State.MERGED), Goes.BACK, _CARE),
    Move(Event.SPLIT, OPEN, Goes.NOWHERE, _CARE, _needs(Need.REPORTS)),
    Move(
        Event.REJECT,
        _states(State.NEW, State.ACKNOWLEDGED, State.TRIAGED),
        State.REJECTED,
        _CARE,
        _needs(Need.REASON),
    ),
    Move(Event.WITHDRAW, OPEN, State.WITHDRAWN, frozenset({Role.SOLE_REPORTER})),
)


def move(state: State, event: Event, roles: AbstractSet[Role], said: AbstractSet[Need]) -> Move:
    """The move that this is. Raises `MoveRefused`, which says what can be done instead or what is missing."""
    allowed = permitted(state, event, roles)
    missing = min(((one.needs - said) for one in allowed), key=len)
    if missing:
        raise MoveRefused(f"Say also: {', '.join(sorted(missing))}.")
    return next(one for one in allowed if not one.needs - said)


def permitted(state: State, event: Event, roles: AbstractSet[Role]) -> list[Move]:
    """What an event may be for these, with whatever is still to be said. Raises `MoveRefused` where it is nothing."""
    found = [one for one in MOVES if one.event is event and state in one.sources]
    if not found:
        raise MoveRefused(f"A ticket that is {told(state)} cannot be {_DONE[event]}. {_instead(state, roles)}")
    allowed = [one for one in found if one.who & roles]
    if not allowed:
        who = " or ".join(sorted(_WHO[role] for role in frozenset().union(*(one.who for one in found))))
        raise MoveRefused(f"Only {who} can do that.")
    return allowed


def done(event: Event) -> str:
    """ "acknowledged", "asked about"."""
    return _DONE[event]


def possible(state: State, roles: AbstractSet[Role]) -> list[Event]:
    """What these may do now, in the order of the table."""
    return list(dict.fromkeys(one.event for one in MOVES if state in one.sources and one.who & roles))


def target(one: Move, state: State, before: State) -> State:
    """Where it leads from `state`; `before` is the state in which it was before that."""
    if one.target is Goes.NOWHERE:
        return state
    return before if one.target is Goes.BACK else State(one.target)


def may_reopen(state: State, since: datetime, now: datetime) -> bool:
    return state is not State.CLOSED or now - since <= REOPENED_WITHIN


def told(state: State) -> str:
    """As it is read."""
    return _TOLD.get(state, state.replace("_", " "))


def _instead(state: State, roles: AbstractSet[Role]) -> str:
    events = possible(state, roles)
    return f"It can be {_listed(_DONE[one] for one in events)}." if events else "Nothing can be done with it any more."


def _listed(words: Iterable[str]) -> str:
    *most, last = dict.fromkeys(words)
    return f"{', '.join(most)} or {last}" if most else last


_TOLD = {
    State.WAITING_REPORTER: "waiting for an answer",
    State.WAITING_PARTNER: "waiting for a partner",
    State.IN_PROGRESS: "being worked on",
}
_DONE = {
    Event.ME_TOO: "reported by one more",
    Event.ACKNOWLEDGE: "acknowledged",
    Event.TRIAGE: "triaged",
    Event.ASSIGN: "assigned",
    Event.SET: "corrected",
    Event.START: "started",
    Event.ASK: "asked about",
    Event.ANSWER: "answered",
    Event.HOLD_FOR_PARTNER: "held for a partner",
    Event.RESUME: "taken up again",
    Event.RESOLVE: "resolved",
    Event.CONFIRM: "confirmed",
    Event.STILL_HAPPENS: "said to happen still",
    Event.CLOSE: "closed",
    Event.REOPEN: "reopened",
    Event.MERGE: "merged",
    Event.UNMERGE: "taken apart again",
    Event.SPLIT: "split",
    Event.REJECT: "rejected",
    Event.WITHDRAW: "withdrawn",
}
_WHO = {
    Role.SYSTEM: "Throughline itself",
    Role.EMPLOYEE: "somebody who has not reported it yet",
    Role.REPORTER: "somebody who reported it",
    Role.SOLE_REPORTER: "whoever alone reported it",
    Role.OWNER: "its owner",
    Role.TRIAGER: "a triager",
}
