"""A move is made: checked against the table, written down as an event, and who has to hear of it is said."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.errors import MoveRefused
from bot.friction import joining, moves, tickets
from bot.friction.kinds import Kind, Privacy, RootCause, Severity
from bot.friction.moves import Event, Goes, Move, Need, Role, State
from bot.friction.reporters import day_of
from bot.friction.roles import Actor, reported_by, roles_with
from bot.friction.sealing import Sealer, new_secret
from bot.friction.tables import EventRow, ReportRow, TicketRow, TicketToolRow

# Less says nothing of what was done.
SHORTEST_WORDS = 10
# So many of those who have it say that it still happens: then it is open again. Of a grave one a single one is enough.
ENOUGH = 2
_GRAVE = frozenset({Severity.S1, Severity.S2})
_LOWEST_FIRST = (Severity.S4, Severity.S3, Severity.S2, Severity.S1)
_REPORTING = frozenset({Role.REPORTER, Role.SOLE_REPORTER, Role.EMPLOYEE})
_OVER = frozenset({State.CLOSED, State.WITHDRAWN, State.REJECTED, State.MERGED})


class Resolution(StrEnum):
    """What became of it."""

    FIXED = "fixed"
    WORKAROUND_PUBLISHED = "workaround_published"
    POLICY_CLARIFIED = "policy_clarified"
    ACCESS_GRANTED = "access_granted"
    TRAINING_GIVEN = "training_given"
    PARTNER_FIXED = "partner_fixed"
    NOT_REPRODUCIBLE = "not_reproducible"
    WONT_FIX = "wont_fix"
    BY_DESIGN = "by_design"


# What leaves it as it was: whoever reported it may say that they see it differently.
LEFT = frozenset({Resolution.WONT_FIX, Resolution.BY_DESIGN, Resolution.NOT_REPRODUCIBLE})


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does; `version` is that of the ticket as they saw it, None where they saw none."""

    event: Event
    words: str = ""
    resolution: Resolution | None = None
    other: int | None = None
    assignee: str = ""
    assignee_name: str = ""
    reports: frozenset[int] = frozenset()
    sets: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """`number` is the ticket that it happened to, `made` the one that a split made, `row` that of its history.

    `other` is the ticket that it was merged into, or has come out of again.

    `handles` are those of whoever did it, where they are its reporter: nobody is told of what they did themselves.
    """

    number: int
    event: Event
    source: State
    target: State
    row: int
    made: int | None = None
    other: int | None = None
    handles: frozenset[str] = frozenset()


# What the other ticket was of two that were joined or parted, as it stands in its history.
BESIDE = {Event.MERGE: "took_in", Event.UNMERGE: "gave_back", Event.SPLIT: "split_from"}
_COLUMNS = {
    "kind": Kind,
    "severity": Severity,
    "root_cause": RootCause,
    "cause_shown_by": str,
    "touchpoint": str,
    "partner": str,
    "team": str,
    "page": str,
    "title": str,
    "workaround": str,
}


def act(session: Session, number: int, one: Act, actor: Actor, *, sealer: Sealer, now: datetime) -> Done:
    """In the caller's transaction. Raises `NoSuchTicket`, and `MoveRefused` with what can be done instead."""
    row = tickets.standing(session, number) if one.event is not Event.UNMERGE else joining.merged(session, number)
    state = State(row.state)
    if one.version is not None and one.version != row.version:
        raise MoveRefused(_overtaken(session, row))
    mine = reported_by(session, row, actor, sealer=sealer)
    roles = roles_with(session, row, actor, mine)
    move = moves.move(state, one.event, roles, _said(session, row, one))
    _check(session, row, one, actor, now=now)
    target = moves.target(move, state, State(row.before))
    signed = _signed(actor, mine if not move.who & roles - _REPORTING else (), now=now)
    event = _note(session, row, one, signed, target)
    other = row.merged_into if one.event is Event.UNMERGE else one.other
    made = _change(session, row, one, move, target, now=now)
    _note_beside(session, row, one, signed, made or other)
    return Done(row.id, one.event, state, target, event, made, other, frozenset(report.handle for report in mine))


