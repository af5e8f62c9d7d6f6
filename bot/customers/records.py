"""What a source says, once it was read: customers and what belongs to them, contacts, and the keys of both."""

from dataclasses import dataclass
from typing import Any

from bot.customers.kinds import KeyKind

# The field that holds whose a record is, as a key is told.
BELONGS_TO = "belongs_to"


@dataclass(frozen=True, slots=True)
class Key:
    """What a customer is known by, normalized."""

    kind: KeyKind
    issuer: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.issuer}:{self.value}"


@dataclass(frozen=True, slots=True)
class Record:
    """What a row says of a customer, or of something that belongs to whoever is known by `owner`."""

    place: str
    source_id: str
    name: str = ""
    fields: dict[str, Any] | None = None
    keys: tuple[Key, ...] = ()
    owner: tuple[Key, ...] = ()
    gone: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One interaction; `columns` are those of its table that come straight from the row."""

    place: str
    source_id: str
    customer: tuple[Key, ...] = ()
    columns: dict[str, Any] | None = None
    gone: bool = False
    digest: str = ""
