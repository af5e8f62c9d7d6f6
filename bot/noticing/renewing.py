"""In the bot: what somebody looked at lately is looked at anew before it is stale, so that nobody waits for it."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.database import Database
from bot.experience.world import World
from bot.noticing.kept import Kept

EVERY_SECONDS = 30.0
# After each as long a rest as several take: questions are answered meanwhile.
PAUSE_SECONDS = 10.0


class Renewing:
    """One step of a worker: makes one result anew, and returns when to look again."""

    def __init__(
        self,
        database: Database,
        kept: Kept,
        world: Callable[[Session], World],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._kept, self._world, self._clock = database, kept, world, clock

    def __call__(self) -> float:
        if not self._kept.results:  # before anybody looked
            return EVERY_SECONDS
        with self._database.reading() as session:
            renewed = self._kept.renew(session, self._world(session), now=self._clock())
        return PAUSE_SECONDS if renewed else EVERY_SECONDS