def say_still(session: Session, number: int, actor: Actor, *, still: bool, sealer: Sealer) -> bool:
    """A reporter says whether it still happens to them; whether enough do for the ticket to be opened again."""
    row = tickets.standing(session, number)
    mine = reported_by(session, row, actor, sealer=sealer)
    if not mine:
        raise MoveRefused("Only somebody who reported it can say that.")
    for report in mine:
        report.still = "yes" if still else "no"
    session.flush()
    saying = {one.handle for one in tickets.reports(session, row.id) if one.still == "yes"}
    return bool(saying) and (len(saying) >= ENOUGH or Severity(row.severity) in _GRAVE)


def _said(session: Session, row: TicketRow, one: Act) -> AbstractSet[Need]:
    words = one.words.strip()
    tools = session.scalar(
        select(func.count()).select_from(TicketToolRow).where(TicketToolRow.ticket == row.id)
    ) or one.sets.get("tools")
    given = {
        Need.KIND: one.sets.get("kind", row.kind),
        Need.SEVERITY: one.sets.get("severity", row.severity),
        Need.SUBJECT: tools or one.sets.get("touchpoint", row.touchpoint) or one.sets.get("page", row.page),
        Need.TEAM: one.sets.get("team", row.team),
        Need.PARTNER: one.sets.get("partner", row.partner),
        Need.QUESTION: words,
        Need.REASON: words,
        Need.WORDS: len(words) >= SHORTEST_WORDS,
        Need.RESOLUTION: one.resolution,
        Need.OTHER: one.other,
        Need.REPORTS: one.reports,
        Need.ASSIGNEE: one.assignee,
        Need.PAGE: row.page and one.resolution is Resolution.POLICY_CLARIFIED,
    }
    return {need for need, value in given.items() if value}


def _check(session: Session, row: TicketRow, one: Act, actor: Actor, *, now: datetime) -> None:
    """What the table cannot say: who may lower what, and how long ago something may be taken back."""
    if one.event is Event.MERGE and one.other is not None:
        joining.check(session, row, one.other)
    if one.event is Event.REOPEN and not moves.may_reopen(State(row.state), row.changed_at, now):
        raise MoveRefused(
            f"{tickets.key(row.id)} was closed more than {moves.REOPENED_WITHIN.days} days ago. Report it anew; "
            "whoever sees to it finds the old one beside it."
        )
    if one.event is Event.UNMERGE and now - row.changed_at > moves.UNMERGED_WITHIN:
        raise MoveRefused(
            f"{tickets.key(row.id)} was merged more than {moves.UNMERGED_WITHIN.days} days ago. Split the reports that "
            "are about something else."
        )
    lower = one.sets.get("severity")
    if lower and _LOWEST_FIRST.index(Severity(lower)) < _LOWEST_FIRST.index(Severity(row.severity)):
        if row.team in actor.teams and not actor.triager:
            raise MoveRefused(
                "The severity of a ticket of your own team is lowered by a triager, not by you alone: ask one."
            )
        if not one.words.strip():
            raise MoveRefused("Say why it is less severe: those who reported it may read the reason.")


def _overtaken(session: Session, row: TicketRow) -> str:
    last = session.scalars(
        select(EventRow).where(EventRow.ticket == row.id).order_by(EventRow.id.desc()).limit(1)
    ).one_or_none()
    by = f" by {last.actor_name}" if last and last.actor_name else ""
    return (
        f"Meanwhile {tickets.key(row.id)} was changed{by}: it is {moves.told(State(row.state))} now. Look at it again."
    )


@dataclass(frozen=True, slots=True)
class _Signed:
    """Under which name something stands in the history, and when."""

    id: str
    name: str
    at: datetime


