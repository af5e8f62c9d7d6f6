"""Looks whether a page was changed that people found unclear: whichever process made it live."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from bot.database import Database
from bot.friction import asking_again
from bot.friction.desk import Desk
from bot.retrieval.library import Library

EVERY_SECONDS = 60.0


class AskingAgain:
    """One step of a worker; returns when to look again."""

    def __init__(
        self,
        database: Database,
        library: Library,
        desk: Desk,
        *,
        zone: tzinfo | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database.of_all
        self._library = library
        self._desk = desk
        self._zone = zone
        self._clock = clock

    def __call__(self) -> float:
        now = self._clock()
        day = now.astimezone(self._zone).date()
        asking_again.ask_again(self._database, self._library, self._desk, now=now, day=day)
        return EVERY_SECONDS
