"""Exports into the tables, some thousand rows a transaction; what is there already is left alone."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import select

from bot.customers import absorbing, interaction_store, proposals, reading, record_store
from bot.customers.batches import batched
from bot.customers.examining import Section, examine
from bot.customers.feed import Delivery, Feed, InteractionSection, RecordSection
from bot.customers.mapping import CUSTOMER
from bot.customers.rejects import Rejects
from bot.customers.reporting import ImportReport
from bot.customers.rows import Contact, Record, Rejected, contact_of, record_of
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
    """One import under way."""

    database: Database
    feed: Feed
    now: datetime
    progress: Progress
    report: ImportReport
    total: int
    rejects: Rejects
    touched: set[int] = field(default_factory=set)

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

    def reject(self, file: Path, place: str, reason: str) -> None:
        self.report.rejected += 1
        self.rejects.add(file, place, reason)

    def went_on(self) -> None:
        self.progress("importing", min(self.report.read, self.total), self.total)

    def _taken(self, file: Path, at: str, take: Callable[[reading.Read], T]) -> Iterator[T]:
        for read in reading.rows(file, self.feed, at):
            self.report.read += 1
            try:
                if read.fault:
                    raise Rejected(read.fault)
                yield take(read)
            except Rejected as fault:
                self.reject(file, read.place, str(fault))

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
) -> ImportReport:
    """Take over what a source says of customers. Raises `ImportRefused` before anything is written.

    `most_deleted`: the share of a source's records that a snapshot may take out by not holding them.
    """
    with _begun(database, files, feed, feed.records, "customers", now=now, progress=progress) as run:
        for section in feed.records:
            seen: set[int] = set()
            for file in files:
                for batch in run.records(file, section):
                    _write_records(run, file, section, batch, seen)
                    run.went_on()
            if section.delivery is Delivery.SNAPSHOT:
                _take_out_missing_records(run, section, seen, most_deleted)
        with database.writing.begin() as session:
            run.report.merged += absorbing.absorb(session, now=now)
        for number, some in enumerate(batched(sorted(run.touched), BATCH)):
            progress("comparing", number * BATCH, len(run.touched))
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
) -> ImportReport:
    """Take over a source's interactions. Raises `ImportRefused` before anything is written."""
    with _begun(database, files, feed, feed.interactions, "interactions", now=now, progress=progress) as run:
        seen: set[int] = set()
        for section in feed.interactions:
            for file in files:
                for batch in run.contacts(file, section):
                    _write_interactions(run, section, batch, seen)
                    run.went_on()
        if any(section.delivery is Delivery.SNAPSHOT for section in feed.interactions):
            _take_out_missing_interactions(run, seen, most_deleted)
    return run.report


def rehearse(
    database: Database, files: Sequence[Path], feed: Feed, sections: Sequence[Section], *, now: datetime
) -> ImportReport:
    """What an import would add, change and reject; nothing is written but the files of rejected rows."""
    with _begun(database, files, feed, sections, "customers or interactions", now=now, progress=_unseen) as run:
        for section in sections:
            for file in files:
                _rehearse(run, file, section)
    return run.report


def _unseen(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def _rehearse(run: _Run, file: Path, section: Section) -> None:
    source = run.feed.source
    if isinstance(section, RecordSection):
        for records in run.records(file, section):
            with run.database.reading() as session:
                _count(run.report, record_store.difference(session, source, section.kind, records))
    else:
        for contacts in run.contacts(file, section):
            with run.database.reading() as session:
                _count(run.report, interaction_store.difference(session, source, contacts))


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
) -> Iterator[_Run]:
    if not sections:
        raise ImportRefused(f"The mapping of {feed.source} says nothing of {what}. Add such a part to it.")
    start = time.perf_counter()
    total = examine(files, feed, sections, now=now)
    report = ImportReport(feed.source)
    with Rejects(files) as rejects:
        yield _Run(database, feed, now, progress, report, total, rejects)
        report.rejected_files = rejects.files
    report.seconds = round(time.perf_counter() - start, 3)
    if report.read and report.rejected == report.read:
        raise ImportRefused(
            f"Every row was rejected, so nothing was imported. {', '.join(report.rejected_files)} says why; correct the "
            "mapping."
        )


def _write_records(run: _Run, file: Path, section: RecordSection, batch: list[Record], seen: set[int]) -> None:
    source, kind = run.feed.source, section.kind
    with run.database.writing.begin() as session:
        found = record_store.difference(session, source, kind, batch)
        if kind == CUSTOMER:
            done = record_store.write_customers(session, source, kind, found, by=run.feed.merge, now=run.now)
        else:
            done = record_store.write_belongings(session, source, kind, found, now=run.now)
        if section.delivery is Delivery.SNAPSHOT:
            here = record_store.difference(session, source, kind, [record for record in batch if not record.gone])
            seen |= {standing.id for standing in here.standing.values()}
    _count(run.report, found)
    for record, why in done.homeless:
        run.reject(file, record.place, f"{why} known by what it says to belong to")
        kept_before = record.source_id in found.standing
        run.report.changed -= kept_before
        run.report.added -= not kept_before
    run.touched |= done.touched
    run.report.merged += done.merged


def _write_interactions(run: _Run, section: InteractionSection, batch: list[Contact], seen: set[int]) -> None:
    with run.database.writing.begin() as session:
        found = interaction_store.difference(session, run.feed.source, batch)
        run.report.shared += interaction_store.write(session, run.feed.source, found, now=run.now)
        if section.delivery is Delivery.SNAPSHOT:
            here = interaction_store.difference(session, run.feed.source, [each for each in batch if not each.gone])
            seen |= {standing.id for standing in here.standing.values()}
    _count(run.report, found)


def _count(report: ImportReport, found: interaction_store.Difference | record_store.Difference) -> None:
    report.added += len(found.added)
    report.changed += len(found.changed)
    report.unchanged += len(found.unchanged)
    report.deleted += len(found.gone)


def _take_out_missing_records(run: _Run, section: RecordSection, seen: set[int], most: float) -> None:
    which = (RecordRow.source == run.feed.source, RecordRow.kind == section.kind)
    with run.database.reading() as session:
        there = session.execute(select(RecordRow.id, RecordRow.customer, RecordRow.digest).where(*which)).all()
    missing = [
        record_store.Standing(number, customer, digest) for number, customer, digest in there if number not in seen
    ]
    if _too_many(run, len(missing), len(there), most):
        return
    for some in batched(missing, BATCH):
        with run.database.writing.begin() as session:
            record_store.take_out(session, some)
        run.report.deleted += len(some)


def _take_out_missing_interactions(run: _Run, seen: set[int], most: float) -> None:
    asked = select(InteractionRow.id, InteractionRow.customer, InteractionRow.digest)
    with run.database.reading() as session:
        there = session.execute(asked.where(InteractionRow.source == run.feed.source)).all()
    missing = [interaction_store.Standing(number, customer, "") for number, customer, _ in there if number not in seen]
    if _too_many(run, len(missing), len(there), most):
        return
    for some in batched(missing, BATCH):
        with run.database.writing.begin() as session:
            interaction_store.take_out(session, some)
        run.report.deleted += len(some)


def _too_many(run: _Run, missing: int, there: int, most: float) -> bool:
    if missing >= _FEWEST and missing > most * there:
        run.report.withheld += missing
        return True
    return False
