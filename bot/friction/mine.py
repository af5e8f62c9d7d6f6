"""What somebody reported, by name or in confidence, or has the code for: read, changed, taken back by them alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.errors import MoveRefused
from bot.friction import sights, tickets
from bot.friction.filing import LONGEST_WORDS, claimed
from bot.friction.kinds import CustomerEffect, Frequency, Privacy
from bot.friction.moves import Event, State
from bot.friction.reporters import Reporter, day_of
from bot.friction.roles import Actor, reported_by
from bot.friction.sealing import Sealer
from bot.friction.suppression import FEWEST
from bot.friction.tables import EventRow, ReportCustomerRow, ReportRow, TicketRow
from bot.friction.titling import title_of

MOST = 10
# What reporters say themselves; whoever reads of their reports is told what others say.
_THEIR_OWN = (Event.ANSWER, "import")
TAKEN_BACK = "(taken back)"


@dataclass(frozen=True, slots=True)
class Mine:
    """A report with how its ticket stands; `question` is one that waits for an answer, `said` what was last told of it.

    `colleagues` is how many others are on it, None where they are too few to be counted. `seen_by`: who looked up the
    name.
    """

    report: int
    number: int
    title: str
    words: str
    privacy: Privacy
    state: State
    owner: str
    colleagues: int | None
    question: str = ""
    said: str = ""
    resolution: str = ""
    minutes: float | None = None
    frequency: str = ""
    effect: str = CustomerEffect.NONE
    seen_by: tuple[str, ...] = field(default=())

    @property
    def open(self) -> bool:
        return self.state.open


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody says anew of their report; `words` are masked."""

    words: str
    minutes: float | None
    frequency: Frequency | None
    effect: CustomerEffect


def of(session: Session, who: Reporter, *, sealer: Sealer) -> list[Mine]:
    """The newest of somebody's reports, by name or in confidence: what waits for them first, then what is open."""
    mark = who.handle(sealer)
    rows = session.scalars(select(ReportRow).where(ReportRow.handle == mark).order_by(ReportRow.id.desc()).limit(MOST))
    found = _read(session, rows.all())
    return sorted(found, key=lambda one: (not one.question, one.state is not State.RESOLVED, not one.open, -one.report))


def under(session: Session, code: str, *, sealer: Sealer) -> Mine | None:
    """The anonymous report of a code."""
    row = claimed(session, code, sealer=sealer)
    return read(session, row) if row else None


def read(session: Session, report: ReportRow) -> Mine:
    return _read(session, [report])[0]


def report_of(session: Session, number: int, actor: Actor, *, sealer: Sealer) -> ReportRow:
    """Somebody's own report of a ticket. Raises `MoveRefused` for anybody else."""
    found = reported_by(session, tickets.standing(session, number), actor, sealer=sealer)
    if not found:
        raise MoveRefused(f"You have no report of {tickets.key(number)}. `/friction mine` lists yours.")
    return found[0]


def change(session: Session, report: ReportRow, to: Change, *, now: datetime) -> TicketRow:
    """Say it anew; whoever works on it sees the new words. Raises `MoveRefused` where the ticket is over."""
    row = tickets.standing(session, report.ticket)
    if not State(row.state).open:
        raise MoveRefused(f"{tickets.key(row.id)} is over. Report it anew if it happens again.")
    report.words = to.words.strip()[:LONGEST_WORDS] or report.words
    report.minutes, report.frequency, report.effect = to.minutes, to.frequency or "", to.effect
    _note(session, row, report, "change", now=now)
    return row


def take_back(session: Session, report: ReportRow, *, now: datetime) -> TicketRow:
    """Nothing of it stays but that there was one: neither words nor name, nor a customer.

    The ticket is withdrawn by a move where nobody else is on it; that is for the caller.
    """
    row = tickets.standing(session, report.ticket)
    alone = len(tickets.handles(session, row.id)) == 1
    session.execute(delete(ReportCustomerRow).where(ReportCustomerRow.report == report.id))
    if alone:
        report.words, report.name, report.reached, report.evidence = "", "", "", []
        row.title = TAKEN_BACK
    else:
        _note(session, row, report, "take_back", now=now)
        session.delete(report)
        session.flush()
        if report.first:
            _begin_with_another(session, row)
    session.flush()
    return row


def _begin_with_another(session: Session, row: TicketRow) -> None:
    """The title was in the words of whoever took them back."""
    first = tickets.reports(session, row.id)[0]
    first.first = first.ticket == row.id
    row.title = next((title for one in tickets.reports(session, row.id) if (title := title_of(one.words))), TAKEN_BACK)


def _note(session: Session, row: TicketRow, report: ReportRow, event: str, *, now: datetime) -> None:
    """Without a name: only its reporter can do this, and whoever may know them can look them up."""
    session.add(
        EventRow(
            ticket=row.id,
            at=day_of(now) if report.privacy == Privacy.ANONYMOUS else now,
            event=event,
            source=row.state,
            target=row.state,
            actor="",
            actor_name="",
            words="",
            changed={},
        )
    )
    session.flush()


def _read(session: Session, reports: Sequence[ReportRow]) -> list[Mine]:
    seen = sights.seen_by(session, [one.id for one in reports])
    return [replace(_mine(session, one), seen_by=tuple(seen.get(one.id, ()))) for one in reports]


def _mine(session: Session, report: ReportRow) -> Mine:
    row = tickets.standing(session, report.ticket)
    state, others = State(row.state), len(tickets.handles(session, row.id)) - 1
    last = session.scalars(
        select(EventRow)
        .where(
            EventRow.ticket == row.id,
            EventRow.target == row.state,
            EventRow.words != "",
            EventRow.event.not_in(_THEIR_OWN),
        )
        .order_by(EventRow.id.desc())
        .limit(1)
    ).one_or_none()
    words = last.words if last else ""
    return Mine(
        report=report.id,
        number=row.id,
        title=row.title,
        words=report.words,
        privacy=Privacy(report.privacy),
        state=state,
        owner=row.team,
        colleagues=others if others + 1 >= FEWEST else None,
        question=words if state is State.WAITING_REPORTER else "",
        said="" if state is State.WAITING_REPORTER else words,
        resolution=row.resolution if not state.open else "",
        minutes=report.minutes,
        frequency=report.frequency,
        effect=report.effect,
    )
