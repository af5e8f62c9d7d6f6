"""Snapshots that took long to count, kept for some minutes: what two years of weeks bring hardly changes meanwhile.

Where a company is small enough that everything is counted quickly, whoever looks sees this very moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.customers.erased import ErasedKeyRow
from bot.customers.tables import InteractionRow
from bot.experience.figures import Figure
from bot.experience.mapped import WEEKS as MAP_WEEKS
from bot.experience.mapped import mapped
from bot.experience.overview import WEEKS as OVERVIEW_WEEKS
from bot.experience.overview import overview
from bot.experience.reading import Reading
from bot.experience.snapshot import Snapshot
from bot.experience.viewers import THE_COMPANY, Viewer
from bot.experience.weeks import Week, last_weeks, week_at
from bot.experience.world import Pulses, World
from bot.friction.tables import EventRow, ReportRow, TicketRow
from bot.noticing.noticed import WEEKS as SIGNAL_WEEKS
from bot.noticing.noticed import noticed

# What comes in is seen after so long at most; a changed map at once, and whoever was erased is in nothing at once.
FRESH = timedelta(minutes=10)
# What somebody looked at within this is counted anew before it is stale.
ASKED_LATELY = timedelta(hours=2)
# A snapshot with nothing in it that took so much processor time is taken anew for everybody who looks; one with nothing
# that took so much more, as soon as a ticket or a contact changed.
HEAVY_SECONDS, TOO_HEAVY_SECONDS = 0.15, 1.0
# Two who look at the same moment count together: as long as none of them has begun to.
_JUST_NOW = timedelta(seconds=2)
# Tickets, from which on counting takes so long that it is begun before anybody looks.
LARGE = 5_000
# More periods than people look at.
_MOST = 16


# The newest contact, report and event of a ticket.
Came = tuple[int | None, ...]


@dataclass(slots=True, eq=False)
class _Taken:
    snapshot: Snapshot
    world: World
    erased: datetime | None
    came: Came
    asked_at: datetime

    def of(self, world: World, erased: datetime | None) -> bool:
        return self.erased == erased and self.world == world


@dataclass(frozen=True)
class Snapshots:
    """Shared by threads. Of each period the newest, and the one that is made to follow it."""

    fresh: timedelta = FRESH
    heavy_seconds: float = HEAVY_SECONDS
    too_heavy_seconds: float = TOO_HEAVY_SECONDS
    _newest: dict[tuple[Week, ...], _Taken] = field(default_factory=dict)
    _coming: dict[tuple[Week, ...], _Taken] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def reading(
        self, session: Session, weeks: Sequence[Week], world: World, *, viewer: Viewer, now: datetime
    ) -> Reading:
        """Its `now` is of at most `fresh` ago. Raises `NotAllowed`."""
        key, erased, compared, came = tuple(weeks), _erased(session), _without_pulses(world), _came(session)
        with self._lock:
            one = self._newest.get(key)
            if one is None or not (one.of(compared, erased) and self._good(one, came, now)):
                one = self._newest[key] = _Taken(Snapshot(now), compared, erased, came, now)
                self._make_room()
            one.asked_at = now
        return Reading(session, key, world, viewer=viewer, now=now, snapshot=one.snapshot)

    def warm_up(self, session: Session, world: World, *, now: datetime) -> None:
        """Count what most look at first, where there is so much that the first of them would wait for seconds."""
        tickets = session.scalar(select(func.count()).select_from(TicketRow)) or 0
        if tickets >= LARGE:
            week = week_at(now, world.zone)
            for weeks, count in ((OVERVIEW_WEEKS, overview), (MAP_WEEKS, mapped), (SIGNAL_WEEKS, noticed)):
                span = last_weeks(weeks, until=week)
                count(self.reading(session, span, world, viewer=THE_COMPANY, now=now))

    @property
    def kept(self) -> int:
        """How many it keeps."""
        return len(self._newest)

    def renew(self, session: Session, world: World, *, now: datetime) -> bool:
        """Count one figure anew that somebody asked for lately and that is half stale; whether there was one."""
        week, erased, compared = week_at(now, world.zone), _erased(session), _without_pulses(world)
        for weeks, one in list(self._newest.items()):
            if weeks[-1] != week or now - one.asked_at > ASKED_LATELY or not self._worth_keeping(one.snapshot):
                self._drop(weeks, one)
            elif now - one.snapshot.at > self.fresh / 2 or not one.of(compared, erased):
                fresh = _Taken(Snapshot(now), compared, erased, _came(session), one.asked_at)
                self._renew_one(session, weeks, one, fresh, world)
                return True
        return False

    def _renew_one(self, session: Session, weeks: tuple[Week, ...], old: _Taken, fresh: _Taken, world: World) -> None:
        """Count the next of its figures for the snapshot that is to follow; once it has all, it follows."""
        coming, now = self._coming.get(weeks), fresh.snapshot.at
        if coming is None or not (coming.of(fresh.world, fresh.erased) and now - coming.snapshot.at < self.fresh / 2):
            coming = self._coming[weeks] = fresh
        lately = {each: at for each, at in list(old.snapshot.asked.items()) if now - at <= ASKED_LATELY}
        for each in lately:
            if isinstance(each, Figure) and not coming.snapshot.has(each):
                each.of(Reading(session, weeks, world, viewer=THE_COMPANY, now=now, snapshot=coming.snapshot))
                break
        if all(coming.snapshot.has(each) for each in lately):
            with self._lock:
                coming.snapshot.asked.update(lately)
                coming.asked_at = old.asked_at
                if self._newest.get(weeks) is old:
                    self._newest[weeks] = coming
                self._coming.pop(weeks, None)

    def _good(self, one: _Taken, came: Came, now: datetime) -> bool:
        ago = now - one.snapshot.at
        if not timedelta(0) <= ago <= self.fresh:
            return False
        if one.snapshot.untouched and ago <= _JUST_NOW:
            return True
        same = one.came == came or one.snapshot.busy or one.snapshot.heaviest >= self.too_heavy_seconds
        return same and self._worth_keeping(one.snapshot)

    def _worth_keeping(self, snapshot: Snapshot) -> bool:
        return snapshot.busy or snapshot.heaviest >= self.heavy_seconds

    def _drop(self, weeks: tuple[Week, ...], one: _Taken) -> None:
        with self._lock:
            if self._newest.get(weeks) is one:
                del self._newest[weeks]
            self._coming.pop(weeks, None)

    def _make_room(self) -> None:
        while len(self._newest) > _MOST:
            del self._newest[min(self._newest, key=lambda each: self._newest[each].asked_at)]


def _without_pulses(world: World) -> World:
    """Employees answer one after the other: that alone is no reason to count everything anew."""
    return replace(world, pulses=Pulses())


def _came(session: Session) -> Came:
    return tuple(session.scalar(select(func.max(row.id))) for row in (InteractionRow, ReportRow, EventRow))


def _erased(session: Session) -> datetime | None:
    """When somebody was last erased: nothing of them is told from then on, in no sum either."""
    return session.scalar(select(func.max(ErasedKeyRow.at)))
