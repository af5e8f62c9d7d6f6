"""Mapping files of old tickets: YAML that says how an export is to be read, checked with the line at fault."""

from dataclasses import dataclass
from pathlib import Path

from bot.customers.feeds.entries import Entry, checked, known_names
from bot.customers.feeds.feed import Feed
from bot.customers.feeds.fields import Taken
from bot.customers.feeds.mapping import head_of
from bot.friction.moves import State
from bot.yaml_lines import Lines

# What waits, waits for somebody who is asked here; what is merged needs the other one.
NO_STATES = (State.WAITING_REPORTER, State.WAITING_PARTNER, State.MERGED)
_TOP = frozenset({"source", "files", "format", "delimiter", "encoding", "timezone", "dates", "tickets"})
_OF_TICKETS = frozenset({"at", "id", "words", "when", "raised_by", "names", "state", "over", "done"})


@dataclass(frozen=True, slots=True)
class TicketSection:
    """Where tickets are in a file, and what is taken from each.

    `names` are columns with names of people, which are masked in the words. `over` is when it was closed, `done` what
    was done.
    """

    at: str
    id: Taken
    words: Taken
    when: Taken
    raised_by: Taken
    names: Taken
    state: Taken
    over: Taken
    done: Taken

    @property
    def columns(self) -> tuple[Taken, ...]:
        return (
            self.id,
            self.words,
            self.when,
            self.raised_by,
            self.names,
            self.state,
            self.over,
            self.done,
        )


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
    for word in filter(None, (state.constant, *(state.values or {}).values())):
        checked(word, "state", State, lambda what: entry.fault("state", what), but=NO_STATES)
    return TicketSection(
        at=str(entry.entry.get("at") or ""),
        id=entry.needed("id", "number"),
        words=entry.needed("words", "[subject, description]"),
        when=entry.needed("when", "created_at"),
        raised_by=entry.taken("raised_by"),
        names=entry.taken("names"),
        state=state,
        over=entry.taken("over"),
        done=entry.taken("done"),
    )
