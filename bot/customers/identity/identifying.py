"""What tells one customer from all others: the values by which they are known, in every form."""

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bot.customers import normal
from bot.customers.batches import batched
from bot.customers.erased import INTERACTION
from bot.customers.kinds import IDENTIFYING, KeyKind
from bot.customers.permission import permitted
from bot.customers.records import Key
from bot.customers.tables import CustomerRow, InteractionRow, KeyRow, RecordRow

# "17" is the number of half the world, and 10001 is a price, too.
SHORTEST = 5
FEWEST_DIGITS = 8
_BETWEEN_GROUPS = ("", " ", "-", ".")


class Trait(StrEnum):
    """What kind of value it is."""

    EMAIL = "e-mail address"
    PHONE = "phone number"
    NUMBER = "number"  # of an account, an order, the customer in a system, a row of an export
    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Value:
    """`text` as it is stored; `forms` are all ways in which people and systems write it."""

    trait: Trait
    text: str

    @property
    def forms(self) -> frozenset[str]:
        return frozenset(_phone_forms(self.text)) if self.trait is Trait.PHONE else frozenset({self.text})


@dataclass(frozen=True, slots=True)
class Identity:
    """One customer: `ids` and `aliases` include those who were merged into them. `name` may be "".

    `keys` and `names` are what an import would know them by, and `rows` what their rows are called in their sources.
    `shared` says of each value that others have too why it tells nothing; of `untelling` others are too likely.
    """

    ids: tuple[int, ...]
    aliases: tuple[str, ...]
    name: str
    keys: frozenset[Key]
    names: frozenset[str]
    rows: frozenset[tuple[str, str, str]]  # what their records and interactions are called: source, kind, id
    values: tuple[Value, ...]
    untelling: int
    shared: dict[Value, str]

    @property
    def telling(self) -> tuple[Value, ...]:
        """What nobody else has."""
        return tuple(value for value in self.values if value not in self.shared)


def identity_of(
    session: Session, customer: int, *, audiences: AbstractSet[str], staff: Collection[str] = ()
) -> Identity:
    """Everything that tells this customer from others. `staff`: names and addresses that are an employee's."""
    people = session.execute(
        select(CustomerRow.id, CustomerRow.alias, CustomerRow.name).where(
            CustomerRow.id.in_(together(session, customer)), permitted(audiences)
        )
    ).all()
    ids = tuple(sorted(row.id for row in people))
    records = session.scalars(select(RecordRow).where(RecordRow.customer.in_(ids), permitted(audiences))).all()
    keys = _keys_of(session, ids, audiences)
    interactions = list(_interactions_of(session, ids, audiences))
    found = dict.fromkeys(
        (
            *_of_keys(keys),
            *(Value(Trait.NAME, row.name) for row in people if row.name),
            *(each for record in records for each in _of_record(record)),
            *(Value(Trait.NUMBER, source_id) for _, source_id, _ in interactions),
            *(Value(Trait.NUMBER, ref) for *_, refs in interactions for ref in refs),
        )
    )
    values = [value for value in found if _tells(value)]
    return Identity(
        ids=ids,
        aliases=tuple(row.alias for row in people),
        name=next((row.name for row in people if row.id == customer), ""),
        keys=frozenset(key for key in keys if key.kind in IDENTIFYING),
        names=frozenset(key.value for key in keys if key.kind is KeyKind.NAME),
        rows=frozenset((record.source, record.kind, record.source_id) for record in records)
        | {(source, INTERACTION, source_id) for source, source_id, _ in interactions},
        values=tuple(values),
        untelling=len(found) - len(values),
        shared=_shared(session, ids, values, keys, audiences, {name.casefold() for name in staff}),
    )


def together(session: Session, customer: int) -> list[int]:
    """Everybody who was merged into this customer, or into whom they were."""
    found, new = {customer}, {customer}
    while new:
        into = select(CustomerRow.merged_into).where(CustomerRow.id.in_(new))
        rows = session.scalars(
            select(CustomerRow.id).where(or_(CustomerRow.merged_into.in_(new), CustomerRow.id.in_(into)))
        )
        new = set(rows) - found
        found |= new
    return sorted(found)


def _keys_of(session: Session, ids: Collection[int], audiences: AbstractSet[str]) -> set[Key]:
    asked = select(KeyRow.kind, KeyRow.issuer, KeyRow.value).where(KeyRow.customer.in_(ids), permitted(audiences))
    return {Key(KeyKind(kind), issuer, value) for kind, issuer, value in session.execute(asked)}


