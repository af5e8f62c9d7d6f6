"""Interactions into their table; one from a number or address that nobody is known by makes a customer of that alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.customers import merging, record_store
from bot.customers.batches import batched
from bot.customers.owners import CONTACT, Owners, owners_of
from bot.customers.rows import Contact, Key, Record
from bot.customers.tables import InteractionRow, RecordRow


@dataclass(frozen=True, slots=True)
class Standing:
    """An interaction as it is in the table."""

    id: int
    customer: int
    digest: str


@dataclass(slots=True)
class Difference:
    """What a batch changes: by the ids that its source gives."""

    added: list[Contact] = field(default_factory=list)
    changed: list[Contact] = field(default_factory=list)
    gone: list[Standing] = field(default_factory=list)
    unchanged: list[Standing] = field(default_factory=list)
    standing: dict[str, Standing] = field(default_factory=dict)


def difference(session: Session, source: str, contacts: list[Contact]) -> Difference:
    """What these interactions, each id once, are beside the table."""
    found = Difference()
    for some in batched(contacts):
        asked = select(
            InteractionRow.source_id, InteractionRow.id, InteractionRow.customer, InteractionRow.digest
        ).where(InteractionRow.source == source, InteractionRow.source_id.in_([each.source_id for each in some]))
        found.standing |= {
            key: Standing(number, customer, digest) for key, number, customer, digest in session.execute(asked)
        }
    for contact in contacts:
        before = found.standing.get(contact.source_id)
        if contact.gone:
            found.gone += [before] if before else []
        elif before is None:
            found.added.append(contact)
        elif before.digest == contact.digest:
            found.unchanged.append(before)
        else:
            found.changed.append(contact)
    return found


def write(session: Session, source: str, found: Difference, *, now: datetime) -> int:
    """Gives how many interactions came from what several customers have: they stand under that key itself."""
    contacts = [*found.added, *found.changed]
    homes, shared = _homes(session, source, contacts, now=now)
    rows: list[dict[str, Any]] = [
        {
            "source": source,
            "source_id": contact.source_id,
            "customer": customer,
            "known_by": f"{key.kind}:{key.issuer}:{key.value}",
            "digest": contact.digest,
            **(contact.columns or {}),
        }
        for contact, (customer, key) in zip(contacts, homes, strict=True)
    ]
    for some in batched(rows[: len(found.added)]):
        session.execute(insert(InteractionRow), some)
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
    records = {key: Record("", f"{key.kind}:{key.issuer}:{key.value}"[:200], fields={}, keys=(key,)) for key in ordered}
    standing: dict[str, int] = {}
    for some in batched(records.values()):
        asked = select(RecordRow.source_id, RecordRow.customer).where(
            RecordRow.source == source,
            RecordRow.kind == CONTACT,
            RecordRow.source_id.in_([record.source_id for record in some]),
        )
        standing |= {source_id: customer for source_id, customer in session.execute(asked)}
    new = [key for key in ordered if records[key].source_id not in standing]
    customers = record_store.new_customers(session, [""] * len(new), now=now)
    made = dict(zip(new, customers, strict=True))
    record_store.add_records(session, source, CONTACT, [(records[key], made[key]) for key in new], now=now)
    return {key: made[key] if key in made else standing[records[key].source_id] for key in ordered}


def drop_the_empty(session: Session, interactions: Iterable[Standing]) -> None:
    merging.drop_the_empty(session, {each.customer for each in interactions})
