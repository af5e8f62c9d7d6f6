"""Customers who look like one: proposed with the reason, and merged or kept apart by a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, aliased

from bot.customers import normal
from bot.customers.adding import add
from bot.customers.batches import batched, one_of
from bot.customers.identity import merging, resolving
from bot.customers.kinds import KeyKind, ProposalState
from bot.customers.tables import CustomerRow, KeyRow, ProposalRow, RecordRow
from bot.errors import IdentityError

# Pairs are compared only where they have one of these in common; everything with everything would never end.
_MEETING = (KeyKind.NEAR, KeyKind.STREET, KeyKind.EMAIL, KeyKind.PHONE)
# A reception, a household of twenty: who shares it with so many is not told apart, and not found, by it.
_MOST_SHARERS = 10
# Of 100, as `likeness` tells: "Eva Ruiz" and "Dana Ruiz" are at 71, "Jon Smith" and "John Smyth" at 84.
LIKELY = 80.0
_NAME_WEIGHS = 0.6


@dataclass(frozen=True, slots=True)
class Side:
    """One of two who may be one: just enough to decide."""

    customer: int
    alias: str
    name: str
    records: tuple[str, ...]  # "shop customer 4711"
    address: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two customers who may be one; `score` is of 100."""

    number: int
    score: float
    reason: str
    one: Side
    other: Side


def propose(session: Session, customers: Collection[int], *, now: datetime) -> int:
    """Compare these customers with all who have something in common with them; gives how many pairs are new."""
    new = 0
    for some in batched(sorted(customers), 1000):
        pairs = _unseen(session, _meeting(session, some))
        people = _known(session, {customer for pair in pairs for customer in pair})
        rows = []
        for one, other in sorted(pairs):
            if one not in people or other not in people:
                continue
            score, reason = compared(people[one], people[other])
            if score >= LIKELY:
                rows.append(_row(one, other, score, reason, now))
        add(session, ProposalRow, rows)
        new += len(rows)
    return new


def compared(one: dict[str, Any], other: dict[str, Any]) -> tuple[float, str]:
    """How likely two are one, of 100, and why, from the fields of their records."""
    names = resolving.likeness(str(one.get("name", "")), str(other.get("name", "")))
    shared = [kind for kind in ("email", "phone") if set(_several(one.get(kind))) & set(_several(other.get(kind)))]
    where = 100.0 if shared else fuzz.token_sort_ratio(_address(one), _address(other))
    if names < LIKELY:
        return 0.0, ""
    score = _NAME_WEIGHS * names + (1 - _NAME_WEIGHS) * where
    named = "the same name" if names >= 99 else "names spelled alike"  # noqa: PLR2004 - of 100
    place = f"the same {' and '.join(shared)}" if shared else "nearly the same address"
    return round(score, 1), f"{named}, {place}"


def waiting(session: Session, *, limit: int) -> list[Proposal]:
    """What nobody decided yet, the likeliest first."""
    asked = (
        select(ProposalRow)
        .where(ProposalRow.state == ProposalState.OPEN)
        .order_by(ProposalRow.score.desc(), ProposalRow.id)
        .limit(limit)
    )
    return [
        Proposal(row.id, row.score, row.reason, side(session, row.one), side(session, row.other))
        for row in session.scalars(asked)
    ]


def accept(session: Session, number: int, *, by: str, now: datetime) -> int:
    """Make the two one; gives the number of the merge, by which it can be undone. Raises `IdentityError`."""
    row = _open(session, number)
    return merging.merge(session, row.one, row.other, by=by, reason=row.reason, now=now)


def refuse(session: Session, number: int, *, by: str, now: datetime) -> None:
    """They are two; no rule merges them and nobody is asked again. Raises `IdentityError`."""
    row = _open(session, number)
    merging.decide(session, row.one, row.other, state=ProposalState.REFUSED, by=by, now=now)


def side(session: Session, customer: int) -> Side:
    records = session.scalars(select(RecordRow).where(RecordRow.customer == customer).order_by(RecordRow.id)).all()
    named = session.get(CustomerRow, customer)
    fields: dict[str, Any] = {}
    for record in records:
        fields = {**record.fields, **fields}
    keys = [text for kind in ("email", "phone") for text in _several(fields.get(kind))]
    told = [f"{row.source} {row.kind} {row.source_id}" for row in records if row.kind == "customer"]
    alias, name = (named.alias, named.name) if named else ("", "")
    return Side(customer, alias, name, tuple(told), _address(fields), tuple(keys))


def _meeting(session: Session, customers: list[int]) -> set[tuple[int, int]]:
    """Pairs with a key in common, the smaller id first."""
    pairs: set[tuple[int, int]] = set()
    for kind in _MEETING:
        together: dict[str, set[int]] = {}
        for value, mine, other in session.execute(_sharing(session, kind, customers)):
            together.setdefault(value, set()).update((mine, other))
        for members in together.values():
            if len(members) <= _MOST_SHARERS:
                pairs |= {(min(a, b), max(a, b)) for a in members for b in members if a != b}
    wanted = set(customers)
    return {pair for pair in pairs if wanted.intersection(pair)}


def _sharing(session: Session, kind: KeyKind, customers: list[int]) -> Select[str, int, int]:
    mine, other = aliased(KeyRow), aliased(KeyRow)
    same = and_(other.value == mine.value, other.kind == kind, other.customer != mine.customer)
    return (
        select(mine.value, mine.customer, other.customer)
        .join(other, same)
        .where(mine.kind == kind, one_of(session, mine.customer, customers))
    )


def _unseen(session: Session, pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    for some in batched(sorted({one for one, _ in pairs})):
        asked = select(ProposalRow.one, ProposalRow.other).where(one_of(session, ProposalRow.one, some))
        seen |= {(one, other) for one, other in session.execute(asked)}
    return pairs - seen


def _known(session: Session, customers: Collection[int]) -> dict[int, dict[str, Any]]:
    """Fields of each customer's records together; of who is only a number there is nothing to compare."""
    fields: dict[int, dict[str, Any]] = {}
    for some in batched(sorted(customers)):
        asked = (
            select(RecordRow.customer, RecordRow.fields)
            .where(RecordRow.customer.in_(some), RecordRow.kind == "customer")
            .order_by(RecordRow.id)
        )
        for customer, said in session.execute(asked):
            fields[customer] = {**said, **fields.get(customer, {})}
    return fields


def _several(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []


def _address(fields: dict[str, Any]) -> str:
    return normal.plain(" ".join(str(fields.get(part, "")) for part in ("street", "postcode", "city")))


def _row(one: int, other: int, score: float, reason: str, now: datetime) -> dict[str, Any]:
    return {
        "one": one,
        "other": other,
        "score": score,
        "reason": reason,
        "state": ProposalState.OPEN,
        "proposed_at": now,
        "decided_by": "",
        "decided_at": None,
    }


def _open(session: Session, number: int) -> ProposalRow:
    row = session.get(ProposalRow, number)
    if row is None or row.state != ProposalState.OPEN:
        raise IdentityError(
            f"No proposal {number} waits for a decision. `throughline customers proposals` lists those that do."
        )
    return row
