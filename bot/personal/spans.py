"""Where something personal stands, and what it is."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What is personal: as it is masked, and as the reason why a text is about one customer."""

    EMAIL = "e-mail", "an e-mail address"
    PHONE = "phone", "a phone number"
    CARD = "card", "a card number"
    IBAN = "IBAN", "an IBAN"
    ACCOUNT = "account", "an account number"
    ORDER = "order", "an order number"
    TICKET = "ticket", "a ticket number"
    SERIAL = "serial number", "a serial number"
    ID = "ID number", "an ID number"
    BIRTH = "date of birth", "a date of birth"
    ADDRESS = "address", "an address"
    NAME = "name", "a customer's name"

    def __init__(self, label: str, reason: str) -> None:
        self.label = label
        self.reason = reason

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is of this kind."""

    kind: Kind
    start: int
    end: int
