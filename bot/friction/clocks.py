"""What each event does to the times until which a ticket is promised, and what is due next if nobody does anything.

All of it happens in the transaction of the event. A ticket that was taken over from elsewhere has no such times until
somebody opens it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.friction import due, tickets
from bot.friction.acting import Done
from bot.friction.due import WARNED_AFTER, Allowance, Promise, Promises, Reach
from bot.friction.kinds import Privacy, Severity
from bot.friction.moves import Event, State
from bot.friction.promised import DEFAULT
from bot.friction.reporters import day_of
from bot.friction.tables import EventRow, TicketRow
from bot.friction.unowned import owned_by
from bot.working_time import Calendar

# In working days of the owner's: until a question is asked once more, until nobody waits for its answer any more.
REMINDED_AFTER, GIVEN_UP_AFTER = 2, 5
# In working days: until what is resolved is closed, if nobody says that it still happens.
CLOSED_AFTER = 5


class Passing(StrEnum):
    """What time brings, as it stands in the history; what leads to a move stands there as that move."""

    WARNED = "warned"
    BREACHED = "breached"
    UNOWNED = "unowned"
    REMIND = "remind"
    GIVE_UP = "give_up"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Ahead:
    """`promise` is None where it is about none."""

    at: datetime
    what: Passing
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """What is promised, and when the people of each team work, by its key; `usual` is for tickets of nobody."""

    promises: Promises = DEFAULT
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    usual: Calendar = field(default_factory=Calendar)

    def calendar(self, team: str) -> Calendar:
        return self.calendars.get(team, self.usual)

    def filed(self, session: Session, number: int, privacy: Privacy, *, now: datetime) -> None:
        """A report has become a ticket of its own."""
        self._begin(session, session.get_one(TicketRow, number), at=counted_from(privacy, now=now))

    def joined(self, session: Session, number: int, privacy: Privacy, *, now: datetime) -> None:
        """One more person has it: what is more urgent now is due sooner."""
        row = tickets.standing(session, number)
        self._hurry(session, row, at=counted_from(privacy, now=now))
        self._look(session, row)

    def moved(self, session: Session, done: Done, *, now: datetime) -> None:
        row, event = session.get_one(TicketRow, done.number), session.get_one(EventRow, done.row)
        if done.event is Event.REOPEN:
            self._begin(session, row, at=_told(event, now=now))
            return
        if done.source.open:
            self._handed_over(row, event, now=now)
            self._set(session, row, event, now=now)
        self._hold(row, done, now=_told(event, now=now))
        self._look(session, row)
        if done.event is Event.MERGE and done.other is not None:
            other = tickets.standing(session, done.other)
            self._hurry(session, other, at=now)
            self._look(session, other)
        if done.made is not None and row.resolve_by is not None:
            self._begin(session, session.get_one(TicketRow, done.made), at=now)

    def promise_nothing(self, session: Session, number: int) -> None:
        """It was taken over: what was promised elsewhere is not known."""
        row = session.get_one(TicketRow, number)
        row.acknowledge_by = row.resolve_by = row.promised_at = row.look_at = None
        row.warn_acknowledge_at = row.warn_resolve_at = None

    def ahead(self, session: Session, row: TicketRow) -> list[Ahead]:
        """What time brings to a ticket as it stands, what comes first before."""
        state = State(row.state)
        if state is State.WAITING_REPORTER:
            return self._of_question(session, row)
        if state is State.RESOLVED:
            return self._of_resolved(session, row)
        if not state.open or state.waits:
            return []
        found = [*_of_promises(session, row), *self._of_owner(session, row)]
        return sorted(found, key=lambda one: one.at)

    def passed(self, session: Session, row: TicketRow) -> None:
        """What was due is done: when is it looked at next?"""
        self._look(session, row)

    def _look(self, session: Session, row: TicketRow) -> None:
        session.flush()
        row.look_at = min((one.at for one in self.ahead(session, row)), default=None)
        session.flush()

    def _begin(self, session: Session, row: TicketRow, *, at: datetime) -> None:
        allowed, calendar = self._allowed(session, row, now=at), self.calendar(row.team)
        times = due.due_times(allowed, filed=at, calendar=calendar)
        row.promised_at, row.held_since, row.held_seconds = at, None, 0.0
        row.acknowledge_by = times.acknowledge_by if row.acknowledged_at is None else row.acknowledge_by
        row.resolve_by = times.resolve_by
        row.warn_acknowledge_at = calendar.after(at, allowed.acknowledge * WARNED_AFTER)
        row.warn_resolve_at = calendar.after(at, allowed.resolve * WARNED_AFTER)
        self._look(session, row)

    def _allowed(self, session: Session, row: TicketRow, *, now: datetime) -> Allowance:
        lately = due.reporters_lately(((one.handle, one.at) for one in tickets.reports(session, row.id)), now=now)
        return self.promises.allowances[self.promises.priority(Severity(row.severity), Reach.of(lately))]

    def _hurry(self, session: Session, row: TicketRow, *, at: datetime) -> None:
        """The shorter time runs from now, and while it waits from when it will go on."""
        if row.resolve_by is None or not State(row.state).open:
            return
        allowed, calendar, since = self._allowed(session, row, now=at), self.calendar(row.team), row.held_since or at
        resolve = due.sooner(row.resolve_by, allowed.resolve, now=since, calendar=calendar)
        if resolve < row.resolve_by:
            row.resolve_by, row.warn_resolve_at = resolve, calendar.after(since, allowed.resolve * WARNED_AFTER)
        if row.acknowledge_by is not None and row.acknowledged_at is None:
            acknowledge = due.sooner(row.acknowledge_by, allowed.acknowledge, now=since, calendar=calendar)
            if acknowledge < row.acknowledge_by:
                row.acknowledge_by = acknowledge
                row.warn_acknowledge_at = calendar.after(since, allowed.acknowledge * WARNED_AFTER)

    def _set(self, session: Session, row: TicketRow, event: EventRow, *, now: datetime) -> None:
        """Worse than it was said to be: as if more had it. Less bad: there is more time, from the beginning."""
        was, now_is = event.changed.get("severity") or (row.severity, row.severity)
        if now_is < was:  # S1 is the gravest
            self._hurry(session, row, at=now)
        elif now_is > was:
            self._relax(session, row, now=now)

    def _relax(self, session: Session, row: TicketRow, *, now: datetime) -> None:
        if row.resolve_by is None or row.promised_at is None:
            return
        held, calendar = timedelta(seconds=row.held_seconds), self.calendar(row.team)
        allowed = self._allowed(session, row, now=now)
        times = due.due_times(allowed, filed=row.promised_at, calendar=calendar, held=held)
        # What is late stays late.
        if times.resolve_by > row.resolve_by and not _late(row, row.resolve_by, now=now):
            row.resolve_by = times.resolve_by
            row.warn_resolve_at = due.warned_at(row.resolve_by, start=row.promised_at, calendar=calendar, held=held)
        if row.acknowledge_by is None or row.acknowledged_at is not None:
            return
        if times.acknowledge_by > row.acknowledge_by and not _late(row, row.acknowledge_by, now=now):
            row.acknowledge_by = times.acknowledge_by
            row.warn_acknowledge_at = due.warned_at(row.acknowledge_by, start=row.promised_at, calendar=calendar)

    def _handed_over(self, row: TicketRow, event: EventRow, *, now: datetime) -> None:
        """The next owner has the working time that is left, in their own hours."""
        was, now_is = event.changed.get("team") or (row.team, row.team)
        before, after = self.calendar(was), self.calendar(now_is)
        if before == after:
            return
        since = row.held_since or now
        for name in _running(row):
            at: datetime | None = getattr(row, name)
            if at is not None and at > since:
                setattr(row, name, after.after(since, before.between(since, at)))

    def _hold(self, row: TicketRow, done: Done, *, now: datetime) -> None:
        """While it waits, or is part of another, no time passes."""
        if _stands(done.target):
            row.held_since = row.held_since or now
        elif row.held_since is not None:
            since, calendar = row.held_since, self.calendar(row.team)
            for name in _running(row):
                at: datetime | None = getattr(row, name)
                if at is not None:
                    setattr(row, name, due.moved_by_hold(at, since=since, until=now, calendar=calendar))
            row.held_seconds += calendar.between(since, now).total_seconds()
            row.held_since = None

    def _of_owner(self, session: Session, row: TicketRow) -> list[Ahead]:
        """Once, until it is opened again; whoever took over old tickets has them in a list."""
        if row.team or row.assignee or row.promised_at is None:
            return []
        told = select(EventRow.changed).where(EventRow.ticket == row.id, EventRow.event == Passing.UNOWNED)
        if any(changed["leg"] == row.reopened for changed in session.scalars(told)):
            return []
        return [Ahead(owned_by(row, self.usual), Passing.UNOWNED)]

    def _of_question(self, session: Session, row: TicketRow) -> list[Ahead]:
        asked = question(session, row)
        reminded = session.scalars(
            select(EventRow)
            .where(EventRow.ticket == row.id, EventRow.event == Passing.REMIND, EventRow.id > asked.id)
            .limit(1)
        ).one_or_none()
        calendar = self.calendar(row.team)
        if reminded is None:
            return [Ahead(calendar.days_after(asked.at, REMINDED_AFTER), Passing.REMIND)]
        return [Ahead(calendar.days_after(reminded.at, GIVEN_UP_AFTER), Passing.GIVE_UP)]

    def _of_resolved(self, session: Session, row: TicketRow) -> list[Ahead]:
        """What somebody says still happens is left to people."""
        if row.resolved_at is None or any(one.still == "yes" for one in tickets.reports(session, row.id)):
            return []
        return [Ahead(self.calendar(row.team).days_after(row.resolved_at, CLOSED_AFTER), Passing.CLOSE)]


def _running(row: TicketRow) -> tuple[str, ...]:
    """The times of what is not done yet: a promise that was kept stays as it was."""
    resolve = ("resolve_by", "warn_resolve_at")
    return resolve if row.acknowledged_at is not None else (*resolve, "acknowledge_by", "warn_acknowledge_at")


def counted_from(privacy: Privacy, *, now: datetime) -> datetime:
    """Since when something is promised to whoever reports now.

    To an anonymous one since the end of that day: a time that followed from the hour would tell it.
    """
    return day_of(now) + timedelta(days=1) if privacy is Privacy.ANONYMOUS else now


def _told(event: EventRow, *, now: datetime) -> datetime:
    """As late as what the history says of an anonymous reporter, who did it on that day."""
    return now if event.at == now else counted_from(Privacy.ANONYMOUS, now=now)


def question(session: Session, row: TicketRow) -> EventRow:
    """The one that a ticket waits for."""
    asked = select(EventRow).where(EventRow.ticket == row.id, EventRow.event == Event.ASK)
    return session.scalars(asked.order_by(EventRow.id.desc()).limit(1)).one()


def _of_promises(session: Session, row: TicketRow) -> list[Ahead]:
    """Of each promise one warning and one breach, until it is opened again."""
    if row.resolve_by is None:
        return []
    said = _said(session, row)
    running = [(Promise.RESOLVE, row.warn_resolve_at, row.resolve_by)]
    if row.acknowledged_at is None and row.acknowledge_by is not None:
        running.append((Promise.ACKNOWLEDGE, row.warn_acknowledge_at, row.acknowledge_by))
    found: list[Ahead] = []
    for promise, warned, by in running:
        if (Passing.BREACHED, promise) not in said:
            found.append(Ahead(by + timedelta(microseconds=1), Passing.BREACHED, promise))
            if warned is not None and (Passing.WARNED, promise) not in said:
                found.append(Ahead(warned, Passing.WARNED, promise))
    return found


def _said(session: Session, row: TicketRow) -> set[tuple[str, str]]:
    """What was said of its promises since it was opened last."""
    told = select(EventRow.event, EventRow.changed).where(
        EventRow.ticket == row.id, EventRow.event.in_((Passing.WARNED, Passing.BREACHED))
    )
    return {(event, changed["promise"]) for event, changed in session.execute(told) if changed["leg"] == row.reopened}


def _stands(state: State) -> bool:
    return state.waits or state is State.MERGED


def _late(row: TicketRow, by: datetime, *, now: datetime) -> bool:
    return due.breached(by, now=now, held_since=row.held_since)
