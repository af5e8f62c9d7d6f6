"""What identifies the one thing that a report is about: a device, an account, an order, a shop."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot import personal
from bot.words import words


class Slot(StrEnum):
    DEVICE = "device"
    ACCOUNT = "account"
    ORDER = "order"
    SHOP = "shop"


_PERSONAL = {
    personal.Kind.ACCOUNT: Slot.ACCOUNT,
    personal.Kind.EMAIL: Slot.ACCOUNT,
    personal.Kind.ID: Slot.ACCOUNT,
    personal.Kind.ORDER: Slot.ORDER,
    personal.Kind.TICKET: Slot.ORDER,
    personal.Kind.SERIAL: Slot.DEVICE,
}
# What stands in every shop several times. The same thing has several names.
_DEVICES = {
    "register": "register|till|checkout|cash desk|cash register|lane|pos",
    "terminal": "card terminal|terminal|card reader|pin pad",
    "printer": "label printer|receipt printer|printer",
    "tablet": "tablet|ipad",
    "desk": "desk|workstation|seat|station|position",
    "computer": "computer|laptop|pc|desktop|thin client",
    "network": "switch|router|access point|server|modem|hub|gateway",
    "scanner": "scanner|handheld|gun",
    "phone": "handset|headset|extension",
    "other": "kiosk|line|counter|room|door|bay|van|locker|drawer|camera|monitor|screen|device|box",
}
_CLASSES = {name: kind for kind, names in _DEVICES.items() for name in names.split("|")}
_DEVICE = re.compile(
    rf"\b(?P<name>{'|'.join(sorted(_CLASSES, key=len, reverse=True))})\s*(?:no\.?|number|nr\.?|\#)?\s*"
    r"(?P<id>\#?\d{1,5}|[A-Za-z]{1,3}-?\d{1,5}|\d{1,4}-\d{1,6})\b(?!\s*(?:min|hour|hr|sec|times|x\b|%|percent|minutes|days|weeks|years|people))",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?<![\w.-])\d{8,12}(?![\w-])")
_SHOP = re.compile(
    r"\b(?:shop|store|branch|site|outlet)\s*(?:no\.?|number|nr\.?|#)?\s*(?P<id>#?\d{1,5})\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Slots:
    """For each slot what the text names, in one spelling: "register 4", "40718833"."""

    found: Mapping[Slot, frozenset[str]] = field(default_factory=dict)

    def conflict(self, other: "Slots") -> tuple[Slot, str] | None:
        """The first slot in which both name something and nothing in common, and what the other names."""
        for slot in Slot:
            mine, theirs = self.found.get(slot), other.found.get(slot)
            if mine and theirs and mine.isdisjoint(theirs) and _comparable(slot, mine, theirs):
                return slot, min(theirs)
        return None


def slots_in(text: str, places: Mapping[str, str] | None = None) -> Slots:
    """Taken from the words as they were typed, before anything is masked.

    `places` are the names of the company's places -> their ids. An account number is personal: whoever stores slots
    stores a keyed digest of each, since they are only ever compared for being the same.
    """
    found: dict[Slot, set[str]] = {}
    for match in _DEVICE.finditer(text):
        found.setdefault(Slot.DEVICE, set()).add(f"{_CLASSES[match['name'].lower()]} {_plain(match['id'])}")
    for span in personal.found(text):
        if slot := _PERSONAL.get(span.kind):
            found.setdefault(slot, set()).add(_plain(text[span.start : span.end]))
    for match in _ACCOUNT.finditer(text):
        found.setdefault(Slot.ACCOUNT, set()).add(match[0])
    for match in _SHOP.finditer(text):
        found.setdefault(Slot.SHOP, set()).add(_plain(match["id"]))
    said = f" {' '.join(words(text))} "
    for name, id_ in (places or {}).items():
        if f" {' '.join(words(name))} " in said:
            found.setdefault(Slot.SHOP, set()).add(id_)
    return Slots({slot: frozenset(values) for slot, values in found.items()})


def _plain(id_: str) -> str:
    """ "#02" and "2" are one."""
    return id_.lstrip("#0").upper() or "0"


def _comparable(slot: Slot, mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """A till and a tablet have numbers of their own: only two tills can be two different ones."""
    if slot is not Slot.DEVICE:
        return True
    return not {_class(one) for one in mine}.isdisjoint({_class(one) for one in theirs})


def _class(device: str) -> str:
    return device.rpartition(" ")[0]
