"""Batches of one source into the tables, in the caller's transaction: of a file, or of a live event, alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.audit.chain import append
from bot.audit.rows import Entry, Purpose
from bot.customers import erased
from bot.customers.feeds import interaction_store, record_store
from bot.customers.feeds.differences import Difference, difference
from bot.customers.feeds.feed import Feed, RecordSection
from bot.customers.feeds.mapping import CUSTOMER
from bot.customers.feeds.reporting import ImportReport
from bot.customers.records import Contact, Record
from bot.customers.tables import InteractionRow, RecordRow
from bot.personal import masked

# Says of the row at a place why it was not taken.
Reject = Callable[[str, str], None]
Row = TypeVar("Row", Record, Contact)


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Somebody said that erased customers may be imported again: who, and why."""

    by: str
    reason: str


@dataclass(slots=True)
class Writer:
    """`touched` are the customers who may look like others now; `back`: erased ones are taken again."""

    feed: Feed
    now: datetime
    report: ImportReport
    back: TakingBack | None = None
    touched: set[int] = field(default_factory=set)

    def records(self, session: Session, section: RecordSection, batch: Sequence[Record], reject: Reject) -> None:
        """What the batch changes; `reject` is told of what cannot be kept."""
        source, kind = self.feed.source, section.kind
        which = record_store.of_kind(source, kind)
        found = difference(session, RecordRow, which, batch)
        self._leave_out(session, found, erased.erased_records(session, source, kind, found.added), reject)
        if kind == CUSTOMER:
            done = record_store.write_customers(session, source, kind, found, by=self.feed.merge, now=self.now)
        else:
            done = record_store.write_belongings(session, source, kind, found, now=self.now)
        count(self.report, found)
        for record, why in done.homeless:
            self.reject(record.place, f"{why} known by what it says to belong to", reject)
            kept_before = record.source_id in found.standing
            self.report.changed -= kept_before
            self.report.added -= not kept_before
        self.touched |= done.touched
        self.report.merged += done.merged

    def contacts(self, session: Session, batch: Sequence[Contact], reject: Reject) -> None:
        """As `records`."""
        source = self.feed.source
        which = interaction_store.of_source(source)
        found = difference(session, InteractionRow, which, batch)
        self._leave_out(session, found, erased.erased_contacts(session, source, found.added), reject)
        self.report.shared += interaction_store.write(session, source, found, now=self.now)
        count(self.report, found)

    def reject(self, place: str, reason: str, tell: Reject) -> None:
        self.report.rejected += 1
        tell(place, reason)

    def _leave_out(self, session: Session, found: Difference[Row], gone: dict[str, str], tell: Reject) -> None:
        """Rows whose customer was erased are not added, unless somebody said so."""
        if not gone:
            return
        if self.back is not None:
            erased.take_back(session, set(gone.values()))
            for number in sorted(set(gone.values())):
                append(session, _taken_back(number, self.back, self.now))
            return
        for row in found.added:
            if row.source_id in gone:
                tell(row.place, erased.REASON)
        self.report.erased += len(gone)
        found.added = [row for row in found.added if row.source_id not in gone]


def count(report: ImportReport, found: Difference[Row]) -> None:
    report.added += len(found.added)
    report.changed += len(found.changed)
    report.unchanged += len(found.unchanged)
    report.deleted += len(found.gone)


def _taken_back(number: str, back: TakingBack, now: datetime) -> Entry:
    # A row of the audit can never be masked later.
    reference = f"erasure {number} taken back: {masked(back.reason)}"[:255]
    return Entry(at=now, workspace="", person=back.by, purpose=Purpose.ERASURE, reference=reference)
