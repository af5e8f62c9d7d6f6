"""Exports into the tables, some thousand rows a transaction; what is there already is left alone."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, func, select

from bot import copies
from bot.copies import CopyKind
from bot.customers.batches import batched
from bot.customers.feeds import interaction_store, reading, record_store
from bot.customers.feeds.differences import Standing, difference, ids_of, standing_of
from bot.customers.feeds.examining import Section, examine
from bot.customers.feeds.feed import Delivery, Feed, InteractionSection, RecordSection
from bot.customers.feeds.rejects import Rejects
from bot.customers.feeds.reporting import ImportReport
from bot.customers.feeds.rows import Rejected, contact_of, record_of
from bot.customers.feeds.writing import TakingBack, Writer, count
from bot.customers.identity import absorbing, proposals
from bot.customers.records import Contact, Record
from bot.customers.tables import InteractionRow, RecordRow
from bot.database import Database
from bot.errors import ImportRefused

# How far an import is: what is done, how many rows of how many.
Progress = Callable[[str, int, int], None]
# A transaction of so many takes well under a second: whoever else writes waits for it.
BATCH = 2000
# Above this share of what is there, a snapshot that lacks it is taken for half a file.
MOST_DELETED = 0.2
_FEWEST = 20


class _Identified(Protocol):
    @property
    def source_id(self) -> str: ...


T = TypeVar("T", bound=_Identified)


@dataclass(slots=True)
class _Run:
    """One import under way. `made_at`: when the oldest of its files was last changed."""

    database: Database
    feed: Feed
    now: datetime
    progress: Progress
    report: ImportReport
    total: int
    rejects: Rejects
    made_at: datetime
    writer: Writer

    def records(self, file: Path, section: RecordSection) -> Iterator[list[Record]]:
        """What a file holds, some thousand at a time, each id once in them."""
        read = self._taken(file, section.at, lambda one: record_of(one.row, one.place, section=section, feed=self.feed))
        yield from map(self._latest, batched(read, BATCH))

    def contacts(self, file: Path, section: InteractionSection) -> Iterator[list[Contact]]:
        """As `records`."""
        take = partial(contact_of, section=section, feed=self.feed, now=self.now)
        yield from map(
            self._latest, batched(self._taken(file, section.at, lambda one: take(one.row, one.place)), BATCH)
        )

    def went_on(self) -> None:
        self.progress("importing", min(self.report.read, self.total), self.total)

    def _taken(self, file: Path, at: str, take: Callable[[reading.Read], T]) -> Iterator[T]:
        tell = partial(self.rejects.add, file)
        for read in reading.rows(file, self.feed, at):
            self.report.read += 1
            if read.fault:
                self.writer.reject(read.place, read.fault, tell)
                continue
            try:
                yield take(read)
            except Rejected as fault:
                self.writer.reject(read.place, str(fault), tell)

    def _latest(self, batch: list[T]) -> list[T]:
        """As each id stands last."""
        by_id = {each.source_id: each for each in batch}
        self.report.repeated += len(batch) - len(by_id)
        return list(by_id.values())


def import_customers(
    database: Database,
    files: Sequence[Path],
    feed: Feed,
    *,
    now: datetime,
    progress: Progress = lambda _what, _done, _total: None,
    most_deleted: float = MOST_DELETED,
    back: TakingBack | None = None,
) -> ImportReport:
    """Take over what a source says of customers. Raises `ImportRefused` before anything is written.

    `most_deleted`: the share of a source's records that a snapshot may take out by not holding them. `back`: who said
    that erased customers may be taken again.
    """
    with _begun(database, files, feed, feed.records, "customers", now=now, progress=progress, back=back) as run:
        note_exports(database, files, now=now)
        for section in feed.records:
            newest, seen = _newest(database, RecordRow), set[int]()
            of_kind = record_store.of_kind(feed.source, section.kind)
            for file in files:
                for batch in run.records(file, section):
                    with database.writing.begin() as session:
                        run.writer.records(session, section, batch, partial(run.rejects.add, file))
                        if section.delivery is Delivery.SNAPSHOT:
                            seen |= ids_of(session, RecordRow, of_kind, batch)
                    run.went_on()
            if section.delivery is Delivery.SNAPSHOT:
                _take_out_missing_records(run, of_kind, seen, most_deleted, newest)
        with database.writing.begin() as session:
            run.report.merged += absorbing.absorb(session, now=now)
        for number, some in enumerate(batched(sorted(run.writer.touched), BATCH)):
            progress("comparing", number * BATCH, len(run.writer.touched))
            with database.writing.begin() as session:
                run.report.proposed += proposals.propose(session, some, now=now)
    return run.report


def import_interactions(
    database: Database,
    files: Sequence[Path],
    feed: Feed,
    *,
    now: datetime,
    progress: Progress = lambda _what, _done, _total: None,
    most_deleted: float = MOST_DELETED,
    back: TakingBack | None = None,
) -> ImportReport:
    """Take over a source's interactions. Raises `ImportRefused` before anything is written."""
    with _begun(database, files, feed, feed.interactions, "interactions", now=now, progress=progress, back=back) as run:
        note_exports(database, files, now=now)
        newest, seen = _newest(database, InteractionRow), set[int]()
        of_source = interaction_store.of_source(feed.source)
        for section in feed.interactions:
            for file in files:
                for batch in run.contacts(file, section):
                    with database.writing.begin() as session:
                        run.writer.contacts(session, batch, partial(run.rejects.add, file))
                        if section.delivery is Delivery.SNAPSHOT:
                            seen |= ids_of(session, InteractionRow, of_source, batch)
                    run.went_on()
        if any(section.delivery is Delivery.SNAPSHOT for section in feed.interactions):
            _take_out_missing_interactions(run, of_source, seen, most_deleted, newest)
    return run.report


