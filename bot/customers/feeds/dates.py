"""Days and moments as an export writes them, and whether they are written in the order that its mapping says."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class DateOrder(StrEnum):
    """ISO dates, 2026-11-22, are understood whichever is set."""

    ISO = "iso"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


_WRITTEN = re.compile(
    r"(?P<one>\d{1,2})[/.-](?P<other>\d{1,2})[/.-](?P<year>\d{4}|\d\d)"
    r"(?:[ T,]+(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?(?:[.,]\d+)?"
    r" ?(?P<half>[AaPp])?\.?[Mm]?\.?)?"
)
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")
_MILLISECONDS = 10**11
_MONTHS = 12
_SHOWN = 5
# One in so many may be a slip of somebody's; more, and the days that fit both orders are doubtful too.
_SLIPS = 10


def moment(text: str, *, order: DateOrder, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC, where no offset is written in this zone; None where it is none, or not in this order."""
    written = text.strip()
    if _EPOCH.fullmatch(written):
        seconds = float(written)
        return datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
    local = _iso(written) or _slashed(written, order)
    if local is None:
        return None
    try:
        return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:  # the year 1 or 9999
        return None


def day(text: str, *, order: DateOrder) -> date | None:
    local = _iso(text.strip()) or _slashed(text.strip(), order)
    return local.date() if local else None


def _iso(text: str) -> datetime | None:
    if not text[:4].isdigit() or len(text) < len("20261122"):
        return None
    try:
        return datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    except ValueError:
        return None


def _slashed(text: str, order: DateOrder) -> datetime | None:
    match = _WRITTEN.fullmatch(text)
    if match is None or order is DateOrder.ISO:
        return None
    first, second = int(match["one"]), int(match["other"])
    number, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    year = _century(int(match["year"]))
    try:
        return datetime(  # noqa: DTZ001 - the caller knows the zone
            year,
            month,
            number,
            _hour(match["hour"], match["half"]),
            int(match["minute"] or 0),
            int(match["second"] or 0),
        )
    except ValueError:
        return None


def _century(year: int) -> int:
    """Two digits are read as POSIX reads them."""
    if year >= 100:  # noqa: PLR2004 - of two digits
        return year
    return year + (2000 if year < 70 else 1900)  # noqa: PLR2004 - POSIX


def _hour(hour: str | None, half: str | None) -> int:
    if not half:
        return int(hour or 0)
    return int(hour or 0) % 12 + (12 if half in "Pp" else 0)


@dataclass(slots=True)
class _Column:
    fits: int = 0  # the order that is set, and no other
    against: list[str] = field(default_factory=list)
    against_count: int = 0


@dataclass(slots=True)
class DateEvidence:
    """What a file's dates say of the order of day and month.

    A date that exists in the other order only speaks against the one that is set; so does one that would lie in the
    future, but not in the other order.
    """

    order: DateOrder
    latest: date | None  # no date of these is after it; None where one may be
    _columns: dict[str, _Column] = field(default_factory=lambda: defaultdict(_Column))

    def look(self, column: str, text: str, place: str) -> None:
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            return
        seen = self._columns[column]
        fitting = self._fitting(match)
        if fitting == {self.order}:
            seen.fits += 1
        elif fitting and self.order not in fitting:
            seen.against_count += 1
            if len(seen.against) < _SHOWN:
                seen.against.append(f"{place} {match['one']}/{match['other']}/{match['year']}")

    def _fitting(self, match: re.Match[str]) -> set[DateOrder]:
        """The orders in which this date exists and has come already."""
        first, second = int(match["one"]), int(match["other"])
        if first == second:
            return set(DateOrder) if self.order is not DateOrder.ISO else {DateOrder.DAY_FIRST}
        fitting = set()
        if second <= _MONTHS and not self._ahead(match["year"], second, first):
            fitting.add(DateOrder.DAY_FIRST)
        if first <= _MONTHS and not self._ahead(match["year"], first, second):
            fitting.add(DateOrder.MONTH_FIRST)
        return fitting

    def _ahead(self, year: str, month: int, number: int) -> bool:
        latest = self.latest
        return latest is not None and (_century(int(year)), month, number) > (latest.year, latest.month, latest.day)

    def faults(self) -> Iterator[str]:
        """A sentence for each column whose dates are written otherwise."""
        for name, seen in self._columns.items():
            if seen.against_count * _SLIPS > seen.fits:
                others = seen.against_count - len(seen.against)
                more = f" and {others} more" if others else ""
                yield (
                    f"column {name} is not written {self.order}: {'; '.join(seen.against)}{more}, while {seen.fits} "
                    f"dates fit {self.order} alone"
                )
