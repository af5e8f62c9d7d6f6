"""Whether customers are still there when something of them is about to be shown that was read a moment before."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.customers.tables import CustomerRow


class ErasedMeanwhile(Exception):
    """Somebody was erased between reading and showing. Whoever works on it reads once more."""


def must_stand(session: Session, aliases: Collection[str]) -> None:
    """Asked in the transaction that shows them: an erasure comes before it, or after and takes what it owed along.

    Raises `ErasedMeanwhile`.
    """
    wanted = set(aliases)
    there = select(func.count()).select_from(CustomerRow).where(CustomerRow.alias.in_(wanted))
    if wanted and session.scalar(there) != len(wanted):
        raise ErasedMeanwhile("a customer was erased while something of them was put together")
