"""Interactions into their table; a number or address that nobody is known by becomes a customer of its own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bot.customers.adding import add
from bot.customers.batches import batched
from bot.customers.feeds import record_store
from bot.customers.feeds.differences import Difference, Standing
from bot.customers.identity.owners import CONTACT, Owners, owners_of
from bot.customers.records import Contact, Key, Record
from bot.customers.tables import InteractionRow, RecordRow


def of_source(source: str) -> ColumnElement[bool]:
    """Which interactions this source told of."""
    return InteractionRow.source == source


def write(session: Session, source: str, found: Difference[Contact], *, now: datetime) -> int:
    """Gives how many interactions came from what several customers have: they stand under that key itself."""
    contacts = [*found.added, *found.changed]
    homes, shared = _homes(session, source, contacts, now=now)
    rows: list[dict[str, Any]] = [
        {
            "source": source,
            "source_id": contact.source_id,
            "customer": customer,
            "known_by": str(key),
            "digest": contact.digest,
            **(contact.columns or {}),
        }
        for contact, (customer, key) in zip(contacts, homes, strict=True)
    ]
    add(session, InteractionRow, rows[: len(found.added)])
    for some in batched(rows[len(found.added) :]):
        session.execute(
            update(InteractionRow), [{**row, "id": found.standing[str(row["source_id"])].id} for row in some]
        )
    take_out(session, found.gone)
    return shared


def take_out(session: Session, interactions: Iterable[Standing]) -> None:
    for some in batched(interactions):
        session.execute(delete(InteractionRow).where(InteractionRow.id.in_([each.id for each in some])))


def _homes(
    session: Session, source: str, contacts: list[Contact], *, now: datetime
) -> tuple[list[tuple[int, Key]], int]:
    """For each contact the customer, and the key that led there."""
    owners = owners_of(session, [key for contact in contacts for key in contact.customer])
    chosen = [_chosen(contact.customer, owners) for contact in contacts]
    strangers = {key for customer, key, _ in chosen if customer is None}
    made = _strangers(session, source, strangers, now=now)
    homes = [(made[key] if customer is None else customer, key) for customer, key, _ in chosen]
    return homes, sum(several for _, _, several in chosen)


def _chosen(keys: tuple[Key, ...], owners: dict[Key, Owners]) -> tuple[int | None, Key, bool]:
    """The one customer whom all keys that somebody has allow; None where there is none. Third: whether several are."""
    named = [(key, owners[key].named) for key in keys if key in owners and owners[key].named]
    if named:
        common = set.intersection(*(customers for _, customers in named))
        if len(common) == 1:
            return common.pop(), named[0][0], False
        key = named[0][0]
        met = owners[key].met - owners[key].named
        return (met.pop() if len(met) == 1 else None), key, True
    for key in keys:
        if key in owners and len(owners[key].met) == 1:
            return next(iter(owners[key].met)), key, False
    return None, keys[0], False


def _strangers(session: Session, source: str, keys: set[Key], *, now: datetime) -> dict[Key, int]:
    """A customer for each key, of whom nothing else is known."""
    ordered = sorted(keys, key=lambda key: (key.kind, key.issuer, key.value))
    records = {key: Record("", str(key)[:200], fields={}, keys=(key,)) for key in ordered}
    standing: dict[str, int] = {}
    for some in batched(records.values()):
        asked = select(RecordRow.source_id, RecordRow.customer).where(
            RecordRow.source == source,
            RecordRow.kind == CONTACT,
            RecordRow.source_id.in_([record.source_id for record in some]),
        )
        standing |= dict(session.execute(asked).all())
    new = [key for key in ordered if records[key].source_id not in standing]
    customers = record_store.new_customers(session, [""] * len(new), now=now)
    made = dict(zip(new, customers, strict=True))
    record_store.add_records(session, source, CONTACT, [(records[key], made[key]) for key in new], now=now)
    return {key: made[key] if key in made else standing[records[key].source_id] for key in ordered}
