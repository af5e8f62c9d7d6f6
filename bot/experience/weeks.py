"""Weeks from Monday to Sunday, as a place lives them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

SEVEN_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    monday: date

    @property
    def key(self) -> str:
        """ "2026-W47"."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    def start(self, zone: tzinfo | None) -> datetime:
        """In aware UTC."""
        midnight = datetime.combine(self.monday, time())
        return (midnight.replace(tzinfo=zone) if zone else midnight.astimezone()).astimezone(UTC)

    def end(self, zone: tzinfo | None) -> datetime:
        """When the next one begins, in aware UTC."""
        return self.following.start(zone)

    @property
    def following(self) -> "Week":
        return Week(self.monday + SEVEN_DAYS)

    @property
    def previous(self) -> "Week":
        return Week(self.monday - SEVEN_DAYS)


def week_of(day: date) -> Week:
    return Week(day - timedelta(days=day.weekday()))


def week_at(moment: datetime, zone: tzinfo | None) -> Week:
    return week_of(moment.astimezone(zone).date())


def last_weeks(count: int, *, until: Week) -> tuple[Week, ...]:
    """So many, the oldest first."""
    return tuple(Week(until.monday - SEVEN_DAYS * back) for back in reversed(range(count)))
