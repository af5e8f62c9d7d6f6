"""What an employee reports, without what is personal in it, and with what tells one device or fault from another."""

import re
from collections.abc import Collection

from bot.personal import found
from bot.personal.persons import Roster, names_in
from bot.personal.spans import Kind, Span

# A serial number near one of these is of a box at somebody's home, and leads to them as an account number does.
_SOMEBODY = re.compile(
    r"\b(?:customers?|callers?|clients?|cust|tenants?|subscribers?|(?:account )?holders?|mrs?|ms|her|his|their|she|he"
    r"|lady|man|woman|family)\b",
    re.IGNORECASE,
)
_NEAR = 60
# "svc_backup_1024" is no customer's account.
_OF_MACHINES = frozenset({
    "svc", "srv", "sys", "app", "pos", "till", "dev", "device", "host", "printer", "pc", "batch", "admin", "test",
    "backup", "shop", "store", "team", "queue", "job", "kiosk", "tablet", "scanner", "error", "err", "build",
    "release", "table",
})  # fmt: skip


def without_personal(text: str, *, known: Roster | Collection[str] = (), never: Collection[str] = ()) -> str:
    """The text with "[name]", "[account]", "[phone]" and so on in place of what leads to a person.

    "Device 02", "shop 12", "error 500" and numbers of tickets lead to nobody and stay, and so do serial numbers of our
    own devices; those near a word for a customer go. `known` and `never` are those of `persons.names_in`.
    """
    parts: list[str] = []
    end = 0
    for span in personal_in(text, known=known, never=never):
        parts += [text[end : span.start], f"[{span.kind}]"]
        end = span.end
    return "".join([*parts, text[end:]])


def personal_in(text: str, *, known: Roster | Collection[str] = (), never: Collection[str] = ()) -> list[Span]:
    """What `without_personal` masks, from left to right, without overlaps."""
    spans = [span for span in found(text) if span.kind is not Kind.NAME and _leads_to_somebody(text, span)]
    apart: list[Span] = []
    for span in sorted([*spans, *names_in(text, known=known, never=never)], key=lambda span: (span.start, -span.end)):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
        elif span.end > apart[-1].end:
            apart[-1] = Span(apart[-1].kind, apart[-1].start, span.end)
    return apart


def _leads_to_somebody(text: str, span: Span) -> bool:
    if span.kind is Kind.TICKET:
        return False
    if span.kind is Kind.ACCOUNT and _OF_MACHINES.intersection(text[span.start : span.end].casefold().split("_")[:-1]):
        return False
    near = text[max(0, span.start - _NEAR) : span.end + _NEAR]
    return span.kind is not Kind.SERIAL or _SOMEBODY.search(near) is not None
