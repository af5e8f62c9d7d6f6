"""Old tickets and reports into their tables, many at a time.

Whoever raised one is named nowhere, and cannot be written to; nobody is asked, nobody is told, nothing is promised.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.customers.identity.owners import owners_of
from bot.customers.records import Key
from bot.friction.desk import Desk, as_guessed
from bot.friction.filing import LONGEST_WORDS, Subject
from bot.friction.intake import Draft
from bot.friction.kinds import CustomerEffect, Frequency, Privacy
from bot.friction.known import STORED
from bot.friction.moves import OPEN, Event, State
from bot.friction.past.lives import Life
from bot.friction.past.rows import OldReport, OldTicket
from bot.friction.reporters import Reporter, kept
from bot.friction.sealing import new_secret
from bot.friction.severity import severity_of
from bot.friction.tables import (
    CorrectionRow,
    EventRow,
    ImportRow,
    ReportCustomerRow,
    ReportRow,
    TicketRow,
    TicketToolRow,
    TicketVectorRow,
)
from bot.friction.titling import title_of


@dataclass(frozen=True, slots=True)
class Ready:
    """A ticket as it will be written: what the export says, and what was guessed where it says nothing.

    `done` is masked.
    """

    old: OldTicket
    draft: Draft
    done: str
    subject: Subject
    minutes: float | None
    frequency: Frequency | None
    effect: CustomerEffect


def ready(desk: Desk, old: OldTicket, draft: Draft, done: str) -> Ready:
    guessed = as_guessed(draft, Privacy.CONFIDENTIAL)
    first, map_ = old.first, desk.map
    kind = old.kind or guessed.kind
    minutes = guessed.minutes if first.minutes is None else first.minutes
    frequency, effect = first.frequency or guessed.frequency, first.effect or guessed.effect
    # A partner named where tools are is no tool; what the export says of either, it says of both.
    named = bool(old.tools or old.partner)
    subject = Subject(
        kind,
        old.severity or severity_of(kind, effect, minutes=minutes, frequency=frequency),
        tools=old.tools if named else tuple(one for one in guessed.tools if one in map_.tools),
        touchpoint=old.touchpoint or guessed.touchpoint,
        partner=old.partner if named else next((one for one in guessed.tools if one in map_.partners), ""),
    )
    team = desk.reader.intake.team_of(subject)
    return Ready(old, draft, done, replace(subject, team=team), minutes, frequency, effect)


@dataclass(frozen=True, slots=True)
class Writer:
    """For one source, in the caller's transaction."""

    desk: Desk
    source: str
    now: datetime

    def tickets(self, session: Session, found: Sequence[Ready]) -> int:
        """Gives how many name a customer whom nobody is known by."""
        rows = [self._ticket(one) for one in found]
        session.add_all(rows)
        session.flush()
        reports = [
            self._report(one.old.first, row.id, one.draft.words, one.minutes, one.frequency, one.effect, first=True)
            for one, row in zip(found, rows, strict=True)
        ]
        session.add_all(reports)
        for one, row in zip(found, rows, strict=True):
            session.add_all(TicketToolRow(ticket=row.id, tool=tool) for tool in dict.fromkeys(one.subject.tools))
            session.add_all(_taught(one, row.id))
            session.add(self._vector(one.draft, row.id))
            session.add_all(self._events(one, row))
            session.add(ImportRow(source=self.source, source_id=one.old.source_id, ticket=row.id))
        session.flush()
        return _with_customers(session, [one.old.first for one in found], reports)

    def joins(self, session: Session, found: Sequence[tuple[OldReport, int, str]]) -> int:
        """Reports with the numbers of their tickets and their masked words. Gives what `tickets` gives."""
        reports = [
            self._report(old, ticket, words, old.minutes, old.frequency, old.effect or CustomerEffect.NONE, first=False)
            for old, ticket, words in found
        ]
        session.add_all(reports)
        for old, ticket, _ in found:
            session.add(_event(ticket, old.at, Event.ME_TOO, State.NEW, State.NEW))
            session.add(ImportRow(source=self.source, source_id=old.source_id, ticket=ticket))
        session.flush()
        return _with_customers(session, [old for old, _, _ in found], reports)

    def handle(self, old: OldReport) -> str:
        """What tells the person apart who reported it."""
        return self._who(old).handle(self.desk.sealer)

    def _who(self, old: OldReport) -> Reporter:
        # Of whom the export does not say who they were, each counts as somebody else.
        person = old.raised_by or f"\0{old.source_id}"
        return Reporter(person, f"import:{self.source}", "", role=old.role, place=old.place, reachable=False)

    def _ticket(self, one: Ready) -> TicketRow:
        life, old = one.old.life, one.old
        over, resolved = life.state not in OPEN, life.resolved_at is not None
        calendar = self.desk.clocks.calendar(one.subject.team)
        return TicketRow(
            title=title_of(one.draft.words),
            state=life.state,
            before=life.before,
            kind=one.subject.kind,
            severity=one.subject.severity,
            touchpoint=one.subject.touchpoint,
            partner=one.subject.partner,
            page="",
            team=one.subject.team,
            assignee="",
            assignee_name="",
            workaround="",
            root_cause="",
            resolution=old.resolution or "" if resolved else "",
            resolved_with=one.done[:LONGEST_WORDS] if resolved else "",
            placed_by="",
            filed_at=old.first.at,
            changed_at=life.changed_at,
            acknowledged_at=old.acknowledged_at,
            resolved_at=life.resolved_at,
            held_since=life.held_since,
            held_seconds=sum(calendar.between(since, until).total_seconds() for since, until in life.held),
            reopened=life.reopened,
            told=1,
            secret="" if over and life.state is not State.RESOLVED else new_secret(),
            version=1,
        )

    def _report(
        self,
        old: OldReport,
        ticket: int,
        words: str,
        minutes: float | None,
        frequency: Frequency | None,
        effect: CustomerEffect,
        *,
        first: bool,
    ) -> ReportRow:
        columns = kept(self._who(old), Privacy.CONFIDENTIAL, sealer=self.desk.sealer, secret="", now=old.at).columns
        return ReportRow(
            ticket=ticket,
            words=words[:LONGEST_WORDS],
            minutes=minutes,
            frequency=frequency or "",
            effect=effect,
            evidence=[],
            first=first,
            still=old.still,
            **columns,
        )

    def _vector(self, draft: Draft, ticket: int) -> TicketVectorRow:
        stored = draft.vector.astype(STORED).tobytes()
        model = self.desk.reader.intake.model
        return TicketVectorRow(ticket=ticket, model=model, vector=stored, guessed=draft.guesses.likeliest())

    def _events(self, one: Ready, row: TicketRow) -> Iterable[EventRow]:
        life, old = one.old.life, one.old
        yield _event(row.id, old.first.at, "file", State.NEW, State.NEW)
        last = _last_resolve(life)
        for number, each in enumerate(life.events):
            done = number == last
            words = row.resolved_with if done else ""
            changed = {"resolution": ["", old.resolution]} if done and old.resolution else {}
            if each.event is Event.HOLD_FOR_PARTNER and row.partner:
                changed = {"partner": ["", row.partner]}
            yield _event(row.id, each.at, each.event, each.source, each.target, words=words, changed=changed)
        told = f"{self.source} {old.source_id}"
        yield _event(row.id, self.now, "import", State.NEW, life.state, words=told)


