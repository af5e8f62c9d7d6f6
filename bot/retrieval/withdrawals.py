"""Pages taken out of all answers: from the very next question on, in every process, until they are restored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.retrieval.validity import WithdrawalRow

# A year and a month, as what was asked meanwhile: whoever looks into an old answer sees what was out of it.
KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    source: str
    reason: str
    by: str
    at: datetime


def standing(session: Session) -> list[Withdrawal]:
    """What is withdrawn now, latest first."""
    rows = session.scalars(
        select(WithdrawalRow).where(WithdrawalRow.restored_at.is_(None)).order_by(WithdrawalRow.id.desc())
    )
    return [Withdrawal(row.source, row.reason, row.by, row.at) for row in rows]


def withdraw(session: Session, source: str, *, reason: str, by: str, now: datetime) -> bool:
    """Take a page out; False where it is out already."""
    if any(one.source == source for one in standing(session)):
        return False
    session.add(WithdrawalRow(source=source, reason=reason, by=by, at=now, restored_at=None, restored_by=""))
    return True


def restore(session: Session, source: str, *, by: str, now: datetime) -> bool:
    """Let a page answer again; False where it was not withdrawn."""
    changed = session.execute(
        update(WithdrawalRow)
        .where(WithdrawalRow.source == source, WithdrawalRow.restored_at.is_(None))
        .values(restored_at=now, restored_by=by)
        .returning(WithdrawalRow.id)
    )
    return bool(changed.all())


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop withdrawals that were taken back longer ago than they are kept."""
    session.execute(delete(WithdrawalRow).where(WithdrawalRow.restored_at < now - KEPT))
