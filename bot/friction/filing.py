"""A report becomes a ticket, or one more report of a ticket that is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import MoveRefused
from bot.friction import moves, tickets
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Privacy, Severity
from bot.friction.moves import Event, Role, State
from bot.friction.reporters import Reporter, kept
from bot.friction.sealing import Sealer, new_secret
from bot.friction.tables import CorrectionRow, EventRow, ReportCustomerRow, ReportRow, TicketRow, TicketToolRow
from bot.friction.titling import title_of
from bot.touchpoints import versions

LONGEST_WORDS = 3000


@dataclass(frozen=True, slots=True)
class Subject:
    """What a ticket is about: by the ids of the touchpoint map; `page` is a page of the knowledge, `team` its owner."""

    kind: Kind
    severity: Severity
    tools: tuple[str, ...] = ()
    touchpoint: str = ""
    partner: str = ""
    page: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What one person reports, in words that are masked. Of an anonymous one customer and evidence are dropped.

    `code` is one that they were shown already.
    """

    words: str
    privacy: Privacy = Privacy.NAMED
    minutes: float | None = None
    frequency: Frequency | None = None
    effect: CustomerEffect = CustomerEffect.NONE
    customer: int | None = None
    evidence: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A guess that somebody changed, or let stand."""

    field: str
    guessed: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Filed:
    """`code` is shown to an anonymous reporter once and kept nowhere. `people` is how many have reported it now."""

    ticket: int
    code: str
    people: int


def file(
    session: Session,
    subject: Subject,
    said: Said,
    who: Reporter,
    *,
    sealer: Sealer,
    now: datetime,
    corrections: Sequence[Correction] = (),
) -> Filed:
    """A ticket of its own. Raises `MoveRefused` where nothing is said."""
    words = _must_say(said.words)
    row = TicketRow(
        title=title_of(words),
        state=State.NEW,
        before=State.NEW,
        kind=subject.kind,
        severity=subject.severity,
        touchpoint=subject.touchpoint,
        partner=subject.partner,
        page=subject.page,
        team=subject.team,
        assignee="",
        assignee_name="",
        workaround="",
        root_cause="",
        resolution="",
        resolved_with="",
        placed_by="",
        filed_at=now,
        changed_at=now,
        held_seconds=0.0,
        reopened=0,
        told=1,
        secret=new_secret(),
        version=1,
        map_version=versions.current(session),
    )
    columns = kept(who, said.privacy, sealer=sealer, secret=row.secret, now=now, code=said.code)
    row.filed_at = row.changed_at = columns.columns["at"]
    session.add(row)
    session.flush()
    session.add_all(TicketToolRow(ticket=row.id, tool=tool) for tool in dict.fromkeys(subject.tools))
    session.add_all(
        CorrectionRow(ticket=row.id, field=c.field, guessed=c.guessed, chosen=c.chosen) for c in corrections
    )
    _report(session, row.id, said, words, columns.columns, first=True)
    _note(session, row, "file", columns.columns)
    return Filed(row.id, columns.code, 1)


def me_too(session: Session, number: int, said: Said, who: Reporter, *, sealer: Sealer, now: datetime) -> Filed:
    """One more report of a ticket, or of the one it was merged into. Who reported it already adds nothing.

    Raises `NoSuchTicket`, and `MoveRefused` where the ticket is over.
    """
    row = tickets.standing(session, number)
    if reports_of(session, row, who, sealer=sealer):
        raise MoveRefused(f"You reported {tickets.key(row.id)} already. `/friction mine` shows what became of it.")
    moves.move(State(row.state), Event.ME_TOO, {Role.EMPLOYEE}, frozenset())
    # Where it had ended and was opened again, the secret is gone: without one a mark is the same on every ticket.
    row.secret = row.secret or new_secret()
    columns = kept(who, said.privacy, sealer=sealer, secret=row.secret, now=now, code=said.code)
    _report(session, row.id, said, said.words.strip()[:LONGEST_WORDS], columns.columns, first=False)
    _note(session, row, Event.ME_TOO, columns.columns)
    return Filed(row.id, columns.code, len(tickets.handles(session, row.id)))


def reports_of(session: Session, row: TicketRow, who: Reporter, *, sealer: Sealer) -> list[ReportRow]:
    """What this person reported of a ticket and of those that were merged into it, by name or without."""
    family = tickets.family(session, row.id)
    secrets = session.scalars(select(TicketRow.secret).where(TicketRow.id.in_(family), TicketRow.secret != ""))
    marks = [who.handle(sealer, secret=secret) for secret in ("", *secrets)]
    mine = select(ReportRow).where(ReportRow.ticket.in_(family), ReportRow.handle.in_(marks))
    return list(session.scalars(mine.order_by(ReportRow.id)))


def claimed(session: Session, code: str, *, sealer: Sealer) -> ReportRow | None:
    """The report that an anonymous reporter has this code for."""
    claim = sealer.claim(code)
    return session.scalars(select(ReportRow).where(ReportRow.claim == claim)).one_or_none() if claim else None


def _report(session: Session, ticket: int, said: Said, words: str, columns: dict[str, Any], *, first: bool) -> None:
    anonymous = said.privacy is Privacy.ANONYMOUS
    row = ReportRow(
        ticket=ticket,
        words=words,
        minutes=said.minutes,
        frequency=said.frequency or "",
        effect=said.effect,
        evidence=[] if anonymous else list(said.evidence),
        first=first,
        still="",
        **columns,
    )
    session.add(row)
    session.flush()
    if said.customer is not None and not anonymous:
        session.add(ReportCustomerRow(report=row.id, customer=said.customer))
        session.flush()


def _note(session: Session, row: TicketRow, event: str, columns: dict[str, Any]) -> None:
    """Who it was stands on the report alone."""
    session.add(
        EventRow(
            ticket=row.id,
            at=columns["at"],
            event=event,
            source=row.state,
            target=row.state,
            actor="",
            actor_name="",
            words="",
            changed={},
        )
    )


def _must_say(words: str) -> str:
    said = words.strip()[:LONGEST_WORDS]
    if not said:
        raise MoveRefused("Say in a few words what got in your way, for example: the till froze twice this morning.")
    return said
