"""What people do with tickets, drawn by dice, and what each is promised to hear of it: by docs/friction.md alone.

Nothing here asks the code that is tested. Each group of people has two tickets, which may be merged and are one theme.
"""

import itertools
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.friction.sealing import Sealer

WORKSPACE, OWNER = "T0", "U0RUTH"
REPORT, JOIN, SAID, MOVE = "friction_report", "friction_me_too", "friction_said", "friction_move"
OUTCOME, PASSED = "outcome", "passed"
TOLD_AT = (2, 5, 15, 50)
ENOUGH = 2
OPEN = frozenset({"new", "acknowledged", "in_progress", "waiting_reporter"})
# Before so many of all acts a day passes.
NIGHTS = 0.05
MOVES = {
    "new": ("acknowledge", "acknowledge", "acknowledge", "reject"),
    "acknowledged": ("start", "ask", "resolve", "reject"),
    "in_progress": ("ask", "resolve", "resolve"),
    "waiting_reporter": ("answer", "answer", "resolve"),
    "resolved": ("still", "still", "fixed", "reopen"),
    "closed": ("reopen",),
    "rejected": ("reopen",),
}
LEADS_TO = {
    "acknowledge": "acknowledged",
    "start": "in_progress",
    "ask": "waiting_reporter",
    "resolve": "resolved",
    "reject": "rejected",
    "fixed": "closed",
}
# What reporters are told of what its owner does.
NEWS = frozenset({"acknowledge", "ask", "resolve", "reject", "merge", "unmerge"})
# What of it passes on the words of whoever did it.
WITH_WORDS = frozenset({"ask", "resolve", "reject"})


def team_of(group: int) -> str:
    return f"team-{group}"


def channel_of(group: int) -> str:
    """Of the team that owns the tickets of a group."""
    return f"C0TEAM{group}"


def people_of(group: int) -> list[str]:
    own = [f"U{group}X{number}" for number in range(3)]
    return [*own, f"U{group}DAILY", f"U{group}SILENT", f"U{group}MUTESILENT", "U0EVERYWHERE", "U0ANYDAILY"]


def gathers(person: str) -> bool:
    """Whether this person wants to hear once a day."""
    return person.endswith("DAILY")


def silent(person: str) -> bool:
    """Whether this person reports anonymously only: nobody may ever write to them."""
    return person.endswith("SILENT")


@dataclass(frozen=True, slots=True)
class Promise:
    """That `to`, a person or a channel, hears `what`, of which ticket, with whose `words`."""

    to: str
    what: str
    ticket: str = ""
    words: str = ""


@dataclass(eq=False)
class Ticket:
    """`on` are those who reported it, with the forms of the anonymous ones. `carded`: its owner has seen it."""

    name: str
    group: int
    state: str = ""
    before: str = ""
    on: dict[str, str] = field(default_factory=dict)
    part: "Ticket | None" = None
    into: "Ticket | None" = None
    carded: bool = False
    told: int = 1
    still: set[str] = field(default_factory=set)

    @property
    def everybody(self) -> dict[str, str]:
        """With those of the one that was merged into it."""
        return {**(self.part.on if self.part else {}), **self.on}

    @property
    def reached(self) -> list[str]:
        return [person for person in self.everybody if not silent(person)]


