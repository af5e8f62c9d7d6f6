"""A question about one customer, read: what it is about, and to which contacts it is narrowed."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.customers import normal
from bot.customers.kinds import Channel
from bot.customers.questions import cues
from bot.customers.questions.cues import Concept
from bot.customers.questions.periods import Period, period_in
from bot.customers.story.sayings import SayingKind

# "W2378156", "RM-2210", "#884120"; not "49" or "3 boxes".
_IDENTIFIER = re.compile(r"(?<![\w-])#?(?=[\w-]*\d[\w-]*\d[\w-]*\d)(?:[A-Za-z]{1,6}-?[\w-]*\d[\w-]*|\d[\d-]{4,}\w*)")

# What leads to an identifier is no subject.
_CALLED = re.compile(r"\b(?:order|account|ticket|claim|case|dispute|repair|contract)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """`identifiers` are as they are compared, with how they were written."""

    topic: tuple[Concept, ...]
    kind: SayingKind | None
    channels: frozenset[Channel]
    period: Period | None
    identifiers: dict[str, str]

    @property
    def narrowed(self) -> str:
        """To what the search is kept, as one reads it behind "3 contacts"."""
        numbers = f"with {' or '.join(self.identifiers.values())}" if self.identifiers else ""
        names = " or ".join(sorted(each.replace("_", " ") for each in self.channels))
        channels = f"by {names}" if names else ""
        return " ".join(filter(None, (numbers, channels, f"of {self.period.told}" if self.period else "")))

    def concerns(self, at: datetime, channel: str, identifiers: AbstractSet[str], *, zone: tzinfo | None) -> bool:
        """Whether what happened then and there may be what is asked about."""
        if self.identifiers and self.identifiers.keys().isdisjoint(identifiers):
            return False
        if self.channels and channel not in self.channels:
            return False
        return self.period is None or self.period.holds(at.astimezone(zone).date())


def read(question: str, *, now: datetime, zone: tzinfo | None) -> Asked:
    period = period_in(question, now=now.astimezone(zone))
    rest = question if period is None else f"{question[: period.start]} {question[period.end :]}"
    identifiers = identifiers_in(rest)
    rest = _IDENTIFIER.sub(" ", rest)
    channels, rest = cues.channels_in(rest)
    kind, rest = cues.kind_in(rest)
    topic = cues.concepts_in(_CALLED.sub(" ", rest) if identifiers else rest)
    return Asked(topic, kind, channels, period, identifiers)


def identifiers_in(text: str) -> dict[str, str]:
    """By the form in which they are compared, as they were written."""
    found = {}
    for match in _IDENTIFIER.finditer(text):
        value = normal.reference(match[0])
        if value:
            found[value] = match[0].strip("#-")
    return found
