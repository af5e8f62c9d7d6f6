"""Mapping files: YAML that says how the exports of one source are to be read, checked with the line at fault."""

import re
from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from bot.customers.feeds.channels import known_channels, listed, where_to_add
from bot.customers.feeds.dates import DateOrder
from bot.customers.feeds.entries import Entry, checked, known_names
from bot.customers.feeds.feed import (
    FactType,
    Feed,
    InteractionSection,
    Layout,
    RecordSection,
    TakenFact,
)
from bot.customers.feeds.fields import Taken
from bot.customers.kinds import IDENTIFYING, Direction, KeyKind
from bot.customers.records import BELONGS_TO
from bot.yaml_lines import Lines

CUSTOMER = "customer"
PLACES = ("street", "city", "region", "postcode", "country")
WORDS = ("direction", "device", "subject", "outcome", "agent", "team", "place")
# What is known of a customer under a name of its own, beside the facts.
RESERVED = frozenset({"name", "email", "phone", BELONGS_TO, *PLACES})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,19}")
_TOP = frozenset(
    """
    source files format delimiter encoding timezone dates country merge customers interactions
    """.split()  # noqa: SIM905 - read as words
)
_OF_RECORDS = frozenset(
    {"kind", "at", "delivery", "id", "name", "address", *PLACES, "keys", "belongs_to", "facts", "deleted"}
)
_OF_INTERACTIONS = frozenset(
    {"at", "delivery", "id", "customer", "when", "channel", *WORDS, "text", "transfers", "refs", "deleted"}
)
_ENUM = TypeVar("_ENUM", bound=StrEnum)


def load_feed(file: Path, *, channels: Collection[str] = ()) -> Feed:
    """`channels`: those of the company's map, besides the ones that ship.

    Raises `SettingsError` with the line at fault.
    """
    lines = Lines(file)
    known_names(lines, 1, lines.names(), _TOP)
    known = known_channels(channels)
    head = replace(head_of(lines), channels=known)
    records = tuple(_records(Entry(lines, line, entry, head.source)) for line, entry in lines.entries("customers"))
    contacts = tuple(
        _interactions(Entry(lines, line, entry, head.source), known) for line, entry in lines.entries("interactions")
    )
    if not records and not contacts:
        raise lines.fault(1, "it needs `customers:` or `interactions:`, which say where to look in the export")
    return replace(head, records=records, interactions=contacts)


def head_of(lines: Lines) -> Feed:
    """What a mapping says of the files themselves, so far without what is taken from their rows."""
    return Feed(
        source=_source(lines),
        files=tuple(_strings(lines, "files")),
        layout=_one_of(lines, "format", Layout),
        delimiter=str(lines.value("delimiter") or ""),
        encoding=_encoding(lines),
        zone=_zone(lines),
        order=_one_of(lines, "dates", DateOrder) or DateOrder.ISO,
        country=_country(lines),
        merge=_merge(lines),
        records=(),
        interactions=(),
    )


def _records(entry: Entry) -> RecordSection:
    known_names(entry.lines, entry.line, entry.entry, _OF_RECORDS)
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


def _facts(entry: Entry) -> tuple[TakenFact, ...]:
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
        known = checked(as_, f"as of {name}", FactType, lambda what, name=name: entry.fault(name, what))  # type: ignore[misc]
        found.append(TakenFact(str(name), known or FactType.TEXT, entry.take(str(name), value)))
    return tuple(found)


def _interactions(entry: Entry, channels: frozenset[str]) -> InteractionSection:
    known_names(entry.lines, entry.line, entry.entry, _OF_INTERACTIONS)
    customer = entry.keys("customer")
    if not customer:
        raise entry.lines.fault(entry.line, "this entry needs whom it is about: customer: { email: COLUMN }")
    channel = entry.needed("channel", "{ constant: phone }")
    for word in _said_beforehand(channel):
        if word not in channels:
            raise entry.fault("channel", f"channel is {word!r}; write one of {listed(channels)}, {where_to_add()}")
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


def _allowed(entry: Entry, name: str, taken: Taken, kinds: type[StrEnum]) -> None:
    for word in _said_beforehand(taken):
        checked(word, name, kinds, lambda what: entry.fault(name, what))


def _said_beforehand(taken: Taken) -> tuple[str, ...]:
    """What is known before a row is read: a constant, and the words that values put in."""
    return tuple(map(str, filter(None, (taken.constant, *(taken.values or {}).values()))))


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
    return checked(lines.value(name), name, kinds, lambda what: lines.fault(lines.line_of(name), what))


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
