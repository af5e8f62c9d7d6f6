"""Which track a customer is on now: decided from the rules, what is known, and where they were before."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.conditions import Facts, Judged, Standing, facts_in, judged, standing_of
from bot.customers.tracks.rules import Track

# Facts that time alone changes are no new cause: a customer of two months was one of one month before.
_RUNNING = ("_minutes", "_hours", "_days", "_weeks", "_months", "_years")


class Ended(StrEnum):
    """Why somebody is on a track no more."""

    OVER = "over"  # its days are up, or `until` is met
    UNMET = "unmet"  # `when` is not met any more, and it says no `until`
    MOVED = "moved"  # another track came before it
    REMOVED = "removed"  # there is no such track any more


@dataclass(frozen=True, slots=True)
class Stay:
    """A time that a customer spends or spent on a track."""

    id: int
    track: str
    version: str
    cause: tuple[str, ...]
    met_by: str
    held_back: bool
    assigned_at: datetime
    ended: Ended | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The track that a customer is on, None for none. `stay` is the one that goes on, None where they come onto it now.

    `left` are stays that end now, with the reason. `cause` is why they are, or come, onto it.
    """

    track: Track | None
    stay: Stay | None
    left: tuple[tuple[int, Ended], ...]
    cause: tuple[str, ...] = ()
    met_by: str = ""

    @property
    def changes(self) -> bool:
        """Whether there is anything to write down."""
        return bool(self.left) or (self.track is not None and self.stay is None)


def choose(tracks: Sequence[Track], stays: Sequence[Stay], facts: Facts, *, now: datetime) -> Choice:
    """The first track of the file whose conditions are met, else the one they are on until it ends.

    Who was on a track until its end does not come onto it again by the same facts. `now` in the zone of the place says
    what day it is.
    """
    today = now.date()
    named = {track.key: track for track in tracks}
    current: Stay | None = None
    left: list[tuple[int, Ended]] = []
    for stay in (one for one in stays if one.ended is None):
        ended = _ended(named.get(stay.track), stay, facts, now) if current is None else Ended.MOVED
        if ended is None:
            current = stay
        else:
            left.append((stay.id, ended))
    over = {(stay.track, stay.met_by) for stay in stays if stay.ended is Ended.OVER}
    over |= {(stay.track, stay.met_by) for stay in stays if (stay.id, Ended.OVER) in left}
    for track in tracks:
        if current is not None and track.key == current.track:
            return Choice(track, current, tuple(left), current.cause, current.met_by)
        if standing_of(track.when, facts, today=today) is not Standing.MET:
            continue
        met_by = _met_by(track, facts)
        if (track.key, met_by) not in over:
            left += [(current.id, Ended.MOVED)] if current else []
            return Choice(track, None, tuple(left), cause_of(track, facts, today), met_by)
    return Choice(None, None, tuple(left))


def cause_of(track: Track, facts: Facts, today: date) -> tuple[str, ...]:
    """ "open chain contacts at least 3: it is 4"."""
    return tuple(map(_in_words, judged(track.when, facts, today=today)))


def is_held_back(track: Track, alias: str) -> bool:
    """By chance, and for one customer and track always the same."""
    drawn = int(hashlib.sha256(f"{track.key}\n{alias}".encode()).hexdigest()[:8], 16)
    return drawn % 100 < track.hold_back


def _ended(track: Track | None, stay: Stay, facts: Facts, now: datetime) -> Ended | None:
    if track is None:
        return Ended.REMOVED
    if track.days is not None and now >= stay.assigned_at + timedelta(days=track.days):
        return Ended.OVER
    if track.until and standing_of(track.until, facts, today=now.date()) is Standing.MET:
        return Ended.OVER
    lasting = track.days is not None or bool(track.until)
    unmet = standing_of(track.when, facts, today=now.date()) is Standing.NOT_MET
    return Ended.UNMET if unmet and not lasting else None


def _in_words(one: Judged) -> str:
    return f"{one.words}: {one.found}" if one.found else one.words


def _met_by(track: Track, facts: Facts) -> str:
    names = sorted({name for name in facts_in(track.when) if not name.endswith(_RUNNING)})
    values = {name: [one.value for one in facts[name].said] for name in names if name in facts}
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]
