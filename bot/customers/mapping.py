"""Mapping files: YAML that says how the exports of one source are to be read, checked with the line at fault."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from bot.customers.dates import DateOrder
from bot.customers.feed import (
    Delivery,
    FactType,
    Feed,
    Gone,
    InteractionSection,
    Layout,
    RecordSection,
    TakenFact,
    TakenKey,
)
from bot.customers.fields import Taken
from bot.customers.kinds import IDENTIFYING, Channel, Direction, KeyKind
from bot.errors import SettingsError
from bot.yaml_lines import Lines

CUSTOMER = "customer"
PLACES = ("street", "city", "region", "postcode", "country")
WORDS = ("direction", "device", "subject", "outcome", "agent", "team", "place")
# What is known of a customer under a name of its own, beside the facts.
RESERVED = frozenset({"name", "email", "phone", *PLACES})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,19}")
# What the columns that hold these are called; none of them may be kept, so no line may name one.
_SECRET = re.compile(
    r"(?:^|[^a-z])(?:cvv2?|cvc2?|csc|pass(?:word|wd|code|phrase)|pwd|pin|ssn|social_?security\w*|national_?id\w*|tax_?id"
    r"|passport\w*|driv\w+_?licen[cs]e\w*|d_?o_?b|date_?of_?birth|birth_?(?:date|day)|card_?(?:number|no)|pan)(?:$|[^a-z])",
    re.IGNORECASE,
)
_DELETED_MARKS = frozenset({"yes", "true", "1", "deleted", "d", "y"})
_TOP = frozenset(
    [
        "source",
        "files",
        "format",
        "delimiter",
        "encoding",
        "timezone",
        "dates",
        "country",
        "merge",
        "customers",
        "interactions",
    ]
)
_OF_RECORDS = frozenset(
    {"kind", "at", "delivery", "id", "name", "address", *PLACES, "keys", "belongs_to", "facts", "deleted"}
)
_OF_INTERACTIONS = frozenset(
    {"at", "delivery", "id", "customer", "when", "channel", *WORDS, "text", "transfers", "refs", "deleted"}
)
_ENUM = TypeVar("_ENUM", bound=StrEnum)


def load_feed(file: Path) -> Feed:
    """Raises `SettingsError` with the line at fault."""
    lines = Lines(file)
    _known(lines, 1, lines.names(), _TOP)
    source = _source(lines)
    records = tuple(_records(_Entry(lines, line, entry, source)) for line, entry in lines.entries("customers"))
    contacts = tuple(_interactions(_Entry(lines, line, entry, source)) for line, entry in lines.entries("interactions"))
    if not records and not contacts:
        raise lines.fault(1, "it needs `customers:` or `interactions:`, which say where to look in the export")
    return Feed(
        source=source,
        files=tuple(_strings(lines, "files")),
        layout=_one_of(lines, "format", Layout),
        delimiter=str(lines.value("delimiter") or ""),
        encoding=_encoding(lines),
        zone=_zone(lines),
        order=_one_of(lines, "dates", DateOrder) or DateOrder.ISO,
        country=_country(lines),
        merge=_merge(lines),
        records=records,
        interactions=contacts,
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a list in the file."""

    lines: Lines
    line: int
    entry: dict[str, Any]
    source: str

    def fault(self, name: str, what: str) -> SettingsError:
        return self.lines.fault(self.lines.line_of(name, after=self.line), what)

    def taken(self, name: str) -> Taken:
        return self.take(name, self.entry.get(name))

    def needed(self, name: str, example: str) -> Taken:
        if not self.entry.get(name):
            raise self.lines.fault(self.line, f"this entry needs `{name}:`, for example `{name}: {example}`")
        return self.taken(name)

    def take(self, name: str, value: Any) -> Taken:  # noqa: ANN401 - whatever YAML holds
        if value is None:
            return Taken()
        if isinstance(value, dict):
            if unknown := value.keys() - {"from", "constant", "values", "as", "issued_by"}:
                raise self.fault(name, f"{name} has {sorted(unknown)[0]}, and knows from, constant and values only")
            if ("constant" in value) == ("from" in value):
                raise self.fault(name, f"{name} needs either `from: COLUMN` or `constant: WORDS`")
            if "constant" in value:
                return Taken(constant=str(value["constant"]))
            words = value.get("values")
            if words is not None and not isinstance(words, dict):
                raise self.fault(name, f"values of {name} are pairs: values: {{ theirs: ours }}")
            in_other_words = {str(theirs).casefold(): str(ours) for theirs, ours in words.items()} if words else None
            return Taken(self._columns(name, value["from"]), values=in_other_words)
        return Taken(self._columns(name, value))

    def _columns(self, name: str, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
        columns = tuple(map(str, value)) if isinstance(value, list) else (str(value),)
        for column in columns:
            if _SECRET.search(column):
                raise self.fault(
                    name,
                    f"{column} sounds like a card's code, a password, an identity number or a date of birth, which "
                    "Throughline never keeps; leave the line out",
                )
        return columns

    def keys(self, name: str, allowed: Collection[KeyKind] = IDENTIFYING) -> tuple[TakenKey, ...]:
        entry = self.entry.get(name) or {}
        if not isinstance(entry, dict):
            raise self.fault(name, f"{name} holds pairs of a kind of key and a column: {name}: {{ email: mail }}")
        return tuple(self._key(name, kind, value, allowed) for kind, value in entry.items())

    def _key(self, name: str, kind: str, value: Any, allowed: Collection[KeyKind]) -> TakenKey:  # noqa: ANN401 - as above
        if kind not in set(allowed):
            raise self.fault(str(kind), f"{kind} is no kind of key; {name} takes {', '.join(sorted(allowed))}")
        known = KeyKind(kind)
        issuer = str(value.get("issued_by", "")) if isinstance(value, dict) else ""
        return TakenKey(known, (issuer or self.source) if known.of_one_system else "", self.take(kind, value))

    def gone(self) -> Gone | None:
        value = self.entry.get("deleted")
        if value is None:
            return None
        if not isinstance(value, dict) or not value.get("from"):
            raise self.fault("deleted", "deleted needs a column: deleted: { from: is_deleted, marks: [1, true] }")
        marks = value.get("marks") or _DELETED_MARKS
        return Gone(Taken(self._columns("deleted", value["from"])), frozenset(str(mark).casefold() for mark in marks))

    def delivery(self) -> Delivery:
        return self.one_of("delivery", Delivery) or Delivery.DELTA

    def one_of(self, name: str, kinds: type[_ENUM]) -> _ENUM | None:
        return _checked(self.entry.get(name), name, kinds, lambda what: self.fault(name, what))


def _records(entry: _Entry) -> RecordSection:
    _known(entry.lines, entry.line, entry.entry, _OF_RECORDS)
    kind = str(entry.entry.get("kind") or CUSTOMER)
    if not _KIND.fullmatch(kind):
        raise entry.fault("kind", f"kind {kind!r} must be a word of small letters such as customer, order or account")
    owner, keys = entry.keys("belongs_to"), entry.keys("keys")
    if kind != CUSTOMER and not owner:
        raise entry.lines.fault(
            entry.line, f"a record of kind {kind} is somebody's: add belongs_to: {{ external: COLUMN }}"
        )
    if kind == CUSTOMER and owner:
        raise entry.fault("belongs_to", "a customer belongs to nobody; remove belongs_to, or give another kind")
    return RecordSection(
        kind=kind,
        at=str(entry.entry.get("at") or ""),
        delivery=entry.delivery(),
        id=entry.needed("id", "customer_id"),
        name=entry.taken("name"),
        address=entry.taken("address"),
        places=tuple((place, entry.taken(place)) for place in PLACES if place in entry.entry),
        keys=keys,
        owner=owner,
        facts=_facts(entry),
        gone=entry.gone(),
    )


def _facts(entry: _Entry) -> tuple[TakenFact, ...]:
    facts = entry.entry.get("facts") or {}
    if not isinstance(facts, dict):
        raise entry.fault("facts", "facts holds pairs of a name and a column: facts: { segment: tier }")
    found: list[TakenFact] = []
    for name, value in facts.items():
        if not _NAME.fullmatch(str(name)) or name in RESERVED:
            raise entry.fault(
                str(name), f"{name!r} cannot name a fact; write small letters, and none of our own fields"
            )
        as_ = value.get("as", "text") if isinstance(value, dict) else "text"
        known = _checked(as_, f"as of {name}", FactType, lambda what, name=name: entry.fault(name, what))  # type: ignore[misc]
        found.append(TakenFact(str(name), known or FactType.TEXT, entry.take(str(name), value)))
    return tuple(found)


def _interactions(entry: _Entry) -> InteractionSection:
    _known(entry.lines, entry.line, entry.entry, _OF_INTERACTIONS)
    customer = entry.keys("customer")
    if not customer:
        raise entry.lines.fault(entry.line, "this entry needs whom it is about: customer: { email: COLUMN }")
    channel = entry.needed("channel", "{ constant: phone }")
    _allowed(entry, "channel", channel, Channel)
    _allowed(entry, "direction", entry.taken("direction"), Direction)
    return InteractionSection(
        at=str(entry.entry.get("at") or ""),
        delivery=entry.delivery(),
        id=entry.needed("id", "call_id"),
        customer=customer,
        when=entry.needed("when", "started_at"),
        channel=channel,
        words=tuple((word, entry.taken(word)) for word in WORDS if word in entry.entry),
        text=entry.taken("text"),
        transfers=entry.taken("transfers"),
        refs=entry.keys("refs", allowed=(KeyKind.ORDER, KeyKind.ACCOUNT)),
        gone=entry.gone(),
    )


def _allowed(entry: _Entry, name: str, taken: Taken, kinds: type[StrEnum]) -> None:
    """What is known before a row is read: a constant, and the words that values put in."""
    for word in filter(None, (taken.constant, *(taken.values or {}).values())):
        _checked(word, name, kinds, lambda what: entry.fault(name, what))


def _known(lines: Lines, line: int, names: Collection[str], known: frozenset[str]) -> None:
    for name in names:
        if name not in known:
            at = lines.line_of(str(name), after=line)
            raise lines.fault(at, f"{name} says nothing here; what is known is {', '.join(sorted(known))}")


def _source(lines: Lines) -> str:
    source = str(lines.value("source") or "")
    if not _NAME.fullmatch(source):
        raise lines.fault(
            lines.line_of("source"),
            "source names the system that the export comes from, in small letters: source: shop",
        )
    return source


def _strings(lines: Lines, name: str) -> list[str]:
    value = lines.value(name) or []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise lines.fault(lines.line_of(name), f"{name} is a list: {name}: [one, other]")
    return [str(each) for each in value]


def _one_of(lines: Lines, name: str, kinds: type[_ENUM]) -> _ENUM | None:
    return _checked(lines.value(name), name, kinds, lambda what: lines.fault(lines.line_of(name), what))


def _checked(
    value: Any,  # noqa: ANN401 - whatever YAML holds
    name: str,
    kinds: type[_ENUM],
    fault: Callable[[str], SettingsError],
) -> _ENUM | None:
    if value is None:
        return None
    if str(value) not in set(kinds):
        raise fault(f"{name} is {value!r}; write one of {', '.join(kinds)}")
    return kinds(str(value))


def _encoding(lines: Lines) -> str:
    encoding = str(lines.value("encoding") or "utf-8-sig")
    try:
        "".encode(encoding)
    except LookupError:
        raise lines.fault(
            lines.line_of("encoding"), f"there is no encoding {encoding!r}; write utf-8 or cp1252"
        ) from None
    return encoding


def _zone(lines: Lines) -> ZoneInfo:
    name = str(lines.value("timezone") or "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise lines.fault(
            lines.line_of("timezone"), f"timezone is {name!r}; write one such as America/New_York"
        ) from None


def _country(lines: Lines) -> str:
    country = str(lines.value("country") or "")
    if country and country not in phonenumbers.SUPPORTED_REGIONS:
        raise lines.fault(lines.line_of("country"), f"country is {country!r}; write two capitals such as US or DE")
    return country


def _merge(lines: Lines) -> frozenset[KeyKind]:
    kinds = _strings(lines, "merge")
    for kind in kinds:
        if kind not in set(IDENTIFYING):
            raise lines.fault(lines.line_of("merge"), f"merge names {kind}; it takes {', '.join(sorted(IDENTIFYING))}")
    return frozenset(map(KeyKind, kinds))
