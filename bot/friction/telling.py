"""Who hears of what happened to a ticket: its reporters, the channel of its owner, whoever was assigned.

Everything is owed in the transaction in which it happened, once for each event and person. A message to a confidential
reporter names nobody in its row; an anonymous one is owed nothing, and pulls news with their code.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.database import insert
from bot.friction import habits, showing, tickets
from bot.friction.acting import Done
from bot.friction.habits import Habit
from bot.friction.kinds import Privacy
from bot.friction.moves import Event
from bot.friction.roles import Actor
from bot.friction.tables import EventRow, ReportRow, TicketRow
from bot.friction.telling_tables import CardRow, NewsRow
from bot.outbox import Destination
from bot.people import Owners
from bot.touchpoints import TouchpointMap
from bot.working_time import Calendar
from bot.workspaces import of_session

# Kinds of messages, as the outbox has them.
CARD, LINE, NEWS, GATHERED, ASSIGNED, SOON, LATE, UNOWNED = (
    "friction_card",
    "friction_line",
    "friction_news",
    "friction_gathered",
    "friction_assigned",
    "friction_soon",
    "friction_late",
    "friction_unowned",
)
# What is told besides moves, as it stands in the history.
REMINDER, THEME = "remind", "theme"
# Its owner is told when so many have reported it, and not with each.
TOLD_AT = (2, 5, 15, 50)

# What reporters hear of.
_HEARD = frozenset(
    {
        Event.ACKNOWLEDGE,
        Event.ASK,
        Event.RESOLVE,
        Event.CONFIRM,
        Event.CLOSE,
        Event.REOPEN,
        Event.REJECT,
        Event.MERGE,
        Event.UNMERGE,
        Event.SPLIT,
    }
)
# What the owner hears of in the thread of the card: what others than they did.
_OF_REPORTERS = frozenset({Event.ANSWER, Event.CONFIRM, Event.STILL_HAPPENS, Event.REOPEN, Event.WITHDRAW})


@dataclass(frozen=True, slots=True)
class Late:
    """A promise that is broken, or soon will be; `entry` is where that stands in the history."""

    entry: int
    number: int
    title: str
    promise: str
    until: datetime
    team: str
    assignee: str


@dataclass(frozen=True, slots=True)
class Unowned:
    """A ticket that nobody owns after a working day; `entry` is where that stands in the history."""

    entry: int
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Teller:
    """`calendar`: when the people of a place work."""

    map: Callable[[], TouchpointMap]
    owners: Owners
    calendar: Callable[[str], Calendar]

    def moved(self, session: Session, done: Done, actor: Actor, *, now: datetime) -> None:
        """Tell everybody of a move."""
        row, event = session.get_one(TicketRow, done.number), session.get_one(EventRow, done.row)
        if done.event in _HEARD:
            of = done.made if done.event is Event.SPLIT and done.made is not None else row.id
            heard = [one for one in _reachable(tickets.reports(session, of)) if one.handle not in done.handles]
            self._tell(session, heard, event, self._news(row, event, done), now=now)
        if done.event is Event.ASSIGN and row.assignee not in {"", actor.id, actor.address}:
            self._assigned(session, row, event, actor, now=now)
        if done.event in _OF_REPORTERS and done.handles:
            value = {"event": done.event, "words": event.words, "number": row.id}
            self._lines(session, row, f"friction:{event.id}", value, now=now)
        self.refresh(session, row, now=now)
        if done.event in {Event.MERGE, Event.UNMERGE} and done.other is not None:
            self.refresh(session, tickets.standing(session, done.other), now=now)

    def joined(self, session: Session, number: int, *, now: datetime) -> None:
        """One more person has it: the card says so, and at some numbers its owner is told."""
        row = tickets.standing(session, number)
        people = len(tickets.handles(session, row.id))
        reached = max((least for least in TOLD_AT if least <= people), default=0)
        if reached > row.told:
            row.told = reached
            value = {"event": Event.ME_TOO, "people": people, "number": row.id}
            self._lines(session, row, f"friction:{row.id}:people:{reached}", value, now=now)
        self.refresh(session, row, now=now)

    def show(self, session: Session, row: TicketRow, channels: Iterable[str], *, now: datetime) -> None:
        """A card in these channels of the session's workspace, where there is none yet."""
        for channel in channels:
            key = f"friction:{row.id}:card:{row.team}:{channel}"
            shown = of_session(session)
            fresh = session.execute(
                insert(session, CardRow)
                .values(ticket=row.id, team=row.team, workspace_shown=shown, channel=channel, key=key)
                .on_conflict_do_nothing()
                .returning(CardRow.id)
            ).one_or_none()
            if fresh is not None:
                value = showing.card(session, row, map_=self.map(), owners=self.owners, now=now)
                outbox.owe(session, key=key, kind=CARD, to=Destination(channel), value=value, now=now)

    def refresh(self, session: Session, row: TicketRow, *, now: datetime) -> None:
        """Every card shows how the ticket stands."""
        cards = session.scalars(select(CardRow).where(CardRow.ticket == row.id)).all()
        if not cards:
            return
        value = showing.card(session, row, map_=self.map(), owners=self.owners, now=now)
        stands = f"{row.version}:{value['people']}:{now:%y%m%d%H%M%S%f}"
        for card in cards:
            to = Destination(card.channel, replaces=card.key)
            key = f"{card.key}:{stands}"
            outbox.owe(session, key=key, kind=CARD, to=to, value=value, now=now, workspace=card.workspace_shown)

    def say(self, session: Session, number: int, key: str, value: dict[str, Any], *, now: datetime) -> None:
        """Something to the owner, in the threads of a ticket's cards."""
        self._lines(session, session.get_one(TicketRow, number), key, {**value, "number": number}, now=now)

    def theme(self, session: Session, theme: int, words: str, *, now: datetime) -> int:
        """What became of a theme, to everybody who reported any of its tickets, once; how many people are told."""
        rows = session.scalars(select(TicketRow).where(TicketRow.theme == theme).order_by(TicketRow.id)).all()
        told: set[str] = set()
        for row in rows:
            fresh = [one for one in _reachable(tickets.reports(session, row.id)) if one.handle not in told]
            told |= {one.handle for one in fresh}
            entry = noted(session, row, THEME, words, now=now)
            value = {"event": THEME, "number": row.id, "title": row.title, "words": words}
            self._tell(session, fresh, entry, value, now=now)
        return len(told)

    def remind(self, session: Session, row: TicketRow, event: EventRow, *, now: datetime) -> None:
        """The question of an event once more, to whoever was asked."""
        value = {"event": REMINDER, "number": row.id, "title": row.title, "words": event.words}
        entry = noted(session, row, REMINDER, "", now=now)
        self._tell(session, _reachable(tickets.reports(session, row.id)), entry, value, now=now)

    def warned(self, session: Session, row: TicketRow, one: Late, *, now: datetime) -> None:
        """Most of the time is over: to the owner, and to whoever was assigned."""
        self._lines(session, row, f"friction:{one.entry}", self._promised(SOON, one), now=now)
        if row.assignee.startswith(("U", "W")):  # as in `_assigned`
            shown = select(CardRow.workspace_shown).where(CardRow.ticket == row.id, CardRow.team == row.team).limit(1)
            to = Destination("", only=row.assignee)
            key, value = f"friction:{one.entry}:soon", self._promised(SOON, one)
            outbox.owe(session, key=key, kind=SOON, to=to, value=value, now=now, workspace=session.scalar(shown))

    def breached(self, session: Session, row: TicketRow, one: Late, *, now: datetime) -> None:
        """It is late: to the owner; the card shows it."""
        self._lines(session, row, f"friction:{one.entry}", self._promised(LATE, one), now=now)
        self.refresh(session, row, now=now)

    def late(self, session: Session, lead: str, broken: Sequence[Late], *, now: datetime) -> None:
        """All that is late now, to whoever leads, in one message."""
        value = {"late": [self._promised(LATE, one) for one in broken]}
        key = f"friction:late:{min(one.entry for one in broken)}:{lead}"
        outbox.owe(session, key=key, kind=LATE, to=Destination("", only=lead), value=value, now=now)

    def unowned(self, session: Session, lead: str, found: Sequence[Unowned], *, now: datetime) -> None:
        """All that nobody owns after a working day, to whoever leads and can assign it, in one message."""
        value = {"unowned": [{"number": one.number, "title": one.title} for one in found]}
        key = f"friction:unowned:{min(one.entry for one in found)}:{lead}"
        outbox.owe(session, key=key, kind=UNOWNED, to=Destination("", only=lead), value=value, now=now)

    def _promised(self, event: str, one: Late) -> dict[str, Any]:
        return {
            "event": event,
            "number": one.number,
            "title": one.title,
            "promise": one.promise,
            "until": one.until.isoformat(),
            "owner": self.owners.name(one.team) if one.team else "",
            "assignee": one.assignee,
        }

    def _news(self, row: TicketRow, event: EventRow, done: Done) -> dict[str, Any]:
        return {
            "event": done.event,
            "number": done.made or row.id,
            "title": row.title,
            "words": event.words,
            "resolution": row.resolution if done.event is Event.RESOLVE else "",
            "owner": self.owners.name(row.team) if row.team else "",
            "by": event.actor_name if not done.handles else "",
            "until": row.resolve_by.isoformat() if row.resolve_by else None,
            "other": row.merged_into if done.event is Event.MERGE else row.id if done.event is Event.SPLIT else None,
        }

    def _tell(
        self, session: Session, heard: Sequence[ReportRow], event: EventRow, value: dict[str, Any], *, now: datetime
    ) -> None:
        chosen = habits.habits_of(session, [one.handle for one in heard])
        for one in heard:
            habit = chosen.get(one.handle, Habit.AT_ONCE)
            asked = event.event in {Event.ASK, REMINDER}
            due = habits.due(habit, now=now, calendar=self.calendar(one.place), asked=asked)
            if due <= now:
                owe_news(session, one, value, key=f"friction:{event.id}:{one.id}", kind=NEWS, now=now)
            else:
                waits = insert(session, NewsRow).values(report=one.id, event=event.id, value=value, due_at=due)
                session.execute(waits.on_conflict_do_nothing())

    def _assigned(self, session: Session, row: TicketRow, event: EventRow, actor: Actor, *, now: datetime) -> None:
        shown = select(CardRow.workspace_shown).where(CardRow.ticket == row.id).limit(1)
        workspace = of_session(session) or session.scalar(shown) or ""
        if not workspace or "@" in row.assignee:  # who is known by an address alone reads it on the card
            return
        value = {"number": row.id, "title": row.title, "by": actor.name}
        to = Destination("", only=row.assignee)
        outbox.owe(
            session,
            key=f"friction:{event.id}:assigned",
            kind=ASSIGNED,
            to=to,
            value=value,
            now=now,
            workspace=workspace,
        )

    def _lines(self, session: Session, row: TicketRow, key: str, value: dict[str, Any], *, now: datetime) -> None:
        for card in session.scalars(select(CardRow).where(CardRow.ticket == row.id, CardRow.team == row.team)):
            to = Destination(card.channel, under=card.key)
            outbox.owe(
                session,
                key=f"{key}:{card.channel}",
                kind=LINE,
                to=to,
                value=value,
                now=now,
                workspace=card.workspace_shown,
            )


def owe_news(session: Session, report: ReportRow, value: dict[str, Any], *, key: str, kind: str, now: datetime) -> None:
    """A message to a reporter who can be reached, as secretly as they chose."""
    sealed = report.privacy == Privacy.CONFIDENTIAL
    to = Destination("", only=report.reached, sealed=sealed, whose=report.handle)
    outbox.owe(session, key=key, kind=kind, to=to, value=value, now=now, workspace=report.workspace_reached)


def noted(
    session: Session,
    row: TicketRow,
    event: str,
    words: str,
    *,
    now: datetime,
    changed: Mapping[str, Any] = MappingProxyType({}),
) -> EventRow:
    """What Throughline itself does, in the history of a ticket; it moves nothing."""
    entry = EventRow(
        ticket=row.id,
        at=now,
        event=event,
        source=row.state,
        target=row.state,
        actor="",
        actor_name="",
        words=words,
        changed=dict(changed),
    )
    session.add(entry)
    session.flush()
    return entry


def _reachable(reports: Iterable[ReportRow]) -> list[ReportRow]:
    """One for each person who can be written to."""
    each: dict[str, ReportRow] = {}
    for one in reports:
        if one.reached and one.workspace_reached:
            each.setdefault(one.handle, one)
    return list(each.values())
