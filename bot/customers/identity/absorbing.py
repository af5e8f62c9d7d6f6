"""Who was only a number or an address becomes the one customer whom a system knows by it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, aliased

from bot.customers.identity import merging
from bot.customers.identity.owners import CONTACT
from bot.customers.tables import KeyRow, RecordRow


def absorb(session: Session, *, now: datetime, among: Collection[int] | None = None) -> int:
    """Gives how many were merged. Where several customers have the key, it stays apart: nobody guesses.

    `among`: only into one of these customers, whose keys may be new; else into anybody.
    """
    merged = 0
    for stranger, known in _pairs(session, among).items():
        if len(known) == 1 and not merging.refused_pairs(session, [stranger, *known]):
            reason = "the only customer with this number or address"
            merging.merge(session, known.pop(), stranger, by=merging.RULE, reason=reason, now=now)
            merged += 1
    return merged


def _pairs(session: Session, among: Collection[int] | None) -> dict[int, set[int]]:
    """Strangers, and who is known by the key of each."""
    met, known, theirs, more = aliased(KeyRow), aliased(KeyRow), aliased(RecordRow), aliased(RecordRow)
    same = and_(
        known.value == met.value,
        known.kind == met.kind,
        known.issuer == met.issuer,
        known.customer != met.customer,
    )
    asked = (
        select(met.customer, known.customer)
        .distinct()
        .join(RecordRow, RecordRow.id == met.record)
        .join(known, same)
        .join(theirs, theirs.id == known.record)
        .where(
            RecordRow.kind == CONTACT,
            theirs.kind != CONTACT,
            ~exists().where(more.customer == met.customer, more.kind != CONTACT),
        )
    )
    if among is not None:
        strangers = asked.where(known.customer.in_(among)).with_only_columns(met.customer)
        asked = asked.where(met.customer.in_(list(session.scalars(strangers))))
    found: dict[int, set[int]] = defaultdict(set)
    for stranger, customer in session.execute(asked):
        found[stranger].add(customer)
    return found
