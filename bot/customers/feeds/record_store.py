"""Records into the tables: added, corrected, left alone, taken out; each with its customer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, update
from sqlalchemy.orm import Session

from bot.customers.adding import add, numbers
from bot.customers.batches import batched
from bot.customers.feeds.differences import Difference, Standing
from bot.customers.identity import merging, resolving
from bot.customers.identity.owners import owners_of
from bot.customers.kinds import KeyKind
from bot.customers.records import Key, Record
from bot.customers.tables import CustomerRow, KeyRow, RecordRow, new_alias


@dataclass(slots=True)
class Written:
    """`touched` are the customers who may look like others now; `homeless` are records whose owner nobody knows."""

    touched: set[int] = field(default_factory=set)
    merged: int = 0
    homeless: list[tuple[Record, str]] = field(default_factory=list)


def of_kind(source: str, kind: str) -> ColumnElement[bool]:
    """Which records are of this kind in this source."""
    return and_(RecordRow.source == source, RecordRow.kind == kind)


def write_customers(
    session: Session, source: str, kind: str, found: Difference[Record], *, by: Collection[KeyKind], now: datetime
) -> Written:
    """Customers' own records; `by` says which keys make two of them one."""
    records = [*found.added, *found.changed]
    standing = {record.source_id: found.standing[record.source_id].customer for record in found.changed}
    resolved = resolving.resolve(session, records, standing, by=by, now=now)
    homes = resolved.customers
    fresh = [place for place in range(len(records)) if place not in homes and place not in resolved.same_as]
    homes |= dict(zip(fresh, new_customers(session, [records[place].name for place in fresh], now=now), strict=True))
    homes |= {place: homes[first] for place, first in resolved.same_as.items()}
    _write(
        session,
        source,
        kind,
        found,
        dict(zip((r.source_id for r in records), map(homes.__getitem__, range(len(records))), strict=True)),
        now=now,
    )
    merging.name(session, {homes[place] for place in range(len(found.added), len(records))})
    _name_the_nameless(session, records, homes)
    take_out(session, found.gone)
    return Written(set(homes.values()), resolved.merged)


def write_belongings(session: Session, source: str, kind: str, found: Difference[Record], *, now: datetime) -> Written:
    """Records of what is somebody's, as orders and accounts."""
    written = Written()
    records = [*found.added, *found.changed]
    owners = owners_of(session, [key for record in records for key in record.owner])
    homes: dict[str, int] = {}
    for record in records:
        whose = {customer for key in record.owner if key in owners for customer in owners[key].named | owners[key].met}
        if len(whose) == 1:
            homes[record.source_id] = whose.pop()
        else:
            written.homeless.append((record, "several customers are" if whose else "no customer is"))
    _write(session, source, kind, found, homes, now=now)
    take_out(session, found.gone)
    return written


def new_customers(session: Session, names: list[str], *, now: datetime) -> list[int]:
    """Their ids, in the order of the names."""
    ids = numbers(session, CustomerRow, len(names))
    rows = [
        {"id": number, "alias": new_alias(), "name": name, "first_seen": now}
        for number, name in zip(ids, names, strict=True)
    ]
    add(session, CustomerRow, rows)
    return ids


def add_records(
    session: Session, source: str, kind: str, records: Iterable[tuple[Record, int]], *, now: datetime
) -> None:
    """New records of these customers, with their keys."""
    every = list(records)
    ids = numbers(session, RecordRow, len(every))
    rows = [
        {
            "id": number,
            "source": source,
            "kind": kind,
            "source_id": record.source_id,
            "customer": customer,
            "fields": record.fields or {},
            "digest": record.digest,
            "seen_at": now,
        }
        for number, (record, customer) in zip(ids, every, strict=True)
    ]
    add(session, RecordRow, rows)
    _add_keys(session, [(record.keys, customer, number) for number, (record, customer) in zip(ids, every, strict=True)])


def take_out(session: Session, records: Iterable[Standing]) -> None:
    """Remove records with their keys, and customers of whom nothing is left."""
    for some in batched(records):
        ids = [record.id for record in some]
        session.execute(delete(KeyRow).where(KeyRow.record.in_(ids)))
        session.execute(delete(RecordRow).where(RecordRow.id.in_(ids)))
        customers = {record.customer for record in some}
        merging.drop_the_empty(session, customers)
        merging.name(session, customers)


def _write(
    session: Session, source: str, kind: str, found: Difference[Record], homes: dict[str, int], *, now: datetime
) -> None:
    added = [(record, homes[record.source_id]) for record in found.added if record.source_id in homes]
    add_records(session, source, kind, added, now=now)
    changed = [(record, homes[record.source_id]) for record in found.changed if record.source_id in homes]
    for some in batched(changed):
        ids = [found.standing[record.source_id].id for record, _ in some]
        session.execute(delete(KeyRow).where(KeyRow.record.in_(ids)))
        session.execute(
            update(RecordRow),
            [
                {
                    "id": number,
                    "customer": customer,
                    "fields": record.fields or {},
                    "digest": record.digest,
                    "seen_at": now,
                }
                for number, (record, customer) in zip(ids, some, strict=True)
            ],
        )
        _add_keys(
            session, [(record.keys, customer, number) for number, (record, customer) in zip(ids, some, strict=True)]
        )


def _add_keys(session: Session, of: Iterable[tuple[tuple[Key, ...], int, int]]) -> None:
    rows = [
        {"kind": key.kind, "issuer": key.issuer, "value": key.value, "customer": customer, "record": record}
        for keys, customer, record in of
        for key in keys
    ]
    add(session, KeyRow, rows)


def _name_the_nameless(session: Session, records: list[Record], homes: dict[int, int]) -> None:
    """A customer who was only a number until now gets the name that a system knows."""
    nameless = {customer for customer, name in resolving.names_of(session, set(homes.values())).items() if not name}
    merging.name(session, {homes[place] for place, record in enumerate(records) if record.name} & nameless)
