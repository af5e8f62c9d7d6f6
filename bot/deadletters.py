"""What could not be delivered, for admins: to look at, to send again, to let go. And how delivery stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot import outbox, pacing
from bot.database import Database
from bot.errors import NoSuchMessage
from bot.outbox import OutboxRow, State
from bot.pacing import Closed
from bot.people import Person, must_be_admin


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be delivered: what kind, where to, and why. Never what it says.

    `channel` is "" for what was meant for a person beside any channel; `person` is "" where everybody was to see it.
    `workspace` is its id at Slack: the ids of channels and people mean something there only.
    """

    number: int
    workspace: str
    kind: str
    channel: str
    thread: str
    person: str
    reason: str
    attempts: int
    owed_at: datetime
    died_at: datetime

    @property
    def where(self) -> str:
        """For people: "C1, for U1 alone"."""
        if self.kind == outbox.HOME:
            return f"the Home of {self.person}"
        if not self.channel:
            return f"a direct message to {self.person}"
        place = f"a thread of {self.channel}" if self.thread else self.channel
        return f"{place}, for {self.person} alone" if self.person else place


@dataclass(frozen=True, slots=True)
class Deliveries:
    """How delivery stands. `closed`: why nothing at all goes out just now; `oldest`: since when the first waits."""

    waiting: int
    oldest: datetime | None
    closed: Closed | None
    dead: int


def standing(session: Session, *, now: datetime) -> Deliveries:
    waiting = OutboxRow.state == State.WAITING
    count, oldest = session.execute(select(func.count(), func.min(OutboxRow.created_at)).where(waiting)).one()
    return Deliveries(count, oldest, pacing.closed(session, now=now), outbox.dead(session))


class DeadLetters:
    """Who may look at them, and what can be done about them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def deliveries(self, *, by: Person, now: datetime) -> Deliveries:
        """How delivery stands."""
        must_be_admin(by)
        with self._database.reading() as session:
            return standing(session, now=now)

    def letters(self, *, by: Person) -> list[DeadLetter]:
        """What could not be delivered, newest first."""
        must_be_admin(by)
        with self._database.reading() as session:
            rows = session.scalars(
                select(OutboxRow).where(OutboxRow.state == State.DEAD).order_by(OutboxRow.died_at.desc(), OutboxRow.id)
            )
            return [_letter(row) for row in rows]

    def replay(self, number: int, *, by: Person, now: datetime) -> DeadLetter:
        """Send one again, as if it were owed now. Raises `NoSuchMessage`."""
        must_be_admin(by)
        with self._database.writing.begin() as session:
            letter = _the_letter(session, number)
            _replay(session, [number], now)
        return letter

    def replay_all(self, *, by: Person, now: datetime) -> int:
        """Send all of them again; returns how many."""
        must_be_admin(by)
        with self._database.writing.begin() as session:
            numbers = list(session.scalars(select(OutboxRow.id).where(OutboxRow.state == State.DEAD)))
            _replay(session, numbers, now)
        return len(numbers)

    def drop(self, number: int, *, by: Person) -> DeadLetter:
        """Let one go for good. Raises `NoSuchMessage`."""
        must_be_admin(by)
        with self._database.writing.begin() as session:
            letter = _the_letter(session, number)
            session.execute(delete(OutboxRow).where(OutboxRow.id == number))
        return letter


def _the_letter(session: Session, number: int) -> DeadLetter:
    row = session.scalars(select(OutboxRow).where(OutboxRow.id == number, OutboxRow.state == State.DEAD)).one_or_none()
    if row is None:
        raise NoSuchMessage(f"No undelivered message has the number {number}. `throughline messages` lists them.")
    return _letter(row)


def _replay(session: Session, numbers: list[int], now: datetime) -> None:
    """With all attempts and a day before it; whether it may have been posted before is still looked up."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(numbers))
        .values(state=State.WAITING, attempts=0, next_at=now, replayed_at=now, died_at=None, fault="")
    )


def _letter(row: OutboxRow) -> DeadLetter:
    return DeadLetter(
        number=row.id,
        workspace=row.workspace,
        kind=row.kind,
        channel=row.destination["channel"],
        thread=row.destination.get("thread") or "",
        person=row.destination.get("only") or "",
        reason=row.fault,
        attempts=row.attempts,
        owed_at=row.created_at,
        died_at=row.died_at or row.created_at,
    )
