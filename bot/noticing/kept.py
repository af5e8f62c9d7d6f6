"""What was noticed, kept for some minutes: to look at two years of weeks takes seconds, and they hardly change."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.experience.reading import Reading
from bot.experience.viewers import Viewer
from bot.experience.weeks import Week, week_at
from bot.experience.world import World
from bot.noticing.noticed import KINDS, Noticed, noticed
from bot.signals.signal import Kind
from bot.steering.tables import DecisionRow, VerdictRow

# What comes in is seen after so long at most; what people decide about signals, and a changed map, at once.
FRESH = timedelta(minutes=10)
# What somebody looked at within this is made anew before it is stale.
ASKED_LATELY = timedelta(hours=2)
# Rights times periods times kinds: more than people have.
_MOST = 64


# The newest of each kind of decision: a number alone may come again, where one was taken back.
Decided = tuple[tuple[int, datetime] | None, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whoever has the same rights reads the same; a result for other rights is another one."""

    rights: tuple[frozenset[str], frozenset[str]]
    weeks: tuple[Week, ...]
    kinds: frozenset[Kind]


@dataclass(slots=True)
class _Result:
    found: Noticed
    at: datetime
    world: World
    decided: Decided
    asked_at: datetime


@dataclass(frozen=True)
class Kept:
    """Shared by threads; each result is made once, while others who ask for it wait."""

    fresh: timedelta = FRESH
    _results: dict[_Asked, _Result] = field(default_factory=dict)
    _making: Lock = field(default_factory=Lock)

    def noticed(self, reading: Reading, kinds: Collection[Kind] = tuple(KINDS)) -> Noticed:
        """As `noticed`, of at most `fresh` ago; `as_of` of what it gives says when. Raises `NotAllowed`."""
        asked = _Asked(reading.viewer.rights, reading.weeks, frozenset(kinds))
        decided = _decided(reading.session)
        if (found := self._good(asked, reading, decided)) is None:
            with self._making:
                found = self._good(asked, reading, decided) or self._make(asked, reading, decided)
        return found

    @property
    def results(self) -> int:
        """How many it keeps."""
        return len(self._results)

    def renew(self, session: Session, world: World, *, now: datetime) -> bool:
        """Make one result anew that somebody asked for lately and that is half stale; whether there was one."""
        week = week_at(now, world.zone)
        decided = _decided(session)
        for asked, one in list(self._results.items()):
            if asked.weeks[-1] != week or now - one.asked_at > ASKED_LATELY:
                self._results.pop(asked, None)
            elif now - one.at > self.fresh / 2 or one.decided != decided or one.world != world:
                reading = Reading(session, asked.weeks, world, viewer=Viewer("", *asked.rights), now=now)
                with self._making:
                    self._make(asked, reading, decided, asked_at=one.asked_at)
                return True
        return False

    def _good(self, asked: _Asked, reading: Reading, decided: Decided) -> Noticed | None:
        one = self._results.get(asked)
        if one is None or one.decided != decided or one.world != reading.world:
            return None
        if not timedelta(0) <= reading.now - one.at <= self.fresh:
            return None
        one.asked_at = reading.now
        return one.found

    def _make(self, asked: _Asked, reading: Reading, decided: Decided, *, asked_at: datetime | None = None) -> Noticed:
        # By the rights alone: what one person may read is not for whoever asks next.
        viewer = Viewer("", *asked.rights)
        found = noticed(
            Reading(reading.session, asked.weeks, reading.world, viewer=viewer, now=reading.now), asked.kinds
        )
        while len(self._results) >= _MOST and asked not in self._results:
            del self._results[min(self._results, key=lambda each: self._results[each].asked_at)]
        self._results[asked] = _Result(found, reading.now, reading.world, decided, asked_at or reading.now)
        return found


def _decided(session: Session) -> Decided:
    """Changes with whatever people decide about signals, and take back."""
    newest = (select(row.id, row.at).order_by(row.id.desc()).limit(1) for row in (DecisionRow, VerdictRow))
    rows = (session.execute(asked).one_or_none() for asked in newest)
    return tuple(None if row is None else (row.id, row.at) for row in rows)
