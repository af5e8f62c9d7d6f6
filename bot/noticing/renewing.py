"""In the bot: what somebody looked at lately is looked at anew before it is stale, so that nobody waits for it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.database import Database
from bot.experience.world import World
from bot.noticing.snapshots import Snapshots

EVERY_SECONDS = 30.0
# After each figure a rest so many times as long as it took: questions are answered meanwhile.
REST = 2.0


class Renewing:
    """One step of a worker: counts one figure anew, and returns when to look again."""

    def __init__(
        self,
        database: Database,
        snapshots: Snapshots,
        world: Callable[[Session], World],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._snapshots, self._world, self._clock = database, snapshots, world, clock
        self._warm = False

    def __call__(self) -> float:
        if not self._warm:
            self._warm = True
            with self._database.reading() as session:
                self._snapshots.warm_up(session, self._world(session), now=self._clock())
        if not self._snapshots.kept:  # nobody looked yet
            return EVERY_SECONDS
        begun = time.monotonic()
        with self._database.reading() as session:
            renewed = self._snapshots.renew(session, self._world(session), now=self._clock())
        return REST * (time.monotonic() - begun) if renewed else EVERY_SECONDS
