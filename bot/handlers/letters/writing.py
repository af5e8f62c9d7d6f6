"""The week to each lead and owner, on the company's working Monday morning: once to each, whatever happens."""

from collections.abc import Callable, Hashable
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from bot import outbox
from bot.database import Database
from bot.experience.viewers import Viewer
from bot.experience.weeks import Week, week_at
from bot.experience.world import World
from bot.handlers.digests import EVERY_SECONDS, FROM, UNTIL
from bot.handlers.letters import cards
from bot.handlers.letters.readers import Reader, Readers
from bot.letters import stops
from bot.letters.digest import Letter, letter
from bot.outbox import Destination
from bot.working_time import Calendar


class Writing:
    """One step of a worker: owes everybody the digest of the last week where it is time."""

    def __init__(
        self,
        database: Database,
        readers: Readers,
        *,
        world: Callable[[Session], World],
        calendar: Callable[[], Calendar],
        address: Callable[[], str],
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`calendar` says when the company works, `address` where the page is served, "" where nobody serves it."""
        self._database = database
        self._readers = readers
        self._world = world
        self._calendar = calendar
        self._address = address
        self._zone = zone
        self._clock = clock
        self._done: Week | None = None

    def __call__(self) -> float:
        now = self._clock()
        week = week_at(now, self._zone).previous
        if week != self._done and is_time(now, week.following, self._calendar(), self._zone):
            known: dict[Hashable, Letter | None] = {}
            for reader in self._readers.all():  # Slack is asked before anything is written
                self._write(reader, week, now, known)
            self._done = week
        return EVERY_SECONDS

    def _write(self, reader: Reader, week: Week, now: datetime, known: dict[Hashable, Letter | None]) -> None:
        """Each in a transaction of its own: whoever is cut off goes on with those who were not reached.

        `known` are those of this round, by the rights of who reads them.
        """
        person = reader.person.id
        with self._database.reading() as session:
            if outbox.is_owed(session, key_of(week, person)) or stops.is_stopped(session, person):
                return
            rights = reader.viewer.rights
            if rights not in known:
                known[rights] = letter(session, week, self._world(session), viewer=reader.viewer, now=now)
            found = known[rights]
        if found is None:
            return
        value = value_of(found, week, reader.viewer, address=self._address())
        with self._database.writing.begin() as session:
            if not stops.is_stopped(session, person):  # nor meanwhile
                outbox.owe(
                    session,
                    key=key_of(week, person),
                    kind=cards.LETTER,
                    to=Destination("", only=person),
                    value=value,
                    now=now,
                )


def key_of(week: Week, person: str) -> str:
    return f"{cards.LETTER}:{week.key}:{person}"


def value_of(found: Letter, week: Week, viewer: Viewer, *, address: str) -> dict[str, Any]:
    """As the outbox has it."""
    team = next(iter(viewer.teams)) if len(viewer.teams) == 1 else ""
    return asdict(found) | {"week": week.key, "address": address, "team": team}


def is_time(now: datetime, week: Week, calendar: Calendar, zone: tzinfo | None) -> bool:
    """Whether the digest of the week before this one goes out now: while people work, from its first morning on."""
    local = now.astimezone(zone).replace(tzinfo=None)
    since = local - datetime.combine(week.monday, FROM)
    return since.total_seconds() >= 0 and since < UNTIL and calendar.opens(now) == now.astimezone(UTC)
