"""What a mapping file says of one source: plain frozen values."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.customers.feeds.dates import DateOrder
from bot.customers.feeds.fields import Taken
from bot.customers.kinds import SHIPPED_CHANNELS, KeyKind


class Layout(StrEnum):
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


class Delivery(StrEnum):
    """Whether a file holds everything there is, so that what is not in it is gone, or only what changed."""

    SNAPSHOT = "snapshot"
    DELTA = "delta"


class FactType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class TakenKey:
    """`issuer` is the system whose numbers these are, "" for what is the same everywhere."""

    kind: KeyKind
    issuer: str
    taken: Taken


@dataclass(frozen=True, slots=True)
class TakenFact:
    name: str
    type: FactType
    taken: Taken


@dataclass(frozen=True, slots=True)
class Gone:
    """A row is a deletion where its column holds one of these."""

    taken: Taken
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class RecordSection:
    """Where records of one kind are, and what is taken from each; with `owner` they are of a customer known by it."""

    kind: str
    at: str
    delivery: Delivery
    id: Taken
    name: Taken
    address: Taken
    places: tuple[tuple[str, Taken], ...]
    keys: tuple[TakenKey, ...]
    owner: tuple[TakenKey, ...]
    facts: tuple[TakenFact, ...]
    gone: Gone | None


@dataclass(frozen=True, slots=True)
class InteractionSection:
    """Where interactions are, and what is taken from each."""

    at: str
    delivery: Delivery
    id: Taken
    customer: tuple[TakenKey, ...]
    when: Taken
    channel: Taken
    words: tuple[tuple[str, Taken], ...]
    text: Taken
    transfers: Taken
    refs: tuple[TakenKey, ...]
    gone: Gone | None


@dataclass(frozen=True, slots=True)
class Feed:
    """One source: how its files are to be read.

    `merge`: by which keys two customers are one without anybody's word. `channels`: on which ones a contact may be.
    """

    source: str
    files: tuple[str, ...]
    layout: Layout | None
    delimiter: str
    encoding: str
    zone: ZoneInfo
    order: DateOrder
    country: str
    merge: frozenset[KeyKind]
    records: tuple[RecordSection, ...]
    interactions: tuple[InteractionSection, ...]
    channels: frozenset[str] = SHIPPED_CHANNELS
