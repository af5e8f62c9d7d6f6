"""Records into the tables: added, corrected, left alone, taken out; each with its customer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.customers import identity, merging
from bot.customers.batches import batched
from bot.customers.kinds import KeyKind
from bot.customers.owners import owners_of
from bot.customers.rows import Key, Record
from bot.customers.tables import CustomerRow, KeyRow, RecordRow, new_alias


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it is in the tables."""

    id: int
    customer: int
    digest: str


@dataclass(slots=True)
class Difference:
    """What a batch changes: by the ids that its source gives."""

    added: list[Record] = field(default_factory=list)
    changed: list[Record] = field(default_factory=list)
    gone: list[Standing] = field(default_factory=list)
    unchanged: list[Standing] = field(default_factory=list)
    standing: dict[str, Standing] = field(default_factory=dict)


@dataclass(slots=True)
class Written:
    """`touched` are the customers who may look like others now; `homeless` are records whose owner nobody knows."""

    touched: set[int] = field(default_factory=set)
    merged: int = 0
    homeless: list[tuple[Record, str]] = field(default_factory=list)


def difference(session: Session, source: str, kind: str, records: list[Record]) -> Difference:
    """What these records, each id once, are beside the tables."""
    found = Difference()
    for some in batched(records):
        asked = select(RecordRow.source_id, RecordRow.id, RecordRow.customer, RecordRow.digest).where(
            RecordRow.source == source,
            RecordRow.kind == kind,
            RecordRow.source_id.in_([record.source_id for record in some]),
        )
        found.standing |= {
            key: Standing(number, customer, digest) for key, number, customer, digest in session.execute(asked)
        }
    for record in records:
        before = found.standing.get(record.source_id)
        if record.gone:
            found.gone += [before] if before else []
        elif before is None:
            found.added.append(record)
        elif before.digest == record.digest:
            found.unchanged.append(before)
        else:
            found.changed.append(record)
    return found


def write_customers(
    session: Session, source: str, kind: str, found: Difference, *, by: Collection[KeyKind], now: datetime
) -> Written:
    """Customers' own records; `by` says which keys make two of them one."""
    records = [*found.added, *found.changed]
    standing = {record.source_id: found.standing[record.source_id].customer for record in found.changed}
    resolved = identity.resolve(session, records, standing, by=by, now=now)
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


def write_belongings(session: Session, source: str, kind: str, found: Difference, *, now: datetime) -> Written:
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
    aliases = [new_alias() for _ in names]
    rows = [{"alias": alias, "name": name, "first_seen": now} for alias, name in zip(aliases, names, strict=True)]
    ids: dict[str, int] = {}
    for some in batched(rows):
        session.execute(insert(CustomerRow), some)
        made = select(CustomerRow.alias, CustomerRow.id).where(CustomerRow.alias.in_([row["alias"] for row in some]))
        ids |= {alias: number for alias, number in session.execute(made)}
    return [ids[alias] for alias in aliases]


def add_records(
    session: Session, source: str, kind: str, records: Iterable[tuple[Record, int]], *, now: datetime
) -> None:
    """New records of these customers, with their keys."""
    for some in batched(records):
        rows = [
            {
                "source": source,
                "kind": kind,
                "source_id": record.source_id,
                "customer": customer,
                "fields": record.fields or {},
                "digest": record.digest,
                "seen_at": now,
            }
            for record, customer in some
        ]
        session.execute(insert(RecordRow), rows)
        asked = select(RecordRow.source_id, RecordRow.id).where(
            RecordRow.source == source,
            RecordRow.kind == kind,
            RecordRow.source_id.in_([record.source_id for record, _ in some]),
        )
        ids = {source_id: number for source_id, number in session.execute(asked)}
        _add_keys(session, [(record.keys, customer, ids[record.source_id]) for record, customer in some])


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
    session: Session, source: str, kind: str, found: Difference, homes: dict[str, int], *, now: datetime
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
    for some in batched(rows):
        session.execute(insert(KeyRow), some)


def _name_the_nameless(session: Session, records: list[Record], homes: dict[int, int]) -> None:
    """A customer who was only a number until now gets the name that a system knows."""
    nameless = {customer for customer, name in identity.names_of(session, set(homes.values())).items() if not name}
    merging.name(session, {homes[place] for place, record in enumerate(records) if record.name} & nameless)
