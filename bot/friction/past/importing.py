"""Old tickets into the tables, some dozens a transaction; which are here already is known by source and number."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.customers.batches import batched
from bot.customers.feeds import reading
from bot.customers.feeds.examining import look_through
from bot.customers.feeds.importing import note_exports
from bot.customers.feeds.rejects import Rejects
from bot.customers.feeds.rows import AHEAD, Rejected
from bot.errors import ImportRefused
from bot.friction.desk import Desk, Form, as_guessed
from bot.friction.filing import LONGEST_WORDS
from bot.friction.intake import Draft
from bot.friction.kinds import Privacy
from bot.friction.moves import OPEN, State
from bot.friction.past.mapping import TicketFeed, TicketSection
from bot.friction.past.rows import OldTicket, old_ticket
from bot.friction.reporters import Reporter
from bot.friction.tables import EventRow, ImportRow, TicketRow

# What is done, how many rows of how many.
Progress = Callable[[str, int, int], None]
# Whoever files a report meanwhile waits for one transaction, which is some tenths of a second.
BATCH = 50


@dataclass(slots=True)
class ImportedTickets:
    """Counts of rows; `known` were here already, `repeated` stand again in the file, where the first one counts."""

    source: str
    read: int = 0
    added: int = 0
    known: int = 0
    repeated: int = 0
    rejected: int = 0
    states: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    tools: Counter[str] = field(default_factory=Counter)
    rejected_files: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, state: State, form: Form) -> None:
        self.added += 1
        self.states[state] += 1
        self.kinds[form.kind] += 1
        self.tools.update(form.tools)

    def as_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in told.items()}


Write = Callable[[Sequence[tuple[OldTicket, Draft]]], None]


@dataclass(frozen=True, slots=True)
class Past:
    """Where old tickets are taken over. Whoever raised one is named nowhere, and cannot be written to."""

    desk: Desk

    def take(
        self, file: Path, feed: TicketFeed, *, now: datetime, progress: Progress = lambda _what, _done, _total: None
    ) -> ImportedTickets:
        """What is here already stays as it became here. Raises `ImportRefused` before anything is written."""

        def write(found: Sequence[tuple[OldTicket, Draft]]) -> None:
            with self.desk.database.writing.begin() as session:
                for old, draft in found:
                    self._file(session, feed.source, old, draft, now)

        total = _rows_in(file, feed, now)
        note_exports(self.desk.database, [file], now=now)
        return self._run(file, feed, write, now=now, progress=lambda done: progress("importing", done, total))

    def rehearse(
        self, file: Path, feed: TicketFeed, *, now: datetime, progress: Progress = lambda _what, _done, _total: None
    ) -> ImportedTickets:
        """What would be added and rejected; nothing is written but the file of rejected rows."""
        total = _rows_in(file, feed, now)
        return self._run(
            file, feed, lambda _found: None, now=now, progress=lambda done: progress("reading", done, total)
        )

    def _run(
        self, file: Path, feed: TicketFeed, write: Write, *, now: datetime, progress: Callable[[int], None]
    ) -> ImportedTickets:
        start = time.perf_counter()
        report = ImportedTickets(feed.source)
        with Rejects([file]) as rejects:
            for batch in batched(_taken(file, feed, report, rejects, now=now), BATCH):
                with self.desk.database.reading() as session:
                    fresh = _not_here(session, feed.source, batch, report)
                    drafts = self.desk.reader.intake.read_many(session, [(old.words, old.names) for old in fresh])
                write(list(zip(fresh, drafts, strict=True)))
                for old, draft in zip(fresh, drafts, strict=True):
                    report.count(old.state, as_guessed(draft, Privacy.CONFIDENTIAL))
                progress(report.read)
            report.rejected_files = rejects.files
        report.seconds = round(time.perf_counter() - start, 3)
        if report.read and report.rejected == report.read:
            raise ImportRefused(
                f"Every row was rejected, so nothing was imported. {', '.join(report.rejected_files)} says why; "
                "correct the mapping."
            )
        return report

    def _file(self, session: Session, source: str, old: OldTicket, draft: Draft, now: datetime) -> None:
        # Of whom the export does not say who they were, each counts as somebody else.
        who = Reporter(old.raised_by or f"\0{old.source_id}", f"import:{source}", "", reachable=False)
        form = as_guessed(draft, Privacy.CONFIDENTIAL)
        filed = self.desk.file_in(session, draft, form, who, now=old.filed_at)
        self.desk.clocks.promise_nothing(session, filed.ticket)
        row = session.get_one(TicketRow, filed.ticket)
        if old.state is not State.NEW:
            row.state, row.changed_at = old.state, old.over
        if old.state not in OPEN:
            row.resolved_at = old.over
            row.resolved_with = self.desk.reader.intake.masked(old.done, old.names)[:LONGEST_WORDS]
        if old.state not in OPEN | {State.RESOLVED}:
            row.secret = ""
        session.add(ImportRow(source=source, source_id=old.source_id, ticket=row.id))
        session.add(
            EventRow(
                ticket=row.id,
                at=now,
                event="import",
                source=State.NEW,
                target=old.state,
                actor="",
                actor_name="",
                words=f"{source} {old.source_id}",
                changed={},
            )
        )


def _rows_in(file: Path, feed: TicketFeed, now: datetime) -> int:
    latest = (now + AHEAD).date()
    return sum(
        look_through(file, feed.files, one.at, taken=one.columns, dated=(one.when, one.over), latest=latest)
        for one in feed.sections
    )


def _taken(
    file: Path, feed: TicketFeed, report: ImportedTickets, rejects: Rejects, *, now: datetime
) -> Iterator[OldTicket]:
    """Each number once, as it stands first."""
    seen: set[str] = set()
    for section in feed.sections:
        for read in reading.rows(file, feed.files, section.at):
            report.read += 1
            try:
                old = _read(read, section, feed, now)
            except Rejected as fault:
                report.rejected += 1
                rejects.add(file, read.place, str(fault))
                continue
            if old.source_id in seen:
                report.repeated += 1
                continue
            seen.add(old.source_id)
            yield old


def _read(read: reading.Read, section: TicketSection, feed: TicketFeed, now: datetime) -> OldTicket:
    if read.fault:
        raise Rejected(read.fault)
    return old_ticket(read.row, section=section, feed=feed.files, now=now)


def _not_here(session: Session, source: str, batch: Sequence[OldTicket], report: ImportedTickets) -> list[OldTicket]:
    asked = select(ImportRow.source_id).where(
        ImportRow.source == source, ImportRow.source_id.in_([old.source_id for old in batch])
    )
    here = set(session.scalars(asked))
    report.known += len(here)
    return [old for old in batch if old.source_id not in here]
