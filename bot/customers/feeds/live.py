"""Live events of one source into the tables, all of a request in one transaction; told what became of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import inbox
from bot.customers.feeds.examining import Section
from bot.customers.feeds.feed import Feed, RecordSection
from bot.customers.feeds.fields import Row, at_path
from bot.customers.feeds.reporting import ImportReport
from bot.customers.feeds.rows import Rejected, contact_of, record_of
from bot.customers.feeds.writing import Writer
from bot.customers.identity import absorbing, proposals
from bot.database import Database
from bot.inbox import InboxRow

# One transaction of so many takes well under a second.
MOST_EVENTS = 1000
KIND = "feed"


class _Identified(Protocol):
    @property
    def source_id(self) -> str: ...


T = TypeVar("T", bound=_Identified)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a request, as its sender is told: counts of rows, and of those rejected which event and why.

    `again`: exactly this request was taken before, so nothing was done.
    """

    counts: dict[str, int]
    reasons: tuple[dict[str, str], ...] = ()
    again: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nothing of it could be taken."""
        return bool(self.reasons) and not any(count for name, count in self.counts.items() if name not in _REFUSED)

    def as_json(self) -> dict[str, Any]:
        return {**self.counts, "reasons": list(self.reasons), "again": self.again}


_REFUSED = frozenset({"received", "rejected", "erased"})
_COUNTED = (
    "added",
    "changed",
    "unchanged",
    "deleted",
    "rejected",
    "erased",
    "repeated",
    "merged",
    "proposed",
    "shared",
)


@dataclass(slots=True)
class _Request:
    writer: Writer
    events: Sequence[object]
    reasons: list[dict[str, str]] = field(default_factory=list)

    def rows(self, at: str) -> Iterator[tuple[str, Row]]:
        """What stands at a path of each event: a record, or a list of them."""
        for number, event in enumerate(self.events, start=1):
            found = [row for row in at_path(event, at) if isinstance(row, Mapping)]
            yield from ((_place(number), row) for row in found)

    def take(self, section: Section, read: Callable[[Row, str], T]) -> list[T]:
        """Each id once, as it stands last."""
        by_id: dict[str, T] = {}
        for place, row in self.rows(section.at):
            try:
                one = read(row, place)
            except Rejected as fault:
                self.writer.reject(place, str(fault), self.tell)
                continue
            self.writer.report.repeated += one.source_id in by_id
            by_id.pop(one.source_id, None)
            by_id[one.source_id] = one
        return list(by_id.values())

    def tell(self, place: str, reason: str) -> None:
        self.reasons.append({"event": place, "reason": reason})


def take(database: Database, feed: Feed, events: Sequence[object], *, signature: str, now: datetime) -> Taken:
    """All of them, or, where the database fails, none. `signature`: by which the same request is known again."""
    key = f"{KIND}:{feed.source}:{signature}"
    with database.writing.begin() as session:
        if before := session.scalars(select(InboxRow.value).where(InboxRow.key == key)).one_or_none():
            return Taken(before["counts"], tuple(before["reasons"]), again=True)
        taken = _taken(session, feed, events, now)
        if not taken.nothing:
            value = {"counts": taken.counts, "reasons": list(taken.reasons)}
            inbox.accept(
                session,
                key=key,
                kind=KIND,
                conversation=f"{KIND}:{feed.source}",
                value=value,
                now=now,
                state=inbox.State.DONE,
            )
    return taken


def _taken(session: Session, feed: Feed, events: Sequence[object], now: datetime) -> Taken:
    report = ImportReport(feed.source)
    writer = Writer(feed, now, report)
    request = _Request(writer, events)
    _reject_the_strange(request, feed)
    for records in feed.records:
        read = partial(record_of, section=records, feed=feed)
        writer.records(session, records, request.take(records, read), request.tell)
    for section in feed.interactions:
        writer.contacts(
            session, request.take(section, partial(contact_of, section=section, feed=feed, now=now)), request.tell
        )
    if writer.touched:
        report.merged += absorbing.absorb(session, now=now, among=writer.touched)
        report.proposed += proposals.propose(session, writer.touched, now=now)
    counts = {"received": len(events), **{name: getattr(report, name) for name in _COUNTED}}
    return Taken(counts, tuple(request.reasons))


def _reject_the_strange(request: _Request, feed: Feed) -> None:
    sections: tuple[Section | RecordSection, ...] = (*feed.records, *feed.interactions)
    known = {place for section in sections for place, _ in request.rows(section.at)}
    for number in range(1, len(request.events) + 1):
        if _place(number) not in known:
            where = " or ".join(sorted({section.at or "its top" for section in sections}))
            request.writer.reject(_place(number), f"it holds no fields at {where}", request.tell)


def _place(number: int) -> str:
    return f"event {number}"