def rehearse(
    database: Database,
    files: Sequence[Path],
    feed: Feed,
    sections: Sequence[Section],
    *,
    now: datetime,
    progress: Progress = lambda _what, _done, _total: None,
) -> ImportReport:
    """What an import would add, change and reject; nothing is written but the files of rejected rows."""
    what = "customers or interactions"
    with _begun(database, files, feed, sections, what, now=now, progress=progress, back=None) as run:
        for section in sections:
            for file in files:
                _rehearse(run, file, section)
    return run.report


def _rehearse(run: _Run, file: Path, section: Section) -> None:
    source = run.feed.source
    if isinstance(section, RecordSection):
        of_kind = record_store.of_kind(source, section.kind)
        for records in run.records(file, section):
            with run.database.reading() as session:
                count(run.report, difference(session, RecordRow, of_kind, records))
            run.went_on()
    else:
        for contacts in run.contacts(file, section):
            with run.database.reading() as session:
                count(run.report, difference(session, InteractionRow, interaction_store.of_source(source), contacts))
            run.went_on()


@contextmanager
def _begun(
    database: Database,
    files: Sequence[Path],
    feed: Feed,
    sections: Sequence[Section],
    what: str,
    *,
    now: datetime,
    progress: Progress,
    back: TakingBack | None,
) -> Iterator[_Run]:
    if not sections:
        raise ImportRefused(f"The mapping of {feed.source} says nothing of {what}. Add such a part to it.")
    start = time.perf_counter()
    total = examine(files, feed, sections, now=now)
    report = ImportReport(feed.source)
    with Rejects(files) as rejects:
        made_at = datetime.fromtimestamp(min(file.stat().st_mtime for file in files), UTC)
        writer = Writer(feed, now, report, back)
        yield _Run(database, feed, now, progress, report, total, rejects, made_at, writer)
        report.rejected_files = rejects.files
    report.seconds = round(time.perf_counter() - start, 3)
    if report.read and report.rejected == report.read:
        raise ImportRefused(
            f"Every row was rejected, so nothing was imported. {', '.join(report.rejected_files)} says why; correct "
            "the mapping."
        )


def note_exports(database: Database, files: Sequence[Path], *, now: datetime) -> None:
    """Write down where these files are: they hold customers' data, and an erasure has to say so."""
    with database.writing.begin() as session:
        for file in files:
            copies.note(session, CopyKind.EXPORT, str(file.resolve()), now=now)


def any_here(database: Database) -> bool:
    """Whether anything is known of any customer: made-up ones would be taken for real among others."""
    with database.reading() as session:
        return session.scalar(select(RecordRow.id).limit(1)) is not None


def _newest(database: Database, table: type[RecordRow] | type[InteractionRow]) -> int:
    """What a live event brings while a snapshot is read is not missing from it."""
    with database.reading() as session:
        return session.scalar(select(func.max(table.id))) or 0


def _take_out_missing_records(run: _Run, which: ColumnElement[bool], seen: set[int], most: float, newest: int) -> None:
    with run.database.reading() as session:
        there = standing_of(session, RecordRow, which, up_to=newest, made_at=run.made_at)
    for some in batched(_missing(run, there, seen, most), BATCH):
        with run.database.writing.begin() as session:
            record_store.take_out(session, some)
        run.report.deleted += len(some)


def _take_out_missing_interactions(
    run: _Run, which: ColumnElement[bool], seen: set[int], most: float, newest: int
) -> None:
    with run.database.reading() as session:
        there = standing_of(session, InteractionRow, which, up_to=newest, made_at=run.made_at)
    for some in batched(_missing(run, there, seen, most), BATCH):
        with run.database.writing.begin() as session:
            interaction_store.take_out(session, some)
        run.report.deleted += len(some)


def _missing(run: _Run, there: Sequence[Standing], seen: set[int], most: float) -> list[Standing]:
    """Nothing where it is so much that the file is more likely a half."""
    missing = [standing for standing in there if standing.id not in seen]
    if len(missing) >= _FEWEST and len(missing) > most * len(there):
        run.report.withheld += len(missing)
        return []
    return missing
