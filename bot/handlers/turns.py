"""Whose turn it is: who asks too much at once hears it, and who must wait hears for how many."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot import inbox, outbox, throttle, wording
from bot.database import Database
from bot.handlers import blocks
from bot.handlers.questions import QUESTION
from bot.handlers.replying import reply_destination
from bot.handlers.surfaces import Arriving
from bot.throttle import Limits, TooMany

# An answer takes a third of a second; who has waited for longer than this looks at an empty screen.
PATIENCE = timedelta(seconds=3)
LOOK_AGAIN_SECONDS = 1.0
# Who is further back is told when it comes to them: all at once would be another crowd.
MOST_TOLD = 50


class Turnstile:
    """Lets questions in, a limited number in a minute; everything else always."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def check(self, session: Session, arriving: Arriving, *, now: datetime) -> TooMany | None:
        if arriving.kind != QUESTION:
            return None
        return throttle.verdict(session, self._limits, kind=QUESTION, person=arriving.value["person"], now=now)

    def tell(self, session: Session, arriving: Arriving, too_many: TooMany, *, now: datetime) -> None:
        """Say so where only they see it, once in a minute; nothing to somebody who spoke to others."""
        if not arriving.value["addressed"]:
            return
        minute = int(now.timestamp() // throttle.WINDOW.total_seconds())
        outbox.owe(
            session,
            key=f"too many:{arriving.value['person']}:{minute}",
            kind=blocks.WORDS,
            to=reply_destination(arriving.value, private=True),
            value={"text": wording.too_many(too_many.seconds, crowd=too_many.crowd)},
            now=now,
        )


class WaitingLine:
    """One step: tell those who have waited for some seconds how many are before them, each once."""

    def __init__(
        self, database: Database, *, wake: Callable[[], None], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._wake = wake
        self._clock = clock
        self._told = 0  # the last event whose asker was told, or had nobody before them

    def __call__(self) -> float:
        now = self._clock()
        with self._database.reading() as session:
            late = inbox.in_line(session, QUESTION, before=now - PATIENCE, after=self._told, most=MOST_TOLD)
        if late:
            with self._database.writing.begin() as session:
                for event, ahead in late:
                    if ahead and event.value["addressed"]:
                        outbox.owe(
                            session,
                            key=f"in line:{event.id}",
                            kind=blocks.WORDS,
                            to=reply_destination(event.value, private=True),
                            value={"text": wording.in_line(ahead)},
                            now=now,
                        )
            self._told = late[-1][0].id
            self._wake()
        return LOOK_AGAIN_SECONDS