def _interactions_of(
    session: Session, ids: Collection[int], audiences: AbstractSet[str]
) -> Iterator[tuple[str, str, list[str]]]:
    """Source, id there, and the orders and accounts it was about."""
    asked = select(InteractionRow.source, InteractionRow.source_id, InteractionRow.refs).where(
        InteractionRow.customer.in_(ids), permitted(audiences)
    )
    for source, source_id, refs in session.execute(asked):
        yield source, source_id, [ref for several in refs.values() for ref in several]


_TRAITS = {KeyKind.EMAIL: Trait.EMAIL, KeyKind.PHONE: Trait.PHONE}


def _of_keys(keys: Iterable[Key]) -> Iterator[Value]:
    for key in keys:
        if key.kind in IDENTIFYING:
            yield Value(_TRAITS.get(key.kind, Trait.NUMBER), key.value)


def _of_record(record: RecordRow) -> Iterator[Value]:
    yield Value(Trait.NUMBER, record.source_id)
    for name, trait in (
        ("name", Trait.NAME),
        ("street", Trait.ADDRESS),
        ("email", Trait.EMAIL),
        ("phone", Trait.PHONE),
    ):
        value = record.fields.get(name)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                yield Value(trait, text)


def _tells(value: Value) -> bool:
    """Whether it means nobody else: a name has two words, a number a letter or eight digits."""
    if value.trait in {Trait.NAME, Trait.ADDRESS}:
        return len(value.text) >= SHORTEST and " " in value.text.strip()
    if value.trait is Trait.NUMBER and not any(sign.isalpha() for sign in value.text):
        return len(value.text) >= FEWEST_DIGITS
    return len(value.text) >= SHORTEST


def _shared(
    session: Session,
    ids: Collection[int],
    values: Iterable[Value],
    keys: Iterable[Key],
    audiences: AbstractSet[str],
    staff: AbstractSet[str],
) -> dict[Value, str]:
    others = _keys_of_others(session, ids, keys, audiences)
    agents = _agents(session, values, audiences)
    shared: dict[Value, str] = {}
    for value in values:
        if value.text.casefold() in staff | agents:
            shared[value] = "an employee has it too"
        elif _is_known_by(value, others):
            shared[value] = "another customer has it too"
    return shared


def _keys_of_others(
    session: Session, ids: Collection[int], keys: Iterable[Key], audiences: AbstractSet[str]
) -> dict[str, set[str]]:
    """By kind of key: of what this customer is known by, what somebody else is known by as well."""
    found: dict[str, set[str]] = {}
    for some in batched(sorted({key.value for key in keys})):
        asked = select(KeyRow.kind, KeyRow.value).where(
            KeyRow.value.in_(some), KeyRow.customer.not_in(ids), permitted(audiences)
        )
        for kind, value in session.execute(asked.distinct()):
            found.setdefault(kind, set()).add(value)
    return found


def _is_known_by(value: Value, others: dict[str, set[str]]) -> bool:
    if value.trait is Trait.NAME:
        return bool(normal.name_keys(value.text) & others.get(KeyKind.NAME, set()))
    if value.trait is Trait.ADDRESS:
        street = normal.plain(value.text)
        return any(known.startswith(street) for known in others.get(KeyKind.STREET, ()))
    known = {text for kind in IDENTIFYING for text in others.get(kind, ())}
    return value.text in known or normal.reference(value.text) in known


def _agents(session: Session, values: Iterable[Value], audiences: AbstractSet[str]) -> set[str]:
    """Names of those who served customers, among these."""
    names = [value.text for value in values if value.trait is Trait.NAME]
    who: ColumnElement[bool] = func.lower(InteractionRow.agent).in_([name.lower() for name in names])
    asked = select(InteractionRow.agent).where(who, permitted(audiences)).distinct()
    return {agent.casefold() for agent in session.scalars(asked)} if names else set()


def _phone_forms(text: str) -> Iterator[str]:
    """+15125550147, 5125550147, 512-555-0147, (512) 555-0147, +1 512.555.0147 and so on."""
    yield text
    try:
        number = phonenumbers.parse(text, None)
    except NumberParseException:
        return
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    plain = phonenumbers.national_significant_number(number)
    groups = "".join(sign if sign.isdigit() else " " for sign in national).split()
    yield from (plain, national)
    for sign in _BETWEEN_GROUPS:
        yield sign.join(groups)
        yield f"({groups[0]}){sign}{sign.join(groups[1:])}"
        yield f"({groups[0]}) {sign.join(groups[1:])}"
    for code, sign in product((f"+{number.country_code}", f"00{number.country_code}", str(number.country_code)), " -."):
        yield f"{code}{sign}{sign.join(groups).lstrip('0')}"
    yield from (f"{number.country_code}{plain}", f"00{number.country_code}{plain}")
