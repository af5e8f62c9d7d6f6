"""Mapping files of old tickets: YAML that says how an export is to be read, checked with the line at fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.customers.feeds.entries import Entry, checked, known_names
from bot.customers.feeds.feed import Feed, TakenKey
from bot.customers.feeds.fields import Taken
from bot.customers.feeds.mapping import head_of
from bot.friction.acting import Resolution
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Severity
from bot.friction.moves import State
from bot.yaml_lines import Lines

# What is merged needs the other one; what joins another says so in `same_as`.
NO_STATES = (State.MERGED,)
_TOP = frozenset({"source", "files", "format", "delimiter", "encoding", "timezone", "dates", "country", "tickets"})
_SUBJECT = ("kind", "severity", "tools", "partner", "touchpoint")
_SAID = ("minutes", "frequency", "effect", "role", "place", "still")
_LIFE = ("acknowledged", "resolved", "resolution", "reopened", "over")
_OF_TICKETS = frozenset(
    {"at", "id", "same_as", "words", "when", "raised_by", "names", "state", "done"}
    | {"customer", "waiting", *_SUBJECT, *_SAID, *_LIFE}
)
_OF_WAITS = frozenset({"for", "from", "until"})


class Waits(StrEnum):
    """Whom a ticket waited for."""

    REPORTER = "reporter"
    PARTNER = "partner"


_WORDS: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "severity": Severity,
    "frequency": Frequency,
    "effect": CustomerEffect,
    "resolution": Resolution,
}


@dataclass(frozen=True, slots=True)
class SubjectColumns:
    """What a ticket is about."""

    kind: Taken
    severity: Taken
    tools: Taken
    partner: Taken
    touchpoint: Taken


@dataclass(frozen=True, slots=True)
class SaidColumns:
    """What the person said whose report it is, and as what they worked where. `customer` is whom it was about."""

    customer: tuple[TakenKey, ...]
    minutes: Taken
    frequency: Taken
    effect: Taken
    role: Taken
    place: Taken
    still: Taken


@dataclass(frozen=True, slots=True)
class WaitColumns:
    """One time of waiting; several columns in `since` and `until` are one after the other."""

    whom: Taken
    since: Taken
    until: Taken


@dataclass(frozen=True, slots=True)
class LifeColumns:
    """When things happened to a ticket; `over` is when it was closed."""

    waits: tuple[WaitColumns, ...]
    acknowledged: Taken
    resolved: Taken
    resolution: Taken
    reopened: Taken
    over: Taken

    @property
    def dates(self) -> Iterator[Taken]:
        yield from (self.acknowledged, self.resolved, self.reopened, self.over)
        for one in self.waits:
            yield from (one.since, one.until)


@dataclass(frozen=True, slots=True)
class TicketSection:
    """Where tickets are in a file, and what is taken from each.

    A row with something in `same_as` is one more report of the ticket of that number. `names` are columns with names
    of people, which are masked in the words. `done` is what was done.
    """

    at: str
    id: Taken
    same_as: Taken
    words: Taken
    when: Taken
    raised_by: Taken
    names: Taken
    state: Taken
    done: Taken
    subject: SubjectColumns
    said: SaidColumns
    life: LifeColumns

    @property
    def columns(self) -> Iterator[Taken]:
        yield from (self.id, self.same_as, self.words, self.when, self.raised_by, self.names, self.state, self.done)
        yield from (getattr(self.subject, name) for name in _SUBJECT)
        yield from (getattr(self.said, name) for name in _SAID)
        yield from (key.taken for key in self.said.customer)
        yield self.life.resolution
        yield from self.life.dates
        yield from (one.whom for one in self.life.waits)

    @property
    def dates(self) -> Iterator[Taken]:
        yield self.when
        yield from self.life.dates


@dataclass(frozen=True, slots=True)
class TicketFeed:
    """`files` says how the files of a source are read."""

    files: Feed
    sections: tuple[TicketSection, ...]

    @property
    def source(self) -> str:
        return self.files.source


def load_ticket_feed(file: Path) -> TicketFeed:
    """Raises `SettingsError` with the line at fault."""
    lines = Lines(file)
    known_names(lines, 1, lines.names(), _TOP)
    files = head_of(lines)
    sections = tuple(_section(Entry(lines, line, entry, files.source)) for line, entry in lines.entries("tickets"))
    if not sections:
        raise lines.fault(1, "it needs `tickets:`, which says where to look in the export; docs/friction.md has one")
    return TicketFeed(files, sections)


def _section(entry: Entry) -> TicketSection:
    known_names(entry.lines, entry.line, entry.entry, _OF_TICKETS)
    state = entry.needed("state", "{ constant: closed }")
    _must_be(entry, "state", state, State, but=NO_STATES)
    for name, kinds in _WORDS.items():
        _must_be(entry, name, entry.taken(name), kinds)
    return TicketSection(
        at=str(entry.entry.get("at") or ""),
        id=entry.needed("id", "number"),
        same_as=entry.taken("same_as"),
        words=entry.needed("words", "[subject, description]"),
        when=entry.needed("when", "created_at"),
        raised_by=entry.taken("raised_by"),
        names=entry.taken("names"),
        state=state,
        done=entry.taken("done"),
        subject=SubjectColumns(*map(entry.taken, _SUBJECT)),
        said=SaidColumns(entry.keys("customer"), *map(entry.taken, _SAID)),
        life=LifeColumns(tuple(_waits(entry)), *map(entry.taken, _LIFE)),
    )


def _waits(entry: Entry) -> Iterator[WaitColumns]:
    value = entry.entry.get("waiting")
    for one in value if isinstance(value, list) else [value] if value is not None else []:
        if not isinstance(one, dict) or one.keys() - _OF_WAITS or not one.get("for") or not one.get("from"):
            raise entry.fault(
                "waiting",
                "waiting needs for whom and since when: { for: { constant: partner }, from: COLUMN, until: COLUMN }",
            )
        whom = entry.take("waiting", one["for"])
        _must_be(entry, "waiting", whom, Waits)
        yield WaitColumns(whom, entry.take("waiting", one["from"]), entry.take("waiting", one.get("until")))


def _must_be(entry: Entry, name: str, taken: Taken, kinds: type[StrEnum], *, but: tuple[Any, ...] = ()) -> None:
    """What is known before a row is read: a constant, and the words that `values` puts in."""
    for word in filter(None, (taken.constant, *(taken.values or {}).values())):
        checked(word, name, kinds, lambda what: entry.fault(name, what), but=but)
