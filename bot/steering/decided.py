"""A mark that changes with whatever people decide about signals, and take back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.steering.tables import DecisionRow, VerdictRow

# The newest of each kind of decision: a number alone may come again, where one was taken back.
Decided = tuple[tuple[int, datetime] | None, ...]


def decided(session: Session) -> Decided:
    newest = (select(row.id, row.at).order_by(row.id.desc()).limit(1) for row in (DecisionRow, VerdictRow))
    rows = (session.execute(asked).one_or_none() for asked in newest)
    return tuple(None if row is None else (row.id, row.at) for row in rows)
