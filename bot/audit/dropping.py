"""Rows past their time, deleted from the oldest end only, so that the rest still is one chain.

First a row is added that names the last of them with its hash: the chain is read on from there, and the database lets
nobody delete a row that no such row has named.
"""

from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.audit.chain import append
from bot.audit.rows import AuditRow, Entry, Purpose

# Three years: the longest that the French data protection authority (CNIL, deliberation 2021-122 on logs) finds right
# in most cases for logs by which a misuse by one's own people is found. Complaints come late, and then it is all there.
KEPT = timedelta(days=3 * 365)
# Not each hour a row that says so.
AT_LEAST = timedelta(days=1)
# So many take some tenths of a second, and other writers wait meanwhile.
AT_ONCE = 10_000


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what is past its time; some of it where that is very much, the rest the next time."""
    oldest = session.execute(select(AuditRow.number, AuditRow.at).order_by(AuditRow.number).limit(1)).one_or_none()
    if oldest is None or oldest.at >= now - KEPT - AT_LEAST:
        return
    first = select(AuditRow.number, AuditRow.at, AuditRow.hash).where(AuditRow.number < oldest.number + AT_ONCE)
    *_, last = takewhile(lambda row: row.at < now - KEPT, session.execute(first.order_by(AuditRow.number)))
    entry = Entry(at=now, workspace="", person="", purpose=Purpose.DROPPED, reference=last.hash, dropped=last.number)
    append(session, entry)
    session.execute(delete(AuditRow).where(AuditRow.number <= last.number))