def _signed(actor: Actor, mine: Sequence[ReportRow], *, now: datetime) -> _Signed:
    """Nobody is named for what they do as a reporter: names stand on reports, where it is written down who looks."""
    if not mine:
        return _Signed(actor.id, actor.name, now)
    anonymous = any(one.privacy == Privacy.ANONYMOUS for one in mine)
    return _Signed("", "", day_of(now) if anonymous else now)


def _note(session: Session, row: TicketRow, one: Act, signed: _Signed, target: State) -> int:
    changed = {name: [str(getattr(row, name, "")), value] for name, value in one.sets.items() if name != "tools"}
    if "tools" in one.sets:
        changed["tools"] = ["", list(one.sets["tools"])]
    if one.assignee:
        changed["assignee"] = [row.assignee_name, one.assignee_name]
    if one.other is not None:
        changed["other"] = ["", tickets.key(one.other)]
    if one.resolution is not None:
        changed["resolution"] = [row.resolution, one.resolution]
    event = EventRow(
        ticket=row.id,
        at=signed.at,
        event=one.event,
        source=row.state,
        target=target,
        actor=signed.id,
        actor_name=signed.name,
        words=one.words.strip(),
        changed=changed,
    )
    session.add(event)
    session.flush()
    return event.id


def _note_beside(session: Session, row: TicketRow, one: Act, signed: _Signed, other: int | None) -> None:
    """What joins or parts two tickets stands in the history of both."""
    beside = session.get(TicketRow, other) if other is not None else None
    if beside is None or one.event not in BESIDE:
        return
    session.add(
        EventRow(
            ticket=beside.id,
            at=signed.at,
            event=BESIDE[one.event],
            source=beside.state,
            target=beside.state,
            actor=signed.id,
            actor_name=signed.name,
            words="",
            changed={"other": ["", tickets.key(row.id)]},
        )
    )
    session.flush()


def _change(session: Session, row: TicketRow, one: Act, move: Move, target: State, *, now: datetime) -> int | None:
    source = State(row.state)
    for name, value in one.sets.items():
        if name == "tools":
            session.execute(delete(TicketToolRow).where(TicketToolRow.ticket == row.id))
            session.add_all(TicketToolRow(ticket=row.id, tool=tool) for tool in dict.fromkeys(value))
        else:
            setattr(row, name, _COLUMNS[name](value))
    if one.assignee:
        row.assignee, row.assignee_name = one.assignee, one.assignee_name
    made = joining.split(session, row, one.reports, now=now) if one.event is Event.SPLIT else None
    if one.event is Event.MERGE:
        row.merged_into = one.other
    if one.event is Event.UNMERGE:
        row.merged_into = None
    if one.event is Event.RESOLVE:
        _ask_anew(session, row)
    if target is not source:
        _enter(row, source, target, one, now=now)
        if target in _OVER - {State.MERGED}:
            _forget_marks(session, row)
    elif move.target is not Goes.NOWHERE:
        row.changed_at = now
    row.version += 1
    session.flush()
    return made


def _forget_marks(session: Session, row: TicketRow) -> None:
    """From now on nobody can tell who reported anonymously."""
    family = TicketRow.id.in_(tickets.family(session, row.id))
    session.execute(update(TicketRow).where(family).values(secret=""))


def _ask_anew(session: Session, row: TicketRow) -> None:
    """Whoever said that it still happens said it of what was done before."""
    for report in tickets.reports(session, row.id):
        if report.still == "yes":
            report.still = ""


def _enter(row: TicketRow, source: State, target: State, one: Act, *, now: datetime) -> None:
    if target.waits or target is State.MERGED:
        row.before = source if not source.waits else row.before
    if target is not State.NEW and row.acknowledged_at is None and target in moves.OPEN:
        row.acknowledged_at = now
    if target is State.RESOLVED:
        row.resolved_at, row.resolution, row.resolved_with = now, one.resolution or "", one.words.strip()
    if one.event is Event.REOPEN:
        row.reopened += 1
        row.secret = row.secret or new_secret()  # without one a mark would be that of the person everywhere
        row.acknowledged_at = None if target is State.NEW else row.acknowledged_at
    row.state, row.changed_at = target, now
