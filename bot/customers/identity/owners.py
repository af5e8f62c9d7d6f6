"""Who is known by a key: customers whom a system named, and those who are a number or address that contacted us."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.customers.batches import batched, one_of
from bot.customers.kinds import KeyKind
from bot.customers.records import Key
from bot.customers.tables import KeyRow, RecordRow

# The kind of a record of which nothing is known but the key that somebody contacted us by.
CONTACT = "contact"


@dataclass(slots=True)
class Owners:
    """The customers with one key: `named` by a system, or only `met` on a channel."""

    named: set[int] = field(default_factory=set)
    met: set[int] = field(default_factory=set)


def owners_of(session: Session, keys: Collection[Key]) -> dict[Key, Owners]:
    """Of each key that somebody has."""
    found: dict[Key, Owners] = {}
    ordered = sorted(set(keys), key=lambda key: key.kind)
    for kind, group in groupby(ordered, key=lambda key: key.kind):
        wanted = set(group)
        for values in batched(sorted({key.value for key in wanted})):
            _add(session, kind, values, wanted=wanted, to=found)
    return found


def _add(session: Session, kind: KeyKind, values: list[str], *, wanted: set[Key], to: dict[Key, Owners]) -> None:
    asked = (
        select(KeyRow.issuer, KeyRow.value, KeyRow.customer, RecordRow.kind)
        .join(RecordRow, RecordRow.id == KeyRow.record)
        .where(KeyRow.kind == kind, one_of(session, KeyRow.value, values))
    )
    for issuer, value, customer, of in session.execute(asked):
        key = Key(kind, issuer, value)
        if key in wanted:
            owners = to.setdefault(key, Owners())
            (owners.met if of == CONTACT else owners.named).add(customer)
