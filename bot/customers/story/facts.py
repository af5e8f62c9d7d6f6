"""What the systems say of one customer, each with who says it: where they disagree, both stay.

A fact is called as the mapping file calls it. What belongs to a customer gives `orders` (how many) and `order_status`,
`order_items` and so on (every value there is). `tenure_months` is counted from `since`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.customers import normal
from bot.customers.identity.owners import CONTACT
from bot.customers.identity.resolving import agree
from bot.customers.kinds import KeyKind
from bot.customers.permission import permitted
from bot.customers.records import BELONGS_TO
from bot.customers.tables import KeyRow, RecordRow

Value = str | float | bool | list[Any]
DERIVED = "throughline"
SINCE, TENURE = "since", "tenure_months"
_CUSTOMER = "customer"
# How a word is written on an envelope says nothing of where it leads.
_SHORT = {
    "street": "st",
    "avenue": "ave",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "boulevard": "blvd",
}
# What differs from system to system for good reasons: an address to write to, a number to call.
_SEVERAL = frozenset({KeyKind.EMAIL, KeyKind.PHONE})


@dataclass(frozen=True, slots=True)
class Said:
    """What one system says, and when it last said so (UTC)."""

    value: Value
    source: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """`said` has one entry for each system; `of` is what it is a fact of: "order w2378156", "" for the customer."""

    name: str
    said: tuple[Said, ...]
    of: str = ""

    @property
    def value(self) -> Value:
        """What the first system that told of it says."""
        return self.said[0].value

    @property
    def disputed(self) -> bool:
        """Whether two systems say what cannot both be so."""
        return any(not _same(self.name, self.value, other.value) for other in self.said[1:])

    @property
    def told(self) -> str:
        """ "boxes: carebook says 1, orion says 3"; "segment: gold" where nobody disagrees."""
        name = self.name.replace("_", " ")
        named = f"{name} of {self.of}" if self.of else name
        if not self.disputed:
            return f"{named}: {shown(self.value)}"
        return f"{named}: {', '.join(f'{each.source} says {shown(each.value)}' for each in self.said)}"


@dataclass(frozen=True, slots=True)
class Facts:
    """`of_customer` by name; `disagreements` also those about one order or account."""

    of_customer: Mapping[str, Fact]
    disagreements: tuple[Fact, ...]


def facts_of(session: Session, customer: int, *, audiences: AbstractSet[str], today: date) -> dict[str, Fact]:
    """By name; nothing for whoever may not see customers."""
    return dict(known_facts(session, customer, audiences=audiences, today=today).of_customer)


def known_facts(session: Session, customer: int, *, audiences: AbstractSet[str], today: date) -> Facts:
    """With what two systems say differently of the customer, and of the same order or account."""
    records = _records(session, customer, audiences)
    own = merged(record for record in records if record.kind == _CUSTOMER)
    belongings = [record for record in records if record.kind not in {_CUSTOMER, CONTACT}]
    facts = {**_of_belongings(belongings), **own}
    if tenure := _tenure(own.get(SINCE), today):
        facts[TENURE] = tenure
    theirs = _of_each(session, belongings, audiences)
    return Facts(facts, tuple(fact for fact in (*own.values(), *theirs) if fact.disputed))


def shown(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _records(session: Session, customer: int, audiences: AbstractSet[str]) -> Sequence[RecordRow]:
    asked = select(RecordRow).where(RecordRow.customer == customer, permitted(audiences)).order_by(RecordRow.id)
    return session.scalars(asked).all()


def merged(records: Iterable[RecordRow], of: str = "") -> dict[str, Fact]:
    """Fact by fact, what each system says; of two records of one system the newer counts."""
    said: dict[str, dict[str, Said]] = defaultdict(dict)
    for record in records:
        for name, value in record.fields.items():
            if name != BELONGS_TO:
                said[name][record.source] = Said(value, record.source, record.seen_at)
    return {name: Fact(name, tuple(each.values()), of) for name, each in said.items()}


def _of_belongings(records: Sequence[RecordRow]) -> dict[str, Fact]:
    values: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    ids: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    seen: dict[str, datetime] = {}
    for record in records:
        ids[f"{record.kind}s"][record.source].add(record.source_id)
        seen[record.source] = max(record.seen_at, seen.get(record.source, record.seen_at))
        for name, value in record.fields.items():
            if name not in {BELONGS_TO, "country"}:
                for each in value if isinstance(value, list) else [value]:
                    values[f"{record.kind}_{name}"][record.source][repr(each)] = each
    counts = {
        name: Fact(name, tuple(Said(len(some), source, seen[source]) for source, some in sources.items()))
        for name, sources in ids.items()
    }
    lists = {
        name: Fact(
            name, (Said([each for some in sources.values() for each in some.values()], *_newest(sources, seen)),)
        )
        for name, sources in values.items()
    }
    return {**lists, **counts}


def _newest(sources: Iterable[str], seen: Mapping[str, datetime]) -> tuple[str, datetime]:
    """Who says a list that is put together from several systems, and since when."""
    return ", ".join(sources), max(seen[source] for source in sources)


def _of_each(session: Session, records: Sequence[RecordRow], audiences: AbstractSet[str]) -> list[Fact]:
    """Fact by fact of each order and account that two systems tell of, each under the same number."""
    of = {record.id: record for record in records}
    if len({record.source for record in records}) < 2:  # noqa: PLR2004 - one system contradicts nobody
        return []
    asked = select(KeyRow.kind, KeyRow.value, KeyRow.record).where(
        KeyRow.record.in_(of), KeyRow.kind.in_((KeyKind.ACCOUNT, KeyKind.ORDER)), permitted(audiences)
    )
    same: dict[tuple[str, str], list[RecordRow]] = defaultdict(list)
    for kind, value, record in session.execute(asked):
        same[kind, value].append(of[record])
    return [
        fact
        for (kind, value), several in same.items()
        if len({record.source for record in several}) > 1
        for fact in merged(sorted(several, key=lambda record: record.id), f"{kind} {value}").values()
    ]


def _tenure(since: Fact | None, today: date) -> Fact | None:
    """Whole months; nothing where systems disagree about the day, or it is none."""
    if since is None or since.disputed:
        return None
    try:
        first = date.fromisoformat(str(since.value))
    except ValueError:
        return None
    months = (today.year - first.year) * 12 + today.month - first.month - (today.day < first.day)
    said = since.said[0]
    return Fact(TENURE, (Said(max(months, 0), DERIVED, said.seen_at),))


def _same(name: str, one: Value, other: Value) -> bool:
    if name == "name":
        return agree(str(one), str(other))
    if name in _SEVERAL:
        return bool(_values(one) & _values(other))
    return _values(one) == _values(other)


def _values(value: Value) -> frozenset[str]:
    several = value if isinstance(value, list) else [value]
    return frozenset(" ".join(_SHORT.get(word, word) for word in normal.words(shown(each))) for each in several)