def numbers_of(session: Session, source: str, source_ids: Sequence[str]) -> dict[str, int]:
    """The tickets that these numbers of a source are here, or are a report of."""
    asked = select(ImportRow.source_id, ImportRow.ticket).where(
        ImportRow.source == source, ImportRow.source_id.in_(source_ids)
    )
    return dict(session.execute(asked).all())


def reporters_of(session: Session, tickets: Iterable[int]) -> set[tuple[int, str]]:
    """Who reported which of these."""
    asked = select(ReportRow.ticket, ReportRow.handle).where(ReportRow.ticket.in_(set(tickets)))
    return {(ticket, handle) for ticket, handle in session.execute(asked)}


def _last_resolve(life: Life) -> int:
    return max((number for number, one in enumerate(life.events) if one.event is Event.RESOLVE), default=-1)


def _event(
    ticket: int,
    at: datetime,
    event: str,
    source: State,
    target: State,
    *,
    words: str = "",
    changed: Mapping[str, Any] | None = None,
) -> EventRow:
    return EventRow(
        ticket=ticket,
        at=at,
        event=event,
        source=source,
        target=target,
        actor="",
        actor_name="",
        words=words,
        changed=dict(changed or {}),
    )


def _taught(one: Ready, ticket: int) -> Iterable[CorrectionRow]:
    """What the export says beside what was guessed: guesses learn from people's choices, and these are such."""
    old, guessed = one.old, as_guessed(one.draft, Privacy.CONFIDENTIAL)
    said = {
        "kind": (old.kind, guessed.kind if one.draft.guesses.kind else ""),
        "tools": ("+".join(old.tools), "+".join(guessed.tools)),
        "touchpoint": (old.touchpoint, guessed.touchpoint),
        "minutes": (old.first.minutes, "" if guessed.minutes is None else guessed.minutes),
        "frequency": (old.first.frequency, guessed.frequency or ""),
        "effect": (old.first.effect, guessed.effect if one.draft.guesses.effect else ""),
    }
    for field, (chosen, guess) in said.items():
        if chosen not in {None, ""}:
            yield CorrectionRow(ticket=ticket, field=field, guessed=str(guess), chosen=str(chosen))


def _with_customers(session: Session, said: Sequence[OldReport], rows: Sequence[ReportRow]) -> int:
    """Ties reports to the one customer whom their keys name; where there is none, or several, nobody."""
    keys = [key for one in said for key in one.customer]
    owners = owners_of(session, keys) if keys else {}
    unknown = 0
    for one, row in zip(said, rows, strict=True):
        if not one.customer:
            continue
        customer = _only(one.customer, {key: found.named for key, found in owners.items()})
        if customer is None:
            unknown += 1
        else:
            session.add(ReportCustomerRow(report=row.id, customer=customer))
    session.flush()
    return unknown


def _only(keys: Sequence[Key], named: Mapping[Key, set[int]]) -> int | None:
    found = [named[key] for key in keys if named.get(key)]
    common = set.intersection(*found) if found else set()
    return common.pop() if len(common) == 1 else None
