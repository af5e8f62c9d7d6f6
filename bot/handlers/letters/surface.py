"""What is pressed below a digest or an alert: no more of them, or again."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot import inbox, outbox
from bot import letter_wording as wording
from bot.database import Database
from bot.handlers.letters import cards
from bot.handlers.presses import press_in
from bot.handlers.replying import reply_destination
from bot.handlers.surfaces import Arriving, Body, Work
from bot.inbox import Accepted
from bot.letters import stops

PRESSED = "letter_pressed"


class Letters:
    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def work(self) -> Mapping[str, Work]:
        return {PRESSED: self.take}

    def read(self, body: Body) -> Arriving | None:
        press = press_in(body, cards.STOP_ACTION, cards.RESUME_ACTION)
        if press is None:
            return None
        arriving = press.arriving(PRESSED, f"letters:{press.person}")
        arriving.value["stop"] = press.action == cards.STOP_ACTION
        return arriving

    def take(self, event: Accepted) -> None:
        """Only whoever pressed sees what became of it; the digest stays where it is."""
        now, person, stop = datetime.now(UTC), event.value["person"], event.value["stop"]
        with self._database.writing.begin() as session:
            stops.turn(session, person, stopped=stop, now=now)
            outbox.owe(
                session,
                key=f"letter:said:{event.id}",
                kind=cards.SAID,
                to=reply_destination(event.value, private=True),
                value={
                    "text": wording.STOPPED if stop else wording.RESUMED,
                    "offers": cards.RESUME_ACTION if stop else cards.STOP_ACTION,
                },
                now=now,
            )
            inbox.finish(session, event)
