"""Old tickets into the tables, some hundreds a transaction; which are here already is known by source and number.

Tickets come before the reports that join them, wherever in the file those stand.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.customers.batches import batched
from bot.customers.feeds import reading
from bot.customers.feeds.examining import look_through
from bot.customers.feeds.importing import note_exports
from bot.customers.feeds.rejects import Rejects
from bot.customers.feeds.rows import AHEAD, Rejected
from bot.errors import ImportRefused
from bot.friction.desk import Desk
from bot.friction.past.mapping import TicketFeed, TicketSection
from bot.friction.past.names import Names
from bot.friction.past.rows import OldReport, OldTicket, joins_another, old_report, old_ticket
from bot.friction.past.writing import Ready, Writer, numbers_of, ready, reporters_of

# What is done, how many rows of how many.
Progress = Callable[[str, int, int], None]
# Whoever files a report meanwhile waits for one transaction, which is some tenths of a second.
BATCH = 200


@dataclass(slots=True)
class ImportedTickets:
    """Counts of rows; `known` were here already, `repeated` stand again in the file, where the first one counts.

    `added` are tickets and `joined` reports of these. `strangers` name a customer who is not known here, so that none
    is attached.
    """

    source: str
    read: int = 0
    added: int = 0
    joined: int = 0
    known: int = 0
    repeated: int = 0
    rejected: int = 0
    strangers: int = 0
    states: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    tools: Counter[str] = field(default_factory=Counter)
    rejected_files: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, one: Ready) -> None:
        self.added += 1
        self.states[one.old.life.state] += 1
        self.kinds[one.subject.kind] += 1
        self.tools.update(filter(None, (*one.subject.tools, one.subject.partner)))

    def as_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in told.items()}


_OLD = TypeVar("_OLD", OldTicket, OldReport)


@dataclass(frozen=True, slots=True)
class Past:
    """Where old tickets are taken over. Whoever raised one is named nowhere, and cannot be written to.

    `places` and `roles` are those of `config/people.yaml`: an export names no others.
    """

    desk: Desk
    places: Mapping[str, str] = field(default_factory=dict)
    roles: Sequence[str] = ()

    def take(
        self, file: Path, feed: TicketFeed, *, now: datetime, progress: Progress = lambda _what, _done, _total: None
    ) -> ImportedTickets:
        """What is here already stays as it became here. Raises `ImportRefused` before anything is written."""
        total = _rows_in(file, feed, now)
        note_exports(self.desk.database, [file], now=now)
        return self._run(file, feed, now=now, write=True, progress=lambda done: progress("importing", done, total))

    def rehearse(
        self, file: Path, feed: TicketFeed, *, now: datetime, progress: Progress = lambda _what, _done, _total: None
    ) -> ImportedTickets:
        """What would be added and rejected; nothing is written but the file of rejected rows."""
        total = _rows_in(file, feed, now)
        return self._run(file, feed, now=now, write=False, progress=lambda done: progress("reading", done, total))

    def _run(
        self, file: Path, feed: TicketFeed, *, now: datetime, write: bool, progress: Callable[[int], None]
    ) -> ImportedTickets:
        start = time.perf_counter()
        report = ImportedTickets(feed.source)
        names = Names.of(self.desk.map, places=self.places, roles=self.roles)
        with Rejects([file]) as rejects:
            run = _Run(self.desk, file, feed, names, now, write, report, rejects)
            for batch in batched(run.tickets(), BATCH):
                run.take_tickets(batch)
                progress(report.read)
            for joining in batched(run.joins(), BATCH):
                run.take_joins(joining)
                progress(report.read)
            report.rejected_files = rejects.files
        report.seconds = round(time.perf_counter() - start, 3)
        if report.read and report.rejected == report.read:
            raise ImportRefused(
                f"Every row was rejected, so nothing was imported. {', '.join(report.rejected_files)} says why; "
                "correct the mapping."
            )
        return report


@dataclass(slots=True)
class _Run:
    """One import under way; without `write` nothing is written."""

    desk: Desk
    file: Path
    feed: TicketFeed
    names: Names
    now: datetime
    write: bool
    report: ImportedTickets
    rejects: Rejects
    _seen: set[str] = field(default_factory=set)
    # Of a rehearsal: which tickets would be here.
    _promised: set[str] = field(default_factory=set)
    _masks: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    @property
    def _writer(self) -> Writer:
        return Writer(self.desk, self.feed.source, self.now)

    def tickets(self) -> Iterator[tuple[str, OldTicket]]:
        yield from self._rows(old_ticket, joining=False)

    def joins(self) -> Iterator[tuple[str, OldReport]]:
        yield from self._rows(old_report, joining=True)

    def _rows(self, read_in: Callable[..., _OLD], *, joining: bool) -> Iterator[tuple[str, _OLD]]:
        """Each number once, as it stands first. What cannot be read at all counts with the tickets."""
        for section in self.feed.sections:
            for read in reading.rows(self.file, self.feed.files, section.at):
                if (not read.fault and joins_another(read.row, section)) is not joining:
                    continue
                self.report.read += 1
                try:
                    old = self._read(read, section, read_in)
                except Rejected as fault:
                    self._reject(read.place, fault)
                    continue
                if old.source_id in self._seen:
                    self.report.repeated += 1
                    continue
                self._seen.add(old.source_id)
                yield read.place, old

    def _read(self, read: reading.Read, section: TicketSection, read_in: Callable[..., _OLD]) -> _OLD:
        if read.fault:
            raise Rejected(read.fault)
        return read_in(read.row, section=section, feed=self.feed.files, names=self.names, now=self.now)

    def _reject(self, place: str, fault: Rejected) -> None:
        self.report.rejected += 1
        self.rejects.add(self.file, place, str(fault))

    def take_tickets(self, batch: Sequence[tuple[str, OldTicket]]) -> None:
        with self.desk.database.reading() as session:
            here = numbers_of(session, self.feed.source, [old.source_id for _, old in batch])
            fresh = [old for _, old in batch if old.source_id not in here]
            drafts = self.desk.reader.intake.read_many(session, [(old.first.words, old.first.names) for old in fresh])
        self.report.known += len(here)
        found = [
            ready(self.desk, old, draft, self._masked(old.done, old.first.names))
            for old, draft in zip(fresh, drafts, strict=True)
        ]
        if self.write:
            with self.desk.database.writing.begin() as session:
                self.report.strangers += self._writer.tickets(session, found)
        else:
            self._promised |= {old.source_id for old in fresh}
        for one in found:
            self.report.count(one)

    def _masked(self, text: str, names: tuple[str, ...]) -> str:
        """Most of what was done was done to many tickets in the same words."""
        if text and (text, names) not in self._masks:
            self._masks[text, names] = self.desk.reader.intake.masked(text, names)
        return self._masks[text, names] if text else ""

    def take_joins(self, batch: Sequence[tuple[str, OldReport]]) -> None:
        """Of what one person says twice of a ticket the first counts."""
        source = self.feed.source
        with self.desk.database.reading() as session:
            here = numbers_of(session, source, [old.source_id for _, old in batch])
            into = numbers_of(session, source, [old.joins for _, old in batch])
            reporters = reporters_of(session, into.values())
        self.report.known += len(here)
        found: list[tuple[OldReport, int, str]] = []
        for place, old in batch:
            if old.source_id in here:
                continue
            ticket = into.get(old.joins)
            mark = ticket or 0, self._writer.handle(old)
            if ticket is None and old.joins not in self._promised:
                self._reject(place, Rejected("it joins a ticket that is neither here nor in this file"))
            elif ticket is not None and mark in reporters:
                self._reject(place, Rejected("whoever it is from has reported that ticket already"))
            else:
                reporters.add(mark)
                self.report.joined += 1
                found.append((old, ticket or 0, self._masked(old.words, old.names)))
        if self.write and found:
            with self.desk.database.writing.begin() as session:
                self.report.strangers += self._writer.joins(session, found)


def _rows_in(file: Path, feed: TicketFeed, now: datetime) -> int:
    latest = (now + AHEAD).date()
    return sum(
        look_through(file, feed.files, one.at, taken=one.columns, dated=one.dates, latest=latest)
        for one in feed.sections
    )
