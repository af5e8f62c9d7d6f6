"""Which customer a record is of: by the keys that its mapping lets decide, where the names do not speak against it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.customers import normal
from bot.customers.batches import batched, one_of
from bot.customers.identity import merging
from bot.customers.identity.owners import owners_of
from bot.customers.kinds import KeyKind
from bot.customers.records import Key, Record
from bot.customers.tables import CustomerRow

# "Jon Smith" and "John Smyth" share an address book entry; "Ana Li" and "Raj Santos" share a mailbox (of 100).
SAME_NAME = 70.0


@dataclass(slots=True)
class Resolved:
    """`customers`: place in the list of records -> customer, where there is one; `merged` became one on the way."""

    customers: dict[int, int] = field(default_factory=dict)
    same_as: dict[int, int] = field(default_factory=dict)  # record -> an earlier record of the same, new customer
    merged: int = 0


def resolve(
    session: Session, records: list[Record], standing: Mapping[str, int], *, by: Collection[KeyKind], now: datetime
) -> Resolved:
    """Whose these records are. `standing`: the customer of a record that was there before, by its source id."""
    found = Resolved()
    deciding = [[key for key in record.keys if key.kind in by] for record in records]
    owners = owners_of(session, [key for keys in deciding for key in keys])
    known = {customer for each in owners.values() for customer in each.named} | set(standing.values())
    names = names_of(session, known)
    refused = merging.refused_pairs(session, known)
    fresh: dict[Key, int] = {}  # a key -> the first record of this batch that has it and is of a new customer
    now_in: dict[int, int] = {}  # merged on the way -> into whom
    for place, (record, keys) in enumerate(zip(records, deciding, strict=True)):
        own = standing.get(record.source_id)
        candidates = sorted(
            {
                _end(now_in, customer)
                for key in keys
                if key in owners
                for customer in owners[key].named
                if agree(record.name, names.get(customer, ""))
            }
        )
        chosen = _end(now_in, own) if own is not None else next(iter(candidates), None)
        if chosen is None:
            first = next(
                (fresh[key] for key in keys if key in fresh and agree(record.name, records[fresh[key]].name)), None
            )
            if first is not None:
                found.same_as[place] = first
            fresh |= {key: place for key in keys if key not in fresh and first is None}
            continue
        found.customers[place] = chosen
        for other in candidates:
            if other != chosen and not _refused(refused, other, chosen):
                reason = f"the same {', '.join(sorted({key.kind for key in keys}))}"
                merging.merge(session, chosen, other, by=merging.RULE, reason=reason, now=now)
                now_in[other] = chosen
                found.merged += 1
    found.customers = {place: _end(now_in, customer) for place, customer in found.customers.items()}
    return found


def agree(one: str, other: str) -> bool:
    """Whether two names can be of one person; a missing one speaks against nothing."""
    return not one or not other or likeness(one, other) >= SAME_NAME


def likeness(one: str, other: str) -> float:
    """Of 100: how near two names are, whatever their order, accents and middle names."""
    first, second = " ".join(normal.words(one)), " ".join(normal.words(other))
    return max(fuzz.token_sort_ratio(first, second), 0.97 * fuzz.token_set_ratio(first, second))


def names_of(session: Session, customers: Iterable[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for ids in batched(sorted(customers)):
        asked = select(CustomerRow.id, CustomerRow.name).where(one_of(session, CustomerRow.id, ids))
        names |= dict(session.execute(asked).all())
    return names


def _refused(pairs: set[tuple[int, int]], one: int, other: int) -> bool:
    return (min(one, other), max(one, other)) in pairs


def _end(now_in: Mapping[int, int], customer: int) -> int:
    while customer in now_in:
        customer = now_in[customer]
    return customer