class Script:
    """`acts` are events as `lives` takes them, `promised` what comes of them, in the order in which it is said.

    `maybe` is what an owner hears only who had the card by then.
    """

    def __init__(self, dice: random.Random, sealer: Sealer, *, groups: int, rounds: int) -> None:
        self.acts: list[dict[str, Any]] = []
        self.promised: list[Promise] = []
        self.maybe: set[Promise] = set()
        self._dice, self._sealer, self._count = dice, sealer, itertools.count(1)
        worlds = [tuple(Ticket(f"pain {group}{each} of every day", group) for each in "ab") for group in range(groups)]
        for _, world in itertools.product(range(rounds), worlds):
            if dice.random() < NIGHTS:
                key = f"night {next(self._count)}"
                self._act(PASSED, key, channel=key)
            self._next(world)
        for world in worlds:
            self._outcome([one for one in world if one.state])
        self.tickets = {one.name: one for world in worlds for one in world if one.state}

    def _next(self, world: tuple[Ticket, ...]) -> None:
        """One of the things that may happen to these tickets now."""
        one, other = self._dice.sample(world, 2)
        if not one.state:
            self._report(one, self._dice.choice(_fresh(one, other)))
        elif one.into is not None:
            self._unmerge(one, one.into)
        else:
            self._dice.choice([*self._joins(one, other), *self._moves(one), *self._merges(one, other)])()

    def _joins(self, one: Ticket, other: Ticket) -> Iterable[Callable[[], None]]:
        fresh = _fresh(one, other)
        if fresh and one.state in OPEN | {"resolved"}:
            yield from [lambda: self._report(one, self._dice.choice(fresh))] * 4

    def _merges(self, one: Ticket, other: Ticket) -> Iterable[Callable[[], None]]:
        if one.state in OPEN and other.state in OPEN and other.into is None and one.part is None:
            yield lambda: self._merge(one, other)

    def _moves(self, one: Ticket) -> Iterable[Callable[[], None]]:
        for event in MOVES[one.state]:
            if event in NEWS | {"start"}:
                yield lambda event=event: self._move(one, event)  # type: ignore[misc]  # bound now
            else:
                yield lambda event=event: self._say(one, event)  # type: ignore[misc]  # as above

    def _report(self, one: Ticket, person: str) -> None:
        """The first report of a ticket, or one more."""
        privacy = "anonymous" if silent(person) else self._dice.choice(("named", "confidential"))
        first, view = not one.state, f"V{next(self._count)}"
        form = {"kind": "slow", "tools": [], "touchpoint": "", "minutes": None, "frequency": None, "effect": "none"}
        form |= {"privacy": privacy, "evidence": [], "team": team_of(one.group)}
        words = one.name if first else "the same here"
        self._act(REPORT if first else JOIN, view, one, person=person, words=words, form=form, view=view)
        one.state, one.on[person] = one.state or "new", view if silent(person) else ""
        if not silent(person):
            self._promise(person, "receipt" if first else "joined", one)
        people = len(one.everybody)
        reached = max((least for least in TOLD_AT if least <= people), default=0)
        if reached > one.told:
            one.told = reached
            self._line(one, "people", str(people))
        if one.state == "resolved":  # whoever has it now says that it still happens
            self._happens(one, person)

    def _happens(self, one: Ticket, person: str) -> None:
        one.still.add(person)
        self._line(one, "still")
        if len(one.still) >= ENOUGH:
            one.state = "in_progress"
            self._news(one, "reopen")

    def _move(self, one: Ticket, event: str, *, other: Ticket | None = None) -> None:
        """What its owner does."""
        words = f"act {next(self._count)} is what I say of it"
        act = {"event": event, "words": words, "other": None, "assignee": "", "reports": [], "sets": {}}
        act |= {"resolution": "fixed" if event == "resolve" else None, "version": None}
        joined = {"other": other.name} if other else {}
        self._act(MOVE, words, one, person=OWNER, act=act, **joined)
        if event == "ask":
            one.before = one.state
        if event == "resolve":
            one.still.clear()
        one.state, one.carded = LEADS_TO.get(event, one.state), True
        if event in NEWS:
            self._news(one, event, words if event in WITH_WORDS else "")

    def _merge(self, one: Ticket, other: Ticket) -> None:
        if one.state != "waiting_reporter":
            one.before = one.state
        self._move(one, "merge", other=other)
        one.state, one.into, other.part = "merged", other, one

    def _unmerge(self, one: Ticket, other: Ticket) -> None:
        one.state, one.into, other.part = one.before, None, None
        self._move(one, "unmerge")

    def _say(self, one: Ticket, what: str) -> None:
        """What somebody does who reported it."""
        person = self._dice.choice(list(one.everybody))
        words = f"act {next(self._count)} is what I see"
        view = one.everybody[person]
        code = self._sealer.code(view) if view else ""
        self._act(SAID, words, one, person=person, what=what, words=words, code=code)
        if what == "still":
            self._happens(one, person)
        elif what == "fixed":
            one.state = "closed"
            self._news(one, what, but=person)
            self._line(one, what)
        elif what == "reopen":
            one.state = "new" if one.state == "rejected" else "in_progress"
            self._news(one, what, words, but=person)
            self._line(one, what, words)
        else:
            one.state = one.before
            self._line(one, what, words)
        if not code:
            self._promise(person, f"{what} said", one)

    def _outcome(self, theme: list[Ticket]) -> None:
        if not theme:
            return
        words = f"act {next(self._count)} replaces all of it"
        self._act(OUTCOME, words, theme[0], words=words, tickets=[one.name for one in theme])
        told: set[str] = set()
        # By their numbers, which are those of the order in which they were reported.
        for one in sorted(theme, key=self._reported):
            for person in one.reached:
                if person not in told:
                    told.add(person)
                    self._promise(person, OUTCOME, one, words)

    def _reported(self, one: Ticket) -> int:
        return next(place for place, act in enumerate(self.acts) if act["kind"] == REPORT and act["words"] == one.name)

    def _act(self, kind: str, key: str, one: Ticket | None = None, *, channel: str = "", **value: Any) -> None:
        """In a group one after the other: people see what the others did."""
        where = {"channel": f"C0GROUP{one.group}", "ticket": one.name} if one else {"channel": channel}
        self.acts.append({"thread": "", "text": key, "kind": kind, "alone": True, **where, **value})

    def _news(self, one: Ticket, what: str, words: str = "", *, but: str = "") -> None:
        for person in one.reached:
            if person != but:
                self._promise(person, what, one, words)

    def _line(self, one: Ticket, what: str, words: str = "") -> None:
        promise = Promise(channel_of(one.group), what, words=words)
        if one.carded:
            self.promised.append(promise)
        else:
            self.maybe.add(promise)

    def _promise(self, person: str, what: str, one: Ticket, words: str = "") -> None:
        self.promised.append(Promise(person, what, one.name, words))


def _fresh(one: Ticket, other: Ticket) -> list[str]:
    """Who may report it. Of somebody who reports both anonymously nobody knows that it is one person."""
    people = (person for person in people_of(one.group) if person not in one.everybody)
    return [person for person in people if not (silent(person) and person in other.on)]
