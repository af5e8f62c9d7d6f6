"""What happened to a ticket, as anybody may read it.

When one of few people said "me too" tells who it was. So such reports are counted by weeks, and weeks are put together
until there are enough people in them; of tickets of few people they are not told at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.friction import tickets
from bot.friction.moves import Event
from bot.friction.suppression import FEWEST
from bot.friction.tables import EventRow, ReportRow
from bot.friction.tickets import Ticket

JOINED = Event.ME_TOO.value


@dataclass(frozen=True, slots=True)
class Happened:
    """`at` is None where whoever did it is not named: then only the day is told.

    Of `JOINED` it is how many `people` did from the week of `day` to that of `until`, by the Monday of each.
    """

    event: str
    day: date
    at: datetime | None = None
    source: str = ""
    target: str = ""
    by: str = ""
    words: str = ""
    changed: Mapping[str, Any] | None = None
    people: int | None = None
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        if self.people is not None and self.until is not None:
            weeks = {"week_of": self.day.isoformat(), "until_week_of": self.until.isoformat()}
            return {**weeks, "event": self.event, "people": self.people}
        return {
            "at": (self.at or self.day).isoformat(),
            "event": self.event,
            "from": self.source,
            "to": self.target,
            "by": self.by,
            "words": self.words,
            "changed": dict(self.changed or {}),
        }


def history(session: Session, one: Ticket, *, zone: tzinfo | None = None) -> list[Happened]:
    """Oldest first; `zone` is the one whose days and weeks are told. `one` was read with a reader's audiences."""
    rows = session.scalars(select(EventRow).where(EventRow.ticket == one.number).order_by(EventRow.id))
    found = [_happened(row, zone) for row in rows if row.event != JOINED]
    if one.weight.people is not None:
        found += _joined(tickets.reports(session, one.number), zone)
    return sorted(found, key=lambda each: each.until + timedelta(days=6) if each.until else each.day)


def _happened(row: EventRow, zone: tzinfo | None) -> Happened:
    named = bool(row.actor_name)
    return Happened(
        row.event,
        _day(row.at, zone),
        row.at if named else None,
        row.source,
        row.target,
        row.actor_name,
        row.words,
        row.changed,
    )


def _day(at: datetime, zone: tzinfo | None) -> date:
    """Of an anonymous report the day alone was kept: it has none of a zone."""
    return at.date() if at.time() == time() else at.astimezone(zone).date()


def _joined(reports: Iterable[ReportRow], zone: tzinfo | None) -> list[Happened]:
    """Everybody but the first: all of them, so that what is left of the ticket's people is nobody."""
    first_said: dict[str, date] = {}
    for one in reports:
        day = _day(one.at, zone)
        first_said[one.handle] = min(day, first_said.get(one.handle, day))
    weeks = sorted(day - timedelta(days=day.weekday()) for day in sorted(first_said.values())[1:])
    return [Happened(JOINED, of_them[0], people=len(of_them), until=of_them[-1]) for of_them in _enough_together(weeks)]


def _enough_together(weeks: Sequence[date]) -> list[list[date]]:
    """A sorted list cut between weeks into pieces that are large enough; what is left over goes with the last."""
    pieces: list[list[date]] = []
    ahead: list[date] = []
    for week in weeks:
        if len(ahead) >= FEWEST and week != ahead[-1]:
            pieces.append(ahead)
            ahead = []
        ahead.append(week)
    if len(ahead) >= FEWEST:
        pieces.append(ahead)
    elif pieces:
        pieces[-1] += ahead
    return pieces
